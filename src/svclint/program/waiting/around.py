"""What stands around a call in its function and ends its wait: `async with asyncio.timeout(5)`, `wait_for(f(), 5)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import CallOf, Fate
from svclint.program.link.arguments import arguments
from svclint.program.link.refs import ApiRef, ClassRef, FunctionRef, InstanceRef, called_name
from svclint.program.waiting.model import Bounded, Unbounded, Unknown, Wait

if TYPE_CHECKING:
    from svclint.catalogue.model import Api
    from svclint.index.model import Call, WithItem
    from svclint.program.link.module import Module
    from svclint.program.link.refs import Ref
    from svclint.program.program import Program
    from svclint.program.waiting.values import Values

_DEPTH = 4
_ENTERS = frozenset({"__aenter__", "__enter__"})


class Around:
    """Answers for calls that are awaited: nothing around a call that blocks its thread can end it."""

    def __init__(self, program: Program, values: Values) -> None:
        """Share the program's names, and what is known of the callers of functions."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self.values = values

    def of(self, module: Module, position: int, depth: int = _DEPTH) -> Wait | None:
        """Return the bound around a call of a coroutine function, None where there is none."""
        call = module.index.calls[position]
        here = self._taken(module, position) or self._inside(module, call.block, _DEPTH)
        return here or (self._by_callers(module, module.function_of(call.scope), depth - 1) if depth else None)

    def _by_callers(self, module: Module, function: int, depth: int) -> Wait | None:
        """Return the bound that all callers of a function have around their calls, None where one has none."""
        callers = self.names.callers.all_of(module.path, function) if function > 0 else ()
        waits = [self.of(self.names.modules[each.module], each.position, depth) for each in callers]
        if waits and None not in waits:
            return Bounded("every caller bounds it")
        if callers or function <= 0:
            return None
        possible = self.names.callers.possible_of(module.path, function)
        if any(self.of(self.names.modules[each.module], each.position, depth) for each in possible):
            return Unknown("a caller may bound it")
        return None

    def _taken(self, module: Module, position: int) -> Wait | None:
        """Return the bound of the call that takes this one's coroutine: `wait_for(session.get(url), 5)`."""
        use = module.index.calls[position].use
        if use.fate is not Fate.ARGUMENT:
            return None if use.fate in {Fate.AWAITED, Fate.ENTERED, Fate.ITERATED} else _elsewhere(use.fate)
        names = self.names.callee(module.path, use.ref).apis
        if not any(self.catalogue.has(name, "awaits") for name in names):
            return Unknown("who takes it may bound it")
        return self._bound(module, use.ref, _DEPTH) or self._taken(module, use.ref)

    def _inside(self, module: Module, block: int, depth: int) -> Wait | None:
        """Return the bound of a `with` around a suite, in the same function."""
        home = module.function_of(module.index.blocks[block].scope)
        for outer in module.enclosing_blocks(block):
            data = module.index.blocks[outer]
            if data.scope != home:
                return None
            if data.role != "with" or data.owner < 0:
                continue
            for item in module.index.withs[module.index.stmts[data.owner].ref].items:
                found = self._entered(module, data.scope, item, depth)
                if isinstance(found, Bounded | Unknown):
                    return found
        return None

    def _entered(self, module: Module, scope: int, item: WithItem, depth: int) -> Wait | None:
        """Return the bound that a context manager is, also one that was made before."""
        if item.call >= 0:
            return self._bound(module, item.call, depth)
        found = self.names.value(module.path, scope, item.value)
        for ref in found.refs:
            if isinstance(ref, InstanceRef) and ref.call >= 0:
                return self._bound(self.names.modules[ref.module], ref.call, depth)
        return None if found.refs else Unknown("what stands around it is not known")

    def _bound(self, module: Module, position: int, depth: int) -> Wait | None:
        call = module.index.calls[position]
        targets = self.names.callee(module.path, position)
        if targets.open and not targets.refs:
            return Unknown("what stands around it is not known")
        for ref in targets.refs:
            found = self._of(module, call, ref, depth)
            if found is not None:
                return found
        return None

    def _of(self, module: Module, call: Call, ref: Ref, depth: int) -> Wait | None:
        """Return the bound that a call of one target makes of what stands inside of it."""
        if isinstance(ref, FunctionRef | ClassRef):
            return self._own(ref, depth) if depth else Unknown("it is too far to follow")
        name = called_name(ref)
        row = self.catalogue.get(name)
        if row is None:
            is_unknown = isinstance(ref, ApiRef) and not name.startswith("builtins.")
            return Unknown(f"{name}() may bound it") if is_unknown else None
        return self._given(module, call, row) if "bounds" in row.effects else None

    def _given(self, module: Module, call: Call, row: Api) -> Wait | None:
        keyword, position = (row.timeout.keyword, row.timeout.position) if row.timeout is not None else ("", 0)
        given = dict(arguments(call))
        if "*" in given or "**" in given:
            return Unknown(f"{row.name}() may bound it")
        value = next((each for slot, each in given.items() if slot in {keyword, str(position)}), None)
        if value is None:
            return None
        wait = self.values.wait((module.path, call.scope, value))
        return None if isinstance(wait, Unbounded) else Bounded(f"bounded by {row.name}()")

    # --- context managers of the project ---

    def _own(self, ref: FunctionRef | ClassRef, depth: int) -> Wait | None:
        """Return the bound that a generator stands in while it yields, or that a class enters."""
        module = self.names.modules[ref.module]
        if isinstance(ref, ClassRef):
            return self._entered_by(ref, depth)
        made = [each.value for each in module.returns_by_scope.get(ref.scope, ()) if isinstance(each.value, CallOf)]
        if made:
            return self._bound(module, made[0].call, depth - 1)
        for stmt in module.index.stmts:
            if stmt.scope == ref.scope and getattr(stmt.value, "kind", "") == "yield":
                return self._inside(module, stmt.block, depth - 1)
        return None

    def _entered_by(self, cls: ClassRef, depth: int) -> Wait | None:
        for ancestor in self.program.members.mro(cls)[0]:
            if not isinstance(ancestor, ClassRef):
                row = self.catalogue.get(ancestor.name)
                return Unknown(f"{ancestor.name} may bound it") if row is None else None
            module = self.names.modules[ancestor.module]
            for scope in module.inner_scopes.get(ancestor.scope, ()):
                if module.index.scopes[scope].name in _ENTERS:
                    bounds = (self._calls_bound(module, call.start, depth) for call in module.calls_in(scope))
                    return next((each for each in bounds if each is not None), None)
        return None

    def _calls_bound(self, module: Module, start: int, depth: int) -> Wait | None:
        found = [self._bound(module, position, depth - 1) for position in module.calls_by_start.get(start, ())]
        return next((each for each in found if isinstance(each, Bounded)), None)


def _elsewhere(fate: Fate) -> Wait | None:
    """Return what is known of a coroutine that is not awaited where it is made."""
    return Unknown("it is awaited elsewhere") if fate in {Fate.BOUND, Fate.STORED, Fate.RETURNED} else None
