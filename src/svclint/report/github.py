"""GitHub's workflow commands: findings appear as annotations on the lines of a pull request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from svclint.finding import Finding, Severity
from svclint.report.visible import encodable

if TYPE_CHECKING:
    from svclint.report.model import Report

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Return one workflow command for each finding."""
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    place = finding.place
    properties = {
        "title": f"svclint ({finding.code})",
        # GitHub wants paths from the top of the repository; it makes them so itself from absolute ones.
        "file": os.path.abspath(place.path),  # noqa: PTH100 - links stay
        "line": str(place.line),
        "col": str(place.column),
        "endLine": str(place.end_line),
        "endColumn": str(place.end_column),
    }
    if place.end_line != place.line:
        # Columns of two lines say nothing together: GitHub refuses the annotation.
        del properties["col"], properties["endColumn"]
    listed = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    text = f"{place.path}:{place.line}:{place.column}: {finding.code} {finding.name}: {finding.message}"
    return f"::{_LEVELS[finding.severity]} {listed}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
