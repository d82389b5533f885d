"""What is set on an object after it was made, or by its class: `session.mount(...)`, `sock.settimeout(5)`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from svclint.index.values import ITEM, Literal, Name
from svclint.program.link.refs import ApiRef, ClassRef, FunctionRef, InstanceRef, called_name
from svclint.program.waiting.model import Bounded, Unbounded, Unknown, Wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.index.values import Chain, Value
    from svclint.program.link.refs import Targets
    from svclint.program.program import Program
    from svclint.program.waiting.values import Placed, Values


class _Setting(NamedTuple):
    """A call or an assignment that may give a timeout to the object at the end of `receiver`."""

    module: str
    scope: int
    name: str
    receiver: Chain
    start: int
    value: Value
    is_call: bool


class Objects:
    """Answers for objects whose calls have no timeout of their own."""

    def __init__(self, program: Program, values: Values) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self.values = values
        self._known: dict[tuple[InstanceRef, str], Wait | None] = {}

    def bound(self, owner: InstanceRef, module: str) -> Wait | None:
        """Return what an object says that a call in `module` uses, None where it surely says nothing."""
        key = (owner, module)
        if key not in self._known:
            self._known[key] = self._bound(owner, module)
        return self._known[key]

    def _bound(self, owner: InstanceRef, module: str) -> Wait | None:
        names = frozenset(name for base in self._bases(owner) for name in self._bounded_by(base))
        reason = self._carried(owner)
        if reason:
            return Unknown(reason)
        if not names:
            return None
        if isinstance(owner.cls, ClassRef):
            reason = self._set_by_class(owner.cls, names)
            if reason:
                return Unknown(reason)
        elif owner.call < 0:
            return None if owner.exact else Unknown("who made its object is not known")
        waits = [each for each in self._set(owner, names) if each is not None]
        waits.extend(self._set_by_others(owner, names, module))
        return min(waits, key=lambda each: (Bounded, Unknown, Unbounded).index(type(each)), default=None)

    # --- its class ---

    def _carried(self, owner: InstanceRef) -> str:
        """Return why the object that carries its calls may bound them: the project has one of its own."""
        rows = [self.catalogue.get(base) for base in self._bases(owner)]
        for carrier in (row.through for row in rows if row is not None and row.through):
            for own in self.program.members.classes.descendants(carrier):
                reason = self._set_by_class(own, frozenset(self._bounded_by(carrier)))
                if reason:
                    return reason
        return ""

    def _bases(self, owner: InstanceRef) -> list[str]:
        if isinstance(owner.cls, ApiRef):
            return list(self.catalogue.bases(owner.cls.name))
        return [each.name for each in self.program.members.mro(owner.cls)[0] if isinstance(each, ApiRef)]

    def _bounded_by(self, name: str) -> tuple[str, ...]:
        row = self.catalogue.get(name)
        return row.bounded_by if row is not None else ()

    def _set_by_class(self, cls: ClassRef, names: frozenset[str]) -> str:
        """Return how a class of the project may say how long its requests wait: it overrides what makes them."""
        line = self.program.members.mro(cls)[0]
        bases = [each.name for each in line if isinstance(each, ApiRef)]
        for ancestor in line:
            if isinstance(ancestor, ClassRef):
                for name in sorted(self.program.scope(ancestor).bindings):
                    if name in names or any(self._asks(base, name) for base in bases):
                        return f"its class defines `{name}`"
        return ""

    def _asks(self, base: str, name: str) -> bool:
        row = self.catalogue.get(f"{base}.{name}")
        return row is not None and row.network

    # --- what is set on it ---

    @cached_property
    def _settings(self) -> dict[str, list[_Setting]]:
        """Everything in the program that may set a bound on an object, by the name of what is called or assigned."""
        names = {name for row in self.catalogue.rows.values() for name in row.bounded_by}
        found: dict[str, list[_Setting]] = {}
        for path, module in self.program.modules.items():
            for call in module.index.calls:
                if call.chain[-1] in names and len(call.chain) > 1 and call.args:
                    *receiver, name = call.chain
                    each = _Setting(path, call.scope, name, tuple(receiver), call.start, call.args[-1], is_call=True)
                    found.setdefault(name, []).append(each)
            for stmt in module.index.stmts:
                for target in stmt.targets:
                    chain = target.chain if isinstance(target, Name) else ()
                    chain = chain[:-1] if chain[-1:] == (ITEM,) else chain
                    if len(chain) > 1 and chain[-1] in names and isinstance(target, Name):
                        *receiver, name = chain
                        each = _Setting(
                            path, stmt.scope, name, tuple(receiver), target.start, stmt.value, is_call=False
                        )
                        found.setdefault(name, []).append(each)
        return found

    def _set(self, owner: InstanceRef, names: frozenset[str]) -> Iterator[Wait | None]:
        """Yield what is set on an object wherever the program names it."""
        for setting in self._of(owner, names):
            receiver = self.names.resolve(setting.module, setting.scope, setting.receiver, setting.start)
            unknown = not receiver.refs and setting.module == owner.module
            if unknown or self._means(receiver, owner):
                yield self._worth(setting)

    def _of(self, owner: InstanceRef, names: frozenset[str]) -> Iterator[_Setting]:
        """Yield the settings of some names; a method that asks the network is one where it is replaced, not called."""
        bases = self._bases(owner)
        for name in sorted(names):
            asks = any(self._asks(base, name) for base in bases)
            yield from (each for each in self._settings.get(name, ()) if not (each.is_call and asks))

    def _means(self, targets: Targets, owner: InstanceRef) -> bool:
        """Whether something can be an object: made by the same call, or `self` in a method of its class."""
        line = self.program.members.mro(owner.cls)[0] if isinstance(owner.cls, ClassRef) else ()
        return any(
            (owner.call >= 0 and (each.module, each.call) == (owner.module, owner.call))
            or (isinstance(each.cls, ClassRef) and each.cls in line and (each.call < 0 or owner.call < 0))
            for each in targets.refs
            if isinstance(each, InstanceRef)
        )

    def _worth(self, setting: _Setting) -> Wait | None:
        """Return how long an object waits on which something is set, None where that is no bound."""
        placed: Placed = (setting.module, setting.scope, setting.value)
        if isinstance(setting.value, Literal) and setting.value.kind == "bool":
            return None if setting.value.text == "True" else Bounded(f"`{setting.name}` sets it")
        wait = self.values.wait(placed)
        if not isinstance(wait, Unknown):
            return wait
        given = self.names.value(*placed)
        is_plain = (
            bool(given.refs)
            and not given.open
            and all(
                isinstance(each, InstanceRef) and isinstance(each.cls, ApiRef) and self._is_without_bound(each.cls.name)
                for each in given.refs
            )
        )
        return None if is_plain else Unknown(f"`{setting.name}` may set it")

    def _is_without_bound(self, name: str) -> bool:
        row = self.catalogue.get(name)
        return row is not None and row.bound is None

    # --- who else gets it ---

    def _set_by_others(self, owner: InstanceRef, names: frozenset[str], module: str) -> Iterator[Wait]:
        """Yield what functions set on an object that it is handed to."""
        if owner.call < 0:
            return
        for path in sorted({owner.module, module}):
            for position, call in enumerate(self.names.modules[path].index.calls):
                values = [
                    each for each in (*call.args, *(value for _, value in call.keywords)) if isinstance(each, Name)
                ]
                if any(self._means(self.names.value(path, call.scope, each), owner) for each in values):
                    yield from self._set_by(self.names.callee(path, position), owner, names)

    def _set_by(self, taker: Targets, owner: InstanceRef, names: frozenset[str]) -> Iterator[Wait]:
        if taker.open and not taker.refs:
            yield Unknown("its object is handed to others, who may set it")
        for ref in taker.refs:
            name = called_name(ref)
            if isinstance(ref, FunctionRef):
                yield from self._set_in(ref, owner, names)
            elif name and not name.startswith("builtins.") and self.catalogue.get(name) is None:
                yield Unknown(f"its object is handed to {name}(), which may set it")

    def _set_in(self, function: FunctionRef, owner: InstanceRef, names: frozenset[str]) -> Iterator[Wait]:
        """Yield what a function sets on its parameters."""
        parameters = {each.name for each in self.program.scope(function).parameters}
        for setting in self._of(owner, names):
            inside = (setting.module, setting.scope) == (function.module, function.scope)
            if inside and setting.receiver[0] in parameters and len(setting.receiver) == 1:
                worth = self._worth(setting)
                if worth is not None:
                    yield worth
