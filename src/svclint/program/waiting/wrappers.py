"""What nobody passes to a function: its `**kwargs`, or a parameter whose default is None."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from svclint.index.model import BindingKind, ScopeKind
from svclint.index.values import Conditional, Container, Name, Operator
from svclint.program.link.arguments import parameter_of
from svclint.program.link.refs import ApiRef, ClassRef, FunctionRef
from svclint.program.waiting.passed import is_only_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclint.index.model import ModuleIndex
    from svclint.index.values import Value
    from svclint.program.program import Program
    from svclint.program.waiting.passed import Passed
    from svclint.program.waiting.values import Placed

_DEPTH = 4
_MAX_CALLS = 200
"""Of a name that is called more often (`get`, `run`), the callers are not looked for."""
_PLAIN = ("abc.", "builtins.", "typing.")


class Caller(NamedTuple):
    """A call by its module and its position there, and how many leading parameters are bound before its arguments."""

    module: str
    position: int
    bound: int


class Wrappers:
    """Answers by all callers of a function: there is one at least, and none that could not be known."""

    def __init__(self, program: Program, passed: Passed) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.passed = passed
        self._known: dict[tuple[str, int], tuple[Caller, ...]] = {}

    def brings_none(self, placed: Placed, names: Iterable[str], depth: int = _DEPTH) -> bool:
        """Whether `**value` are the keyword arguments of a function to which no caller passes one of these names."""
        module, scope, value = placed
        data = self.names.modules[module]
        if not isinstance(value, Name) or len(value.chain) != 1 or depth == 0:
            return False
        name = value.chain[0]
        home = data.home(scope, name)
        if home <= 0 or self.passed.changes(module, home, name):
            return False
        function = data.index.scopes[home]
        is_own = any(each.name == name and each.kind == "kwargs" for each in function.parameters)
        if not is_own or len(function.bindings[name]) != 1:
            return False
        if not is_only_read(data, home, name):
            return False
        return self._omit(module, home, frozenset(names), -1, depth)

    def omit(self, module: str, scope: int, name: str) -> bool:
        """Whether no caller of a function gives the parameter of this name."""
        parameters = self.names.modules[module].index.scopes[scope].parameters
        position = next((at for at, each in enumerate(parameters) if each.name == name), -1)
        return position >= 0 and self._omit(module, scope, frozenset({name}), position, _DEPTH)

    def _omit(self, module: str, scope: int, names: frozenset[str], position: int, depth: int) -> bool:
        function = self.names.modules[module].index.scopes[scope]
        callers = self.callers(module, scope)
        for path, at, bound in callers:
            caller = self.names.modules[path]
            for slot, placed in self.passed.of(caller, caller.index.calls[at], FunctionRef(module, scope)):
                if slot in names or (slot == "**" and not self.brings_none(placed, names, depth - 1)):
                    return False
                if position >= 0 and (slot == "*" or parameter_of(function, bound, slot) == position):
                    return False
        return bool(callers)

    # --- who calls ---

    def callers(self, module: str, scope: int) -> tuple[Caller, ...]:
        """Return all calls of a function, none where there can be others."""
        key = (module, scope)
        if key not in self._known:
            self._known[key] = tuple(self._found(module, scope))
        return self._known[key]

    def _found(self, module: str, scope: int) -> list[Caller]:
        data = self.names.modules[module]
        function = data.index.scopes[scope]
        owner = data.class_of(scope)
        cls = ClassRef(module, owner) if owner >= 0 else None
        if function.decorators or function.kind is ScopeKind.LAMBDA or not self._is_own(cls):
            return []
        names = {function.name}
        if cls is not None and function.name == "__init__":
            below = (cls, *self.program.members.classes.subclasses(cls))
            names |= {self.program.scope(each).name for each in below}
        elif function.name.startswith("__"):
            return []
        if names & self._mentioned:
            return []
        positions = [each for name in sorted(names) for each in self._calls.get(name, ())]
        found: list[Caller] = []
        for path, position in positions if len(positions) <= _MAX_CALLS else ():
            call = self.names.modules[path].index.calls[position]
            refs = self.names.callee(path, position).refs
            if not refs and call.chain[-1] != "__init__":
                return []
            found.extend(Caller(path, position, bound) for bound in self._bound(refs, module, scope, cls))
        return found

    def _is_own(self, cls: ClassRef | None) -> bool:
        """Whether a class descends from the project's own only: a library may call what is defined in others."""
        if cls is None:
            return True
        line, unknown = self.program.members.mro(cls)
        return not unknown and not any(isinstance(each, ApiRef) and not each.name.startswith(_PLAIN) for each in line)

    def _bound(self, refs: Iterable[object], module: str, scope: int, cls: ClassRef | None) -> Iterator[int]:
        """Yield how many parameters are bound, for each reference that means a function, or makes its object."""
        for ref in refs:
            if isinstance(ref, FunctionRef) and (ref.module, ref.scope) == (module, scope):
                yield ref.bound
            elif isinstance(ref, ClassRef):
                line = [each for each in self.program.members.mro(ref)[0] if isinstance(each, ClassRef)]
                made = next((each for each in line if "__init__" in self.program.scope(each).bindings), None)
                if made == cls:
                    yield 1

    @cached_property
    def _calls(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for path, module in self.program.modules.items():
            if not self.program.is_test(path):
                for position, call in enumerate(module.index.calls):
                    found.setdefault(call.chain[-1], []).append((path, position))
        return found

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """The names that the program uses otherwise than by calling them: they may be called from anywhere."""
        found: set[str] = set()
        for path, module in self.program.modules.items():
            if self.program.is_test(path):
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
