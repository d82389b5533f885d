"""`svclint check`: what is wrong with these files."""

from __future__ import annotations

import sys

import click

from svclint.config.load import load
from svclint.config.settings import Settings
from svclint.finding import Severity
from svclint.report import full
from svclint.report import json as json_report
from svclint.report.model import Report

_FORMATS = {"full": full.render, "json": json_report.render}


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--output-format", type=click.Choice(list(_FORMATS)), default="full")
@click.option("--jobs", type=int, default=0)
@click.option("--select", default=None)
@click.option("--whole-files", is_flag=True)
def check(paths: tuple[str, ...], output_format: str, jobs: int, select: str | None, *, whole_files: bool) -> int:
    """Check PATHS (files or folders, default: the working directory)."""
    paths = paths or (".",)
    chosen = tuple(select.split(",")) if select else None
    config = load(paths, overrides=Settings(select=chosen))
    from svclint.engine.session import Request, Session  # noqa: PLC0415 - LibCST: only runs that lint pay for it

    outcome = Session(config).check(Request(paths=paths, jobs=jobs, whole_files=whole_files))
    report = Report(findings=outcome.findings, sources=outcome.sources)
    sys.stdout.write(_FORMATS[output_format](report))
    click.echo(f"{len(outcome.findings)} findings in {outcome.summary.files} files", err=True)
    failing = any(finding.severity is not Severity.INFO for finding in outcome.findings)
    return 3 if outcome.broken else int(failing)
