"""
The one engine for facts about functions: fixpoints, computed on demand.

A fact is an effect of a function or of one of its parameters. Its equation reads other facts through `Solver.get`; the
engine notes who read what, and evaluates again where something that was read has grown. Values only grow from an
effect's bottom, so the result is the least fixpoint and does not depend on the order of questions.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclint.program.link.refs import FunctionRef


class Fact(msgspec.Struct, frozen=True, order=True, gc=False):
    """An effect of a function (`parameter` -1), or of its parameter with this position."""

    effect: str
    module: str
    scope: int
    parameter: int = -1

    @classmethod
    def of(cls, effect: str, function: FunctionRef, parameter: int = -1) -> Fact:
        """Return the fact about a function."""
        return cls(effect, function.module, function.scope, parameter)


class Solver:
    """Holds the values of facts that were asked for."""

    def __init__(self, equations: dict[str, Callable[[Fact], int]]) -> None:
        """Take one equation for each effect; every effect starts at 0."""
        self._equations = equations
        self._values: dict[Fact, int] = {}
        self._readers: dict[Fact, set[Fact]] = {}
        self._settled: set[Fact] = set()
        self._queue: deque[Fact] = deque()
        self._queued: set[Fact] = set()
        self._current: Fact | None = None

    def get(self, fact: Fact) -> int:
        """Return the value of a fact: final when asked from outside, growing while equations run."""
        if self._current is None:
            if fact not in self._settled:
                self._settle(fact)
            return self._values[fact]
        if fact not in self._settled:
            self._readers.setdefault(fact, set()).add(self._current)
            if fact not in self._values:
                self._values[fact] = 0
                self._enqueue(fact)
        return self._values[fact]

    def aside(self, compute: Callable[[], bool]) -> bool:
        """
        Return what `compute` says when it sees only final values.

        An equation that asks whether a fact does *not* hold must not see it growing. The fact must not depend on it.
        """
        state = (self._current, self._queue, self._queued)
        self._current, self._queue, self._queued = None, deque(), set()
        try:
            return compute()
        finally:
            self._current, self._queue, self._queued = state

    def _enqueue(self, fact: Fact) -> None:
        if fact not in self._queued:
            self._queued.add(fact)
            self._queue.append(fact)

    def _settle(self, fact: Fact) -> None:
        self._values.setdefault(fact, 0)
        self._enqueue(fact)
        touched = set()
        while self._queue:
            current = self._queue.popleft()
            self._queued.discard(current)
            touched.add(current)
            self._current = current
            try:
                value = self._equations[current.effect](current)
            except BaseException:
                self._forget_unsettled()
                raise
            finally:
                self._current = None
            if value > self._values[current]:
                self._values[current] = value
                for reader in sorted(self._readers.get(current, ())):
                    self._enqueue(reader)
        self._settled |= touched
        for each in touched:
            self._readers.pop(each, None)

    def _forget_unsettled(self) -> None:
        """Begin anew after an equation has failed: half-grown values must not be taken for answers."""
        self._values = {fact: value for fact, value in self._values.items() if fact in self._settled}
        self._readers.clear()
        self._queue.clear()
        self._queued.clear()
