"""
Several fixes for one file, merged into one set of edits that do not touch each other.

A fix is taken whole or not at all. What does not fit beside the fixes taken before it waits for the next round, which
judges the changed text anew.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Edit, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svclint.finding import Place


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """
    What one round applies.

    `edits` are sorted and disjoint, `applied` are the findings that they heal, `postponed` those whose fix collides
    with an applied one, `refused` those whose own edits collide with each other: no round can ever apply them.
    """

    edits: tuple[Edit, ...] = ()
    applied: tuple[Finding, ...] = ()
    postponed: tuple[Finding, ...] = ()
    refused: tuple[Finding, ...] = ()


def merge(findings: Iterable[Finding]) -> Merged:
    """
    Merge the fixes of findings of one file; findings without one are left out.

    The order given does not matter: what stands first in the file goes first. Equal edits of several fixes are made
    once. Different edits that overlap, or that meet where one of them inserts text, are never made in one round.
    """
    taken: list[Edit] = []
    applied, postponed, refused = [], [], []
    for finding in sorted((finding for finding in findings if finding.fix), key=_order):
        edits = own_edits(finding)
        if not edits:
            refused.append(finding)
        elif _fits(taken, edits):
            for edit in edits:
                if edit not in taken[(at := bisect_left(taken, edit)) : at + 1]:
                    insort(taken, edit)
            applied.append(finding)
        else:
            postponed.append(finding)
    return Merged(edits=tuple(taken), applied=tuple(applied), postponed=tuple(postponed), refused=tuple(refused))


def own_edits(finding: Finding) -> tuple[Edit, ...]:
    """Return the sorted edits of a finding's fix, each once; none if it has no fix, or one that contradicts itself."""
    if finding.fix is None:
        return ()
    edits = sorted(set(finding.fix.edits))
    for edit, following in pairwise(edits):
        if edit.span == following.span or edit.span.end > following.span.start:
            return ()
    return tuple(edits)


def _order(finding: Finding) -> tuple[Place, str, str, tuple[Edit, ...]]:
    edits = finding.fix.edits if finding.fix else ()
    return finding.place, finding.code, finding.message, edits


def _fits(taken: Sequence[Edit], edits: Iterable[Edit]) -> bool:
    """Tell whether no edit collides with those taken, which are sorted and disjoint: only neighbours can."""
    for edit in edits:
        at = bisect_left(taken, edit)
        if taken[at : at + 1] == [edit]:
            continue
        if any(_collide(edit, other) for other in taken[max(at - 2, 0) : at + 2]):
            return False
    return True


def _collide(one: Edit, other: Edit) -> bool:
    first, second = sorted((one, other))
    if first.span.start == second.span.start or first.span.end > second.span.start:
        return True
    # Where they meet, two deletions are one longer deletion; anything else would depend on which goes first.
    return first.span.end == second.span.start and bool(first.text or second.text)
