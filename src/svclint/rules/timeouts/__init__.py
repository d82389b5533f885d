"""SVC2: every network call has a timeout."""

from __future__ import annotations

from svclint.rules.timeouts.network_call_without_timeout import NetworkCallWithoutTimeout
from svclint.rules.timeouts.timeout_disabled import TimeoutDisabled

RULES = (NetworkCallWithoutTimeout, TimeoutDisabled)
