"""Edits on bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svclint.fixing.apply import apply
from tests.unit.fixing.samples import edit

if TYPE_CHECKING:
    from svclint.finding import Edit


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\nb\n", b"a\nx\ny\n"),
        (b"a\r\nb\r\n", b"a\r\nx\r\ny\r\n"),
        (b"a\rb\r", b"a\rx\ry\r"),
        (b"a\r\nb\n", b"a\r\nx\r\ny\n"),
    ],
)
def test_line_breaks_are_the_files_own(data: bytes, expected: bytes) -> None:
    """
    A rule writes LF (or copies what it found) and the file keeps its form.
    """
    at = data.index(b"b")

    assert expected == apply(data, [edit(at, at + 1, "x\ny")])
    assert expected == apply(data, [edit(at, at + 1, "x\r\ny")])


def test_a_file_without_line_breaks_gets_lf() -> None:
    """
    There is no form to keep.
    """
    assert b"x\na" == apply(b"a", [edit(0, 0, "x\n")])


@pytest.mark.parametrize("edits", [[edit(0, 9)], [edit(2, 1)], [edit(0, 2), edit(1, 3)], [edit(2, 3), edit(0, 1)]])
def test_edits_that_do_not_fit_are_an_error(edits: list[Edit]) -> None:
    """
    Nothing is guessed about offsets that lie outside of the text, overlap or are unsorted.
    """
    with pytest.raises(ValueError, match="outside of the text"):
        apply(b"abc", edits)
