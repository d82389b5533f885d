"""Runs the rules over one module: selects candidates, cuts slices, visits, and settles which rule speaks where."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import ScopeKind
from svclint.program.program import Program
from svclint.program.select import Candidate, select
from svclint.rules import registry
from svclint.rules.api import FileContext, Hit, Judged
from svclint.syntax.slices import cut, whole_file
from svclint.syntax.walk import keyed, visit
from svclint.text import Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.program.link.module import Module
    from svclint.rules.api import Rule

NOT_ANALYSED = "SVC900"


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say about one module, and how much of it was understood."""

    path: str
    hits: tuple[Hit, ...]
    judged: tuple[Judged, ...]
    functions: int
    calls: int
    resolved: int
    too_deep: int
    failures: tuple[str, ...]
    crashed: bool


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker needs: the program, the texts by module path, and the codes that are on for each module."""

    program: Program
    texts: Mapping[str, bytes]
    codes: Mapping[str, frozenset[str]]
    whole_files: bool = False
    everything: bool = False


def lint(task: Task, path: str) -> Linted:
    """Run the rules over one module; whatever goes wrong with it is a finding, and the other modules go on."""
    try:
        return _lint(task, path)
    except RecursionError:
        return unjudged(path, "its statements and names depend on each other too deeply")
    except Exception as e:  # svclint: allow[SVC403] it becomes a finding that says where it was raised
        return unjudged(path, f"svclint failed on this file, please report it: {_where(e)}", crashed=True)


def unjudged(path: str, message: str, *, crashed: bool = False) -> Linted:
    """Return what is said about a module that could not be judged."""
    hit = Hit(code=NOT_ANALYSED, span=Span(0, 0), message=message)
    return Linted(
        path=path, hits=(hit,), judged=(), functions=0, calls=0, resolved=0, too_deep=0, failures=(), crashed=crashed
    )


def _where(error: Exception) -> str:
    """Return what was raised, and where."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.name}, line {frame.lineno})"


def _lint(task: Task, path: str) -> Linted:
    program, module = task.program, task.program.modules[path]
    data = task.texts[path]
    context = FileContext(program, module, data)
    wanted = _candidates(program, module, task.codes[path], everything=task.everything)
    candidates = sorted({candidate for found in wanted.values() for candidate in found})
    visitor = _Visitor(context, wanted, task.codes[path])
    failures = _visit(module, data, candidates, visitor, whole=task.whole_files)
    index = module.index
    return Linted(
        path=path,
        hits=tuple(_settled(sorted(context.hits, key=_order))),
        judged=tuple(sorted(context.judged, key=lambda each: (each.span, each.code, each.verdict, each.reason))),
        functions=sum(scope.kind in {ScopeKind.FUNCTION, ScopeKind.ASYNC} for scope in index.scopes),
        calls=len(index.calls),
        resolved=sum(bool(program.names.callee(path, position).refs) for position in range(len(index.calls))),
        too_deep=index.too_deep,
        failures=tuple(failures),
        crashed=visitor.crashed,
    )


def _visit(module: Module, data: bytes, candidates: list[Candidate], visitor: _Visitor, *, whole: bool) -> list[str]:
    """Visit all candidates: in merged slices, and what is not reached in them each in a slice of its own."""
    readable = whole and candidates and not module.index.too_deep
    slices = whole_file(data) if readable else cut(module.index, data, candidates)
    reached, _ = visit(data, slices, keyed(candidates), visitor)
    lost = []
    for each in candidates:
        if each not in reached:
            alone, failures = visit(data, cut(module.index, data, [each]), keyed([each]), visitor)
            if each not in alone:
                lost.append(failures[0] if failures else f"LibCST can't show this {each.kind}")
    return lost


def _candidates(
    program: Program, module: Module, codes: frozenset[str], *, everything: bool
) -> dict[str, frozenset[Candidate]]:
    """Return the candidates of each enabled rule that has anything to say in this kind of file."""
    is_test = program.is_test(module.path)
    found: dict[str, frozenset[Candidate]] = {}
    selected: dict[object, frozenset[Candidate]] = {}
    for rule in registry.RULES:
        meta = rule.meta
        if meta.code not in codes or not rule.wants or (is_test and not meta.tests):
            continue
        for want in rule.wants:
            if want not in selected:
                selected[want] = frozenset(select(program, module, want, everything=everything))
        found[meta.code] = frozenset().union(*(selected[want] for want in rule.wants))
    return found


class _Visitor:
    """Calls the rules that want a candidate; a rule that crashes becomes a finding of its own."""

    def __init__(self, context: FileContext, wanted: Mapping[str, frozenset[Candidate]], codes: frozenset[str]) -> None:
        self.context = context
        self.wanted = wanted
        self.handlers = registry.handlers(codes)
        self.crashed = False

    def __call__(self, node: cst.CSTNode, candidate: Candidate) -> None:
        method = f"visit_{type(node).__name__}"
        for rule in self.handlers.get(method, ()):
            if candidate in self.wanted.get(rule.meta.code, ()):
                self.context.visiting(rule.meta.code, candidate)
                try:
                    getattr(rule, method)(node, self.context)
                except RecursionError:
                    raise
                except Exception as e:  # svclint: allow[SVC403] it becomes a finding that says where it was raised
                    self._crash(rule, candidate, e)

    def _crash(self, rule: Rule, candidate: Candidate, error: Exception) -> None:
        self.crashed = True
        message = f"rule {rule.meta.code} failed on this file, please report it: {_where(error)}"
        self.context.hits.append(Hit(code=NOT_ANALYSED, span=Span(candidate.start, candidate.end), message=message))


def _settled(hits: list[Hit]) -> list[Hit]:
    """Where two rules hit one place and one yields to the other, only the first speaks; the other is mentioned."""
    yields = {rule.meta.code: rule.meta.yields_to for rule in registry.RULES}
    by_place: dict[Span, list[Hit]] = {}
    for hit in hits:
        by_place.setdefault(hit.span, []).append(hit)
    found = []
    for group in by_place.values():
        codes = {hit.code for hit in group}
        losers = [hit for hit in group if not codes.isdisjoint(yields.get(hit.code, ()))]
        for hit in group:
            if hit in losers:
                continue
            mentions = tuple((loser.code, loser.span, loser.message) for loser in losers)
            found.append(msgspec.structs.replace(hit, related=mentions) if mentions else hit)
    return found


def _order(hit: Hit) -> tuple[Span, str, str]:
    return hit.span, hit.code, hit.message
