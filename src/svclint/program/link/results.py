"""What comes out of objects: of calls, `await`, iteration, subscripts and `with`; of functions and of library APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import ScopeKind
from svclint.index.values import AWAIT, CALL, Container, Operator
from svclint.program.link.arguments import arguments
from svclint.program.link.refs import (
    NOTHING,
    UNKNOWN,
    ApiRef,
    ClassRef,
    CoroutineRef,
    FunctionRef,
    InstanceRef,
    MethodRef,
    Ref,
    Targets,
    holding,
    one,
    union,
)

if TYPE_CHECKING:
    from svclint.index.values import Value
    from svclint.program.link.members import Members

_PROMISES = ("item of ", "items of ", "pairs of ", "result of ", "await of ", "instance of ", "value of ")
"""What a catalogue's `returns` can say of an argument or of the receiver (`self`), instead of naming a class."""


class Results:
    """Answers for what objects give."""

    def __init__(self, members: Members) -> None:
        """Share the resolver."""
        self.members = members
        self.names = members.names
        self.catalogue = members.catalogue

    # --- calls ---

    def called(self, ref: Ref, module: str = "", call: int = -1) -> Targets:
        """Return what calling something gives; `call` is the call in `module`, where one is recorded."""
        match ref:
            case ClassRef():
                return one(InstanceRef(ref, exact=True, module=module, call=call))
            case FunctionRef():
                return self.result(ref)
            case ApiRef(name=name):
                return self._api_result(name, module, call, None)
            case MethodRef(cls=cls, owner=owner):
                return self._api_result(ref.api, module, call, owner or InstanceRef(cls))
            case InstanceRef(cls=ClassRef()):
                return self.members.step(self.members.attribute(ref, "__call__"), CALL, module, call)
            case InstanceRef(cls=ApiRef(name=name)) if self.catalogue.get(f"{name}.__call__") is not None:
                return self._api_result(f"{name}.__call__", module, call, ref)
            case InstanceRef(items=items) if items:
                return Targets(items, open=True)
            case _:
                return UNKNOWN

    def _api_result(self, name: str, module: str, call: int, owner: InstanceRef | None) -> Targets:
        row = self.catalogue.get(name)
        if row is not None and row.returns:
            if row.returns == "self" and owner is None:  # a class method: `Redis.from_url(url)`
                return one(InstanceRef(ApiRef(name.rpartition(".")[0]), module=module, call=call))
            return self.promised(row.returns, module, call, owner)
        last = name.rpartition(".")[2]
        is_class = row is not None and row.kind in {"class", "exception"}
        if is_class or (row is None and owner is None and last[:1].isupper() and not last.isupper()):
            return one(InstanceRef(ApiRef(name), exact=True, module=module, call=call))
        return UNKNOWN

    def promised(self, spec: str, module: str, call: int, owner: InstanceRef | None) -> Targets:
        """
        Return what a row's `returns`, `item` or `entered` promises.

        `spec` is `self`, a class, a class with what it holds in brackets, or says it of an argument or the receiver:
        `item of 0`, `items of self`, `result of 1`.
        """
        if spec == "self":
            return one(owner) if owner is not None else UNKNOWN
        for promise in _PROMISES:
            if spec.startswith(promise):
                return self._of(promise[:-4], spec.removeprefix(promise), module, call, owner)
        cls, bracket, inner = spec.partition("[")
        if bracket:
            return one(holding(cls, self.promised(inner[:-1], module, call, owner).refs))
        returned = self.catalogue.get(cls)
        if returned is not None and returned.kind == "exception":
            return one(ApiRef(cls))
        return one(InstanceRef(ApiRef(cls), module=module, call=call))

    def _of(self, what: str, slot: str, module: str, call: int, owner: InstanceRef | None) -> Targets:
        subject = one(owner) if slot == "self" and owner is not None else self._argument(module, call, slot)
        match what:
            case "value":
                return subject
            case "item":
                return self.each(subject, self.item)
            case "items":
                items = self.each(subject, self.iterated)
                return Targets((holding("builtins.list", items.refs),), open=items.open)
            case "pairs":
                items = self.each(subject, self.item).refs
                pair = holding("builtins.tuple", (), ((), items))
                return one(holding("builtins.list", (pair,)))
            case "result":
                return self.members.step(subject, CALL)
            case "await":
                return self.members.step(subject, AWAIT)
            case _:
                return self.members.types.instances(subject)

    def _argument(self, module: str, call: int, slot: str) -> Targets:
        if call < 0:
            return UNKNOWN
        record = self.names.modules[module].index.calls[call]
        value = next((value for name, value in arguments(record) if name == slot), None)
        return UNKNOWN if value is None else self.names.value(module, record.scope, value)

    def each(self, targets: Targets, answer) -> Targets:  # noqa: ANN001
        """Return the union of what `answer` says of each thing that an expression can be."""
        if not targets.refs:
            return UNKNOWN if targets.open else NOTHING
        found = union([answer(ref) for ref in targets.refs])
        return found if not targets.open or found.open else Targets(found.refs, open=True)

    # --- attributes of library objects ---

    def member(self, cls: ApiRef, name: str, owner: InstanceRef | None) -> Targets:
        """Return the method, or the object behind the attribute, of a library class's instance."""
        row = self.catalogue.get(f"{cls.name}.{name}")
        if row is not None and row.kind == "object" and row.returns:
            module, call = (owner.module, owner.call) if owner is not None else ("", -1)
            return self.promised(row.returns, module, call, owner)
        return one(MethodRef(cls, name, owner))

    def combined(self, operands: list[Targets]) -> Targets:
        """Return what an operator makes of its operands: what divides by names, as paths do, stays what it is."""
        for each in operands:
            for ref in each.refs:
                if isinstance(ref, InstanceRef) and isinstance(ref.cls, ApiRef):
                    row = self.catalogue.get(f"{ref.cls.name}.__truediv__")
                    if row is not None and row.returns == "self":
                        return Targets((ref,), open=True)
        return UNKNOWN

    # --- await, iteration, subscripts, with ---

    def awaited(self, ref: Ref) -> Targets:
        """Return what `await` gives."""
        match ref:
            case CoroutineRef(function=function):
                return self.returned(function)
            case InstanceRef(cls=ApiRef(name=name), items=items, call=call):
                if self.catalogue.has(name, "awaitable"):
                    return Targets(items, open=True) if items else UNKNOWN
                return one(ref) if call >= 0 or self.catalogue.has(name, "container") else UNKNOWN
            case _:
                return UNKNOWN

    def item(self, ref: Ref) -> Targets:
        """Return what a container holds: a mapping's values, another one's items."""
        if isinstance(ref, InstanceRef):
            if ref.items:
                return Targets(ref.items, open=True)
            if ref.parts:
                return union([Targets(part) for part in ref.parts])
            if isinstance(ref.cls, ClassRef):
                return self.members.step(self.members.attribute(ref, "__getitem__"), CALL)
            row = self.catalogue.get(ref.cls.name)
            if row is not None and row.item:
                return self.promised(row.item, ref.module, ref.call, ref)
        return UNKNOWN

    def iterated(self, ref: Ref) -> Targets:
        """Return what iterating gives: of a mapping its keys, which nobody knows."""
        if isinstance(ref, InstanceRef):
            if isinstance(ref.cls, ClassRef):
                for name in ("__iter__", "__aiter__"):
                    found = self.members.step(self.members.attribute(ref, name), CALL)
                    if found.refs:
                        return self.each(found, self.item)
                return UNKNOWN
            if self.catalogue.has(ref.cls.name, "mapping"):
                return UNKNOWN
        return self.item(ref)

    def unpacked(self, ref: Ref, position: int) -> Targets:
        """Return what the target at a position of an unpacking assignment gets."""
        if isinstance(ref, InstanceRef) and ref.parts:
            return Targets(ref.parts[position]) if position < len(ref.parts) else UNKNOWN
        return self.iterated(ref)

    def subscripted(self, ref: Ref, position: str = "") -> Targets:
        """Return what `x[...]` gives, by the number in it where there is one: a subscripted class is the class."""
        if isinstance(ref, ClassRef | ApiRef):
            return one(ref)
        if isinstance(ref, InstanceRef) and ref.parts and position:
            return Targets(ref.parts[int(position)]) if -len(ref.parts) <= int(position) < len(ref.parts) else UNKNOWN
        return self.item(ref)

    def entered(self, ref: Ref) -> Targets:
        """Return what `with x as y` binds: most context managers are their own value."""
        if not isinstance(ref, InstanceRef):
            return UNKNOWN
        if isinstance(ref.cls, ApiRef):
            row = self.catalogue.get(ref.cls.name)
            if row is not None and row.entered:
                return self.promised(row.entered, ref.module, ref.call, ref)
            return Targets(ref.items, open=True) if ref.items else one(ref)
        for name in ("__enter__", "__aenter__"):
            found = self.members.step(self.members.attribute(ref, name), CALL)
            found = self.each(found, lambda each: self.awaited(each) if isinstance(each, CoroutineRef) else one(each))
            own = [each for each in found.refs if not (isinstance(each, InstanceRef) and each.cls == ref.cls)]
            if found.refs:
                return one(ref) if not own else found
        return one(ref)

    # --- functions of the project ---

    def result(self, ref: FunctionRef) -> Targets:
        """Return what calling a function gives."""
        data = self.members.scope(ref)
        if data.yields:
            return self._generator(ref, is_async=data.kind is ScopeKind.ASYNC)
        if data.kind is ScopeKind.ASYNC:
            return one(CoroutineRef(FunctionRef(ref.module, ref.scope)))
        return self.returned(ref)

    def _generator(self, ref: FunctionRef, *, is_async: bool) -> Targets:
        items = self.yielded(ref)
        if any(self.catalogue.has(name, "makes-context") for name in self.members.decorators(ref)):
            cls = "contextlib.AbstractAsyncContextManager" if is_async else "contextlib.AbstractContextManager"
        else:
            cls = "builtins.async_generator" if is_async else "builtins.generator"
        return one(holding(cls, items.refs))

    def returned(self, ref: FunctionRef) -> Targets:
        """Return what a function's `return` statements can give; its annotation where they tell nothing."""
        found = self.names.questions.once(("returned", ref.module, ref.scope), lambda: self._returned(ref))
        data = self.members.scope(ref)
        if found.refs or data.returns is None:
            return found
        return self.members.annotated(ref.module, data.parent, data.returns)

    def _returned(self, ref: FunctionRef) -> Targets:
        module = self.names.modules[ref.module]
        data = module.index.scopes[ref.scope]
        if data.kind is ScopeKind.LAMBDA:
            return self.names.value(ref.module, ref.scope, data.result) if data.result is not None else UNKNOWN
        stmts = module.returns_by_scope.get(ref.scope, [])
        parts = [self.names.value(ref.module, ref.scope, stmt.value) for stmt in stmts if stmt.ref > 0]
        return union(parts) if parts else NOTHING

    def yielded(self, ref: FunctionRef) -> Targets:
        """Return what a generator yields; what its annotation says where that tells nothing."""
        found = self.names.questions.once(("yielded", ref.module, ref.scope), lambda: self._yielded(ref))
        data = self.members.scope(ref)
        if found.refs or data.returns is None:
            return found
        return self.each(self.members.annotated(ref.module, data.parent, data.returns), self.item)

    def _yielded(self, ref: FunctionRef) -> Targets:
        values = self.names.modules[ref.module].yields_by_scope.get(ref.scope, [])
        return union([self.names.value(ref.module, ref.scope, each) for each in values]) if values else UNKNOWN

    # --- displays ---

    def is_empty(self, ref: Ref) -> bool:
        """Whether something is a container of which nothing is known to be in it."""
        if not isinstance(ref, InstanceRef) or not isinstance(ref.cls, ApiRef) or ref.items or ref.parts:
            return False
        return self.catalogue.has(ref.cls.name, "container")

    def display(self, module: str, scope: int, value: Container) -> Targets:
        """Return what a display or comprehension makes, with what it holds."""
        kind = _CONTAINERS.get(value.kind, value.kind)
        held = [self.element(module, scope, each) for each in value.items]
        if kind == "tuple" and not any(isinstance(each, Operator) and each.kind == "starred" for each in value.items):
            return one(holding("builtins.tuple", (), tuple(each.refs for each in held)))
        return one(holding(f"builtins.{kind}", union(held).refs if held else ()))

    def element(self, module: str, scope: int, value: Value) -> Targets:
        """Return what an element of a display is, or gives if it is starred."""
        if isinstance(value, Operator) and value.kind == "starred":
            return self.each(self.names.value(module, scope, value.operands[0]), self.iterated)
        return self.names.value(module, scope, value)


_CONTAINERS = {
    "listcomp": "list",
    "setcomp": "set",
    "dictcomp": "dict",
    "genexp": "generator",
    "generatorexp": "generator",
}
