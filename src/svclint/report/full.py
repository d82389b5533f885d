"""Findings with the code they are about, as ruff shows them."""

from __future__ import annotations

from svclint.finding import Finding, Place, Safety
from svclint.report.concise import headline
from svclint.report.frame import frame, gutter_of
from svclint.report.model import Lines, Report
from svclint.report.styles import Styles
from svclint.report.visible import visible


def render(report: Report) -> str:
    """Return each finding with its place, its code, what explains it, and what can be done about it."""
    styles = Styles(color=report.color)
    lines = Lines(report.sources)
    return "".join("\n".join(_block(finding, lines, styles)) + "\n\n" for finding in report.findings)


def _block(finding: Finding, lines: Lines, styles: Styles) -> list[str]:
    rows = [headline(finding, styles), *_framed(finding.place, lines, styles)]
    for related in finding.related:
        rows += [f"{styles.help('note')}: {visible(related.message)}"]
        rows += _framed(related.place, lines, styles, context=0)
    if finding.fix is not None:
        rows.append(f"{styles.help('help')}: {visible(finding.fix.title)}")
        if finding.fix.safety is Safety.UNSAFE:
            rows.append(f"{styles.help('note')}: this fix is unsafe: it can change what the code does")
    elif finding.no_fix:
        rows.append(f"{styles.help('help')}: no fix: {visible(finding.no_fix)}")
    return rows


def _framed(place: Place, lines: Lines, styles: Styles, *, context: int = 2) -> list[str]:
    index = lines.of(place.path)
    gutter = gutter_of(index, place)
    arrow = styles.rail(" " * gutter + "-->")
    rows = [f"{arrow} {visible(place.path)}:{place.line}:{place.column}"]
    return rows + (frame(index, place, styles, gutter=gutter, context=context) if index else [])
