"""Locks of threads that are held while their function awaits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import ScopeKind
from svclint.program.link.refs import ApiRef, InstanceRef, MethodRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.index.model import Stmt, WithItem
    from svclint.program.link.module import Module
    from svclint.program.link.refs import Targets
    from svclint.program.program import Program


class Held(msgspec.Struct, frozen=True):
    """A lock that is held across an await: its class, where that begins (`with` statement or call), and the await."""

    lock: str
    kind: str
    position: int
    awaits: int
    may: bool = False


class HeldLocks:
    """Finds locks that are held across an await."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self._known: dict[str, tuple[Held, ...]] = {}

    def of(self, module: Module) -> tuple[Held, ...]:
        """Return all places of a module where a thread's lock is held across an await, in the order of the text."""
        if module.path not in self._known:
            self._known[module.path] = (*self._statements(module), *self._acquired(module))
        return self._known[module.path]

    def _statements(self, module: Module) -> Iterator[Held]:
        for position, statement in enumerate(module.index.withs):
            if statement.is_async:
                continue
            stmt = module.index.stmts[statement.stmt]
            if module.index.scopes[module.function_of(stmt.scope)].kind is not ScopeKind.ASYNC:
                continue
            body = module.index.blocks[stmt.blocks[0]]
            awaits = self._await_between(module, stmt.scope, body.start, body.end)
            if awaits < 0:
                continue
            for item in statement.items:
                found = self._lock(module, stmt, item)
                if found is not None:
                    yield Held(found[0], "with", position, awaits, may=found[1])
                    break

    def _await_between(self, module: Module, scope: int, start: int, end: int) -> int:
        """Return where a function first awaits in a range of the text, -1 where it does not."""
        home = module.function_of(scope)
        starts = [each.start for each in module.awaits_between(start, end) if module.function_of(each.scope) == home]
        return min(starts, default=-1)

    def _lock(self, module: Module, stmt: Stmt, item: WithItem) -> tuple[str, bool] | None:
        return self._locks(self.names.value(module.path, stmt.scope, item.value))

    def _locks(self, targets: Targets) -> tuple[str, bool] | None:
        owners = [ref.cls for ref in targets.refs if isinstance(ref, InstanceRef | MethodRef)]
        classes = [owner.name for owner in owners if isinstance(owner, ApiRef)]
        locks = [each for each in classes if self.catalogue.has(each, "locks")]
        return (locks[0], len(locks) < len(targets.refs)) if locks else None

    def _acquired(self, module: Module) -> Iterator[Held]:
        """Yield the calls of `acquire` behind which the function awaits before it calls `release` for the last time."""
        for position, call in enumerate(module.index.calls):
            if call.chain[-1] != "acquire" or len(call.chain) < 2:
                continue
            home = module.function_of(call.scope)
            if module.index.scopes[home].kind is not ScopeKind.ASYNC:
                continue
            found = self._locks(self.names.callee(module.path, position))
            if found is None:
                continue
            releases = [each.start for each in module.calls_in(home) if each.chain == (*call.chain[:-1], "release")]
            awaits = self._await_between(module, call.scope, call.end, max(releases, default=call.end))
            if awaits >= 0:
                yield Held(found[0], "call", position, awaits, may=found[1])
