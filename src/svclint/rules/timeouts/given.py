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
    if not node.args:
        edit = Edit(span=Span(ctx.call.end - 1, ctx.call.end - 1), text=f"{keyword}={seconds}")
        return _fix(seconds, edit)
    last = node.args[-1]
    if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
        return None
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    behind = _length(last.whitespace_after_arg) + (_length(comma) if comma is not None else 0)
    end = ctx.call.end - 1 - behind
    return _fix(seconds, Edit(span=Span(end, end), text=f", {keyword}={seconds}"))


def replaced(ctx: FileContext, keyword: str) -> Fix | None:
    """Return the fix that puts a number where the visited call gives None; None where that stands elsewhere."""
    text = ctx.text(Span(ctx.call.func_end, ctx.call.end))
    found = list(re.finditer(rf"(?<![\w.]){re.escape(keyword)}\s*=\s*(None)(?=\s*[,)\n#])", text))
    if len(found) != 1:
        return None
    start = ctx.call.func_end + len(text[: found[0].start(1)].encode())
    seconds = shown(ctx)
    return _fix(seconds, Edit(span=Span(start, start + len("None")), text=seconds))


def _fix(seconds: str, edit: Edit) -> Fix:
    return Fix(title=f"Give it a timeout of {seconds} s", safety=Safety.UNSAFE, edits=(edit,))


def _length(node: cst.CSTNode) -> int:
    return len(_EMPTY.code_for_node(node).encode())
