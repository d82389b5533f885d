"""Several fixes in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclint.fixing.apply import apply
from svclint.fixing.merge import merge
from tests.unit.fixing.samples import edit, finding

if TYPE_CHECKING:
    from svclint.finding import Edit, Finding


def test_fixes_apart_are_merged_in_file_order() -> None:
    """
    Edits come out sorted, whatever the order of the findings.
    """
    late, early = finding(edit(8, 9, "x")), finding(edit(1, 2, "y"), edit(20, 20, "z"))

    result = merge([late, early])

    assert (edit(1, 2, "y"), edit(8, 9, "x"), edit(20, 20, "z")) == result.edits
    assert (early, late) == result.applied


def test_equal_edits_are_made_once() -> None:
    """
    Two fixes that need the same import share its line.
    """
    line = edit(0, 0, "import asyncio\n")

    result = merge([finding(line, edit(20, 21, "a")), finding(line, edit(30, 31, "a"))])

    assert (line, edit(20, 21, "a"), edit(30, 31, "a")) == result.edits
    assert () == result.postponed


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edit(0, 5, "a"), edit(4, 9, "b")),
        (edit(0, 9, "a"), edit(4, 5, "b")),
        (edit(0, 9, "a"), edit(4, 4, "b")),
        (edit(3, 3, "a"), edit(3, 3, "b")),
        (edit(3, 3, "a"), edit(3, 5, "b")),
        (edit(3, 5), edit(3, 5, "b")),
        (edit(3, 5), edit(5, 5, "b")),
        (edit(3, 5, "a"), edit(5, 7, "b")),
        (edit(3, 5), edit(3, 7)),
    ],
)
def test_what_collides_waits(first: Edit, second: Edit) -> None:
    """
    Whatever would depend on the order of two edits is never made in one round.
    """
    one, other = finding(first, at=0), finding(second, edit(100, 101, "c"), at=1)

    result = merge([other, one])

    assert ((first,), (one,), (other,)) == (result.edits, result.applied, result.postponed)


def test_two_deletions_may_meet() -> None:
    """
    Lines that follow each other go in one round.
    """
    assert (edit(3, 5), edit(5, 7)) == merge([finding(edit(5, 7)), finding(edit(3, 5))]).edits


def test_a_fix_may_insert_where_it_replaces() -> None:
    """
    Within one fix the order is its author's: an insertion goes before the replacement that begins there.
    """
    result = merge([finding(edit(3, 5, "b"), edit(3, 3, "a"))])

    assert b"012ab567" == apply(b"01234567", result.edits)


@pytest.mark.parametrize("edits", [(edit(3, 5, "a"), edit(4, 6, "b")), (edit(3, 3, "a"), edit(3, 3, "b"))])
def test_a_fix_that_contradicts_itself_is_refused(edits: tuple[Edit, ...]) -> None:
    """
    It is told apart from those that wait: waiting would not help it.
    """
    bad, good = finding(*edits), finding(edit(3, 4, "c"))

    result = merge([bad, good])

    assert ((good,), (bad,)) == (result.applied, result.refused)


def test_findings_without_fix_are_left_out() -> None:
    """
    They are neither applied nor postponed.
    """
    result = merge([finding()])

    assert ((), (), (), ()) == (result.edits, result.applied, result.postponed, result.refused)


_TEXT = bytes(range(65, 85))
_EDITS = st.builds(
    lambda start, length, text: edit(start, min(start + length, len(_TEXT)), text),
    st.integers(0, len(_TEXT)),
    st.integers(0, 4),
    st.sampled_from(["", "x", "yy", "é"]),
)
_FINDINGS = st.lists(st.builds(lambda edits: finding(*edits), st.lists(_EDITS, min_size=1, max_size=3)), max_size=8)


@given(_FINDINGS)
def test_all_of_a_fix_or_nothing(findings: list[Finding]) -> None:
    """
    The edits made are exactly those of the applied fixes, and each finding is accounted for once.
    """
    result = merge(findings)

    assert sorted({edit for one in result.applied for edit in one.fix.edits}) == list(result.edits)
    assert len(findings) == len(result.applied) + len(result.postponed) + len(result.refused)


@given(_FINDINGS, st.randoms())
def test_the_order_of_findings_is_nothing(findings: list[Finding], random: object) -> None:
    """
    Workers may deliver them in any order.
    """
    shuffled = list(findings)
    random.shuffle(shuffled)

    assert merge(findings) == merge(shuffled)


@given(_FINDINGS)
def test_bytes_outside_of_edits_stay(findings: list[Finding]) -> None:
    """
    The result is the old text with each span exchanged: seen from behind, where no offset has moved.
    """
    edits = merge(findings).edits
    expected = _TEXT
    for one in reversed(edits):
        expected = expected[: one.span.start] + one.text.encode() + expected[one.span.end :]

    assert expected == apply(_TEXT, edits)


@given(_FINDINGS)
def test_the_first_in_the_file_is_never_postponed(findings: list[Finding]) -> None:
    """
    Each round makes progress, so a fix that waits gets its turn.
    """
    result = merge(findings)

    assert bool(result.applied) == (len(result.refused) < len(findings))
