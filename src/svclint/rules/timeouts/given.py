"""Edits that give a call a timeout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from svclint.rules.api import Edit, Fix, Safety, Span

if TYPE_CHECKING:
    from svclint.rules.api import FileContext


class _Arguments:
    """
    The arguments of the visited call, and where they stand.

    The call is parsed again on its own: how long the code of a node is, LibCST can say only without the indentation of
    the code around it.
    """

    def __init__(self, ctx: FileContext) -> None:
        self.ctx = ctx
        # In parentheses, because what is called may stand in some, or on a line of its own.
        self.module = cst.parse_module(f"({ctx.text(Span(ctx.call.start, ctx.call.end))})")
        statement = cst.ensure_type(self.module.body[0], cst.SimpleStatementLine).body[0]
        self.args = cst.ensure_type(cst.ensure_type(statement, cst.Expr).value, cst.Call).args
        self.end = ctx.call.end - 1

    def length(self, node: cst.CSTNode | cst.MaybeSentinel | None) -> int:
        """Return the length of a node's code in bytes."""
        return len(self.module.code_for_node(node).encode()) if isinstance(node, cst.CSTNode) else 0

    def start(self, argument: cst.Arg) -> int:
        """Return where an argument starts."""
        behind = self.args[self.args.index(argument) :]
        return self.end - sum(self.length(each) for each in behind)

    def line(self, argument: cst.Arg) -> str:
        """Return the line break and the blanks before an argument that begins a line, else `""`."""
        before = self.ctx.text(Span(self.ctx.call.func_end, self.start(argument)))
        found = re.search(r"(?:\r\n|\n|\r)[ \t]*$", before)
        return found[0] if found is not None else ""


def shown(ctx: FileContext) -> str:
    """Return the default timeout as it is written."""
    return f"{ctx.config.default_timeout:g}"


def added(ctx: FileContext, keyword: str) -> Fix | None:
    """Return the fix that gives the visited call one more argument; None where that is not plainly possible."""
    seconds = shown(ctx)
    text = f"{keyword}={seconds}"
    given = _Arguments(ctx)
    if not given.args:
        return _fix(seconds, _insertion(given.end, text))
    last = given.args[-1]
    if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
        return None
    end = given.end - given.length(last.whitespace_after_arg) - given.length(last.comma)
    line = given.line(last)
    behind = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    if not line:
        return _fix(seconds, _insertion(end, f", {text}"))
    if not isinstance(behind, cst.ParenthesizedWhitespace):
        return _fix(seconds, _insertion(end, f",{line}{text}"))
    # A comment behind the last argument stays with it.
    comment = given.length(behind.first_line) - given.length(behind.first_line.newline)
    if isinstance(last.comma, cst.Comma):
        place = given.end - given.length(last.whitespace_after_arg) - given.length(behind) + comment
        return _fix(seconds, _insertion(place, f"{line}{text},"))
    if not comment:
        return _fix(seconds, _insertion(end, f",{line}{text}"))
    return _fix(seconds, _insertion(end, ","), _insertion(end + comment, f"{line}{text}"))


def replaced(ctx: FileContext, keyword: str) -> Fix | None:
    """Return the fix that puts a number where the visited call gives None; None where that stands elsewhere."""
    given = _Arguments(ctx)
    for argument in given.args:
        if argument.keyword is not None and argument.keyword.value == keyword:
            value = given.start(argument) + given.length(argument.keyword) + given.length(argument.equal)
            span = Span(value, value + given.length(argument.value))
            seconds = shown(ctx)
            return _fix(seconds, Edit(span=span, text=seconds)) if ctx.text(span) == "None" else None
    return None


def _insertion(place: int, text: str) -> Edit:
    return Edit(span=Span(place, place), text=text)


def _fix(seconds: str, *edits: Edit) -> Fix:
    return Fix(title=f"Give it a timeout of {seconds} s", safety=Safety.UNSAFE, edits=edits)
