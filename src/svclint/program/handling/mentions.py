"""How a value holds the exception that is being handled: as itself, as text, as a traceback, or not."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from svclint.index.values import CALL, CallOf, Chain, Conditional, Container, Name, Operator, Value
from svclint.program.link.arguments import arguments

if TYPE_CHECKING:
    from svclint.index.model import Call
    from svclint.program.link.module import Module
    from svclint.program.program import Program


class Mention(enum.IntEnum):
    """How a value holds the exception."""

    NONE = 0
    TEXT = 1
    OBJECT = 2
    TRACEBACK = 3


class Suite:
    """Where a run of statements stands, and which of its names hold the exception."""

    __slots__ = ("carriers", "end", "module", "scope", "tried")

    def __init__(
        self,
        module: Module,
        scope: int,
        end: int,
        carriers: dict[str, Mention],
        tried: Chain = (),
    ) -> None:
        self.module = module
        self.scope = scope
        self.end = end
        self.carriers = carriers
        self.tried = tried


class Mentions:
    """Looks for the exception in values."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.names = program.names
        self.catalogue = program.catalogue

    def of(self, suite: Suite, value: Value) -> Mention:
        """Return how a value holds the exception."""
        match value:
            case Name(chain=chain, start=start) if CALL in chain:
                return self._by_path(suite, chain, start)
            case Name(chain=chain):
                held = suite.carriers.get(chain[0], Mention.NONE)
                return held if len(chain) == 1 or not held else Mention.TEXT
            case CallOf(call=call):
                return self._by_call(suite, suite.module.index.calls[call], call)
            case Container(items=items, keys=keys):
                return max((self.of(suite, each) for each in (*items, *keys)), default=Mention.NONE)
            case Operator(kind=kind, operands=operands):
                if kind in {"not", "is", "is not", "in", "not in", "==", "!=", "compare"}:
                    return Mention.NONE
                found = max((self.of(suite, each) for each in operands), default=Mention.NONE)
                is_text = kind in {"format", "binary"} and found == Mention.OBJECT
                return Mention.TEXT if is_text and not any(isinstance(each, Container) for each in operands) else found
            case Conditional(then=then, orelse=orelse):
                return max(self.of(suite, then), self.of(suite, orelse))
            case _:
                return Mention.NONE

    def _by_path(self, suite: Suite, chain: Chain, start: int) -> Mention:
        """A part of what a call gives: `type(e).__name__`."""
        calls = [suite.module.index.calls[each] for each in suite.module.calls_by_start.get(start, ())]
        inner = [call for call in calls if chain[: len(call.chain) + 1] == (*call.chain, CALL)]
        found = max((self.of(suite, value) for call in inner for _, value in arguments(call)), default=Mention.NONE)
        held = suite.carriers.get(chain[0], Mention.NONE)
        return Mention.TEXT if max(found, held) == Mention.OBJECT else max(found, held)

    def _by_call(self, suite: Suite, call: Call, position: int) -> Mention:
        if call.chain[0] in suite.carriers and len(call.chain) > 1:
            return Mention.TEXT
        found = max((self.of(suite, value) for _, value in arguments(call)), default=Mention.NONE)
        rows = [self.catalogue.get(name) for name in self.names.callee(suite.module.path, position).apis]
        if any(row is not None and "traceback" in row.effects for row in rows):
            return Mention.TRACEBACK
        if call.receiver >= 0 and not found:
            return self._by_call(suite, suite.module.index.calls[call.receiver], call.receiver)
        makes_text = any(row is not None and {"formats", "drops"} & set(row.effects) for row in rows)
        if found == Mention.OBJECT and (makes_text or call.chain[-1] in self.catalogue.words.texts):
            return Mention.TEXT
        return found
