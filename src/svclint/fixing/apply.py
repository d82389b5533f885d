"""Edits applied to a file's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclint.finding import Edit

_LINE_BREAK = re.compile(rb"\r\n|\r|\n")


def apply(data: bytes, edits: Sequence[Edit]) -> bytes:
    """
    Return `data` with sorted, disjoint edits made; all bytes outside of their spans stay.

    Line breaks in an edit's text are written as the file's first one, so that rules need not know them. Raises
    `ValueError` for edits that overlap or lie outside of the text.
    """
    found = _LINE_BREAK.search(data)
    newline = found[0] if found else b"\n"
    pieces: list[bytes] = []
    at = 0
    for edit in edits:
        start, end = edit.span.start, edit.span.end
        if not at <= start <= end <= len(data):
            message = f"edit at {start}..{end} overlaps another one or lies outside of the text"
            raise ValueError(message)
        pieces += (data[at:start], _LINE_BREAK.sub(newline, edit.text.encode()))
        at = end
    return b"".join((*pieces, data[at:]))
