"""Edits that several rules make, and what they need to know of the text for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import StmtKind
from svclint.rules.api import Edit, Span

if TYPE_CHECKING:
    from svclint.rules.api import FileContext

_LEAVES = frozenset({StmtKind.PASS, StmtKind.BREAK, StmtKind.CONTINUE, StmtKind.RETURN})


def line_indent(data: bytes, offset: int) -> str | None:
    """Return the blank space before an offset on its line, None where something else stands there."""
    start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    indent = data[start:offset]
    return None if indent.strip() else indent.decode()


def raise_at_end(ctx: FileContext) -> Edit | None:
    """Return the edit that lets the visited handler end in `raise`, None where its last statement is in the way."""
    block = ctx.index.blocks[ctx.handler.block]
    last = ctx.index.stmts[block.stmts[-1]]
    if last.kind in _LEAVES and last.first_call == last.last_call:
        return Edit(span=Span(last.start, last.end), text="raise")
    if last.kind in _LEAVES or last.kind is StmtKind.RAISE:
        return None
    indent = line_indent(ctx.data, ctx.index.stmts[block.stmts[0]].start)
    if indent is None:
        return None
    end = _line_end(ctx.data, last.end)
    return Edit(span=Span(end, end), text=f"\n{indent}raise")


def clause_in_front(ctx: FileContext, header: str, body: str) -> Edit | None:
    """Return the edit that puts an `except` clause before the visited one, None where that does not start its line."""
    indent = line_indent(ctx.data, ctx.handler.start)
    if indent is None:
        return None
    inner = "\t" if indent.endswith("\t") else "    "
    start = ctx.handler.start
    return Edit(span=Span(start, start), text=f"{header}\n{indent}{inner}{body}\n{indent}")


def conditional_return(ctx: FileContext) -> bool:
    """Whether the visited `return` stands under a condition of its function."""
    stmt = ctx.index.stmts[ctx.candidate.position]
    return stmt.block != ctx.scope(stmt.scope).body


def _line_end(data: bytes, offset: int) -> int:
    """Return the end of the line that an offset is on, before its line break."""
    ends = [at for at in (data.find(b"\n", offset), data.find(b"\r", offset)) if at >= 0]
    return min(ends, default=len(data))
