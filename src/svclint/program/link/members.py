"""What stands behind a dot, a call, an `await`: members of modules, classes and instances, and results of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import BindingKind, Scope, ScopeKind, StmtKind
from svclint.index.values import AWAIT, CALL, ITEM, CallOf, Container, Literal, Name, Operator, Value
from svclint.program.link.linearisation import merged
from svclint.program.link.refs import (
    NOTHING,
    UNKNOWN,
    ApiRef,
    ClassRef,
    CoroutineRef,
    FunctionRef,
    InstanceRef,
    MethodRef,
    ModuleRef,
    Ref,
    Targets,
    one,
    union,
)

if TYPE_CHECKING:
    from svclint.index.model import Binding, Stmt
    from svclint.program.link.names import Names

_OPTIONAL = {"typing.Optional", "typing.Annotated", "typing_extensions.Annotated", "typing.Final", "typing.ClassVar"}
_SELF = {"typing.Self", "typing_extensions.Self"}
_TYPE = {"builtins.type", "typing.Type"}
_PROPERTIES = {"builtins.property", "functools.cached_property", "abc.abstractproperty"}


class Members:
    """Answers for one step of an access path."""

    def __init__(self, names: Names) -> None:
        """Share the resolver's modules and memo."""
        self.names = names
        self.catalogue = names.catalogue
        self._subclasses: dict[ClassRef, tuple[ClassRef, ...]] | None = None
        self._mro: dict[ClassRef, tuple[tuple[ClassRef | ApiRef, ...], bool]] = {}
        self._attributes: dict[ClassRef, dict[str, list[tuple[int, Value]]]] = {}

    def scope(self, ref: FunctionRef | ClassRef) -> Scope:
        """Return the record of a function or class."""
        return self.names.modules[ref.module].index.scopes[ref.scope]

    # --- one step ---

    def step(self, before: Targets, step: str, call: int = -1) -> Targets:
        """Follow one step of a chain from everything that its beginning can be."""
        if not before.refs:
            return UNKNOWN if before.open else NOTHING
        if step == CALL:
            found = [self._called(ref, call) for ref in before.refs]
        elif step == AWAIT:
            found = [self._awaited(ref) for ref in before.refs]
        elif step == ITEM:
            found = [self._subscripted(ref) for ref in before.refs]
        else:
            found = [self.attribute(ref, step) for ref in before.refs]
        result = union(found)
        return result if not before.open or result.open else Targets(result.refs, open=True)

    def attribute(self, ref: Ref, name: str) -> Targets:
        """Return what `ref.name` can be."""
        match ref:
            case ModuleRef(module=module):
                if module.endswith("/"):
                    dotted = f"{module[:-1]}.{name}"
                    inner = self.names.layout.find("", dotted)
                    if inner is None and self.names.layout.folder("", dotted) is not None:
                        inner = f"{dotted}/"
                    return one(ModuleRef(inner)) if inner else UNKNOWN
                return self.names.exported(module, name)
            case ApiRef(name=owner):
                row = self.catalogue.get(owner)
                if row is not None and row.kind == "object" and row.returns:
                    return one(MethodRef(ApiRef(row.returns), name))
                return one(ApiRef(self.catalogue.canonical(f"{owner}.{name}")))
            case ClassRef():
                return self.class_member(ref, name, bound=0)
            case InstanceRef(cls=ApiRef() as cls):
                return one(MethodRef(cls, name))
            case InstanceRef(cls=ClassRef() as cls, exact=exact):
                return self.instance_member(cls, name, exact=exact)
            case _:
                return UNKNOWN

    def _called(self, ref: Ref, call: int) -> Targets:
        match ref:
            case ClassRef():
                return one(InstanceRef(ref, exact=True, call=call))
            case FunctionRef():
                return self.result(ref)
            case ApiRef(name=name):
                return self._api_result(name, call, None)
            case MethodRef(cls=cls):
                return self._api_result(ref.api, call, cls)
            case InstanceRef(cls=ClassRef() as cls):
                return self.step(self.instance_member(cls, "__call__", exact=True), CALL, call)
            case _:
                return UNKNOWN

    def _api_result(self, name: str, call: int, receiver: ApiRef | None) -> Targets:
        row = self.catalogue.get(name)
        if row is not None and row.returns == "self" and receiver is not None:
            return one(InstanceRef(receiver, call=call))
        if row is not None and row.returns:
            returned = self.catalogue.get(row.returns)
            if returned is not None and returned.kind == "exception":
                return one(ApiRef(row.returns))
            return one(InstanceRef(ApiRef(row.returns), call=call))
        last = name.rpartition(".")[2]
        is_class = row is not None and row.kind in {"class", "exception"}
        if is_class or (row is None and receiver is None and last[:1].isupper() and not last.isupper()):
            return one(InstanceRef(ApiRef(name), exact=True, call=call))
        return UNKNOWN

    def _awaited(self, ref: Ref) -> Targets:
        return self.returned(ref.function) if isinstance(ref, CoroutineRef) else UNKNOWN

    def _subscripted(self, ref: Ref) -> Targets:
        """`list[int]`, `Generic[T]`: a subscripted class is the class; items of instances are unknown."""
        return one(ref) if isinstance(ref, ClassRef) else UNKNOWN

    # --- definitions ---

    def definition(self, module: str, scope: int) -> Targets:
        """Return what a `def` or `class` statement makes: open where a decorator may have replaced it."""
        data = self.names.modules[module].index.scopes[scope]
        if data.kind is ScopeKind.CLASS:
            return one(ClassRef(module, scope))
        opaque = any(not self._is_plain(module, data.parent, each) for each in data.decorators)
        return Targets((FunctionRef(module, scope),), open=opaque)

    def _is_plain(self, module: str, scope: int, decorator: Value) -> bool:
        if isinstance(decorator, Name) and decorator.chain[-1] in {"setter", "getter", "deleter"}:
            return True
        found = self.decorator(module, scope, decorator)
        return not found.open and bool(found.refs) and all(self._keeps_function(ref) for ref in found.refs)

    def _keeps_function(self, ref: Ref) -> bool:
        if isinstance(ref, ApiRef):
            return self.catalogue.has(ref.name, "decorates-plainly") or ref.name in _PROPERTIES
        return False

    def decorator(self, module: str, scope: int, value: Value) -> Targets:
        """Return what a decorator is, its arguments left out."""
        names = self.names
        if isinstance(value, Name):
            return names.resolve(module, scope, value.chain, value.start)
        if isinstance(value, CallOf):
            return names.callee(module, value.call)
        return UNKNOWN

    def decorators(self, ref: FunctionRef) -> list[str]:
        """Return the names of the library decorators and, by their qualified names, the project's on a function."""
        data = self.scope(ref)
        found = []
        for value in data.decorators:
            targets = self.decorator(ref.module, data.parent, value)
            found.extend(targets.apis)
            found.extend(self.scope(each).qualname for each in targets.refs if isinstance(each, FunctionRef))
        return found

    # --- results ---

    def result(self, ref: FunctionRef) -> Targets:
        """Return what calling a function gives."""
        data = self.scope(ref)
        if data.kind is ScopeKind.ASYNC and not data.yields:
            return one(CoroutineRef(FunctionRef(ref.module, ref.scope)))
        if data.yields:
            return UNKNOWN
        return self.returned(ref)

    def returned(self, ref: FunctionRef) -> Targets:
        """Return what a function's `return` statements can give; its annotation where they tell nothing."""
        found = self.names.questions.once(("returned", ref.module, ref.scope), lambda: self._returned(ref))
        data = self.scope(ref)
        if found.refs or data.returns is None:
            return found
        return self.annotated(ref.module, data.parent, data.returns)

    def _returned(self, ref: FunctionRef) -> Targets:
        index = self.names.modules[ref.module].index
        data = index.scopes[ref.scope]
        if data.kind is ScopeKind.LAMBDA:
            return self.names.value(ref.module, ref.scope, data.result) if data.result is not None else UNKNOWN
        parts = [self.names.value(ref.module, ref.scope, stmt.value) for stmt in self.returns_of(ref) if stmt.ref > 0]
        return union(parts) if parts else NOTHING

    def returns_of(self, ref: FunctionRef) -> list[Stmt]:
        """Return the `return` statements of a function's own body."""
        by_scope = self.names.modules[ref.module].returns_by_scope
        return by_scope.get(ref.scope, [])

    # --- classes ---

    def bases(self, ref: ClassRef) -> Targets:
        """Return a class's direct bases."""
        data = self.scope(ref)
        if not data.bases:
            return NOTHING
        return union([self.names.value(ref.module, data.parent, base) for base in data.bases])

    def mro(self, ref: ClassRef) -> tuple[tuple[ClassRef | ApiRef, ...], bool]:
        """Return a class and its ancestors, nearest first, and whether some are unknown."""
        if ref not in self._mro:
            self._mro[ref] = ((ref,), True)  # a class that inherits from itself
            self._mro[ref] = self._linearised(ref)
        return self._mro[ref]

    def _linearised(self, ref: ClassRef) -> tuple[tuple[ClassRef | ApiRef, ...], bool]:
        data = self.scope(ref)
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

    def subclasses(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """Return all classes of the project below a class."""
        if self._subclasses is None:
            below: dict[ClassRef, set[ClassRef]] = {}
            for path, module in self.names.modules.items():
                for position, data in enumerate(module.index.scopes):
                    if data.kind is ScopeKind.CLASS and data.bases:
                        own = ClassRef(path, position)
                        for ancestor in self.mro(own)[0][1:]:
                            if isinstance(ancestor, ClassRef):
                                below.setdefault(ancestor, set()).add(own)
            self._subclasses = {key: tuple(sorted(value)) for key, value in below.items()}
        return self._subclasses.get(ref, ())

    def class_member(self, ref: ClassRef, name: str, *, bound: int) -> Targets:
        """Return what a class's attribute can be, looked for along its ancestors."""
        ancestors, unknown = self.mro(ref)
        for ancestor in ancestors:
            if isinstance(ancestor, ApiRef):
                if self.catalogue.get(f"{ancestor.name}.{name}") is not None:
                    return one(MethodRef(ancestor, name))
                if ancestor.name not in {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"}:
                    unknown = True
                continue
            found = self._own_member(ancestor, name, bound)
            if found is not None:
                return found
        if unknown:
            api = next((each for each in ancestors if isinstance(each, ApiRef)), None)
            return Targets((MethodRef(api, name),), open=True) if api is not None else UNKNOWN
        return UNKNOWN

    def _own_member(self, ref: ClassRef, name: str, bound: int) -> Targets | None:
        module = self.names.modules[ref.module]
        bindings = module.index.scopes[ref.scope].bindings.get(name)
        if not bindings:
            return None
        found = [
            self._bound(self.names.binding(ref.module, ref.scope, each, name), bound) for each in self._last(bindings)
        ]
        return union(found)

    @staticmethod
    def _last(bindings: tuple[Binding, ...]) -> list[Binding]:
        """Return the bindings of a class attribute that last: the later of two definitions (overloads) wins."""
        last = bindings[-1]
        return [last] if last.kind is BindingKind.DEFINITION else list(bindings)

    def _bound(self, targets: Targets, bound: int) -> Targets:
        refs = []
        for ref in targets.refs:
            if isinstance(ref, FunctionRef):
                kinds = set(self.decorators(ref))
                if kinds & _PROPERTIES:
                    if not bound:
                        return UNKNOWN
                    return self.result(ref)
                count = 0 if "builtins.staticmethod" in kinds else 1 if "builtins.classmethod" in kinds else bound
                refs.append(FunctionRef(ref.module, ref.scope, count))
            else:
                refs.append(ref)
        return Targets(tuple(refs), open=targets.open)

    def instance_member(self, cls: ClassRef, name: str, *, exact: bool) -> Targets:
        """Return what an instance's attribute can be: set on it, of its class, or of a subclass that overrides it."""
        assigned = self._assigned(cls, name)
        if assigned is not None:
            return assigned
        found = [self.class_member(cls, name, bound=1)]
        if not exact:
            for below in self.subclasses(cls):
                own = self._own_member(below, name, 1)
                if own is not None:
                    found.append(own)
        return union(found)

    def _assigned(self, cls: ClassRef, name: str) -> Targets | None:
        """Return what the methods of a class and of its ancestors assign to `self.name`."""
        parts = []
        for ancestor in self.mro(cls)[0]:
            if not isinstance(ancestor, ClassRef):
                continue
            for scope, value in self._attributes_of(ancestor).get(name, ()):
                parts.append(self.names.value(ancestor.module, scope, value))
        return union(parts) if parts else None

    def _attributes_of(self, cls: ClassRef) -> dict[str, list[tuple[int, Value]]]:
        if cls not in self._attributes:
            found: dict[str, list[tuple[int, Value]]] = {}
            module = self.names.modules[cls.module]
            for method in module.inner_scopes.get(cls.scope, ()):
                data = module.index.scopes[method]
                if data.parameters:
                    receiver = data.parameters[0].name
                    for name, scope, value in module.attribute_writes(method, receiver):
                        found.setdefault(name, []).append((scope, value))
            self._attributes[cls] = found
        return self._attributes[cls]

    # --- annotations and parameters ---

    def annotated(self, module: str, scope: int, value: Value) -> Targets:
        """Return the instances that an annotation promises; open, because annotations are not proofs."""
        if isinstance(value, Operator) and value.kind == "binary":
            return union([self.annotated(module, scope, each) for each in value.operands])
        if isinstance(value, Literal):
            if value.kind == "none":
                return NOTHING
            if value.kind == "str" and value.text.isidentifier():
                value = Name((value.text,), self.names.modules[module].index.scopes[0].end)
            else:
                return UNKNOWN
        if not isinstance(value, Name) or ITEM in value.chain:
            return UNKNOWN
        targets = self.names.resolve(module, scope, value.chain, value.start)
        refs = tuple(
            InstanceRef(ref) for ref in targets.refs if isinstance(ref, (ClassRef, ApiRef)) and self._is_class(ref)
        )
        return Targets(refs, open=targets.open or not refs)

    def _is_class(self, ref: ClassRef | ApiRef) -> bool:
        return isinstance(ref, ClassRef) or ref.name not in {"typing.Any", "builtins.object"}

    def parameter(self, module: str, scope: int, name: str) -> Targets:
        """Return what a parameter can be: the receiver of a method, or what its annotation promises."""
        data = self.names.modules[module].index.scopes[scope]
        owner = self.names.modules[module].class_of(scope)
        if owner >= 0 and data.parameters and data.parameters[0].name == name:
            kinds = set(self.decorators(FunctionRef(module, scope)))
            if "builtins.staticmethod" not in kinds:
                cls = ClassRef(module, owner)
                is_class = "builtins.classmethod" in kinds or data.name in {"__new__", "__init_subclass__"}
                return one(cls if is_class else InstanceRef(cls))
        for parameter in data.parameters:
            if parameter.name == name and parameter.annotation is not None and parameter.kind not in {"args", "kwargs"}:
                return self.annotated(module, data.parent, parameter.annotation)
        return UNKNOWN

    def entered(self, before: Targets) -> Targets:
        """Return what `with x as y` binds: most context managers are their own value."""
        refs = tuple(ref for ref in before.refs if isinstance(ref, InstanceRef))
        return Targets(refs, open=before.open or len(refs) < len(before.refs))


__all__ = ["Container", "Members", "StmtKind"]
