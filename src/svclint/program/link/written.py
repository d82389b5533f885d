"""What is written out behind a name: the constants, tuples and tables that plain assignments give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import Binding, BindingKind
from svclint.index.values import CALL, Container, Name, Operator, Value, is_item
from svclint.program.link.refs import UNKNOWN, ClassRef, InstanceRef, ModuleRef, Targets, union

if TYPE_CHECKING:
    from svclint.program.link.names import Names


class Written:
    """Follows names to values."""

    def __init__(self, names: Names) -> None:
        """Share the resolver."""
        self.names = names

    def values(self, module: str, scope: int, value: Value, depth: int = 6) -> list[tuple[str, int, Value]] | None:
        """
        Return the values that are written out behind a name: `(module, scope, value)` for each possible one.

        Follows plain names, imports and module attributes; None where something is bound otherwise, or unknown.
        """
        if not isinstance(value, Name):
            return [(module, scope, value)]
        if depth == 0 or CALL in value.chain or any(map(is_item, value.chain)):
            return None
        found: list[tuple[str, int, Value]] = []
        for owner, home, binding in self._bindings_behind(module, scope, value) or ():
            if binding.kind is BindingKind.IMPORT and ":" in binding.target:
                path, _, name = binding.target.partition(":")
                source = self.names.module_path(owner, path)
                inner = Name((name,), 1 << 60)
                behind = self.values(source, 0, inner, depth - 1) if source is not None else None
            elif binding.kind in {BindingKind.ASSIGNMENT, BindingKind.TYPE}:
                behind = self.values(owner, home, binding.value, depth - 1)
            else:
                return None
            if behind is None:
                return None
            found.extend(behind)
        return found or None

    def _bindings_behind(self, module: str, scope: int, value: Name) -> list[tuple[str, int, Binding]] | None:
        *owners, name = value.chain
        if owners:
            before = self.names.resolve(module, scope, tuple(owners), value.start)
            found = []
            for ref in before.refs:
                if isinstance(ref, ModuleRef) and not ref.module.endswith("/"):
                    found.extend((ref.module, 0, each) for each in self._final(ref.module, 0, name))
                elif isinstance(ref, ClassRef | InstanceRef):
                    cls = ref.cls if isinstance(ref, InstanceRef) else ref
                    if isinstance(cls, ClassRef):
                        found.extend((cls.module, cls.scope, each) for each in self._final(cls.module, cls.scope, name))
            return found or None
        data = self.names.modules[module]
        home = data.home(scope, name)
        if home < 0:
            return None
        return [(module, owner, each) for owner, each in data.reaching(scope, name, home, value.start)]

    def _final(self, module: str, scope: int, name: str) -> tuple[Binding, ...]:
        return self.names.modules[module].index.scopes[scope].bindings.get(name, ())

    def exception_types(self, module: str, scope: int, types: Value) -> Targets:
        """Return the classes in a type or a tuple of types, also through names that stand for tuples."""
        found = self._exception_parts(module, scope, types, 6)
        return union(found) if found else UNKNOWN

    def _exception_parts(self, module: str, scope: int, types: Value, depth: int) -> list[Targets]:
        """Return what each type in a handler's expression is, through tuples that stand elsewhere."""
        if isinstance(types, Container):
            return [each for item in types.items for each in self._exception_parts(module, scope, item, depth)]
        if isinstance(types, Operator) and types.kind in {"binary", "starred"}:
            return [each for item in types.operands for each in self._exception_parts(module, scope, item, depth)]
        if isinstance(types, Name) and depth:
            behind = self.values(module, scope, types)
            if behind and any(isinstance(value, Container | Operator) for _, _, value in behind):
                return [
                    each for at, home, value in behind for each in self._exception_parts(at, home, value, depth - 1)
                ]
        return [self.names.value(module, scope, types)]
