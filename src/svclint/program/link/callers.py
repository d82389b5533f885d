"""Who calls a function: the calls by its name that mean it, in all modules."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import BindingKind, ScopeKind
from svclint.index.values import Conditional, Container, Name, Operator
from svclint.program.link.refs import ApiRef, ClassRef, FunctionRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclint.index.model import ModuleIndex
    from svclint.index.values import Value
    from svclint.program.link.names import Names
    from svclint.program.link.refs import Ref

_MAX_SOME = 40
_MAX_ALL = 200
"""Of a name that is called more often (`get`, `run`), the callers are not looked for."""
_PLAIN = ("abc.", "builtins.", "typing.")


class Caller(msgspec.Struct, frozen=True, order=True):
    """A call by its module and its position there, and how many leading parameters are bound before its arguments."""

    module: str
    position: int
    bound: int


class Callers:
    """Finds calls by the name of what they call; calls under another name are not seen."""

    def __init__(self, names: Names) -> None:
        """Share the resolver."""
        self.names = names
        self._some: dict[tuple[str, int], tuple[Caller, ...]] = {}
        self._all: dict[tuple[str, int], tuple[Caller, ...]] = {}

    def some_of(self, module: str, scope: int) -> tuple[Caller, ...]:
        """Return calls of a function, or of the class whose constructor it is; there may be others."""
        key = (module, scope)
        if key not in self._some:
            data = self.names.modules[module]
            cls = self._constructed(module, scope)
            name = data.index.scopes[scope if cls is None else cls.scope].name
            calls = self._calls.get(name, ())
            self._some[key] = tuple(self._meant(calls, module, scope, cls)) if len(calls) <= _MAX_SOME else ()
        return self._some[key]

    def possible_of(self, module: str, scope: int) -> tuple[Caller, ...]:
        """Return the calls by a function's name that mean it, or may for all that is known."""
        name = self.names.modules[module].index.scopes[scope].name
        calls = self._production_calls(name)
        own = set(self._meant(calls, module, scope, None)) if len(calls) <= _MAX_ALL else set()
        unknown = {Caller(path, position, 0) for path, position in calls if self.names.callee(path, position).open}
        return tuple(sorted(own | unknown)) if len(calls) <= _MAX_ALL else ()

    def all_of(self, module: str, scope: int) -> tuple[Caller, ...]:
        """Return all calls of a function, none where there can be others."""
        key = (module, scope)
        if key not in self._all:
            self._all[key] = self._every(module, scope)
        return self._all[key]

    def _constructed(self, module: str, scope: int) -> ClassRef | None:
        """Return the class whose constructor a function is."""
        data = self.names.modules[module]
        owner = data.class_of(scope)
        return ClassRef(module, owner) if owner >= 0 and data.index.scopes[scope].name == "__init__" else None

    def _meant(
        self, calls: Iterable[tuple[str, int]], module: str, scope: int, cls: ClassRef | None
    ) -> Iterator[Caller]:
        for path, position in calls:
            refs = self.names.callee(path, position).refs
            yield from (Caller(path, position, bound) for bound in self._bound(refs, module, scope, cls))

    def _every(self, module: str, scope: int) -> tuple[Caller, ...]:
        data = self.names.modules[module]
        function = data.index.scopes[scope]
        owner = data.class_of(scope)
        if function.decorators or function.kind is ScopeKind.LAMBDA or not self._is_own(module, owner):
            return ()
        cls = self._constructed(module, scope)
        names = {function.name}
        if cls is not None:
            below = (cls, *self.names.members.classes.subclasses(cls))
            names |= {self.names.members.scope(each).name for each in below}
        elif function.name.startswith("__"):
            return ()
        if names & self._mentioned:
            return ()
        calls = [each for name in sorted(names) for each in self._production_calls(name)]
        if len(calls) > _MAX_ALL or any(self._may_mean_anything(*each) for each in calls):
            return ()
        return tuple(self._meant(calls, module, scope, cls))

    def _may_mean_anything(self, path: str, position: int) -> bool:
        call = self.names.modules[path].index.calls[position]
        return call.chain[-1] != "__init__" and not self.names.callee(path, position).refs

    def _is_own(self, module: str, owner: int) -> bool:
        """Whether a class descends from the project's own only: a library may call what is defined in others."""
        if owner < 0:
            return True
        line, unknown = self.names.members.mro(ClassRef(module, owner))
        return not unknown and not any(isinstance(each, ApiRef) and not each.name.startswith(_PLAIN) for each in line)

    def _bound(self, refs: Iterable[Ref], module: str, scope: int, cls: ClassRef | None) -> Iterator[int]:
        """Yield how many parameters are bound, for each reference that means a function, or makes its object."""
        for ref in refs:
            if isinstance(ref, FunctionRef) and (ref.module, ref.scope) == (module, scope):
                yield ref.bound
            elif isinstance(ref, ClassRef) and cls is not None:
                line = [each for each in self.names.members.mro(ref)[0] if isinstance(each, ClassRef)]
                made = next((each for each in line if "__init__" in self.names.members.scope(each).bindings), None)
                if made == cls:
                    yield 1

    @cached_property
    def _calls(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for path, module in self.names.modules.items():
            for position, call in enumerate(module.index.calls):
                found.setdefault(call.chain[-1], []).append((path, position))
        return found

    def _production_calls(self, name: str) -> list[tuple[str, int]]:
        return [each for each in self._calls.get(name, ()) if not self.names.modules[each[0]].is_test]

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """The names that the program uses otherwise than by calling them: they may be called from anywhere."""
        found: set[str] = set()
        for module in self.names.modules.values():
            if module.is_test:
                continue
            found.update(module.index.exports or ())
            for scope in module.index.scopes:
                for name, bindings in scope.bindings.items():
                    originals = {each.target.rpartition(":")[2] for each in bindings if each.kind is BindingKind.IMPORT}
                    found.update(originals - {name})
            found.update(name for value in _values(module.index) for name in _named(value))
        return frozenset(found)


def _values(index: ModuleIndex) -> Iterator[Value]:
    for call in index.calls:
        yield from call.args
        yield from (value for _, value in call.keywords)
    for stmt in index.stmts:
        yield stmt.value
    for statement in index.withs:
        yield from (each.value for each in statement.items)
    for scope in index.scopes:
        yield from scope.decorators
        yield from (each.default for each in scope.parameters if each.default is not None)
        if scope.result is not None:
            yield scope.result


def _named(value: Value) -> Iterator[str]:
    """Yield the last parts of the names in a value."""
    match value:
        case Name(chain=chain):
            yield chain[-1]
        case Container(items=parts, keys=keys):
            yield from (name for each in (*keys, *parts) for name in _named(each))
        case Operator(operands=parts):
            yield from (name for each in parts for name in _named(each))
        case Conditional(test=test, then=then, orelse=orelse):
            yield from (name for each in (test, then, orelse) for name in _named(each))
