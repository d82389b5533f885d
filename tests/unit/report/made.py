"""Findings made by hand: the code that is meant stands between « and »."""

from __future__ import annotations

from svclint.finding import Edit, Finding, Fix, Place, Related, Safety, Severity
from svclint.report.model import Report
from svclint.text import LineIndex, Span


def marked(path: str, text: str) -> tuple[bytes, Place]:
    """Return the text without its marks, and the place between them."""
    before, meant, after = text.replace("»", "«").split("«")
    data = (before + meant + after).encode()
    start = len(before.encode())
    span = Span(start, start + len(meant.encode()))
    index = LineIndex(data)
    (line, column), (end_line, end_column) = index.position(span.start), index.position(span.end)
    return data, Place(path=path, span=span, line=line, column=column, end_line=end_line, end_column=end_column)


def report(
    text: str,
    *,
    path: str = "app/x.py",
    severity: Severity = Severity.ERROR,
    message: str = "no cause is kept",
    fix: Fix | None = None,
    no_fix: str = "",
    related: tuple[Related, ...] = (),
    **sources: bytes,
) -> Report:
    """Return a report with one finding at the marked place of `text`."""
    data, place = marked(path, text)
    finding = Finding(
        code="SVC401",
        name="raise-without-from",
        severity=severity,
        place=place,
        message=message,
        fix=fix,
        no_fix=no_fix,
        related=related,
        fingerprint="0123456789abcdef",
    )
    return Report(findings=(finding,), sources={path: data, **sources})


def fix(*edits: tuple[int, int, str], safety: Safety = Safety.SAFE) -> Fix:
    """Return a fix with these edits."""
    made = tuple(Edit(span=Span(start, end), text=text) for start, end, text in edits)
    return Fix(title="Chain the cause", safety=safety, edits=made)
