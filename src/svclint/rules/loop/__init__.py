"""SVC1: nothing blocks the event loop, no task is lost, cancellation is let through."""

from __future__ import annotations

from svclint.rules.loop.blocking_sleep import BlockingSleep
from svclint.rules.loop.cancellation_swallowed import CancellationSwallowed
from svclint.rules.loop.coroutine_never_awaited import CoroutineNeverAwaited
from svclint.rules.loop.task_reference_dropped import TaskReferenceDropped

RULES = (BlockingSleep, TaskReferenceDropped, CancellationSwallowed, CoroutineNeverAwaited)
