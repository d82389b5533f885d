"""Which exceptions a handler catches and a `raise` raises: types along the hierarchies of project and libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import BindingKind, Handler, ScopeKind
from svclint.index.values import CALL, CallOf, Conditional, Container, Name, Operator, Value, is_item
from svclint.program.link.refs import UNKNOWN, ApiRef, ClassRef, FunctionRef, InstanceRef, Ref, Targets

if TYPE_CHECKING:
    from svclint.program.link.members import Members
    from svclint.program.link.module import Module
    from svclint.program.link.names import Names

EXCEPTION = "builtins.Exception"
BASE = "builtins.BaseException"
_GENERAL = frozenset({EXCEPTION, BASE, "builtins.RuntimeError"})


class Caught(msgspec.Struct, frozen=True, kw_only=True):
    """
    What an `except` clause, or a `suppress(...)`, catches.

    `names` are all types and their ancestors known by name, a tuple for each type. `broad` says that Exception,
    BaseException, or everything is caught, `cancellation` that the cancellation of a task is. `open` says that some
    types are unknown.
    """

    bare: bool
    broad: bool
    cancellation: bool
    open: bool
    types: tuple[tuple[str, ...], ...]


class Exceptions:
    """Answers about exception types."""

    def __init__(self, names: Names, members: Members) -> None:
        """Share the program's resolver."""
        self.names = names
        self.members = members
        self.catalogue = names.catalogue

    def ancestors(self, ref: Ref) -> tuple[tuple[str, ...], bool]:
        """Return the known names of a class and its ancestors, nearest first, and whether there are unknown ones."""
        if isinstance(ref, InstanceRef):
            ref = ref.cls
        if isinstance(ref, ApiRef):
            return self.catalogue.bases(ref.name), self.catalogue.get(ref.name) is None
        if isinstance(ref, ClassRef):
            found, unknown = self.members.mro(ref)
            names = [each.name if isinstance(each, ApiRef) else self.class_name(each) for each in found]
            known = [each for each in found if isinstance(each, ApiRef)]
            return tuple(names), unknown or any(self.catalogue.get(each.name) is None for each in known)
        return (), True

    def class_name(self, ref: ClassRef) -> str:
        """Return a project class's dotted name."""
        return f"{self.names.layout.name(ref.module)}.{self.members.scope(ref).qualname}"

    def caught(self, module: str, scope: int, types: Value | None) -> Caught:
        """Return what a handler with these types catches; None for a bare one."""
        if types is None:
            return Caught(bare=True, broad=True, cancellation=True, open=False, types=((BASE,),))
        targets = self.names.caught(module, scope, types)
        lists = [self.ancestors(ref)[0] for ref in targets.refs]
        heads = {names[0] for names in lists if names}
        return Caught(
            bare=False,
            broad=bool(heads & {EXCEPTION, BASE}),
            cancellation=any(self._is_cancellation(names) for names in lists),
            open=targets.open,
            types=tuple(lists),
        )

    def handler(self, module: str, handler: Handler) -> Caught:
        """Return what an `except` clause catches."""
        return self.caught(module, handler.scope, handler.types)

    def _is_cancellation(self, names: tuple[str, ...]) -> bool:
        return bool(names) and (names[0] == BASE or any(self.catalogue.has(name, "cancellation") for name in names))

    def covers_cancellation(self, targets: Targets) -> bool | None:
        """Whether `isinstance(cancellation, targets)` holds: True, False, or None where unknown."""
        verdicts = set()
        for ref in targets.refs:
            names, unknown = self.ancestors(ref)
            verdicts.add(
                True if self._is_cancellation(names) else None if unknown and names[:1] != (EXCEPTION,) else False
            )
        if True in verdicts:
            return True
        return None if targets.open or None in verdicts or not verdicts else False

    # --- what a raise raises ---

    def raised_classes(self, module: str, scope: int, value: Value) -> tuple[Ref, ...] | None:
        """
        Return the classes that `raise value` makes or names, None where it is no class, or not surely one.

        A call of a class, a class, a choice between such, `type(e)(...)` and `e.__class__` (as an empty tuple: some
        class).
        """
        match value:
            case Conditional(then=then, orelse=orelse):
                return self._all(module, scope, (then, orelse))
            case Operator(kind="or" | "and", operands=operands):
                return self._all(module, scope, operands)
            case CallOf(call=call):
                data = self.names.modules[module].index.calls[call]
                if data.chain[-1] == "with_traceback" or data.chain[-2:] == ("__class__",):
                    return None
                if self._is_type_of(data.chain):
                    return ()
                if data.chain[-2:] == ("get", CALL) and data.receiver >= 0:
                    return self._looked_up(module, data.receiver)
                if data.chain[-1] == "get":
                    return self._looked_up(module, call)
                return self._classes(module, data.scope, Name(data.chain, data.start), self.names.callee(module, call))
            case Name(chain=chain, start=start):
                if self._is_type_of(chain):
                    return ()
                return self._classes(module, scope, value, self.names.resolve(module, scope, chain, start))
            case _:
                return None

    def _all(self, module: str, scope: int, values: tuple[Value, ...]) -> tuple[Ref, ...] | None:
        found: list[Ref] = []
        for value in values:
            classes = self.raised_classes(module, scope, value)
            if classes is None:
                return None
            found.extend(classes)
        return tuple(found)

    @staticmethod
    def _is_type_of(chain: tuple[str, ...]) -> bool:
        return chain == ("type", CALL) or chain[-1] == "__class__"

    def _classes(self, module: str, scope: int, value: Name, targets: Targets) -> tuple[Ref, ...] | None:
        if targets.open or not targets.refs:
            return self._registered(module, scope, value)
        refs = targets.refs
        return refs if all(self.is_class(ref) for ref in refs) else None

    def _registered(self, module: str, scope: int, value: Name) -> tuple[Ref, ...] | None:
        """Return the classes in a mapping that is written out: `ERRORS[code]`."""
        return (
            self._in_mapping(module, scope, Name(value.chain[:-1], value.start)) if is_item(value.chain[-1]) else None
        )

    def _looked_up(self, module: str, call: int) -> tuple[Ref, ...] | None:
        """Return the classes that `ERRORS.get(code, Default)` can give."""
        data = self.names.modules[module].index.calls[call]
        found = self._in_mapping(module, data.scope, Name(data.chain[:-1], data.start))
        if found is None or len(data.args) != 2:
            return None
        default = self.names.value(module, data.scope, data.args[1])
        if default.open or not all(self.is_class(ref) for ref in default.refs):
            return None
        return (*found, *default.refs)

    def _in_mapping(self, module: str, scope: int, value: Name) -> tuple[Ref, ...] | None:
        behind = self.names.written.values(module, scope, value)
        found: list[Ref] = []
        for at, home, container in behind or ():
            if (
                not isinstance(container, Container)
                or container.kind not in {"dict", "list", "tuple"}
                or not container.items
            ):
                return None
            for item in container.items:
                targets = self.names.value(at, home, item)
                if targets.open or not all(self.is_class(ref) for ref in targets.refs):
                    return None
                found.extend(targets.refs)
        return tuple(found) or None

    def is_class(self, ref: Ref) -> bool:
        """Whether a reference is a class: the project's, a known one, or a library name in CapWords."""
        if isinstance(ref, ClassRef):
            return True
        if not isinstance(ref, ApiRef):
            return False
        row = self.catalogue.get(ref.name)
        if row is not None:
            return row.kind in {"exception", "class"}
        last = ref.name.rpartition(".")[2]
        return last[:1].isupper() and not last.isupper() and "_" not in last

    def defined_in(self, module: Module) -> tuple[str, ...]:
        """Return the errors of its own kind that a module defines for others; private and special ones are left out."""
        signals = self.catalogue.words.signals
        return tuple(
            scope.qualname
            for position, scope in enumerate(module.index.scopes)
            if scope.kind is ScopeKind.CLASS
            and not scope.name.startswith("_")
            and not any(signal in scope.name for signal in signals)
            and scope.name.endswith(("Error", "Exception", "Failure"))
            and self._is_general(ClassRef(module.path, position))
        )

    def _is_general(self, ref: ClassRef) -> bool:
        """Whether a class is an exception of the project's own kind, and no special case of a builtin one."""
        builtin = [name for name in self.ancestors(ref)[0] if name.startswith("builtins.")]
        return BASE in builtin and builtin[0] in _GENERAL and self._takes_a_message(ref)

    def _takes_a_message(self, ref: ClassRef) -> bool:
        """Whether a text is enough to make a class: an error that also wants a status fits only where there is one."""
        found = self.members.attribute(InstanceRef(ref, exact=True), "__init__")
        for init in found.refs:
            if isinstance(init, FunctionRef):
                required = [
                    each
                    for each in self.members.scope(init).parameters[1:]
                    if each.default is None and each.kind not in {"args", "kwargs"}
                ]
                return len(required) <= 1
        return True

    def is_signal(self, ref: Ref) -> bool:
        """Whether a project's exception is named for steering (`TransferSkipped`), and asks to be raised alone."""
        name = self.members.scope(ref).name if isinstance(ref, ClassRef) else ""
        return any(signal in name for signal in self.catalogue.words.signals)

    def built_in(self, module: Module, value: Value, handler: Handler) -> Value | None:
        """
        Return what a raised name was bound to inside a handler, None where it was not bound there, or its cause is set.

        `error = Lost(key)` and `raise error` is `raise Lost(key)` in two lines.
        """
        if not isinstance(value, Name) or len(value.chain) != 1:
            return None
        home = module.home(handler.scope, value.chain[0])
        if home < 0:
            return None
        found = [each for _, each in module.reaching(handler.scope, value.chain[0], home, value.start)]
        inside = [each for each in found if handler.start <= each.start < handler.end]
        if len(found) != 1 or not inside or inside[0].kind is not BindingKind.ASSIGNMENT:
            return None
        return None if self._has_cause(module, value, handler) else inside[0].value

    @staticmethod
    def _has_cause(module: Module, value: Name, handler: Handler) -> bool:
        wanted = {(value.chain[0], "__cause__"), (value.chain[0], "__traceback__")}
        return any(
            isinstance(target, Name) and target.chain in wanted
            for stmt in module.index.stmts
            if handler.start <= stmt.start < handler.end
            for target in stmt.targets
        )

    def has_effect(self, ref: Ref, effect: str) -> bool:
        """Whether an exception class, or one that it inherits from, has an effect."""
        return any(self.catalogue.has(name, effect) for name in self.ancestors(ref)[0])


__all__ = ["BASE", "EXCEPTION", "UNKNOWN", "Caught", "Exceptions"]
