"""A piece of code with its line numbers, and marks under the part that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.report.visible import visible, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.finding import Place
    from svclint.report.styles import Styles
    from svclint.text import LineIndex

CONTEXT = 2
"""Lines that are shown around the ones that are meant."""

_WIDEST = 160  # cells; the lines of minified files are cut
_LEAD = 40  # cells that stay before the mark of a line that is cut
_LONGEST = 8  # lines of one place that are all shown; of a longer one, the middle is left out
_CUT = "..."


class Frame:
    """The code at one place; rows come as (line number or 0, text), and `draw` puts the gutter before them."""

    def __init__(self, lines: LineIndex, place: Place, styles: Styles, *, context: int = CONTEXT) -> None:
        """Settle which lines are meant and which are shown; a place outside of the text shows none."""
        self._lines = lines
        self._styles = styles
        self._first, self._first_column = place.line, place.column
        self._last, self._last_column = place.end_line, place.end_column
        if self._last > self._first and self._last_column == 1:
            # The line break belongs to the place; a mark before the next line's first character marks nothing.
            self._last -= 1
            self._last_column = len(lines.line_text(self._last)) + 1
        self._shown = self._numbers(context) if 1 <= place.line <= place.end_line <= len(lines) else range(0)

    @property
    def gutter(self) -> int:
        """How many cells the line numbers take."""
        return len(str(max(self._first, self._shown.stop - 1)))

    def draw(self) -> list[str]:
        """Return the rows of the frame, without a heading."""
        if not self._shown:
            return []
        blank = self._styles.rail(" " * self.gutter + " |")
        drawn = [blank]
        for number, text in self._one_line() if self._first == self._last else self._several_lines():
            rail = self._styles.rail(f"{number:>{self.gutter}} |") if number else blank
            drawn.append(f"{rail} {text}" if text else rail)
        return [*drawn, blank]

    def _numbers(self, context: int) -> range:
        start, stop = max(1, self._first - context), min(len(self._lines), self._last + context)
        while start < self._first and not self._lines.line_text(start).strip():
            start += 1
        while stop > self._last and not self._lines.line_text(stop).strip():
            stop -= 1
        return range(start, stop + 1)

    def _one_line(self) -> Iterator[tuple[int, str]]:
        for number in self._shown:
            text = self._lines.line_text(number)
            if number != self._first:
                yield number, _clipped(visible(text))
                continue
            start, stop = self._first_column - 1, self._last_column - 1
            parts = visible(text[:start]), visible(text[start:stop]), visible(text[stop:])
            if width("".join(parts)) > _WIDEST:
                parts = _cut_around(*parts)
            yield number, "".join(parts).rstrip()
            before, meant, _ = map(width, parts)
            yield 0, " " * before + self._styles.mark("^" * max(1, meant))

    def _several_lines(self) -> Iterator[tuple[int, str]]:
        mark = self._styles.mark
        opening = self._lines.line_text(self._first)[: self._first_column - 1]
        for number in self._shown:
            text = _clipped(visible(self._lines.line_text(number))).rstrip()
            if number == self._first and not opening.strip():
                yield number, f"{mark('/')} {text}"
            elif number == self._first:
                yield number, f"  {text}"
                yield 0, " " + mark("_" * (_cells(opening) + 1) + "^")
            elif self._first < number <= self._last:
                if self._left_out(number):
                    continue
                if number == self._last and self._last - self._first >= _LONGEST:
                    yield 0, f"{mark('|')} {_CUT}"
                yield number, f"{mark('|')} {text}".rstrip()
            else:
                yield number, f"  {text}" if text else ""
            if number == self._last:
                closing = self._lines.line_text(number)[: self._last_column - 1]
                yield 0, mark("|" + "_" * max(1, _cells(closing)) + "^")

    def _left_out(self, number: int) -> bool:
        return self._last - self._first >= _LONGEST and self._first + _LONGEST // 2 <= number < self._last


def _cells(text: str) -> int:
    return min(width(visible(text)), _WIDEST)


def _clipped(text: str) -> str:
    return text if width(text) <= _WIDEST else text[:_WIDEST] + _CUT


def _cut_around(before: str, meant: str, after: str) -> tuple[str, str, str]:
    """Cut a line that is too wide around what is meant, so that the marks stay under it."""
    if len(before) > _LEAD:
        before = _CUT + before[-_LEAD:]
    room = _WIDEST - len(before)
    if len(meant) > room:
        return before, meant[:room], _CUT
    room -= len(meant)
    return before, meant, after if len(after) <= room else after[:room] + _CUT
