"""SVC1: nothing blocks the event loop, no task is lost, cancellation is let through."""

from __future__ import annotations

from svclint.rules.loop.blocking_cpu_work import BlockingCpuWork
from svclint.rules.loop.blocking_database_call import BlockingDatabaseCall
from svclint.rules.loop.blocking_file_io import BlockingFileIo
from svclint.rules.loop.blocking_network_call import BlockingNetworkCall
from svclint.rules.loop.blocking_sleep import BlockingSleep
from svclint.rules.loop.blocking_subprocess import BlockingSubprocess
from svclint.rules.loop.blocking_wait import BlockingWait
from svclint.rules.loop.cancellation_swallowed import CancellationSwallowed
from svclint.rules.loop.coroutine_never_awaited import CoroutineNeverAwaited
from svclint.rules.loop.event_loop_reentry import EventLoopReentry
from svclint.rules.loop.task_reference_dropped import TaskReferenceDropped
from svclint.rules.loop.thread_lock_across_await import ThreadLockAcrossAwait

RULES = (
    BlockingNetworkCall,
    BlockingDatabaseCall,
    BlockingSubprocess,
    BlockingFileIo,
    BlockingWait,
    BlockingCpuWork,
    BlockingSleep,
    EventLoopReentry,
    ThreadLockAcrossAwait,
    TaskReferenceDropped,
    CancellationSwallowed,
    CoroutineNeverAwaited,
)
