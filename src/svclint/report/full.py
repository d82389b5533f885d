"""Findings with the code they are about, as ruff shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.finding import Finding, Place, Safety
from svclint.report.concise import headline
from svclint.report.frame import CONTEXT, Frame
from svclint.report.model import Lines, Report
from svclint.report.styles import Styles
from svclint.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(report: Report) -> str:
    """Return each finding with its place, its code, what explains it, and what can be done about it."""
    styles = Styles(color=report.color)
    lines = Lines(report.sources)
    return "".join("\n".join(_block(finding, lines, styles)) + "\n\n" for finding in report.findings)


def _block(finding: Finding, lines: Lines, styles: Styles) -> Iterator[str]:
    yield headline(finding, styles)
    yield from _framed(finding.place, lines, styles, context=CONTEXT)
    for related in finding.related:
        yield f"{styles.help('note')}: {visible(related.message)}"
        yield from _framed(related.place, lines, styles, context=0)
    if finding.fix is not None:
        yield f"{styles.help('help')}: {visible(finding.fix.title)}"
        if finding.fix.safety is Safety.UNSAFE:
            yield f"{styles.help('note')}: this fix is unsafe: it changes what the code does"
    elif finding.no_fix:
        yield f"{styles.help('help')}: no fix: {visible(finding.no_fix)}"


def _framed(place: Place, lines: Lines, styles: Styles, *, context: int) -> Iterator[str]:
    index = lines.of(place.path)
    frame = Frame(index, place, styles, context=context) if index is not None else None
    gutter = frame.gutter if frame is not None else len(str(place.line))
    yield f"{styles.rail(' ' * gutter + '-->')} {visible(place.path)}:{place.line}:{place.column}"
    if frame is not None:
        yield from frame.draw()
