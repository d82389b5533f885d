"""
Whether code ends the cancellation of the task it runs in.

A region (a `try` body, what follows a `suppress`) that waits can be cancelled there. What catches CancelledError around
it must let it through on every path, unless the code has itself cancelled what it waits for, or asks whether it was
itself the one to be cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import Call, Handler, ScopeKind, Stmt, StmtKind
from svclint.index.values import Conditional, Container, Name, Operator, Value
from svclint.program.flow import Exit, Flow
from svclint.program.link.refs import FunctionRef
from svclint.program.tasks.own_tasks import OwnTasks
from svclint.program.tasks.when_cancelled import WhenCancelled

if TYPE_CHECKING:
    from svclint.program.link.module import Module
    from svclint.program.program import Program
    from svclint.program.solve import Fact


class Verdict(msgspec.Struct, frozen=True):
    """Whether a place swallows cancellation, and why (not)."""

    swallows: bool
    why: str
    waits: str = ""


class Cancellation:
    """Judges handlers, `suppress` calls and `__aexit__` methods."""

    def __init__(self, program: Program) -> None:
        """Share the program's names and engine."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self.own = OwnTasks(program)

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
        if data.name and self._defers(module, data):
            return Verdict(False, "keeps it, and raises or returns it later")
        return self._region(module, data.scope, owner.body, range(data.start, data.end))

    @staticmethod
    def _defers(module: Module, data: Handler) -> bool:
        """Whether a handler keeps the exception under a name that the same function raises or returns afterwards."""
        home = module.function_of(data.scope)
        inside = [stmt for stmt in module.index.stmts if data.start <= stmt.start < data.end]
        kept = {
            target.chain[0]
            for stmt in inside
            if stmt.kind is StmtKind.ASSIGN and data.name in _names_in(stmt.value)
            for target in stmt.targets
            if isinstance(target, Name)
        }
        after = [stmt for stmt in module.index.stmts if stmt.start >= data.end and stmt.scope == home]
        ends = [stmt for stmt in after if stmt.kind in {StmtKind.RAISE, StmtKind.RETURN}]
        return any(not kept.isdisjoint(_names_in(stmt.value)) for stmt in ends)

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
        return Flow(module, WhenCancelled(self.program, module, name)).block(block)

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
        if all(self.own.is_own(module, home, value, start) for start, value in waits):
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


def _names_in(value: Value) -> set[str]:
    """Return the names that a value is one of: `pending or e`."""
    match value:
        case Name(chain=(name,)):
            return {name}
        case Operator(kind="or" | "and", operands=parts) | Container(items=parts):
            return {name for part in parts for name in _names_in(part)}
        case Conditional(then=then, orelse=orelse):
            return _names_in(then) | _names_in(orelse)
        case _:
            return set()


def _is_yield(stmt: Stmt) -> bool:
    return isinstance(stmt.value, Operator) and stmt.value.kind == "yield"
