"""What the fixes change, as a unified diff that `patch` and `git apply` take."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from svclint.report.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_NEWLINE = "\\ No newline at end of file\n"


def unified(path: str, before: bytes, after: bytes, *, color: bool = False) -> str:
    """
    Return the difference between two versions of one file; nothing when they are equal.

    The bytes are those of the file: what is not UTF-8 is carried through as surrogates (`surrogateescape`), so that
    encoding the result the same way gives a patch that fits the file. Lines end at LF alone, as they do for `patch`:
    the CR of a CRLF is a part of its line.
    """
    styles = Styles(color=color)
    return "".join(_colored(line, styles) for line in _rows(path, before, after))


def _rows(path: str, before: bytes, after: bytes) -> Iterator[str]:
    for row in difflib.unified_diff(_lines(before), _lines(after), fromfile=path, tofile=path):
        if row.endswith("\n"):
            yield row
        else:
            yield row + "\n"
            yield _NO_NEWLINE


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "surrogateescape")
    return [line + "\n" for line in text.split("\n")[:-1]] + ([text[text.rfind("\n") + 1 :]] if _cut_off(text) else [])


def _cut_off(text: str) -> bool:
    return bool(text) and not text.endswith("\n")


def _colored(row: str, styles: Styles) -> str:
    paint = {"+": styles.added, "-": styles.removed, "@": styles.rail}.get(row[0])
    if paint is None:
        return row
    return paint(row.rstrip("\n")) + "\n"
