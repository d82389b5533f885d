"""What stands behind a dot, a call, an `await`, a subscript: one step of an access path, whatever it starts from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from svclint.index.model import Scope, ScopeKind
from svclint.index.values import AWAIT, CALL, CallOf, Name, Value, is_item
from svclint.program.link.classes import PROPERTIES, Classes
from svclint.program.link.refs import (
    NOTHING,
    UNKNOWN,
    ApiRef,
    ClassRef,
    FunctionRef,
    InstanceRef,
    ModuleRef,
    Ref,
    Targets,
    one,
    union,
)
from svclint.program.link.results import Results
from svclint.program.link.types import Types

if TYPE_CHECKING:
    from svclint.program.link.names import Names

_REPLACERS = {"setter", "getter", "deleter"}


class Members:
    """Answers for one step of an access path."""

    def __init__(self, names: Names) -> None:
        """Share the resolver's modules and memo."""
        self.names = names
        self.catalogue = names.catalogue
        self.classes = Classes(self)
        self.results = Results(self)
        self.types = Types(self)
        self.annotated = self.types.annotated
        self.parameter = self.types.parameter
        self.mro = self.classes.mro
        self.bases = self.classes.bases
        self.result = self.results.result

    def scope(self, ref: FunctionRef | ClassRef) -> Scope:
        """Return the record of a function or class."""
        return self.names.modules[ref.module].index.scopes[ref.scope]

    # --- one step ---

    def step(self, before: Targets, step: str, module: str = "", call: int = -1) -> Targets:
        """Follow one step of a chain from everything that its beginning can be."""
        results = self.results
        if step == CALL:
            return results.each(before, partial(results.called, module=module, call=call))
        if step == AWAIT:
            return results.each(before, results.awaited)
        if is_item(step):
            return results.each(before, partial(results.subscripted, position=step[1:-1]))
        return results.each(before, partial(self.attribute, name=step))

    def attribute(self, ref: Ref, name: str) -> Targets:
        """Return what `ref.name` can be."""
        match ref:
            case ModuleRef(module=module):
                return self._of_module(module, name)
            case ApiRef(name=owner):
                row = self.catalogue.get(owner)
                if row is not None and row.kind == "object" and row.returns:
                    return self.results.member(ApiRef(row.returns), name, None)
                return one(ApiRef(self.catalogue.canonical(f"{owner}.{name}")))
            case ClassRef():
                return self.classes.class_member(ref, name, owner=None)
            case InstanceRef(cls=ApiRef() as cls):
                return self.results.member(cls, name, ref)
            case InstanceRef(cls=ClassRef() as cls):
                return self.classes.instance_member(ref, cls, name)
            case _:
                return UNKNOWN

    def _of_module(self, module: str, name: str) -> Targets:
        if not module.endswith("/"):
            return self.names.exported(module, name)
        dotted = f"{module[:-1]}.{name}"
        inner = self.names.layout.find("", dotted)
        if inner is None and self.names.layout.folder("", dotted) is not None:
            inner = f"{dotted}/"
        return one(ModuleRef(inner)) if inner else UNKNOWN

    def entered(self, before: Targets) -> Targets:
        """Return what `with x as y` binds."""
        return self.results.each(before, self.results.entered)

    # --- definitions ---

    def definition(self, module: str, scope: int) -> Targets:
        """Return what a `def` or `class` statement makes: open where a decorator may have replaced it."""
        data = self.names.modules[module].index.scopes[scope]
        if data.kind is ScopeKind.CLASS:
            return one(ClassRef(module, scope))
        described = self._described(module, data) if self.catalogue.own else ""
        if described:
            return one(ApiRef(described))
        opaque = any(not self._is_plain(module, data.parent, each) for each in data.decorators)
        made = union([self._made(module, data.parent, each) for each in data.decorators]) if opaque else NOTHING
        return Targets((FunctionRef(module, scope), *made.refs), open=opaque)

    def _made(self, module: str, scope: int, decorator: Value) -> Targets:
        """Return the object that a library's decorator makes of a function: a celery task."""
        rows = [self.catalogue.get(name) for name in self.decorator(module, scope, decorator).apis]
        made = [row.returns for row in rows if row is not None and self.catalogue.is_class(row.returns)]
        return union([one(InstanceRef(ApiRef(each))) for each in made]) if made else NOTHING

    def _described(self, module: str, data: Scope) -> str:
        """Return the name under which the user's own rows describe a function, `""` where they do not."""
        name = f"{self.names.layout.name(module)}.{data.qualname}"
        stands_for_all = f"{name.rpartition('.')[0]}.*"
        found = self.catalogue.canonical(name)
        return found if found in self.catalogue.own or stands_for_all in self.catalogue.own else ""

    def _is_plain(self, module: str, scope: int, decorator: Value) -> bool:
        if isinstance(decorator, Name) and decorator.chain[-1] in _REPLACERS:
            return True
        found = self.decorator(module, scope, decorator)
        return not found.open and bool(found.refs) and all(self._keeps_function(ref) for ref in found.refs)

    def _keeps_function(self, ref: Ref) -> bool:
        if isinstance(ref, ApiRef):
            return self.catalogue.has(ref.name, "decorates-plainly") or ref.name in PROPERTIES
        return False

    def decorator(self, module: str, scope: int, value: Value) -> Targets:
        """Return what a decorator is, its arguments left out."""
        if isinstance(value, Name):
            return self.names.resolve(module, scope, value.chain, value.start)
        if isinstance(value, CallOf):
            return self.names.callee(module, value.call)
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
