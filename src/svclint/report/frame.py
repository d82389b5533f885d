"""A piece of code with its line numbers, and marks under the part that is meant."""

from __future__ import annotations

from collections.abc import Iterator

from svclint.finding import Place
from svclint.report.styles import Styles
from svclint.report.visible import visible, width
from svclint.text import LineIndex

_CONTEXT = 2  # lines around the ones that are meant
_WIDEST = 160  # cells; the lines of minified files are cut
_LEAD = 40  # cells that stay before the mark of a line that is cut
_LONGEST = 8  # lines of one place that are all shown; of a longer one, the middle is left out
_CUT = "..."


class _Marked:
    """The lines of a place, and how they are drawn."""

    def __init__(self, lines: LineIndex, place: Place, styles: Styles) -> None:
        self.lines = lines
        self.styles = styles
        self.first, self.first_column = place.line, place.column
        self.last, self.last_column = place.end_line, place.end_column
        if self.last > self.first and self.last_column == 1:
            # The line break belongs to the span; a mark in front of the next line's first character marks nothing.
            self.last -= 1
            self.last_column = len(lines.line_text(self.last)) + 1

    def numbers(self, context: int) -> range:
        """Return the lines to show: the marked ones and their context without blank lines at the ends."""
        start, stop = max(1, self.first - context), min(len(self.lines), self.last + context)
        while start < self.first and not self.lines.line_text(start).strip():
            start += 1
        while stop > self.last and not self.lines.line_text(stop).strip():
            stop -= 1
        return range(start, stop + 1)


def frame(lines: LineIndex, place: Place, styles: Styles, *, gutter: int, context: int = _CONTEXT) -> list[str]:
    """
    Return the framed code at `place` without a heading; nothing when the text has no such line.

    `gutter` is the width of the widest line number, which `gutter_of` knows.
    """
    if not 1 <= place.line <= place.end_line <= len(lines):
        return []
    marked = _Marked(lines, place, styles)
    rail = styles.rail(" " * gutter + " |")
    rows = _one_line(marked, context) if marked.first == marked.last else _several_lines(marked, context)
    drawn = [
        f"{styles.rail(f'{number:>{gutter}} |' if number else ' ' * gutter + ' |')}{' ' + text if text else ''}".rstrip()
        for number, text in rows
    ]
    return [rail, *drawn, rail]


def gutter_of(lines: LineIndex | None, place: Place) -> int:
    """Return how many cells the line numbers of a frame take."""
    last = min(place.end_line + _CONTEXT, len(lines)) if lines else place.line
    return len(str(max(last, place.line)))


def _one_line(marked: _Marked, context: int) -> Iterator[tuple[int, str]]:
    for number in marked.numbers(context):
        text = marked.lines.line_text(number)
        if number != marked.first:
            yield number, _clipped(visible(text))
            continue
        before = visible(text[: marked.first_column - 1])
        meant = visible(text[marked.first_column - 1 : marked.last_column - 1])
        after = visible(text[marked.first_column - 1 + (marked.last_column - marked.first_column) :])
        if width(before + meant + after) > _WIDEST:
            before, meant, after = _cut(before, meant, after)
        yield number, before + meant + after
        carets = "^" * max(1, width(meant))
        yield 0, " " * width(before) + _mark(marked, carets)


def _several_lines(marked: _Marked, context: int) -> Iterator[tuple[int, str]]:
    starts_line = not marked.lines.line_text(marked.first)[: marked.first_column - 1].strip()
    for number in marked.numbers(context):
        text = _clipped(visible(marked.lines.line_text(number)))
        if number == marked.first and starts_line:
            yield number, f"{_mark(marked, '/')} {text}".rstrip()
        elif marked.first < number <= marked.last:
            if _left_out(marked, number):
                continue
            if number == marked.last and marked.last - marked.first >= _LONGEST:
                yield 0, f"{_mark(marked, '|')} {_CUT}"
            yield number, f"{_mark(marked, '|')} {text}".rstrip()
        else:
            yield number, f"  {text}".rstrip()
        if number == marked.first and not starts_line:
            yield 0, " " + _mark(marked, "_" * (_cells_before(marked, number, marked.first_column) + 1) + "^")
        if number == marked.last:
            yield 0, _mark(marked, "|" + "_" * max(1, _cells_before(marked, number, marked.last_column)) + "^")


def _left_out(marked: _Marked, number: int) -> bool:
    return marked.last - marked.first >= _LONGEST and marked.first + _LONGEST // 2 <= number < marked.last


def _cells_before(marked: _Marked, number: int, column: int) -> int:
    return min(width(visible(marked.lines.line_text(number)[: column - 1])), _WIDEST)


def _mark(marked: _Marked, text: str) -> str:
    return marked.styles.mark(text)


def _clipped(text: str) -> str:
    return text if width(text) <= _WIDEST else text[:_WIDEST] + _CUT


def _cut(before: str, meant: str, after: str) -> tuple[str, str, str]:
    """Cut a line that is too wide around what is meant; the mark keeps its place under it."""
    if len(before) > _LEAD:
        before = _CUT + before[len(before) - _LEAD :]
    room = _WIDEST - len(before)
    if len(meant) > room:
        return before, meant[:room] + _CUT, ""
    room -= len(meant)
    return before, meant, after if len(after) <= room else after[:room] + _CUT
