"""Classes of the project: their ancestors, who overrides and implements them, and what their attributes are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from svclint.index.model import BindingKind, ScopeKind, StmtKind
from svclint.index.values import CallOf, Literal
from svclint.program.link.linearisation import merged
from svclint.program.link.refs import (
    NOTHING,
    UNKNOWN,
    ApiRef,
    ClassRef,
    FunctionRef,
    InstanceRef,
    MethodRef,
    Targets,
    holding,
    union,
)

if TYPE_CHECKING:
    from svclint.index.model import Binding, Stmt
    from svclint.index.values import Value
    from svclint.program.link.members import Members
    from svclint.program.link.module import AttributeWrite, Module

PROPERTIES = {"builtins.property", "functools.cached_property", "abc.abstractproperty"}
_PLAIN_BASES = {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"}
_SETTERS = {"setter", "deleter"}
_MAX_IMPLEMENTERS = 8
"""A protocol that more classes than that fulfil says little about which one is meant."""

Line = tuple[tuple[ClassRef | ApiRef, ...], bool]


class Classes:
    """Answers for the project's classes and their instances."""

    def __init__(self, members: Members) -> None:
        """Share the resolver."""
        self.members = members
        self.names = members.names
        self.catalogue = members.catalogue
        self._mro: dict[ClassRef, Line] = {}
        self._attributes: dict[ClassRef, dict[str, list[tuple[int, AttributeWrite]]]] = {}
        self._descendants: dict[str, tuple[ClassRef, ...]] = {}
        self._implementers: dict[ClassRef, tuple[ClassRef, ...]] = {}

    # --- ancestors ---

    def bases(self, ref: ClassRef) -> Targets:
        """Return a class's direct bases."""
        data = self.members.scope(ref)
        if not data.bases:
            return NOTHING
        return union([self.names.value(ref.module, data.parent, base) for base in data.bases])

    def mro(self, ref: ClassRef) -> Line:
        """Return a class and its ancestors, nearest first, and whether some are unknown."""
        if ref not in self._mro:
            self._mro[ref] = ((ref,), True)  # a class that inherits from itself
            self._mro[ref] = self._linearised(ref)
        return self._mro[ref]

    def _linearised(self, ref: ClassRef) -> Line:
        data = self.members.scope(ref)
        lines: list[tuple[ClassRef | ApiRef, ...]] = []
        unknown = False
        for value in data.bases:
            base = self.names.value(ref.module, data.parent, value)
            unknown = unknown or base.open
            for each in base.refs:
                if isinstance(each, ClassRef):
                    line, line_unknown = self.mro(each)
                    unknown = unknown or line_unknown
                    lines.append(line)
                elif isinstance(each, ApiRef):
                    lines.append((each, *(ApiRef(name) for name in self.catalogue.bases(each.name)[1:])))
                else:
                    unknown = True
        return (ref, *merged([*lines, tuple(line[0] for line in lines)])), unknown

    # --- below ---

    @cached_property
    def _all(self) -> list[ClassRef]:
        return [
            ClassRef(path, position)
            for path, module in self.names.modules.items()
            for position, data in enumerate(module.index.scopes)
            if data.kind is ScopeKind.CLASS
        ]

    @cached_property
    def _below(self) -> dict[ClassRef, tuple[ClassRef, ...]]:
        below: dict[ClassRef, set[ClassRef]] = {}
        for own in self._all:
            if self.members.scope(own).bases:
                for ancestor in self.mro(own)[0][1:]:
                    if isinstance(ancestor, ClassRef):
                        below.setdefault(ancestor, set()).add(own)
        return {key: tuple(sorted(value)) for key, value in below.items()}

    def subclasses(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """Return all classes of the project below a class."""
        return self._below.get(ref, ())

    def descendants(self, name: str) -> tuple[ClassRef, ...]:
        """Return the project's classes that descend from a library's class, those of tests left out."""
        found = self._descendants.get(name)
        if found is None:
            own = [each for each in self._all if not self.names.modules[each.module].is_test]
            found = tuple(each for each in own if ApiRef(name) in self.mro(each)[0])
            self._descendants[name] = found
        return found

    def implementers(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """Return the classes that fulfil a protocol without inheriting from it."""
        found = self._implementers.get(ref)
        if found is None:
            found = self._implementers[ref] = self._fulfilling(ref) if self.is_protocol(ref) else ()
        return found

    def is_protocol(self, ref: ClassRef) -> bool:
        """Whether a class is itself a `typing.Protocol`."""
        data = self.members.scope(ref)
        bases = [self.names.value(ref.module, data.parent, base) for base in data.bases]
        return any("typing.Protocol" in base.apis for base in bases)

    def _fulfilling(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        wanted = {name for name in self._defined(ref) if not name.startswith("__")}
        if not wanted:
            return ()
        below = set(self.subclasses(ref))
        found = [
            each
            for each in self._by_member.get(min(wanted), ())
            if each != ref and each not in below and wanted <= self._defined(each) and not self.is_protocol(each)
        ]
        return tuple(found) if len(found) <= _MAX_IMPLEMENTERS else ()

    @cached_property
    def _by_member(self) -> dict[str, list[ClassRef]]:
        found: dict[str, list[ClassRef]] = {}
        for each in self._all:
            for name in self._defined(each):
                found.setdefault(name, []).append(each)
        return found

    def _defined(self, ref: ClassRef) -> set[str]:
        bindings = self.members.scope(ref).bindings
        return {name for name, each in bindings.items() if each[-1].kind is BindingKind.DEFINITION}

    # --- attributes of classes ---

    def class_member(self, ref: ClassRef, name: str, *, owner: InstanceRef | None) -> Targets:
        """Return what a class's attribute can be, looked for along its ancestors; `owner` is the instance asked."""
        ancestors, unknown = self.mro(ref)
        for ancestor in ancestors:
            if isinstance(ancestor, ApiRef):
                row = self.catalogue.get(f"{ancestor.name}.{name}")
                if row is not None:
                    return self.members.results.member(ancestor, name, owner)
                unknown = unknown or ancestor.name not in _PLAIN_BASES
                continue
            found = self._own_member(ancestor, name, owner)
            if found is not None and (found.refs or owner is not None):
                return found
            if owner is None:
                assigned = self._assigned(ancestor, name)
                if assigned is not None and assigned.refs:
                    return assigned
            if found is not None:
                return found
        api = next((each for each in ancestors if isinstance(each, ApiRef) and each.name not in _PLAIN_BASES), None)
        if unknown and api is not None:
            return Targets((MethodRef(api, name, owner),), open=True)
        return UNKNOWN

    def _own_member(self, ref: ClassRef, name: str, owner: InstanceRef | None) -> Targets | None:
        module = self.names.modules[ref.module]
        bindings = module.index.scopes[ref.scope].bindings.get(name)
        if not bindings:
            return None
        return union(
            [
                self._bound(self.names.binding(ref.module, ref.scope, each, name), owner)
                for each in self._last(module, bindings)
            ]
        )

    @staticmethod
    def _last(module: Module, bindings: tuple[Binding, ...]) -> list[Binding]:
        """Return the bindings of a class attribute that last: of definitions (overloads) the last, but no setter."""
        getters = [each for each in bindings if each.kind is not BindingKind.DEFINITION or not _sets(module, each)]
        last = (getters or bindings)[-1]
        return [last] if last.kind is BindingKind.DEFINITION else list(bindings)

    def _bound(self, targets: Targets, owner: InstanceRef | None) -> Targets:
        refs = []
        for ref in targets.refs:
            if isinstance(ref, FunctionRef):
                kinds = set(self.members.decorators(ref))
                if kinds & PROPERTIES:
                    return self.members.results.result(ref) if owner is not None else UNKNOWN
                bound = 0 if owner is None else 1
                count = 0 if "builtins.staticmethod" in kinds else 1 if "builtins.classmethod" in kinds else bound
                refs.append(FunctionRef(ref.module, ref.scope, count))
            else:
                refs.append(ref)
        return Targets(tuple(refs), open=targets.open)

    # --- attributes of instances ---

    def instance_member(self, owner: InstanceRef, cls: ClassRef, name: str) -> Targets:
        """Return what an instance's attribute can be: set on it, of its class, or of a subclass or implementer."""
        assigned = self._assigned(cls, name)
        if assigned is not None and assigned.refs:
            return assigned
        if not self.defines(cls, name):
            lazy = self._of_lazy_module(owner, cls, name)
            if lazy.refs:
                return lazy
        found = [self.class_member(cls, name, owner=owner)]
        if not owner.exact:
            found.extend(self._overrides(cls, name, owner))
        if any(each.refs for each in found):
            return union(found)
        return assigned or UNKNOWN

    def _of_lazy_module(self, owner: InstanceRef, cls: ClassRef, name: str) -> Targets:
        """Return an attribute of an object that stands for a module and imports it when it is used: `Lazy("boto3")`."""
        if owner.call < 0 or not self.defines(cls, "__getattr__"):
            return UNKNOWN
        call = self.names.modules[owner.module].index.calls[owner.call]
        first = call.args[0] if call.args else None
        if not isinstance(first, Literal) or first.kind != "str" or not first.text.replace(".", "").isidentifier():
            return UNKNOWN
        targets = self.names.module_named(owner.module, first.text)
        return Targets(self.members.step(targets, name).refs, open=True)

    def _overrides(self, cls: ClassRef, name: str, owner: InstanceRef) -> list[Targets]:
        found = []
        for below in (*self.subclasses(cls), *self.implementers(cls)):
            own = self._own_member(below, name, owner)
            if own is not None:
                found.append(own)
        return found

    def _assigned(self, cls: ClassRef, name: str) -> Targets | None:
        """Return what the methods of a class and of its ancestors assign to `self.name`."""
        parts = []
        for ancestor in self.mro(cls)[0]:
            if isinstance(ancestor, ClassRef):
                writes = self._attributes_of(ancestor).get(name, ())
                parts.extend(self._written(ancestor.module, scope, each) for scope, each in writes)
        return self._filled(cls, name, union(parts)) if parts else None

    def defines(self, cls: ClassRef, name: str) -> bool:
        """Whether a class or an ancestor in the project has a method, or sets an attribute, of this name."""
        own = [each for each in self.mro(cls)[0] if isinstance(each, ClassRef)]
        return any(name in self.members.scope(each).bindings or name in self._attributes_of(each) for each in own)

    def values_of(self, cls: ClassRef, name: str) -> list[tuple[str, int, Value]]:
        """Return the values that methods, or else the class body, assign to an attribute, with where they stand."""
        for ancestor in self.mro(cls)[0]:
            if not isinstance(ancestor, ClassRef):
                continue
            writes = self._attributes_of(ancestor).get(name, ())
            found = [(ancestor.module, scope, each.value) for scope, each in writes if each.value is not None]
            bindings = self.members.scope(ancestor).bindings.get(name, ())
            found = found or [
                (ancestor.module, ancestor.scope, each.value)
                for each in bindings
                if each.kind is BindingKind.ASSIGNMENT
            ]
            if found:
                return found
        return []

    def _written(self, module: str, scope: int, write: AttributeWrite) -> Targets:
        if write.annotation is not None:
            return self.members.types.declared(module, scope, write.value, write.annotation)
        return UNKNOWN if write.value is None else self.names.value(module, scope, write.value)

    def _filled(self, cls: ClassRef, name: str, targets: Targets) -> Targets:
        """Add what methods put into a container that started empty: `self.clients[key] = Client()`."""
        if not any(self.members.results.is_empty(each) for each in targets.refs):
            return targets
        items: list[Targets] = []
        for ancestor in self.mro(cls)[0]:
            if isinstance(ancestor, ClassRef):
                for scope, each in self._attributes_of(ancestor).get(f"{name}[]", ()):
                    if each.value is not None:
                        items.append(self.names.value(ancestor.module, scope, each.value))
        return self.with_items(targets, union(items)) if items else targets

    def _attributes_of(self, cls: ClassRef) -> dict[str, list[tuple[int, AttributeWrite]]]:
        found = self._attributes.get(cls)
        if found is None:
            found = self._attributes[cls] = {}
            module = self.names.modules[cls.module]
            for method in module.inner_scopes.get(cls.scope, ()):
                data = module.index.scopes[method]
                if data.parameters:
                    for write in module.attribute_writes(method, data.parameters[0].name):
                        found.setdefault(write.name, []).append((method, write))
        return found

    @staticmethod
    def with_items(targets: Targets, items: Targets) -> Targets:
        """Return containers, holding further items."""
        refs = []
        for each in targets.refs:
            if isinstance(each, InstanceRef) and isinstance(each.cls, ApiRef):
                held = union([Targets(each.items), items]).refs
                refs.append(holding(each.cls.name, held))
            else:
                refs.append(each)
        return union([Targets(tuple(refs), open=targets.open)])

    # --- functions without a body ---

    def is_placeholder(self, ref: FunctionRef) -> bool:
        """Whether a function has no body of its own: `...`, `pass`, a docstring, `raise NotImplementedError`."""
        module = self.names.modules[ref.module]
        scope = module.index.scopes[ref.scope]
        if scope.body < 0:
            return False
        stmts = [module.index.stmts[each] for each in module.index.blocks[scope.body].stmts]
        return module.is_stub or all(_says_nothing(module, stmt) for stmt in stmts)


def _sets(module: Module, binding: Binding) -> bool:
    decorators = module.index.scopes[binding.ref].decorators
    return any(getattr(each, "chain", ("",))[-1] in _SETTERS for each in decorators)


def _says_nothing(module: Module, stmt: Stmt) -> bool:
    if stmt.kind is StmtKind.RAISE:
        exc = module.index.raises[stmt.ref].exc
        chain = module.index.calls[exc.call].chain if isinstance(exc, CallOf) else getattr(exc, "chain", ())
        return chain == ("NotImplementedError",)
    return stmt.kind is StmtKind.PASS or (stmt.kind is StmtKind.EXPR and isinstance(stmt.value, Literal))
