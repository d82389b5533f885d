"""Who calls a function: the calls by its name that mean it, in all modules."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from svclint.program.link.refs import ClassRef, FunctionRef

if TYPE_CHECKING:
    from svclint.program.link.names import Names

_MAX_CANDIDATES = 40
"""Of a name that is called more often (`get`, `run`), the callers are not looked for."""


class Caller(msgspec.Struct, frozen=True):
    """A call, by its position in its module, and how many leading parameters are bound before its arguments."""

    position: int
    bound: int


class Callers:
    """Finds calls by the name of what they call; calls under another name are not seen."""

    def __init__(self, names: Names) -> None:
        """Share the resolver."""
        self.names = names
        self._known: dict[tuple[str, int], list[tuple[str, Caller]]] = {}

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for path, module in self.names.modules.items():
            for position, call in enumerate(module.index.calls):
                if call.args or call.keywords:
                    found.setdefault(call.chain[-1], []).append((path, position))
        return found

    def of(self, module: str, scope: int) -> list[tuple[str, Caller]]:
        """Return the calls of a function, or of the class whose constructor it is: (module, call)."""
        key = (module, scope)
        if key not in self._known:
            self._known[key] = self._found(module, scope)
        return self._known[key]

    def _found(self, module: str, scope: int) -> list[tuple[str, Caller]]:
        data = self.names.modules[module]
        function = data.index.scopes[scope]
        owner = data.class_of(scope)
        is_constructor = owner >= 0 and function.name == "__init__"
        name = data.index.scopes[owner].name if is_constructor else function.name
        candidates = self._by_name.get(name, [])
        if len(candidates) > _MAX_CANDIDATES:
            return []
        found = []
        for path, position in candidates:
            for ref in self.names.callee(path, position).refs:
                if is_constructor and ref == ClassRef(module, owner):
                    found.append((path, Caller(position, 1)))
                elif isinstance(ref, FunctionRef) and (ref.module, ref.scope) == (module, scope):
                    found.append((path, Caller(position, ref.bound)))
        return found
