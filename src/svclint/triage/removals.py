"""
Edits that take a directive out of a file, whole or selector by selector.

What else stands in the comment stays: prose, `type: ignore`, other directives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.finding import Edit
from svclint.text import Span
from svclint.triage.directives import part_starts

if TYPE_CHECKING:
    from collections.abc import Collection

    from svclint.text import LineIndex
    from svclint.triage.directives import Directive, Selector

_BLANK = b" \t\f"


def without(directive: Directive, unwanted: Collection[Selector], lines: LineIndex) -> tuple[Edit, ...]:
    """
    Return the edits that remove the unwanted selectors, and with the last of them the directive and its reason.

    Empty where the text can't be taken out safely: on a line that a backslash continues.
    """
    if any(selector not in unwanted for selector in directive.selectors):
        return tuple(_deletion(span) for span in _selector_spans(directive, unwanted))
    span = _directive_span(directive, lines)
    return () if span is None else (_deletion(span),)


def _deletion(span: Span) -> Edit:
    return Edit(span=span, text="")


def _selector_spans(directive: Directive, unwanted: Collection[Selector]) -> list[Span]:
    """Delete each selector with one comma: the one before it, or at the head of the list the one after it."""
    spans: list[Span] = []
    kept_one = False
    selectors = directive.selectors
    for number, selector in enumerate(selectors):
        if selector not in unwanted:
            kept_one = True
        elif kept_one:
            spans.append(Span(selectors[number - 1].span.end, selector.span.end))
        else:
            spans.append(Span(selector.span.start, selectors[number + 1].span.start))
    return spans


def _directive_span(directive: Directive, lines: LineIndex) -> Span | None:
    comment, data = directive.comment, lines.data
    starts = part_starts(data[comment.start : comment.end], comment.start)
    following = next((start for start in starts if start > directive.span.start), None)
    if directive.span.start > comment.start:
        return Span(_end_of_code(data, directive.span.start), directive.span.end)
    if following is not None:
        return Span(directive.span.start, following)
    if directive.own_line:
        return _line_to_delete(directive.line, lines)
    return Span(_end_of_code(data, comment.start), lines.line_span(directive.line).end)


def _end_of_code(data: bytes, offset: int) -> int:
    return len(data[:offset].rstrip(_BLANK))


def _line_to_delete(line: int, lines: LineIndex) -> Span | None:
    if line > 1 and lines.line_text(line - 1).endswith("\\"):
        return None  # Without this line the backslash would join the statement to the next one.
    start = lines.starts[line - 1]
    return Span(start, lines.starts[line] if line < len(lines) else len(lines.data))
