"""From a module's hits to findings: places, levels, fingerprints, suppressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Finding, Place, Related
from svclint.rules import registry
from svclint.source.discovery import absolute
from svclint.text import LineIndex, Span
from svclint.triage.directives import read as read_directives
from svclint.triage.fingerprint import Mark, fingerprints
from svclint.triage.severity import level
from svclint.triage.suppressions import apply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.config.model import Config
    from svclint.engine.linting import Linted
    from svclint.index.model import Stmt
    from svclint.program.link.module import Module
    from svclint.rules.api import Hit
    from svclint.source.model import Unreadable
    from svclint.triage.suppressions import Note

_RULES = {rule.meta.code: rule for rule in registry.RULES}


def shown_path(path: str, cwd: str) -> str:
    """Return an absolute path as reports show it: relative below the working directory."""
    prefix = cwd.rstrip("/") + "/"
    return path.removeprefix(prefix)


class Reporter:
    """Turns hits into findings for one configuration."""

    def __init__(self, config: Config) -> None:
        """Paths are shown relative to the working directory of now."""
        self.config = config
        self.cwd = absolute(".")

    def unreadable(self, problem: Unreadable) -> Finding:
        """Return the finding for a file that could not be read."""
        line, column = max(problem.line, 1), max(problem.column, 1)
        place = Place(
            path=shown_path(problem.path, self.cwd).encode("utf-8", "replace").decode(),
            span=Span(0, 0),
            line=line,
            column=column,
            end_line=line,
            end_column=column,
        )
        mark = Mark(code="SVC900", qualified_name="", statement=problem.reason)
        return self._finding("SVC900", place, problem.reason, fingerprint=fingerprints([mark])[0])

    def module(
        self, path: str, module: Module, data: bytes, linted: Linted, codes: frozenset[str]
    ) -> tuple[list[Finding], dict[str, tuple[str, ...]]]:
        """Return a module's findings that no comment allows, and by fingerprint the codes that gave way to each."""
        lines = LineIndex(data)
        shown = shown_path(path, self.cwd)
        hits = [(self._from_hit(hit, shown, lines), tuple(each[0] for each in hit.related)) for hit in linted.hits]
        directives = read_directives(module.index.comments, lines)
        triaged = apply(
            hits,
            directives,
            lines=lines,
            logical_lines=_LogicalLines(module, lines),
            codes=registry.names(),
            ran=codes,
            require_reason=self.config.require_reason,
        )
        notes = [self._from_note(note, shown, lines) for note in triaged.notes]
        also = {id(finding): codes for finding, codes in triaged.kept}
        kept = sorted(
            [*(finding for finding, _ in triaged.kept), *notes], key=lambda each: (each.place, each.code, each.message)
        )
        marked = fingerprints([self._mark(each, module, data) for each in kept])
        findings = [msgspec.structs.replace(each, fingerprint=mark) for each, mark in zip(kept, marked, strict=True)]
        gave_way = {
            new.fingerprint: also[id(old)] for old, new in zip(kept, findings, strict=True) if also.get(id(old))
        }
        return findings, gave_way

    def _from_hit(self, hit: Hit, path: str, lines: LineIndex) -> Finding:
        related = tuple(
            Related(place=place_of(path, span, lines), message=f"{code} {_RULES[code].meta.name}: {message}")
            for code, span, message in hit.related
        )
        return self._finding(
            hit.code, place_of(path, hit.span, lines), hit.message,
            related=related, traits=hit.traits, fix=hit.fix, no_fix=hit.no_fix,
        )  # fmt: skip

    def _from_note(self, note: Note, path: str, lines: LineIndex) -> Finding:
        return self._finding(
            note.code, place_of(path, note.span, lines), note.message, fix=note.fix, no_fix=note.no_fix
        )

    def _finding(self, code: str, place: Place, message: str, **more: object) -> Finding:
        meta = _RULES[code].meta
        traits = more.get("traits", ())
        severity = level(
            meta.severity,
            code=code,
            name=meta.name,
            traits=traits,  # ty: ignore[invalid-argument-type]
            preview=meta.preview,
            overrides=self.config.severity,
        )
        return Finding(code=code, name=meta.name, severity=severity, place=place, message=message, **more)  # ty: ignore[invalid-argument-type]

    @staticmethod
    def _mark(finding: Finding, module: Module, data: bytes) -> Mark:
        position = module.stmt_at(finding.place.span.start)
        if position < 0:
            return Mark(code=finding.code, qualified_name="", statement=finding.message)
        stmt = module.index.stmts[position]
        text = data[stmt.start : stmt.head].decode("utf-8", "replace")
        return Mark(code=finding.code, qualified_name=module.qualname(stmt.scope), statement=text)


def place_of(path: str, span: Span, lines: LineIndex) -> Place:
    """Return a span as lines and columns."""
    line, column = lines.position(span.start)
    end_line, end_column = lines.position(span.end)
    return Place(path=path, span=span, line=line, column=column, end_line=end_line, end_column=end_column)


class _LogicalLines:
    """The first and last physical line of the logical line around a line; computed when first asked."""

    def __init__(self, module: Module, lines: LineIndex) -> None:
        self.module = module
        self.lines = lines
        self._ranges: dict[int, tuple[int, int]] | None = None

    def __call__(self, line: int) -> tuple[int, int]:
        if self._ranges is None:
            self._ranges = {}
            for start, end in self._headers():
                first, last = self.lines.line_number(start), self.lines.line_number(max(start, end - 1))
                for other in (self._ranges.get(first), self._ranges.get(last)):
                    if other is not None:  # a body on the line of its header: one logical line
                        first, last = min(first, other[0]), max(last, other[1])
                self._ranges.update(dict.fromkeys(range(first, last + 1), (first, last)))
        return self._ranges.get(line, (line, line))

    def _headers(self) -> Iterable[tuple[int, int]]:
        index = self.module.index
        for stmt in index.stmts:
            yield stmt.start, _head(stmt)
        for handler in index.handlers:
            yield handler.start, handler.colon + 1


def _head(stmt: Stmt) -> int:
    return stmt.head if stmt.blocks else stmt.end
