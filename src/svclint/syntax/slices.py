"""
The smallest texts that LibCST must read to judge a module's candidates.

A simple statement is a slice of its own. Of a compound statement only the header is cut out, with `pass` for its body;
of a `try` only the clause that is wanted, behind `try: pass`. A slice inside another one is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import StmtKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.index.model import ModuleIndex, Stmt
    from svclint.program.select import Candidate


class Slice(msgspec.Struct, frozen=True):
    """`prefix` + the file's text from `start` to `end` + `suffix` is a module of its own."""

    start: int
    end: int
    prefix: bytes = b""
    suffix: bytes = b"\n"

    def text(self, data: bytes) -> bytes:
        """Return what LibCST reads."""
        return self.prefix + data[self.start : self.end] + self.suffix

    def offset(self, inner: int) -> int:
        """Return where a position in the slice is in the file."""
        return inner - len(self.prefix) + self.start


def whole_file(data: bytes) -> list[Slice]:
    """Return the whole file as one slice."""
    return [Slice(0, len(data), b"", b"")]


def cut(index: ModuleIndex, data: bytes, candidates: Iterable[Candidate]) -> list[Slice]:
    """
    Return the slices in which all candidates stand, in the order of the text.

    A handler around a statement that nests too deeply has none: LibCST would take minutes over it, or kill the process.
    """
    found = {_slice(index, data, candidate) for candidate in candidates}
    if index.too_deep:
        deep = [stmt.start for stmt in index.stmts if stmt.kind is StmtKind.TOO_DEEP]
        found = {each for each in found if not any(each.start <= start < each.end for start in deep)}
    kept: list[Slice] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.end > kept[-1].end:  # can't be: statements nest
            kept[-1] = Slice(kept[-1].start, each.end, kept[-1].prefix, each.suffix)
    return kept


def _slice(index: ModuleIndex, data: bytes, candidate: Candidate) -> Slice:
    if candidate.kind == "handler":
        handler = index.handlers[candidate.position]
        return _on_own_lines(data, handler.start, handler.end, b"try: pass\n", b"\n")
    stmt = index.stmts[candidate.stmt]
    if stmt.head == stmt.end or not stmt.blocks:
        return Slice(stmt.start, stmt.end)
    if candidate.end > stmt.head:  # in a guard of a `match`
        return _on_own_lines(data, stmt.start, stmt.end, b"", b"\n")
    return _header(data, stmt)


def _header(data: bytes, stmt: Stmt) -> Slice:
    """Cut out a compound statement's header; a decorated definition starts at its first decorator."""
    if stmt.kind is StmtKind.MATCH:
        return Slice(stmt.start, stmt.head, b"", b"\n case _: pass\n")
    if stmt.kind is StmtKind.DEFINE:
        return _on_own_lines(data, stmt.start, stmt.head, b"", b" pass\n")
    start = stmt.start + 2 if data.startswith(b"elif", stmt.start) else stmt.start
    return Slice(start, stmt.head, b"", b" pass\n")


def _on_own_lines(data: bytes, start: int, end: int, stub: bytes, suffix: bytes) -> Slice:
    """Cut out lines with their indentation, below an `if` where there is any."""
    line = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
    indent = data[line:start]
    if indent.strip():  # something else stands before it on its line
        return Slice(start, end, stub, suffix)
    above = b"if 1:\n" if indent else b""
    return Slice(line, end, above + (indent + stub if stub else b""), suffix)
