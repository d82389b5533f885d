"""How code can come by a module's name: an import that stands already, or where a new one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.finding import Edit
from svclint.index.model import BindingKind, StmtKind
from svclint.text import Span

if TYPE_CHECKING:
    from svclint.index.model import Binding
    from svclint.program.link.module import Module
    from svclint.program.program import Program


class Imports:
    """Finds and makes imports."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program

    def use(self, module: Module, data: bytes, name: str, scope: int) -> tuple[str, tuple[Edit, ...]] | None:
        """
        Return the expression by which code in a scope can use a library module, and the edits that bring it there.

        An unconditional import at the top of the file is used under its own name; imports under `if TYPE_CHECKING` or
        in a `try` do not count. None where the name means something else in that scope.
        """
        top = module.index.scopes[0]
        for bound, bindings in top.bindings.items():
            last = bindings[-1]
            is_it = last.kind is BindingKind.IMPORT and last.target == name and last.block == top.body
            everywhere = self._bindings(module, bound)
            if is_it and all(each.kind is BindingKind.IMPORT for each in everywhere) and module.home(scope, bound) == 0:
                return bound, ()
        home = module.home(scope, name)
        same = [each.kind is BindingKind.IMPORT and each.target == name for each in self._bindings(module, name)]
        if home > 0 or (home == 0 and not all(same)):
            return None
        return name, (self._insertion(module, data, name),)

    @staticmethod
    def _bindings(module: Module, name: str) -> list[Binding]:
        """Return all bindings of a name of the module, those that functions make by `global` among them."""
        from_inside = [binding for _, binding in module.outer_writes.get((0, name), ())]
        return [*module.index.scopes[0].bindings.get(name, ()), *from_inside]

    @staticmethod
    def _insertion(module: Module, data: bytes, name: str) -> Edit:
        """Return the edit that adds `import name`: in its place among plain ones, else before those of names."""
        index = module.index
        body = index.blocks[index.scopes[0].body]
        plain: list[tuple[str, int, int]] = []
        first = -1
        for position in body.stmts:
            stmt = index.stmts[position]
            if stmt.start >= index.import_anchor:
                break
            if stmt.kind is StmtKind.IMPORT and data.startswith(b"import ", stmt.start):
                plain.append((data[stmt.start + 7 : stmt.end].decode(), stmt.start, stmt.end))
            elif stmt.kind is StmtKind.IMPORT and not data.startswith(b"from __future__", stmt.start) and first < 0:
                first = stmt.start
        for text, start, _ in plain:
            if text > name and _starts_line(data, start):
                return Edit(span=Span(start, start), text=f"import {name}\n")
        anchor = index.import_anchor
        if not plain and first >= 0 and _starts_line(data, first):
            return Edit(span=Span(first, first), text=f"import {name}\n")
        if plain:
            end = plain[-1][2]
            line = min((at for at in (data.find(b"\n", end), data.find(b"\r", end)) if at >= 0), default=-1)
            anchor = line + (2 if data[line : line + 2] == b"\r\n" else 1) if line >= 0 else len(data)
        needs_break = anchor > 0 and data[anchor - 1 : anchor] not in {b"\n", b"\r"}
        prefix = "\n" if needs_break else ""
        return Edit(span=Span(anchor, anchor), text=f"{prefix}import {name}\n")


def _starts_line(data: bytes, offset: int) -> bool:
    return offset == 0 or data[offset - 1 : offset] in {b"\n", b"\r"}
