"""Findings with fixes, made by hand."""

from __future__ import annotations

from svclint.finding import Edit, Finding, Fix, Place, Safety, Severity
from svclint.text import LineIndex, Span


def edit(start: int, end: int, text: str = "") -> Edit:
    return Edit(span=Span(start, end), text=text)


def finding(*edits: Edit, code: str = "SVC401", safety: Safety = Safety.SAFE, at: int | None = None) -> Finding:
    start = min((one.span.start for one in edits), default=0) if at is None else at
    place = Place(path="a.py", span=Span(start, start), line=1, column=start + 1, end_line=1, end_column=start + 1)
    fix = Fix(title="Mend it", safety=safety, edits=edits) if edits else None
    return Finding(code=code, name="x", severity=Severity.ERROR, place=place, message="bad", fix=fix)


def in_text(code: str, span: Span, data: bytes, fix: Fix | None = None) -> Finding:
    line, column = LineIndex(data).position(span.start)
    place = Place(path="a.py", span=span, line=line, column=column, end_line=line, end_column=column)
    return Finding(code=code, name="x", severity=Severity.ERROR, place=place, message="bad", fix=fix)
