"""Everything the rules on handlers ask about one `except` clause or `suppress` call, in one answer."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import StmtKind
from svclint.index.values import CallOf, Container, Literal, Name, Operator
from svclint.program.flow import THROWS, is_true
from svclint.program.handling.answers import Answers
from svclint.program.handling.exceptions import Caught
from svclint.program.handling.traces import Left, Level
from svclint.program.link.refs import ApiRef, ClassRef, FunctionRef
from svclint.program.tasks.cancellation import Verdict

if TYPE_CHECKING:
    from svclint.index.model import Call, Handler, Scope, Stmt
    from svclint.program.link.module import Module
    from svclint.program.program import Program


class HandlerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """
    What one handler catches and does.

    `throws` says that it raises, or ends the process, on every path. `boundary` names what makes it the last stop
    before a user, `""` where it is none. `idiom` says why a narrow type needs no trace, `""` where it does; `excuse`
    why any trace is enough for a broad one.
    """

    caught: Caught
    throws: bool
    left: Left
    cancellation: Verdict
    boundary: str
    idiom: str
    excuse: str
    commented: bool


class Handlers:
    """Answers about handlers."""

    def __init__(self, program: Program) -> None:
        """Share the program's parts."""
        self.program = program
        self.catalogue = program.catalogue
        self.answers = Answers(program)
        self._memo: dict[tuple[str, int], HandlerFacts] = {}

    def facts(self, module: Module, position: int) -> HandlerFacts:
        """Return what an `except` clause catches and does."""
        key = (module.path, position)
        if key not in self._memo:
            data = module.index.handlers[position]
            caught = self.program.exceptions.handler(module.path, data)
            exits = self.program.flow(module).block(data.block)
            self._memo[key] = HandlerFacts(
                caught=caught,
                throws=bool(exits) and not exits & ~THROWS,
                left=self.program.traces.handler(module, position),
                cancellation=self.program.cancellation.handler(module, position),
                boundary=self._boundary(module, data),
                idiom=self.answers.idiom(module, data, caught),
                excuse=self.answers.excuse(module, data, caught),
                commented=data.commented,
            )
        return self._memo[key]

    def suppressed(self, module: Module, call: Call) -> tuple[Caught, Verdict]:
        """Return what a `suppress(...)` catches, and whether it ends a cancellation."""
        position = module.calls_by_span[call.start, call.end]
        caught = self.program.exceptions.caught(module.path, call.scope, Container("tuple", call.args))
        return caught, self.program.cancellation.suppress(module, position)

    # --- boundaries ---

    def _boundary(self, module: Module, data: Handler) -> str:
        home = module.function_of(data.scope)
        scope = module.index.scopes[home]
        if scope.name in {"__exit__", "__aexit__", "__del__"}:
            return scope.name
        if self.answers.beside_another(module, data):
            return "tidying up beside another error"
        if self._is_whole_loop(module, module.index.stmts[data.stmt]):
            return "an unbounded loop"
        if scope.is_function and self._is_command(module, scope):
            return "a command"
        if scope.is_function:
            return self._named_boundary(module, home)
        return ""

    def _is_command(self, module: Module, scope: Scope) -> bool:
        """Whether a function is a command of a command line: its user reads what it prints."""
        for value in scope.decorators:
            chain = (
                module.index.calls[value.call].chain if isinstance(value, CallOf) else getattr(value, "chain", ("",))
            )
            if chain[-1] not in self.catalogue.words.commands:
                continue
            targets = self.program.members.decorator(module.path, scope.parent, value)
            if not targets.refs or any(self.catalogue.has(name, "runs-main") for name in targets.apis):
                return True
        return False

    def _is_whole_loop(self, module: Module, stmt: Stmt) -> bool:
        """Whether a `try` is all that an unbounded `while` does."""
        block = module.index.blocks[stmt.block]
        if block.role != "loop" or block.owner < 0:
            return False
        loop = module.index.stmts[block.owner]
        if loop.kind is not StmtKind.WHILE or not _is_unbounded(loop):
            return False
        return len(block.stmts) == 1

    def _named_boundary(self, module: Module, home: int) -> str:
        members = self.program.members
        scope = module.index.scopes[home]
        if scope.name == "__call__" and [each.name for each in scope.parameters[-3:]] == ["scope", "receive", "send"]:
            return "an ASGI application"
        names = list(members.decorators(FunctionRef(module.path, home)))
        owner = module.class_of(home)
        if owner >= 0:
            ancestors, _ = members.mro(ClassRef(module.path, owner))
            bases = [each.name for each in ancestors if isinstance(each, ApiRef)]
            if any(self.catalogue.has(name, "boundary") for name in bases):
                return "middleware"
            names.extend(bases)
        if any(self.catalogue.has(name, "boundary") for name in names):
            return "a boundary"
        names.append(f"{self.program.layout.name(module.path)}.{scope.qualname}")
        hits = [pattern for pattern in self.program.config.boundaries for name in names if fnmatchcase(name, pattern)]
        return f"the boundary {hits[0]}" if hits else ""


def _is_unbounded(loop: Stmt) -> bool:
    """Whether a loop runs until somebody stops it: `while True`, `while self.running`, `while not stop.is_set()`."""
    match loop.value:
        case Literal():
            return is_true(loop)
        case Name() | CallOf():
            return True
        case Operator(kind="not", operands=(Name() | CallOf(),)):
            return True
        case _:
            return False


__all__ = ["HandlerFacts", "Handlers", "Level"]
