"""How a suite ends when it runs because its task was cancelled: flow's oracle for that case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import Stmt, StmtKind
from svclint.index.values import CallOf, Name, Operator, Value
from svclint.program.flow import Exit
from svclint.program.link.arguments import arguments, parameter_of
from svclint.program.link.refs import FunctionRef
from svclint.program.solve import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.program.link.module import Module
    from svclint.program.program import Program

REPLACE = Exit.QUIT
"""Raising something else ends the cancellation as well; flow's slot for the end of the process is free here."""


class WhenCancelled:
    """Flow's oracle for a suite that runs because the task was cancelled; `name` holds the exception."""

    def __init__(self, program: Program, module: Module, name: str) -> None:
        self.program = program
        self.module = module
        self.name = name
        self._plain = program.oracle(module)

    def ends(self, call: int) -> Exit:
        """Return how a call ends; one that ends the process does not end the cancellation."""
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
        """Return RAISE where a `raise` lets the cancellation through, else REPLACE."""
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
        """Whether a `with` may swallow what its body raises."""
        return self._plain.suppresses(stmt)

    def branch(self, stmt: Stmt) -> Iterable[int] | None:
        """Return the branches that a cancellation can take: tests on its type decide."""
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
        items = names.written.exception_types(self.module.path, scope, types)
        return self.program.exceptions.covers_cancellation(items)
