"""One line a finding: `path:line:column: CODE name: message`, for grep and for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.finding import Finding, Severity
from svclint.report.styles import Styles
from svclint.report.visible import visible

if TYPE_CHECKING:
    from svclint.report.model import Report


def render(report: Report) -> str:
    """Return one line for each finding."""
    styles = Styles(color=report.color)
    return "".join(f"{_location(finding, styles)} {headline(finding, styles)}\n" for finding in report.findings)


def headline(finding: Finding, styles: Styles) -> str:
    """Return `CODE name: message`; levels below error are named, and `[*]` marks what can be fixed."""
    level = "" if finding.severity is Severity.ERROR else f" ({finding.severity})"
    fixable = f" {styles.help('[*]')}" if finding.fix else ""
    code = styles.severity(finding.code, finding.severity)
    return f"{code} {styles.bold(finding.name)}{level}:{fixable} {visible(finding.message)}"


def _location(finding: Finding, styles: Styles) -> str:
    place = finding.place
    return f"{styles.bold(visible(place.path))}:{place.line}:{place.column}:"
