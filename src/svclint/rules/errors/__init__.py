"""SVC4: errors are specific, chained, and never lost."""

from __future__ import annotations

from svclint.rules.errors.bare_except import BareExcept
from svclint.rules.errors.broad_except import BroadExcept
from svclint.rules.errors.error_swallowed import ErrorSwallowed
from svclint.rules.errors.raise_generic_exception import RaiseGenericException
from svclint.rules.errors.raise_without_from import RaiseWithoutFrom

RULES = (RaiseWithoutFrom, BareExcept, BroadExcept, RaiseGenericException, ErrorSwallowed)
