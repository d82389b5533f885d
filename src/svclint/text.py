"""Positions in a file: byte spans, and their lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

_LINE_BREAK = re.compile(rb"\r\n|\r|\n")


class Span(msgspec.Struct, frozen=True, order=True, array_like=True):
    """
    A half-open range of a file's text, in bytes of its UTF-8 form without a byte order mark.

    Bytes, because `ast` counts columns in them: no conversion is needed while the index is built.
    """

    start: int
    end: int


class LineIndex:
    """The lines of one text: turns byte offsets into lines and columns and back."""

    def __init__(self, data: bytes) -> None:
        """Find the line starts of `data`; a line ends as Python's tokenizer says (LF, CRLF, CR)."""
        self.data = data
        self.starts = [0, *(match.end() for match in _LINE_BREAK.finditer(data))]

    def line_number(self, offset: int) -> int:
        """Return the 1-based line that `offset` is on."""
        return bisect_right(self.starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and the 1-based column, in code points, of a byte offset."""
        line = bisect_right(self.starts, offset)
        start = self.starts[line - 1]
        return line, len(self.data[start:offset].decode("utf-8", "replace")) + 1

    def line_span(self, line: int) -> Span:
        """Return the span of a 1-based line without its line break."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.data)
        return Span(start, start + len(self.data[start:end].rstrip(b"\r\n")))

    def line_text(self, line: int) -> str:
        """Return the text of a 1-based line without its line break."""
        span = self.line_span(line)
        return self.data[span.start : span.end].decode("utf-8", "replace")

    def __len__(self) -> int:
        return len(self.starts)
