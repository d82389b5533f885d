"""Edits that give a call a timeout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from svclint.rules.api import Edit, Fix, Safety, Span

if TYPE_CHECKING:
    from svclint.rules.api import FileContext

_EMPTY = cst.Module([])


def shown(ctx: FileContext) -> str:
    """Return the default timeout as it is written."""
    return f"{ctx.config.default_timeout:g}"


def added(node: cst.Call, ctx: FileContext, keyword: str) -> Fix | None:
    """Return the fix that gives the visited call one more argument; None where that is not plainly possible."""
    seconds = shown(ctx)
    text = f"{keyword}={seconds}"
    if not node.args:
        return _fix(seconds, _insertion(ctx.call.end - 1, text))
    last = node.args[-1]
    if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
        return None
    end = ctx.call.end - 1 - _length(last.whitespace_after_arg) - _length(last.comma)
    line = _own_line(ctx, ctx.call.end - 1 - _length(last))
    behind = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    if not line:
        return _fix(seconds, _insertion(end, f", {text}"))
    if not isinstance(behind, cst.ParenthesizedWhitespace):
        return _fix(seconds, _insertion(end, f",{line}{text}"))
    # A comment behind the last argument stays with it.
    comment = _length(behind.first_line) - _length(behind.first_line.newline)
    if isinstance(last.comma, cst.Comma):
        place = end + _length(last.comma) - _length(behind) + comment
        return _fix(seconds, _insertion(place, f"{line}{text},"))
    if not comment:
        return _fix(seconds, _insertion(end, f",{line}{text}"))
    return _fix(seconds, _insertion(end, ","), _insertion(end + comment, f"{line}{text}"))


def _own_line(ctx: FileContext, start: int) -> str:
    """Return the line break and the blanks before an argument of the visited call that begins a line, else `""`."""
    found = re.search(r"(?:\r\n|\n|\r)[ \t]*$", ctx.text(Span(ctx.call.func_end, start)))
    return found[0] if found is not None else ""


def _insertion(place: int, text: str) -> Edit:
    return Edit(span=Span(place, place), text=text)


def replaced(node: cst.Call, ctx: FileContext, keyword: str) -> Fix | None:
    """Return the fix that puts a number where the visited call gives None; None where that stands elsewhere."""
    start = ctx.call.end - 1
    for argument in reversed(node.args):
        start -= _length(argument)
        if argument.keyword is not None and argument.keyword.value == keyword:
            value = start + _length(argument.keyword) + _length(argument.equal)
            span = Span(value, value + _length(argument.value))
            seconds = shown(ctx)
            return _fix(seconds, Edit(span=span, text=seconds)) if ctx.text(span) == "None" else None
    return None


def _fix(seconds: str, *edits: Edit) -> Fix:
    return Fix(title=f"Give it a timeout of {seconds} s", safety=Safety.UNSAFE, edits=edits)


def _length(node: cst.CSTNode | cst.MaybeSentinel) -> int:
    return len(_EMPTY.code_for_node(node).encode()) if isinstance(node, cst.CSTNode) else 0
