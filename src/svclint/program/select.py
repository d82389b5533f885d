"""Candidates: the places that a rule wants to judge, chosen from the index by what the program knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import ScopeKind, StmtKind
from svclint.index.values import OPAQUE, Fate, Literal
from svclint.program.handling.traces import Level
from svclint.program.waiting.model import Unbounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.index.model import Raise
    from svclint.program.link.module import Module
    from svclint.program.program import Program
    from svclint.program.waiting.model import Wait


_OF_FUNCTIONS = frozenset({"spawns", "coroutine"})
"""Effects that functions of the project have, too."""


class Candidate(msgspec.Struct, frozen=True, order=True):
    """A record of the index (`kind` and `position` in its table), and where it stands."""

    start: int
    end: int
    kind: str
    position: int
    stmt: int


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """The base of what a rule can want."""


class Calls(Want, frozen=True, kw_only=True):
    """Calls of an API with this effect; `spawns` and `coroutine` also of project functions that pass it on."""

    effect: str


class Blocks(Want, frozen=True, kw_only=True):
    """Calls that hold up the event loop by waiting for one of these kinds."""

    kinds: tuple[str, ...]


class Waits(Want, frozen=True, kw_only=True):
    """Calls that can wait for the network for ever; with `disabled` because somebody said so."""

    disabled: bool = False


class HeldLocks(Want, frozen=True, kw_only=True):
    """`with` statements over, and `acquire` calls of, a thread's lock behind which the function awaits."""


class Handlers(Want, frozen=True, kw_only=True):
    """
    `except` clauses.

    With `bare` only those without types, with `cancelled` those that end a cancellation, with `lost` those that lose
    the cause of the error, or may lose it.
    """

    bare: bool = False
    cancelled: bool = False
    lost: bool = False


class Raises(Want, frozen=True, kw_only=True):
    """`raise` statements with a value: with `unchained` in a handler without `from`, with `effect` of such a class."""

    unchained: bool = False
    effect: str = ""


class Returns(Want, frozen=True, kw_only=True):
    """`return True` in the methods of this name."""

    method: str


def select(program: Program, module: Module, want: Want, *, everything: bool = False) -> Iterator[Candidate]:
    """Yield the candidates for a want in one module; with `everything` also those that the program has cleared."""
    match want:
        case Calls(effect=effect):
            yield from _calls(program, module, effect)
        case Blocks(kinds=kinds):
            for position, blocked in program.blocking.in_module(module):
                if blocked.kind in kinds and (everything or not blocked.reason):
                    yield _call(module, position)
        case Waits(disabled=disabled):
            for position, waiting in program.timeouts.in_module(module):
                if everything or _is_endless(waiting.wait, disabled=disabled):
                    yield _call(module, position)
        case HeldLocks():
            for held in program.held_locks.of(module):
                if held.kind == "with":
                    stmt = module.index.withs[held.position].stmt
                    record = module.index.stmts[stmt]
                    yield Candidate(record.start, record.head, "with", held.position, stmt)
                else:
                    yield _call(module, held.position)
        case Handlers():
            for position, each in enumerate(module.index.handlers):
                if want.bare and each.types is not None:
                    continue
                if everything or want.bare or _is_suspect(program, module, position, want):
                    yield Candidate(each.start, each.end, "handler", position, each.stmt)
        case Raises(unchained=unchained, effect=effect):
            for position, each in enumerate(module.index.raises):
                if each.exc is None or (unchained and (each.handler < 0 or each.cause is not None)):
                    continue
                if everything or not effect or _raises(program, module, each, effect):
                    yield Candidate(each.start, each.end, "raise", position, each.stmt)
        case Returns(method=method):
            yield from _returns(module, method)


def _call(module: Module, position: int) -> Candidate:
    call = module.index.calls[position]
    return Candidate(call.start, call.end, "call", position, call.stmt)


def _calls(program: Program, module: Module, effect: str) -> Iterator[Candidate]:
    if effect not in _OF_FUNCTIONS:
        yield from (_call(module, position) for position in program.calls_with(module, effect))
        return
    for position, call in enumerate(module.index.calls):
        if effect == "spawns":
            found = bool(program.tasks.spawns(module.path, position))
        else:
            found = call.use.fate is Fate.DISCARDED and program.tasks.makes_coroutine(module.path, position)
        if found:
            yield _call(module, position)


def _is_endless(wait: Wait, *, disabled: bool) -> bool:
    return isinstance(wait, Unbounded) and wait.disabled is disabled


def _is_suspect(program: Program, module: Module, position: int, want: Handlers) -> bool:
    """Whether what the program knows of a handler leaves anything to say for the rules that want it."""
    facts = program.handlers.facts(module, position)
    if want.cancelled:
        return facts.cancellation.swallows
    return not facts.throws and (facts.left.level < Level.CAUSE or facts.left.unsure)


def _raises(program: Program, module: Module, record: Raise, effect: str) -> bool:
    classes = program.exceptions.raised_classes(module.path, record.scope, record.exc or OPAQUE) or ()
    names = [program.exceptions.ancestors(ref)[0] for ref in classes]
    return any(own and program.catalogue.has(own[0], effect) for own in names)


def _returns(module: Module, method: str) -> Iterator[Candidate]:
    for position, stmt in enumerate(module.index.stmts):
        if stmt.kind is not StmtKind.RETURN:
            continue
        scope = module.index.scopes[stmt.scope]
        is_true = isinstance(stmt.value, Literal) and stmt.value.text == "True"
        if scope.kind is ScopeKind.ASYNC and scope.name == method and is_true:
            yield Candidate(stmt.start, stmt.end, "return", position, position)
