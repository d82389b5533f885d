"""The level of a finding, from its rule, its traits and the configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svclint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MAY = "may"
"""The trait of a finding that holds only for some of the known targets."""

ONCE = frozenset({"start-up", "once", "console"})
"""The traits of a finding that delays nobody's request: a program that asks at a terminal serves whoever sits there."""

QUICK = "quick"
"""The trait of a call that blocks for a moment only: one look at a local path."""

_LOWER = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.INFO, Severity.INFO: Severity.INFO}
_BLOCKS_LOOP = re.compile(r"SVC10[1-7]")


def level(
    default: Severity,
    *,
    code: str,
    name: str,
    traits: Collection[str] = (),
    preview: bool = False,
    overrides: Sequence[tuple[str, Severity]] = (),
) -> Severity:
    """
    Return the level of one finding.

    An override takes the place of the rule's own level (also of a preview rule's), and traits lower it from there: to
    write down a rule's default changes nothing. Of several overrides the most specific one counts, of equal ones the
    last.
    """
    chosen = _override(code, name, overrides)
    base = chosen or (Severity.WARNING if preview else default)
    if _BLOCKS_LOOP.fullmatch(code) and not ONCE.isdisjoint(traits):
        return Severity.INFO
    for trait in (QUICK, MAY):
        if trait in traits:
            base = _LOWER[base]
    return base


def _override(code: str, name: str, overrides: Sequence[tuple[str, Severity]]) -> Severity | None:
    best, found = -1, None
    for selector, severity in overrides:
        exact = selector.lower() == name or selector.upper() == code
        rank = len(code) if exact else len(selector) if code.startswith(selector.upper()) else -1
        if selector.upper() == "ALL":
            rank = 0
        if rank >= max(best, 0):
            best, found = rank, severity
    return found
