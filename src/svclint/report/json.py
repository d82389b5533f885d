"""The machine's form: one JSON object of a versioned schema, which docs/json.md describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Fix, Place, Safety, Severity
from svclint.report.model import Lines, Report
from svclint.report.visible import encodable

if TYPE_CHECKING:
    from svclint.text import LineIndex

VERSION = 1
"""The version of the schema: grows when a field goes or changes its meaning, not when one is added."""


class JsonPosition(msgspec.Struct, frozen=True, kw_only=True):
    """A 1-based line and a 1-based column in code points."""

    line: int
    column: int


class JsonEdit(msgspec.Struct, frozen=True, kw_only=True):
    """Replace the text from `start` up to `end` (exclusive) by `text`."""

    start: JsonPosition
    end: JsonPosition
    text: str


class JsonFix(msgspec.Struct, frozen=True, kw_only=True):
    """A change that heals the finding: all of its edits together."""

    title: str
    safety: Safety
    edits: tuple[JsonEdit, ...]


class JsonRelated(msgspec.Struct, frozen=True, kw_only=True):
    """A second place that explains the finding."""

    path: str
    line: int
    column: int
    message: str


class JsonFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding."""

    code: str
    name: str
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    related: tuple[JsonRelated, ...]
    fix: JsonFix | None
    no_fix: str | None
    fingerprint: str


class JsonReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer."""

    version: int
    findings: tuple[JsonFinding, ...]


def render(report: Report) -> str:
    """Return the report as JSON."""
    lines = Lines(report.sources)
    findings = tuple(
        JsonFinding(
            code=finding.code,
            name=finding.name,
            severity=finding.severity,
            path=encodable(finding.place.path),
            line=finding.place.line,
            column=finding.place.column,
            end_line=finding.place.end_line,
            end_column=finding.place.end_column,
            message=finding.message,
            related=tuple(_related(related.place, related.message) for related in finding.related),
            fix=_fix(finding.fix, lines.of(finding.place.path)),
            no_fix=finding.no_fix or None,
            fingerprint=finding.fingerprint,
        )
        for finding in report.findings
    )
    return encode(JsonReport(version=VERSION, findings=findings))


def encode(report: msgspec.Struct) -> str:
    """Return any of this module's answers as indented JSON, with a line break at its end."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def _related(place: Place, message: str) -> JsonRelated:
    return JsonRelated(path=encodable(place.path), line=place.line, column=place.column, message=message)


def _fix(fix: Fix | None, lines: LineIndex | None) -> JsonFix | None:
    if fix is None or lines is None:
        return None
    edits = tuple(
        JsonEdit(start=_position(lines, edit.span.start), end=_position(lines, edit.span.end), text=edit.text)
        for edit in fix.edits
    )
    return JsonFix(title=fix.title, safety=fix.safety, edits=edits)


def _position(lines: LineIndex, offset: int) -> JsonPosition:
    line, column = lines.position(offset)
    return JsonPosition(line=line, column=column)
