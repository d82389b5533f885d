"""Candidates: the places that a rule wants to judge, chosen from the index by what the program knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import ScopeKind, StmtKind
from svclint.index.values import Fate, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.program.module import Module
    from svclint.program.program import Program


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


class Handlers(Want, frozen=True, kw_only=True):
    """`except` clauses; only the bare ones with `bare`."""

    bare: bool = False


class Raises(Want, frozen=True, kw_only=True):
    """`raise` statements with a value; with `unchained` those in a handler and without `from`."""

    unchained: bool = False


class Returns(Want, frozen=True, kw_only=True):
    """`return True` in the methods of this name."""

    method: str


def select(program: Program, module: Module, want: Want) -> Iterator[Candidate]:
    """Yield the candidates for a want in one module."""
    match want:
        case Calls(effect=effect):
            yield from _calls(program, module, effect)
        case Handlers(bare=bare):
            for position, each in enumerate(module.index.handlers):
                if each.types is None or not bare:
                    yield Candidate(each.start, each.end, "handler", position, each.stmt)
        case Raises(unchained=unchained):
            for position, each in enumerate(module.index.raises):
                if each.exc is not None and (not unchained or (each.handler >= 0 and each.cause is None)):
                    yield Candidate(each.start, each.end, "raise", position, each.stmt)
        case Returns(method=method):
            yield from _returns(module, method)


def _calls(program: Program, module: Module, effect: str) -> Iterator[Candidate]:
    for position, call in enumerate(module.index.calls):
        if _has_effect(program, module, position, effect):
            yield Candidate(call.start, call.end, "call", position, call.stmt)


def _has_effect(program: Program, module: Module, position: int, effect: str) -> bool:
    if effect == "spawns":
        return bool(program.tasks.spawns(module.path, position))
    if effect == "coroutine":
        return module.index.calls[position].use.fate is Fate.DISCARDED and program.tasks.makes_coroutine(
            module.path, position
        )
    names = program.names.callee(module.path, position).apis
    return any(program.catalogue.has(name, effect) for name in names)


def _returns(module: Module, method: str) -> Iterator[Candidate]:
    for position, stmt in enumerate(module.index.stmts):
        if stmt.kind is not StmtKind.RETURN:
            continue
        scope = module.index.scopes[stmt.scope]
        is_true = isinstance(stmt.value, Literal) and stmt.value.text == "True"
        if scope.kind is ScopeKind.ASYNC and scope.name == method and is_true:
            yield Candidate(stmt.start, stmt.end, "return", position, position)
