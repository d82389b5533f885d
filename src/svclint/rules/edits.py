"""Edits that several rules make, and what they need to know of the text for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svclint.index.model import BindingKind, StmtKind
from svclint.rules.api import Edit, Span

if TYPE_CHECKING:
    from svclint.index.model import Stmt
    from svclint.rules.api import FileContext

_EXITS = frozenset({StmtKind.BREAK, StmtKind.CONTINUE, StmtKind.RETURN})
_LEAVES = _EXITS | {StmtKind.PASS}
_PLAIN_TYPES = re.compile(r"\(?\s*[\w.]+(?:\s*,\s*[\w.]+)*\s*,?\s*\)?")
"""Exception types by name, without comments between them."""


def line_indent(data: bytes, offset: int) -> str | None:
    """Return the blank space before an offset on its line, None where something else stands there."""
    start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    indent = data[start:offset]
    return None if indent.strip() else indent.decode()


def raise_at_end(ctx: FileContext) -> Edit | None:
    """Return the edit that lets the visited handler end in `raise`, None where its last statement is in the way."""
    block = ctx.index.blocks[ctx.handler.block]
    last = ctx.index.stmts[block.stmts[-1]]
    if _is_left_before(ctx, last):
        return None
    if last.kind in _LEAVES and last.first_call == last.last_call and not _is_last_reader(ctx, last):
        return Edit(span=Span(last.start, last.end), text="raise")
    if last.kind in _LEAVES or last.kind is StmtKind.RAISE:
        return None
    indent = line_indent(ctx.data, ctx.index.stmts[block.stmts[0]].start)
    if indent is None:
        return None
    end = _line_end(ctx.data, last.end)
    return Edit(span=Span(end, end), text=f"\n{indent}raise")


def clause_in_front(ctx: FileContext, types: str, body: str) -> tuple[Edit, ...]:
    """
    Return the edits that put an `except` clause before the visited one, none where that does not start its line.

    The types that it takes over go from the visited one, whose clause must not be the second for them.
    """
    start = ctx.handler.start
    indent = line_indent(ctx.data, start)
    if indent is None:
        return ()
    taken_over = _without_type(ctx, types)
    if taken_over is None:
        return ()
    inner = "\t" if indent.endswith("\t") else "    "
    clause = Edit(span=Span(start, start), text=f"except {types}:\n{indent}{inner}{body}\n{indent}")
    return (clause, *taken_over)


def is_caught_in_front(ctx: FileContext, name: str) -> bool:
    """Whether a clause of the same `try` in front of the visited one names a type."""
    return any(
        re.search(_word(name), ctx.text(Span(each.types_start, each.types_end)))
        for each in ctx.index.handlers
        if each.stmt == ctx.handler.stmt and each.start < ctx.handler.start
    )


def conditional_return(ctx: FileContext) -> bool:
    """Whether the visited `return` stands under a condition of its function."""
    stmt = ctx.index.stmts[ctx.candidate.position]
    return stmt.block != ctx.scope(stmt.scope).body


def _line_end(data: bytes, offset: int) -> int:
    """Return the end of the line that an offset is on, before its line break."""
    ends = [at for at in (data.find(b"\n", offset), data.find(b"\r", offset)) if at >= 0]
    return min(ends, default=len(data))


def _is_left_before(ctx: FileContext, last: Stmt) -> bool:
    """Whether the visited handler holds a `return`, or a `break` or `continue` of a loop around it, before its last."""
    handler = ctx.handler
    for stmt in ctx.index.stmts:
        if stmt.kind not in _EXITS or stmt.scope != handler.scope or stmt is last:
            continue
        if not handler.start <= stmt.start < handler.end:
            continue
        block, roles = stmt.block, set()
        while block != handler.block:
            roles.add(ctx.index.blocks[block].role)
            block = ctx.index.blocks[block].parent
        if stmt.kind is StmtKind.RETURN or "loop" not in roles:
            return True
    return False


def _is_last_reader(ctx: FileContext, span: Span | Stmt) -> bool:
    """Whether a local name is read inside a span and nowhere else: without it, the name would be bound for nothing."""
    function = ctx.scope(ctx.function_of(ctx.handler.scope))
    offsets: dict[str, list[int]] = {}
    for scope in ctx.index.scopes:
        for name, reads in scope.reads.items():
            offsets.setdefault(name, []).extend(read.offset for read in reads)
    for name, bindings in function.bindings.items():
        if all(binding.kind is BindingKind.PARAMETER for binding in bindings):
            continue
        home = ctx.handler if name == ctx.handler.name else function
        inside = [
            span.start <= offset < span.end for offset in offsets.get(name, ()) if home.start <= offset < home.end
        ]
        if inside and all(inside):
            return True
    return False


def _without_type(ctx: FileContext, name: str) -> tuple[Edit, ...] | None:
    """Return the edits that take a type out of the visited handler's tuple; None where it is not plainly written."""
    span = Span(ctx.handler.types_start, ctx.handler.types_end)
    text = ctx.text(span)
    if not re.search(_word(name), text):
        return ()
    if not _PLAIN_TYPES.fullmatch(text):
        return None
    kept = [each for each in re.findall(r"[\w.]+", text) if each != name]
    if len(kept) == 1:
        return (Edit(span=span, text=kept[0]),)
    found = re.search(rf"{_word(name)}\s*,\s*(?=[\w.])|,\s*{_word(name)}", text)
    if found is None or len(kept) != text.count(",") - text.rstrip(") \t\r\n").endswith(","):
        return None
    start = span.start + len(text[: found.start()].encode())
    return (Edit(span=Span(start, start + len(found[0].encode())), text=""),)


def _word(name: str) -> str:
    return rf"(?<![\w.]){re.escape(name)}(?![\w.])"
