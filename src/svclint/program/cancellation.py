"""
Whether code ends the cancellation of the task it runs in.

A region (a `try` body, what follows a `suppress`) that waits can be cancelled there. What catches CancelledError around
it must let it through on every path, unless the code has itself cancelled what it waits for, or asks whether it was
itself the one to be cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import BindingKind, Call, ScopeKind, Stmt, StmtKind
from svclint.index.values import CALL, CallOf, Chain, Container, Name, Operator, Value
from svclint.program.arguments import arguments, parameter_of
from svclint.program.flow import THROWS, Exit, Flow
from svclint.program.refs import CoroutineRef, FunctionRef
from svclint.program.solve import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.program.module import Module
    from svclint.program.program import Program

REPLACE = Exit.QUIT
"""Raising something else ends the cancellation as well; flow's slot for the end of the process is free here."""


class Verdict(msgspec.Struct, frozen=True):
    """Whether a place swallows cancellation, and why (not)."""

    swallows: bool
    why: str
    waits: str = ""


class _WhenCancelled:
    """Flow's oracle for a suite that runs because the task was cancelled; `name` holds the exception."""

    def __init__(self, program: Program, module: Module, name: str) -> None:
        self.program = program
        self.module = module
        self.name = name
        self._plain = program.oracle(module)

    def ends(self, call: int) -> Exit:
        found = self._plain.ends(call)
        if found & Exit.QUIT:
            return Exit.RAISE
        return found or self._rethrown(call)

    def _rethrown(self, call: int) -> Exit:
        """A helper that is given the exception and raises it when it is a cancellation."""
        data = self.module.index.calls[call]
        slot = next(
            (slot for slot, value in arguments(data) if isinstance(value, Name) and value.chain == (self.name,)), ""
        )
        targets = self.program.names.callee(self.module.path, call)
        if not targets.refs or targets.open:
            return Exit(0)
        total = Exit(0)
        for ref in targets.refs:
            if not isinstance(ref, FunctionRef):
                return Exit(0)
            parameter = parameter_of(self.program.scope(ref), ref.bound, slot) if slot else -1
            found = self.program.solver.get(Fact.of("rethrows", ref, parameter))
            if not found:
                return Exit(0)
            total |= Exit.RAISE
        return total

    def raised(self, stmt: Stmt) -> Exit:
        data = self.module.index.raises[stmt.ref]
        if data.exc is None or (isinstance(data.exc, Name) and data.exc.chain[:1] == (self.name,)):
            return Exit.RAISE
        if isinstance(data.exc, CallOf):
            call = self.module.index.calls[data.exc.call]
            if call.chain[0] == self.name and call.chain[-1] == "with_traceback":
                return Exit.RAISE
        classes = self.program.exceptions.raised_classes(self.module.path, stmt.scope, data.exc)
        if classes and all(self.program.exceptions.has_effect(ref, "cancellation") for ref in classes):
            return Exit.RAISE
        return REPLACE

    def suppresses(self, stmt: Stmt) -> bool:
        return self._plain.suppresses(stmt)

    def branch(self, stmt: Stmt) -> Iterable[int] | None:
        if stmt.kind is StmtKind.MATCH:
            return self._case(stmt)
        holds = self._holds(stmt.value, stmt.scope)
        return None if holds is None else (0,) if holds else (1,)

    def _case(self, stmt: Stmt) -> Iterable[int] | None:
        if not (isinstance(stmt.value, Name) and stmt.value.chain == (self.name,)):
            return None
        for position, pattern in enumerate(stmt.targets):
            if isinstance(pattern, Name) and pattern.chain == ("_",):
                return (position,)
            covers = self._covers(pattern, stmt.scope)
            if covers:
                return (position,)
            if covers is None:
                return None
        return ()

    def _holds(self, test: Value, scope: int) -> bool | None:
        """Whether a test holds for a cancellation: `isinstance`, `type(e) is`, and `not`, `and`, `or` of them."""
        match test:
            case Operator(kind="not", operands=(inner,)):
                holds = self._holds(inner, scope)
                return None if holds is None else not holds
            case Operator(kind="and", operands=operands):
                found = [self._holds(each, scope) for each in operands]
                return False if False in found else None if None in found else True
            case Operator(kind="or", operands=operands):
                found = [self._holds(each, scope) for each in operands]
                return True if True in found else None if None in found else False
            case CallOf(call=call):
                data = self.module.index.calls[call]
                if data.chain == ("isinstance",) and len(data.args) == 2 and self._is_it(data.args[0]):
                    return self._covers(data.args[1], scope)
            case Operator(kind="is" | "==", operands=(CallOf(call=call), other)):
                data = self.module.index.calls[call]
                if data.chain == ("type",) and data.args and self._is_it(data.args[0]):
                    return self._covers(other, scope)
        return None

    def _is_it(self, value: Value) -> bool:
        return isinstance(value, Name) and value.chain == (self.name,)

    def _covers(self, types: Value, scope: int) -> bool | None:
        names = self.program.names
        items = names.exception_types(self.module.path, scope, types)
        return self.program.exceptions.covers_cancellation(items)


