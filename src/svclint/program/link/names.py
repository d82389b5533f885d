"""
The one place where names are resolved: from an access path in a scope to what it can be.

`Names.resolve` follows a chain step by step: the first name through scopes, imports and re-exports, each attribute,
call, item and `await` through `program.link.members`. Everything is memoised; a question that comes back to itself (an
import cycle, `x = x.y`) is answered with "unknown" where it closes.
"""

from __future__ import annotations

import builtins
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import Binding, BindingKind, ScopeKind
from svclint.index.values import (
    AWAIT,
    CALL,
    ITEM,
    OPAQUE_ROOT,
    TEXT_ROOT,
    CallOf,
    Chain,
    Conditional,
    Container,
    Lambda,
    Literal,
    Name,
    Operator,
    Value,
)
from svclint.program.link.callers import Callers
from svclint.program.link.questions import Questions
from svclint.program.link.refs import (
    NOTHING,
    UNKNOWN,
    ApiRef,
    ClassRef,
    FunctionRef,
    InstanceRef,
    MethodRef,
    ModuleRef,
    Ref,
    Targets,
    one,
    union,
)
from svclint.program.link.written import Written

if TYPE_CHECKING:
    from svclint.catalogue.load import Catalogue
    from svclint.program.link.layout import Layout
    from svclint.program.link.members import Members
    from svclint.program.link.module import Module

_BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "reveal_type"}


