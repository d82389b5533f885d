"""SVC9: what svclint could not read, and suppressions that do nothing."""

from __future__ import annotations

from svclint.rules.housekeeping.file_not_analysed import FileNotAnalysed
from svclint.rules.housekeeping.suppression_without_reason import SuppressionWithoutReason
from svclint.rules.housekeeping.unused_suppression import UnusedSuppression

RULES = (FileNotAnalysed, UnusedSuppression, SuppressionWithoutReason)