class Cancellation:
    """Judges handlers, `suppress` calls and `__aexit__` methods."""

    def __init__(self, program: Program) -> None:
        """Share the program's names and engine."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue

    # --- doors ---

    def handler(self, module: Module, position: int) -> Verdict:
        """Judge an `except` clause."""
        data = module.index.handlers[position]
        caught = self.program.exceptions.handler(module.path, data)
        if not caught.cancellation:
            return Verdict(False, "does not catch cancellation")
        owner = module.index.tries[module.index.stmts[data.stmt].ref]
        for earlier in owner.handlers:
            if earlier == position:
                break
            if self.program.exceptions.handler(module.path, module.index.handlers[earlier]).cancellation:
                return Verdict(False, "an earlier clause catches it")
        exits = self._exits(module, data.block, data.name)
        if exits and exits == Exit.RAISE:
            return Verdict(False, "lets it through on every path")
        return self._region(module, data.scope, owner.body, range(data.start, data.end))

    def suppress(self, module: Module, position: int) -> Verdict:
        """Judge a `suppress(...)`: it is around the body of its `with`, or of its stack's."""
        call = module.index.calls[position]
        types = Container("tuple", call.args)
        if not self.program.exceptions.caught(module.path, call.scope, types).cancellation:
            return Verdict(False, "does not suppress cancellation")
        block = self.suppressed_block(module, call)
        if block < 0:
            return Verdict(False, "what it is around is unknown")
        return self._region(module, call.scope, block, range(0))

    def suppressed_block(self, module: Module, call: Call) -> int:
        """Return the block that a `suppress(...)` is around, -1 where that is unknown."""
        stmt = module.index.stmts[call.stmt]
        if stmt.kind is StmtKind.WITH and call.start < stmt.head:
            return stmt.blocks[0]
        return call.block if module.index.blocks[call.block].role == "with" else -1

    def function(self, fact: Fact) -> int:
        """The equation of `rethrows(i)`: given a cancellation, the function raises it on every path."""
        module = self.program.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        if scope.body < 0 or scope.yields or scope.kind is ScopeKind.ASYNC:
            return 0
        name = scope.parameters[fact.parameter].name if fact.parameter >= 0 else ""
        return int(self._exits(module, scope.body, name) == Exit.RAISE)

    def _exits(self, module: Module, block: int, name: str) -> Exit:
        return Flow(module, _WhenCancelled(self.program, module, name)).block(block)

    # --- the region that waits ---

    def _region(self, module: Module, scope: int, block: int, handler: range) -> Verdict:
        home = module.function_of(scope)
        waits = self._waits(module, home, block)
        if not waits:
            return Verdict(False, "nothing is awaited in it")
        if self._asks_who_was_cancelled(module, home, block, handler):
            return Verdict(False, "asks who was cancelled")
        if self.program.is_top_level(module.path, home):
            return Verdict(False, "is the process's own top level")
        if all(self._is_own(module, home, value, start) for start, value in waits):
            return Verdict(False, "awaits what it has cancelled itself")
        return Verdict(True, "ends the cancellation", waits[0][1].__class__.__name__)

    def _waits(self, module: Module, home: int, block: int) -> list[tuple[int, Value]]:
        """Return what a block waits for: awaits, and in an async context manager its `yield`."""
        data = module.index.blocks[block]
        found = [
            (each.start, each.value)
            for each in module.awaits_between(data.start, data.end)
            if module.function_of(each.scope) == home
        ]
        scope = module.index.scopes[home]
        if not found and scope.kind is ScopeKind.ASYNC and scope.yields and self._is_context_manager(module, home):
            found = [
                (stmt.start, stmt.value)
                for stmt in (module.index.stmts[each] for each in data.stmts)
                if _is_yield(stmt)
            ]
        return found

    def _is_context_manager(self, module: Module, home: int) -> bool:
        names = self.program.members.decorators(FunctionRef(module.path, home))
        return any(name.rpartition(".")[2] == "asynccontextmanager" for name in names)

    def _asks_who_was_cancelled(self, module: Module, home: int, block: int, handler: range) -> bool:
        region = module.index.blocks[block]
        for position, call in enumerate(module.index.calls):
            inside = call.start in handler or region.start <= call.start < region.end
            if not inside or module.function_of(call.scope) != home:
                continue
            names = self.names.callee(module.path, position).apis or (f"asyncio.Task.{call.chain[-1]}",)
            if any(self.catalogue.has(name, "tells-cancellation") for name in names):
                return True
        return False

    # --- tasks that this code has cancelled ---

    def _is_own(self, module: Module, home: int, value: Value, start: int) -> bool:
        """Whether all that is waited for was cancelled by this function before."""
        chains = self._awaited_chains(module, value)
        if not chains:
            return False
        if all(len(chain) == 1 and self._is_finished(module, home, chain[0], start) for chain in chains):
            return True
        cancelled = self._cancelled_chains(module, home, start)
        return all(self._aliases(module, home, chain) & cancelled for chain in chains)

    def _awaited_chains(self, module: Module, value: Value) -> list[Chain]:
        """Return the access paths that an `await` waits for: directly, or through gather, wait, wait_for, shield."""
        if isinstance(value, Operator) and value.kind in {"starred", "item"} and len(value.operands) == 1:
            return self._awaited_chains(module, value.operands[0])
        if isinstance(value, Container) and value.items:
            found = [self._awaited_chains(module, item) for item in value.items]
            return [chain for each in found for chain in each] if all(found) else []
        if isinstance(value, Name):
            return [value.chain]
        if isinstance(value, CallOf):
            call = module.index.calls[value.call]
            names = self.names.callee(module.path, value.call).apis
            if names and all(self.catalogue.has(name, "awaits") for name in names):
                first = call.args if call.chain[-1] == "gather" else call.args[:1]
                found = [self._awaited_chains(module, each) for each in first]
                return [chain for each in found for chain in each] if found and all(found) else []
            return [self._callee_chain(call)] if self._callee_chain(call) else []
        return []

    def _is_finished(self, module: Module, scope: int, name: str, offset: int) -> bool:
        """Whether a name is one of the done tasks that `asyncio.wait` gave."""
        home = module.home(scope, name)
        bindings = [each for _, each in module.reaching(scope, name, home, offset)] if home >= 0 else []
        for binding in bindings:
            match binding.value:
                case Operator(kind="item", operands=(Name(chain=(collection,)),)) if binding.kind is BindingKind.LOOP:
                    if not self._is_finished(module, scope, collection, binding.start):
                        return False
                case Operator(kind="item", operands=(Operator(kind="await", operands=(CallOf(call=call),)), index)):
                    names = self.names.callee(module.path, call).apis
                    is_first = getattr(index, "text", "") == "0"
                    if not is_first or not names or not all(self.catalogue.has(each, "sorts-done") for each in names):
                        return False
                case _:
                    return False
        return bool(bindings)

    @staticmethod
    def _callee_chain(call: Call) -> Chain:
        """Return the collection behind `tasks.values()` or `list(tasks)`, else an empty chain."""
        if call.chain[-1] in {"values", "copy"} and len(call.chain) > 1:
            return call.chain[:-1]
        if call.chain in {("list",), ("tuple",), ("set",)} and len(call.args) == 1 and isinstance(call.args[0], Name):
            return call.args[0].chain
        return ()

    def _cancelled_chains(self, module: Module, home: int, before: int) -> set[Chain]:
        """Return the access paths that a function cancels before an offset, itself or through a helper."""
        found: set[Chain] = set()
        for position, call in enumerate(module.index.calls):
            if call.start >= before:
                break
            if module.function_of(call.scope) != home:
                continue
            if call.chain[-1] == "cancel" and len(call.chain) > 1:
                for chain in self._aliases(module, call.scope, call.chain[:-1]):
                    found.add(chain)
            else:
                found |= self._cancelled_by_helper(module, position, call)
        return found

    def _cancelled_by_helper(self, module: Module, position: int, call: Call) -> set[Chain]:
        found: set[Chain] = set()
        targets = self.names.callee(module.path, position)
        for ref in targets.refs:
            function = ref.function if isinstance(ref, CoroutineRef) else ref
            if not isinstance(function, FunctionRef):
                continue
            for slot, value in arguments(call):
                parameter = parameter_of(self.program.scope(function), function.bound, slot)
                chains = self._awaited_chains(module, value)
                if parameter >= 0 and chains and self.program.solver.get(Fact.of("cancels", function, parameter)):
                    found.update(chains)
            if function.bound and len(call.chain) > 1:
                found |= self._cancelled_of_receiver(function, call.chain[:-1])
        return found

    def _cancelled_of_receiver(self, function: FunctionRef, receiver: Chain) -> set[Chain]:
        """Return what a method cancels of its own object, as paths of the caller."""
        module = self.program.modules[function.module]
        scope = module.index.scopes[function.scope]
        if not scope.parameters:
            return set()
        own = scope.parameters[0].name
        found = set()
        for call in module.calls_in(function.scope):
            if call.chain[-1] == "cancel" and len(call.chain) > 1:
                for chain in self._aliases(module, call.scope, call.chain[:-1]):
                    if chain[0] == own and len(chain) > 1:
                        found.add((*receiver, *chain[1:]))
        return found

    def cancels(self, fact: Fact) -> int:
        """The equation of `cancels(i)`: the function cancels its parameter, or each item of it."""
        module = self.program.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        name = scope.parameters[fact.parameter].name
        for call in module.calls_in(fact.scope):
            if call.chain[-1] == "cancel" and (name,) in self._aliases(module, call.scope, call.chain[:-1]):
                return 1
            position = module.calls_by_span[call.start, call.end]
            for slot, value in arguments(call):
                if not (isinstance(value, Name) and value.chain == (name,)):
                    continue
                for ref in self.names.callee(module.path, position).refs:
                    if isinstance(ref, FunctionRef):
                        parameter = parameter_of(self.program.scope(ref), ref.bound, slot)
                        if parameter >= 0 and self.program.solver.get(Fact.of("cancels", ref, parameter)):
                            return 1
        return 0

    def _aliases(self, module: Module, scope: int, chain: Chain) -> set[Chain]:
        """Return a path with what it stands for: a loop's variable for its collection, a name for an attribute."""
        found = {chain}
        if chain[-1] == CALL and len(chain) > 2 and chain[-2] in {"values", "copy"}:
            found.add(chain[:-2])
        home = module.home(scope, chain[0])
        if len(chain) != 1 or home < 0:
            return found
        for binding in module.index.scopes[home].bindings.get(chain[0], ()):
            value = binding.value
            is_item = isinstance(value, Operator) and value.kind == "item" and len(value.operands) == 1
            if binding.kind is BindingKind.LOOP and is_item:
                found.update(self._awaited_chains(module, value.operands[0]))
            elif binding.kind in {BindingKind.ASSIGNMENT, BindingKind.UNPACKED} and isinstance(value, Name):
                found.add(value.chain)
            elif binding.kind is BindingKind.ASSIGNMENT and isinstance(value, Container):
                for item in value.items:
                    found.update(self._awaited_chains(module, item))
            elif isinstance(value, CallOf) and self._callee_chain(module.index.calls[value.call]):
                found.add(self._callee_chain(module.index.calls[value.call]))
        return found


def _is_yield(stmt: Stmt) -> bool:
    return isinstance(stmt.value, Operator) and stmt.value.kind == "yield"


__all__ = ["THROWS", "Cancellation", "Verdict"]
