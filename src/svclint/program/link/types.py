"""What types promise: annotations of every form, parameters, and what frameworks inject into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import ScopeKind
from svclint.index.values import CALL, CallOf, Literal, Name, Operator
from svclint.program.link.arguments import arguments, parameter_of
from svclint.program.link.refs import (
    NOTHING,
    UNKNOWN,
    ApiRef,
    ClassRef,
    CoroutineRef,
    FunctionRef,
    InstanceRef,
    Ref,
    Targets,
    holding,
    one,
    union,
)

if TYPE_CHECKING:
    from svclint.index.model import Parameter
    from svclint.index.values import Value
    from svclint.program.link.members import Members

_NO_CLASSES = frozenset({"typing.Any", "builtins.object"})
_TYPE_FORMS = ("typing.", "typing_extensions.")
_DEPTH = 8
"""Annotations behind annotations (aliases of aliases) are followed so far."""


class Types:
    """Answers for annotations and parameters."""

    def __init__(self, members: Members) -> None:
        """Share the resolver."""
        self.members = members
        self.names = members.names
        self.catalogue = members.catalogue

    # --- annotations ---

    def annotated(self, module: str, scope: int, value: Value, depth: int = _DEPTH) -> Targets:
        """Return the instances that an annotation promises; open, because annotations are not proofs."""
        if depth == 0:
            return UNKNOWN
        match value:
            case Operator(kind="binary", operands=operands):
                return union([self.annotated(module, scope, each, depth - 1) for each in operands])
            case Operator(kind="subscript", operands=(base, *inner)):
                return self._subscripted(module, scope, base, inner, depth)
            case Literal(kind="none"):
                return NOTHING
            case Name():
                return self._named(module, scope, value, depth)
            case _:
                return UNKNOWN

    def declared(self, module: str, scope: int, value: Value | None, annotation: Value) -> Targets:
        """Return what a declared name is: its value, or its type where that says more."""
        found = UNKNOWN if value is None else self.names.value(module, scope, value)
        if any(self._says_enough(ref) for ref in found.refs):
            return found
        promised = self.annotated(module, scope, annotation)
        return promised if promised.refs else found

    def _says_enough(self, ref: Ref) -> bool:
        """Whether a value says more than a type can: not an empty container, nor an object of an unknown class."""
        if not isinstance(ref, InstanceRef) or not isinstance(ref.cls, ApiRef):
            return True
        if ref.items or ref.parts:
            return True
        row = self.catalogue.get(ref.cls.name)
        return row is not None and "container" not in row.effects

    def _resolved(self, module: str, scope: int, value: Name) -> Targets:
        """Resolve a name in an annotation, which may mean what is defined only later."""
        found = self.names.resolve(module, scope, value.chain, value.start)
        if found.refs:
            return found
        return self.names.resolve(module, scope, value.chain, self.names.modules[module].index.scopes[0].end)

    def _named(self, module: str, scope: int, value: Name, depth: int) -> Targets:
        targets = self._resolved(module, scope, value)
        if any(self._is_form(ref, "Self") for ref in targets.refs):
            return self._own_class(module, scope)
        found = self.instances(targets)
        if found.refs and not any(isinstance(ref, ApiRef) for ref in targets.refs):
            return found
        behind = self.names.written.values(module, scope, value) or []
        types = [each for each in behind if isinstance(each[2], Operator)]
        if not types or len(types) < len(behind):
            return found
        return union([self.annotated(owner, home, each, depth - 1) for owner, home, each in types])

    def instances(self, targets: Targets) -> Targets:
        """Return the instances of the classes that an expression can be."""
        refs = tuple(
            InstanceRef(ref) for ref in targets.refs if isinstance(ref, ClassRef | ApiRef) and self._is_class(ref)
        )
        return Targets(refs, open=True) if targets.open or not refs else Targets(refs)

    @staticmethod
    def _is_class(ref: ClassRef | ApiRef) -> bool:
        return isinstance(ref, ClassRef) or ref.name not in _NO_CLASSES

    @staticmethod
    def _is_form(ref: Ref, *names: str) -> bool:
        if not isinstance(ref, ApiRef):
            return False
        return any(ref.name == f"{prefix}{name}" for prefix in _TYPE_FORMS for name in names)

    def _own_class(self, module: str, scope: int) -> Targets:
        data = self.names.modules[module]
        while scope >= 0:
            if data.index.scopes[scope].kind is ScopeKind.CLASS:
                return one(InstanceRef(ClassRef(module, scope)))
            scope = data.index.scopes[scope].parent
        return UNKNOWN

    def _subscripted(self, module: str, scope: int, base: Value, inner: list[Value], depth: int) -> Targets:
        if not isinstance(base, Name) or not inner:
            return UNKNOWN
        parts = []
        for ref in self._resolved(module, scope, base).refs:
            if isinstance(ref, ClassRef):
                parts.append(one(InstanceRef(ref)))
            elif isinstance(ref, ApiRef):
                parts.append(self._generic(ref, module, scope, inner, depth))
        return union(parts) if parts else UNKNOWN

    def _generic(self, ref: ApiRef, module: str, scope: int, inner: list[Value], depth: int) -> Targets:
        if self._is_form(ref, "Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"):
            return self.annotated(module, scope, inner[0], depth - 1)
        if self._is_form(ref, "Union"):
            return union([self.annotated(module, scope, each, depth - 1) for each in inner])
        if ref.name == "builtins.type":
            found = self.annotated(module, scope, inner[0], depth - 1)
            classes = tuple(each.cls for each in found.refs if isinstance(each, InstanceRef))
            return Targets(classes, open=True)
        if ref.name == "builtins.tuple" and not _is_ellipsis(inner[-1]):
            each = [self.annotated(module, scope, part, depth - 1).refs for part in inner]
            return one(holding("builtins.tuple", (), tuple(each)))
        held = inner[0] if self.catalogue.has(ref.name, "holds-first") or _is_ellipsis(inner[-1]) else inner[-1]
        return one(holding(ref.name, self.annotated(module, scope, held, depth - 1).refs))

    # --- parameters ---

    def parameter(self, module: str, scope: int, name: str) -> Targets:
        """Return what a parameter can be: the receiver, what a framework injects, what annotation or default say."""
        data = self.names.modules[module].index.scopes[scope]
        owner = self.names.modules[module].class_of(scope)
        if owner >= 0 and data.parameters and data.parameters[0].name == name:
            kinds = set(self.members.decorators(FunctionRef(module, scope)))
            if "builtins.staticmethod" not in kinds:
                cls = ClassRef(module, owner)
                is_class = "builtins.classmethod" in kinds or data.name in {"__new__", "__init_subclass__"}
                return one(cls if is_class else InstanceRef(cls))
        for position, parameter in enumerate(data.parameters):
            if parameter.name == name and parameter.kind not in {"args", "kwargs"}:
                found = self._given(module, data.parent, parameter)
                return found if found.refs else union([self._by_callers(module, scope, position), UNKNOWN])
        return UNKNOWN

    def _by_callers(self, module: str, scope: int, position: int) -> Targets:
        """Return what the known callers of a function pass for a parameter."""
        key = ("by callers", module, scope, position)
        return self.names.questions.once(key, lambda: self._passed(module, scope, position))

    def _passed(self, module: str, scope: int, position: int) -> Targets:
        data = self.names.modules[module].index.scopes[scope]
        found = []
        for caller in self.names.callers.some_of(module, scope):
            record = self.names.modules[caller.module].index.calls[caller.position]
            for slot, value in arguments(record):
                if parameter_of(data, caller.bound, slot) == position:
                    found.append(self.names.value(caller.module, record.scope, value))
        return union(found) if found else UNKNOWN

    def _given(self, module: str, scope: int, parameter: Parameter) -> Targets:
        injected = self._injected(module, scope, parameter)
        if injected is not None and injected.refs:
            return injected
        if parameter.annotation is not None:
            return self.annotated(module, scope, parameter.annotation)
        if parameter.default is None or injected is not None:
            return UNKNOWN
        return union([self.names.value(module, scope, parameter.default), UNKNOWN])

    def _injected(self, module: str, scope: int, parameter: Parameter) -> Targets | None:
        """Return what a dependency gives (`Depends(f)` as default or in `Annotated`), None where none is asked for."""
        if isinstance(parameter.default, CallOf):
            found = self._dependency(module, scope, parameter.default)
            if found is not None:
                return found
        for owner, home, value in self._metadata(module, scope, parameter.annotation):
            if isinstance(value, CallOf):
                found = self._dependency(owner, home, value)
                if found is not None:
                    return found
        return None

    def _metadata(self, module: str, scope: int, annotation: Value | None) -> list[tuple[str, int, Value]]:
        """Return what `Annotated` carries beside the type, through aliases."""
        found: list[tuple[str, int, Value]] = []
        if annotation is None:
            return found
        for owner, home, value in self.names.written.values(module, scope, annotation) or ():
            if isinstance(value, Operator) and value.kind == "subscript" and isinstance(value.operands[0], Name):
                base = self._resolved(owner, home, value.operands[0])
                if any(self._is_form(ref, "Annotated") for ref in base.refs):
                    found.extend((owner, home, each) for each in value.operands[2:])
        return found

    def _dependency(self, module: str, scope: int, value: CallOf) -> Targets | None:
        if not any(self.catalogue.has(name, "injects") for name in self.names.callee(module, value.call).apis):
            return None
        call = self.names.modules[module].index.calls[value.call]
        provider = next((each for slot, each in arguments(call) if slot in {"0", "dependency"}), None)
        if provider is None:
            return UNKNOWN
        results = self.members.results
        given = self.members.step(self.names.value(module, scope, provider), CALL)
        return results.each(given, self._provided)

    def _provided(self, ref: Ref) -> Targets:
        """Return what a dependency's result stands for: frameworks await coroutines and take what generators yield."""
        if isinstance(ref, CoroutineRef):
            return self.members.results.awaited(ref)
        if (
            isinstance(ref, InstanceRef)
            and isinstance(ref.cls, ApiRef)
            and self.catalogue.has(ref.cls.name, "generator")
        ):
            return Targets(ref.items, open=True)
        return one(ref)


def _is_ellipsis(value: Value) -> bool:
    return isinstance(value, Literal) and value.kind == "ellipsis"
