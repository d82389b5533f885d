"""How a suite can end: by falling through, returning, raising, leaving a loop."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from svclint.index.model import StmtKind
from svclint.index.values import Literal, Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.index.model import Stmt
    from svclint.program.link.module import Module


class Exit(enum.IntFlag):
    """The ways in which a suite can end; a suite has the set of those that some path takes."""

    FALL = 1
    RETURN = 2
    RAISE = 4
    BREAK = 8
    CONTINUE = 16
    QUIT = 32
    """The process ends."""


NEVER = Exit(0)
THROWS = Exit.RAISE | Exit.QUIT
_LOOP = Exit.BREAK | Exit.CONTINUE


class Oracle(Protocol):
    """What flow has to be told: it knows no names."""

    def ends(self, call: int) -> Exit:
        """Return how a call ends where it never returns, 0 where it can return."""
        ...

    def raised(self, stmt: Stmt) -> Exit:
        """Return how a `raise` statement ends the suite."""
        ...

    def suppresses(self, stmt: Stmt) -> bool:
        """Whether a `with` may swallow what its body raises."""
        ...

    def branch(self, stmt: Stmt) -> Iterable[int] | None:
        """Return the numbers of the branches of an `if` or `match` that can be taken, None where all can."""
        ...


class Flow:
    """Computes exits over the suites of one module."""

    def __init__(self, module: Module, oracle: Oracle) -> None:
        """Join a module's statements with somebody who knows what its calls do."""
        self.module = module
        self.oracle = oracle

    def block(self, position: int) -> Exit:
        """Return how a suite can end."""
        return self.stmts(self.module.index.blocks[position].stmts)

    def stmts(self, positions: Iterable[int]) -> Exit:
        """Return how a run of statements can end."""
        total = Exit.FALL
        for position in positions:
            if not total & Exit.FALL:
                break
            total = (total & ~Exit.FALL) | self.stmt(position)
        return total

    def stmt(self, position: int) -> Exit:
        """Return how one statement can end."""
        stmt = self.module.index.stmts[position]
        ended = self._calls(stmt)
        if ended:
            return ended
        match stmt.kind:
            case StmtKind.RETURN:
                return Exit.RETURN
            case StmtKind.RAISE:
                return self.oracle.raised(stmt)
            case StmtKind.BREAK:
                return Exit.BREAK
            case StmtKind.CONTINUE:
                return Exit.CONTINUE
            case StmtKind.IF:
                return self._if(stmt)
            case StmtKind.WHILE | StmtKind.FOR:
                return self._loop(stmt)
            case StmtKind.TRY:
                return self._try(stmt)
            case StmtKind.WITH:
                inside = self.block(stmt.blocks[0])
                return inside | Exit.FALL if inside & Exit.RAISE and self.oracle.suppresses(stmt) else inside
            case StmtKind.MATCH:
                return self._match(stmt)
            case _:
                return Exit.FALL

    def _calls(self, stmt: Stmt) -> Exit:
        """Return how the statement's own calls end it: the first that surely runs and never returns."""
        index = self.module.index
        for position in range(stmt.first_call, stmt.last_call):
            call = index.calls[position]
            if call.conditional or self.module.function_of(call.scope) != self.module.function_of(stmt.scope):
                continue
            ended = self.oracle.ends(position)
            if ended:
                return ended
        return NEVER

    def _if(self, stmt: Stmt) -> Exit:
        branches = [self.block(block) for block in stmt.blocks]
        if len(branches) == 1:
            branches.append(Exit.FALL)
        taken = self.oracle.branch(stmt)
        if taken is None:
            taken = range(len(branches))
        total = NEVER
        for each in taken:
            total |= branches[each]
        return total

    def _loop(self, stmt: Stmt) -> Exit:
        body = self.block(stmt.blocks[0])
        endless = stmt.kind is StmtKind.WHILE and is_true(stmt)
        total = body & ~(_LOOP | Exit.FALL)
        if body & Exit.BREAK:
            total |= Exit.FALL
        if not endless:
            total |= self.block(stmt.blocks[1]) if len(stmt.blocks) > 1 else Exit.FALL
        return total

    def _try(self, stmt: Stmt) -> Exit:
        data = self.module.index.tries[stmt.ref]
        total = self.block(data.body)
        if data.orelse >= 0 and total & Exit.FALL:
            total = (total & ~Exit.FALL) | self.block(data.orelse)
        for handler in data.handlers:
            total |= self.block(self.module.index.handlers[handler].block)
        if data.final >= 0:
            final = self.block(data.final)
            total = total | (final & ~Exit.FALL) if final & Exit.FALL else final
        return total

    def _match(self, stmt: Stmt) -> Exit:
        taken = self.oracle.branch(stmt)
        cases = [self.block(block) for block in stmt.blocks]
        total = NEVER
        for each in range(len(cases)) if taken is None else taken:
            total |= cases[each]
        if taken is None and not any(isinstance(each, Name) and each.chain == ("_",) for each in stmt.targets):
            total |= Exit.FALL
        return total


def is_true(stmt: Stmt) -> bool:
    """Whether a statement's test is a constant that holds: `while True`, `while 1`."""
    return (
        isinstance(stmt.value, Literal) and stmt.value.kind in {"bool", "int"} and stmt.value.text not in {"False", "0"}
    )
