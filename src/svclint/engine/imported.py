"""What a file imports, and who else reads it: the facts by which imports without a reader are removed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from svclint.fixing.orphans import ImportedName
from svclint.index.model import BindingKind, ModuleIndex
from svclint.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from svclint.engine.loading import Loaded
    from svclint.index.model import Binding
    from svclint.program.program import Program

_QUOTED = rb"""\b(?:cast|TypeVar|NewType|NamedTuple|TypedDict)\([^()]*["'][^"'\r\n]*(?<![\w.])%s(?!\w)"""


class Readers:
    """Tells which names of one module other modules may read."""

    def __init__(self, program: Program, key: str, others: Iterable[Loaded], asked: Collection[str]) -> None:
        """Take the module by its path in the program, the other files, and the names that are worth a search."""
        self.program = program
        self.key = key
        self.others = list(others)
        self.asked = asked

    def read(self, name: str) -> bool:
        """Whether another module imports a name, reaches it as an attribute, or patches it by its dotted name."""
        if name not in self.asked:
            return False
        return self.program.is_imported(self.key, name) or any(self._speaks_of(name, each) for each in self.others)

    def _speaks_of(self, name: str, other: Loaded) -> bool:
        """Whether a text holds the dotted name, after the module's own name or one that it is imported by."""
        data = other.source.data
        if name.encode() not in data:
            return False
        own = posixpath.basename(posixpath.splitext(self.key)[0].removesuffix("/__init__"))
        called = {own}
        for scope in other.index.scopes:
            called.update(
                local for local, bindings in scope.bindings.items() if any(_is_of(own, it) for it in bindings)
            )
        return any(re.search(rf"(?<!\w){each}\.{name}(?!\w)".encode(), data) for each in sorted(called))


def imported_names(loaded: Loaded, readers: Readers | None = None) -> list[ImportedName]:
    """Return the names that a file imports; without `readers` nothing is said about other modules."""
    index, data = loaded.index, loaded.source.data
    found = []
    for position, scope in enumerate(index.scopes):
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if binding.kind is not BindingKind.IMPORT or name == "*":
                    continue
                stmt = index.stmts[binding.stmt]
                block = index.blocks[stmt.block]
                used = _is_read(index, position, name) or re.search(_QUOTED % name.encode(), data) is not None
                exported = name in (index.exports or ()) or _is_reexport(data[binding.start : binding.end])
                if readers is not None and not (used or exported or position):
                    exported = readers.read(name)
                found.append(
                    ImportedName(
                        statement=Span(stmt.start, stmt.end),
                        alias=Span(binding.start, binding.end),
                        name=name,
                        scope=scope.qualname,
                        used=used,
                        exported=exported,
                        conditional=block.role != "body",
                        alone=len(block.stmts) == 1 and block.owner >= 0,
                    ),
                )
    return found


def _is_of(module: str, binding: Binding) -> bool:
    return binding.kind is BindingKind.IMPORT and re.split("[.:]", binding.target)[-1] == module


def _is_reexport(alias: bytes) -> bool:
    """Whether an import says by `sleep as sleep` that others may import the name from here."""
    name, _, local = alias.partition(b" as ")
    return name.strip() == local.strip()


def _is_read(index: ModuleIndex, scope: int, name: str) -> bool:
    """Whether a name is read in a scope or in any scope below it."""
    scopes = index.scopes
    below = {scope}
    for position, each in enumerate(scopes):
        if each.parent in below:
            below.add(position)
    return any(name in scopes[each].reads for each in below)
