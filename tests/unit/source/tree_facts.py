"""What a syntax tree says, as a list that can be compared: the oracle of masking."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from svclint.source.model import Construct, MaskedSpan
from svclint.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Position = tuple[int, int, int, int]


def facts(tree: ast.Module, data: bytes = b"", masked: Sequence[MaskedSpan] = (), *, positions: bool = True) -> list:
    """
    Return every node and value of a tree in order, with its position.

    f-strings are told as the list of their expressions, whether they stand in the tree as such or as the tuples (those
    of `masked`) that they are masked by.
    """
    lines = LineIndex(data)
    strings = {
        _position(lines, span.span.start) + _position(lines, span.span.end)
        for span in masked
        if span.construct in {Construct.F_STRING, Construct.T_STRING}
    }
    return list(_facts(tree, strings, lines, positions=positions))


def _position(lines: LineIndex, offset: int) -> tuple[int, int]:
    line = lines.line_number(offset)
    return line, offset - lines.starts[line - 1]


def _facts(node: object, strings: set[Position], lines: LineIndex, *, positions: bool) -> Iterator[object]:
    if isinstance(node, list):
        for item in node:
            yield from _facts(item, strings, lines, positions=positions)
        yield "end"
    elif not isinstance(node, ast.AST):
        yield node
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Tuple) and _span(node) in strings):
        yield "string", _span(node) if positions else None
        for expression in _expressions(node, lines) if isinstance(node, ast.JoinedStr) else node.elts:
            yield from _facts(expression, strings, lines, positions=positions)
        yield "end"
    else:
        yield type(node).__name__, _span(node) if positions else None
        for name in node._fields:
            if name not in {"ctx", "kind", "type_params"}:
                yield from _facts(getattr(node, name, None), strings, lines, positions=positions)


def _span(node: ast.AST) -> Position | None:
    if not isinstance(node, (ast.expr, ast.stmt)):
        return None
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def _expressions(string: ast.JoinedStr, lines: LineIndex) -> Iterator[ast.expr]:
    for value in string.values:
        if isinstance(value, ast.FormattedValue):
            # `f"{a, b}"`: without its parentheses the inner tuple melts into the outer one.
            if isinstance(value.value, ast.Tuple) and _is_bare(value.value, lines):
                yield from value.value.elts
            else:
                yield value.value
            if isinstance(value.format_spec, ast.JoinedStr):
                yield from _expressions(value.format_spec, lines)


def _is_bare(expression: ast.Tuple, lines: LineIndex) -> bool:
    """Tell whether a tuple stands in a field without parentheses; Python 3.11 takes the braces for them."""
    start = lines.starts[expression.lineno - 1] + expression.col_offset
    return lines.data[start : start + 1] != b"("