class Names:
    """Resolves names over all modules of a program."""

    members: Members

    def __init__(self, modules: dict[str, Module], layout: Layout, catalogue: Catalogue) -> None:
        """Take the modules by path; `members` is set by the program that owns both."""
        self.modules = modules
        self.layout = layout
        self.catalogue = catalogue
        self.written = Written(self)
        self.questions = Questions()
        self.callers = Callers(self)

    # --- the door ---

    def resolve(self, module: str, scope: int, chain: Chain, offset: int) -> Targets:
        """
        Return what an access path can be.

        `offset` says where it is read: names that are bound again in between mean something else there.
        """
        if len(chain) == 1:
            return self._first(module, scope, chain[0], offset)
        return self.questions.once(
            ("chain", module, scope, chain, offset), lambda: self._chain(module, scope, chain, offset)
        )

    def value(self, module: str, scope: int, value: Value) -> Targets:
        """Return what a value of the index can be."""
        match value:
            case Name(chain=chain, start=start):
                return self.resolve(module, scope, chain, start)
            case CallOf(call=call):
                return self.call_result(module, call)
            case Operator(kind="await", operands=(inner,)):
                return self.members.step(self.value(module, scope, inner), AWAIT)
            case Operator(kind="enter", operands=(inner,)):
                return self.members.entered(self.value(module, scope, inner))
            case Operator(kind="item", operands=(Container(items=items),)) if items:
                return union([self.members.results.element(module, scope, each) for each in items])
            case Operator(kind="item", operands=(inner,)):
                return self.members.results.each(self.value(module, scope, inner), self.members.results.iterated)
            case Operator(kind="item", operands=(inner, Literal(text=position))):
                return self.members.results.each(
                    self.value(module, scope, inner), partial(self.members.results.unpacked, position=int(position))
                )
            case Operator(kind="member", operands=(inner, *steps)):
                found = self.value(module, scope, inner)
                for step in steps:
                    found = self.members.step(found, getattr(step, "text", ""))
                return found
            case Operator(kind="subscript", operands=(inner, *_)):
                return self.members.step(self.value(module, scope, inner), ITEM)
            case Operator(kind="and" | "or", operands=operands):
                return union([self.value(module, scope, each) for each in operands])
            case Operator(kind="binary", operands=operands):
                return self.members.results.combined([self.value(module, scope, each) for each in operands])
            case Operator(kind="format"):
                return one(InstanceRef(ApiRef("builtins.str"), exact=True))
            case Operator(kind="not" | "is" | "is not" | "in" | "not in" | "==" | "!=" | "compare"):
                return one(InstanceRef(ApiRef("builtins.bool"), exact=True))
            case Conditional(then=then, orelse=orelse):
                return union([self.value(module, scope, then), self.value(module, scope, orelse)])
            case Lambda(scope=inner):
                return one(FunctionRef(module, inner))
            case Literal(kind="none"):
                return NOTHING
            case Literal(kind=kind):
                return one(InstanceRef(ApiRef(f"builtins.{kind}"), exact=True))
            case Container():
                return self.members.results.display(module, scope, value)
            case _:
                return UNKNOWN

    def callee(self, module: str, call: int) -> Targets:
        """Return what a call calls."""
        data = self.modules[module].index.calls[call]
        if data.callee is not None:
            return self.value(module, data.scope, data.callee)
        return self.resolve(module, data.scope, data.chain, data.start)

    def call_result(self, module: str, call: int) -> Targets:
        """Return what a call gives."""
        return self.questions.once(("result", module, call), lambda: self._call_result(module, call))

    def exported(self, module: str, name: str) -> Targets:
        """Return what a module's attribute can be from outside: a global, a submodule, or from a star import."""
        return self.questions.once(("exported", module, name), lambda: self._exported(module, name))

    # --- names, step by step ---

    def _chain(self, module: str, scope: int, chain: Chain, offset: int) -> Targets:
        before = self.resolve(module, scope, chain[:-1], offset)
        step = chain[-1]
        if step == CALL:
            found = self._call_ending_chain(module, chain, offset)
            if found is not None:
                return found
        return self.members.step(before, step)

    def _first(self, module: str, scope: int, name: str, offset: int) -> Targets:
        """Return what a path starts from; of a name of an outer scope it makes no difference where it is read."""
        if name == TEXT_ROOT:
            return one(InstanceRef(ApiRef("builtins.str"), exact=True))
        if name == OPAQUE_ROOT:
            return UNKNOWN
        data = self.modules[module]
        home = data.home(scope, name)
        if data.sees_flow(scope, home):
            key: tuple[object, ...] = ("name", module, scope, name, offset)
        else:
            key = ("name", module, home, name)
        return self.questions.once(key, lambda: self._name(module, scope, name, home, offset))

    def _call_ending_chain(self, module: str, chain: Chain, offset: int) -> Targets | None:
        """Return the result of the recorded call that a chain ends with: its arguments matter (`partial(f)`)."""
        for position in self.modules[module].calls_by_start.get(offset, ()):
            if self.modules[module].index.calls[position].chain == chain[:-1]:
                return self.call_result(module, position)
        return None

    def _call_result(self, module: str, call: int) -> Targets:
        data = self.modules[module].index.calls[call]
        callee = self.callee(module, call)
        for name in callee.apis:
            row = self.catalogue.get(name)
            if row is None or not data.args:
                continue
            if "partial" in row.effects:
                bound = len(data.args) - 1
                first = self.value(module, data.scope, data.args[0])
                return Targets(tuple(_bind(ref, bound, (module, call)) for ref in first.refs), open=first.open)
            if "enters" in row.effects:
                return self.members.entered(self.value(module, data.scope, data.args[0]))
        if callee.apis == ("builtins.super",):
            return self._super(module, data.scope)
        return self.members.step(callee, CALL, module, call)

    def _super(self, module: str, scope: int) -> Targets:
        data = self.modules[module]
        owner = data.class_of(data.function_of(scope))
        if owner < 0:
            return UNKNOWN
        bases = self.members.bases(ClassRef(module, owner))
        refs = tuple(InstanceRef(base, exact=True) for base in bases.refs if isinstance(base, (ClassRef, ApiRef)))
        return Targets(refs, open=bases.open)

    # --- names ---

    def _name(self, module: str, scope: int, name: str, home: int, offset: int) -> Targets:
        if home >= 0:
            found = self.modules[module].reaching(scope, name, home, offset)
            return self._bound(module, home, name, found)
        stars = self._stars(module, name)
        if stars is not None:
            return stars
        if name in _BUILTINS:
            return one(ApiRef(self.catalogue.canonical(f"builtins.{name}")))
        return UNKNOWN

    def _stars(self, module: str, name: str, asking: frozenset[str] = frozenset()) -> Targets | None:
        """
        Return what a star import brought under a name, None when no star import can have brought it.

        `asking` are the modules whose star imports led here: modules may import all of each other.
        """
        unknown = False
        for binding in reversed(self.modules[module].index.scopes[0].bindings.get("*", ())):
            source = self.module_path(module, binding.target.partition(":")[0])
            if source is None:
                unknown = True
                continue
            index = self.modules[source].index
            if index.exports is not None and name not in index.exports:
                continue
            if index.exports is None and name.startswith("_"):
                continue
            if source not in asking and self.has(source, name, asking | {module}):
                return self.exported(source, name)
        return UNKNOWN if unknown and name not in _BUILTINS else None

    def has(self, module: str, name: str, asking: frozenset[str] = frozenset()) -> bool:
        """Whether a module has a global of this name, its star imports included."""
        return self.modules[module].home(0, name) >= 0 or self._stars(module, name, asking) is not None

    def _exported(self, module: str, name: str) -> Targets:
        data = self.modules[module]
        if data.home(0, name) >= 0:
            end = len(data.index.stmts) and data.index.scopes[0].end + 1
            found = data.reaching(0, name, 0, end)
            targets = self._bound(module, 0, name, found)
            if targets.refs or not targets.open:
                return targets
        stars = self._stars(module, name)
        if stars is not None:
            return stars
        submodule = self.layout.submodule(module, name)
        if submodule is not None:
            return one(ModuleRef(submodule))
        return UNKNOWN

    # --- bindings ---

    def _bound(self, module: str, home: int, name: str, found: list[tuple[int, Binding]]) -> Targets:
        """Return what the bindings of a name make of it, with what is put into it if that is an empty container."""
        if not found:
            return UNKNOWN
        targets = union([self.binding(module, owner, each, name) for owner, each in found])
        if any(self.members.results.is_empty(ref) for ref in targets.refs):
            fills = [self.value(module, scope, value) for scope, value in self.modules[module].fills(home, name)]
            return self.members.classes.with_items(targets, union(fills)) if fills else targets
        return targets

    def binding(self, module: str, scope: int, binding: Binding, name: str) -> Targets:
        """Return what one binding makes of a name."""
        match binding.kind:
            case BindingKind.IMPORT:
                return self._import(module, binding.target)
            case BindingKind.DEFINITION:
                return self.members.definition(module, binding.ref)
            case BindingKind.ASSIGNMENT if binding.annotation is not None:
                return self.members.types.declared(module, scope, binding.value, binding.annotation)
            case BindingKind.ASSIGNMENT | BindingKind.LOOP | BindingKind.CONTEXT | BindingKind.UNPACKED:
                return self.value(module, scope, binding.value)
            case BindingKind.ANNOTATION:
                return self.members.annotated(module, scope, binding.value)
            case BindingKind.PARAMETER:
                return self.members.parameter(module, scope, name)
            case BindingKind.EXCEPTION:
                return self.caught(module, scope, binding.value)
            case _:
                return UNKNOWN

    def caught(self, module: str, scope: int, types: Value) -> Targets:
        """Return the exceptions that a handler's types name, as instances."""
        both = self.written.exception_types(module, scope, types)
        refs = tuple(InstanceRef(ref) for ref in both.refs if isinstance(ref, (ClassRef, ApiRef)))
        return Targets(refs, open=both.open or not refs)

    # --- imports ---

    def module_path(self, importer: str, target: str) -> str | None:
        """Return the file that an import's module part means, None for a library."""
        if target.startswith("."):
            return self.layout.relative(importer, target)
        return self.layout.find(importer, target)

    def _import(self, module: str, target: str) -> Targets:
        path, _, name = target.partition(":")
        found = self.module_path(module, path)
        if not name:
            return self._module_import(module, path, found)
        if found is not None:
            return self.exported(found, name)
        return self._outside(module, path, name)

    def module_named(self, importer: str, dotted: str) -> Targets:
        """Return the module that an import of a dotted name means."""
        return self._module_import(importer, dotted, self.module_path(importer, dotted))

    def _module_import(self, importer: str, dotted: str, found: str | None) -> Targets:
        if found is not None:
            return one(ModuleRef(found))
        if dotted.startswith(".") or self.layout.folder(importer, dotted) is not None:
            return one(ModuleRef(f"{dotted}/"))
        return one(ApiRef(self.catalogue.canonical(dotted)))

    def _outside(self, importer: str, dotted: str, name: str) -> Targets:
        """Resolve `from dotted import name` where `dotted` is no file: a namespace package, or a library."""
        if dotted.startswith("."):
            inner = self.module_path(importer, f"{dotted}{'' if dotted.endswith('.') else '.'}{name}")
            return one(ModuleRef(inner)) if inner is not None else UNKNOWN
        inner = self.layout.find(importer, f"{dotted}.{name}")
        if inner is not None:
            return one(ModuleRef(inner))
        if self.layout.folder(importer, dotted) is not None and dotted.partition(".")[0] not in _BUILTINS:
            return one(ModuleRef(f"{dotted}.{name}/"))
        return one(ApiRef(self.catalogue.canonical(f"{dotted}.{name}")))

    def is_generator(self, module: str, scope: int) -> bool:
        """Whether calling a function only makes a generator."""
        data = self.modules[module].index.scopes[scope]
        return data.yields and data.kind in {ScopeKind.FUNCTION, ScopeKind.ASYNC}


def _bind(ref: Ref, count: int, call: tuple[str, int]) -> Ref:
    match ref:
        case FunctionRef(module=module, scope=scope, bound=bound):
            return FunctionRef(module, scope, bound + count)
        case ApiRef(name=name, given=given):
            return ApiRef(name, (*given, call))
        case MethodRef(given=given):
            return msgspec.structs.replace(ref, given=(*given, call))
        case _:
            return ref
