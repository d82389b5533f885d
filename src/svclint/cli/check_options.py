"""The options of `svclint check`, and what they mean together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from svclint.cli.options import color_option, config_options
from svclint.errors import UsageError
from svclint.finding import Severity
from svclint.report import concise, full, github, statistics
from svclint.report import json as json_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclint.report.model import Report

FORMATS: dict[str, Callable[[Report], str]] = {
    "full": full.render,
    "concise": concise.render,
    "json": json_report.render,
    "github": github.render,
}
STATISTICS: dict[str, Callable[[Report], str]] = {
    "full": statistics.render,
    "concise": statistics.render,
    "json": statistics.render_json,
}
STDIN = "-"


class CheckOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks of one run, besides its configuration."""

    paths: tuple[str, ...]
    fix: bool
    unsafe_fixes: bool
    diff: bool
    fix_only: bool
    show_fixes: bool
    output_format: str
    output_file: str | None
    statistics: bool
    exit_zero: bool
    fail_on: Severity
    quiet: bool
    verbose: bool
    color: str
    jobs: int
    whole_files: bool
    stdin_filename: str | None

    @property
    def fixes(self) -> bool:
        """Whether fixes are made, be it only to show what they would change."""
        return self.fix or self.fix_only or self.diff

    @property
    def reads_stdin(self) -> bool:
        """Whether the one file that is checked comes from stdin."""
        return STDIN in self.paths or (self.stdin_filename is not None and not self.paths)

    @property
    def render(self) -> Callable[[Report], str]:
        """The function that makes the report."""
        return (STATISTICS if self.statistics else FORMATS)[self.output_format]

    @property
    def for_machines(self) -> bool:
        """Whether programs read the report: then it is UTF-8 and has no colour, whatever the terminal says."""
        return self.output_format in {"json", "github"}

    def refuse_contradictions(self) -> None:
        """Raise UsageError for options that can't go together."""
        if self.reads_stdin and len(self.paths) > 1:
            raise UsageError("`-` reads one file from stdin: it can't go with other paths")
        if self.stdin_filename is not None and not self.reads_stdin:
            raise UsageError("--stdin-filename names what `-` reads from stdin: it can't go with other paths")
        if self.quiet and self.verbose:
            raise UsageError("--quiet and --verbose can't go together")
        if self.statistics and self.output_format not in STATISTICS:
            raise UsageError(f"--statistics has no {self.output_format} format: use {', '.join(STATISTICS)}")
        if self.output_file is not None and not Path(self.output_file).absolute().parent.is_dir():
            raise UsageError(f"--output-file {self.output_file}: there is no such folder")


_CHECK_OPTIONS = (
    click.argument("paths", nargs=-1),
    click.option("--fix", is_flag=True, help="Apply safe fixes, and report what remains."),
    click.option("--unsafe-fixes", is_flag=True, help="Include fixes that change what the code does."),
    click.option("--diff", is_flag=True, help="Write what --fix-only would change as a diff, and change nothing."),
    click.option("--fix-only", is_flag=True, help="Apply fixes, and neither report nor fail for what remains."),
    click.option("--show-fixes", is_flag=True, help="List what was fixed."),
    config_options,
    click.option(
        "--output-format",
        type=click.Choice(list(FORMATS)),
        default="full",
        show_default=True,
        help="How findings look.",
    ),
    click.option(
        "-o",
        "--output-file",
        type=click.Path(dir_okay=False, writable=True),
        help="Write the report there instead of to stdout.",
    ),
    click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of listing them."),
    click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 although there are findings."),
    click.option(
        "--fail-on",
        type=click.Choice([level.value for level in Severity]),
        default=Severity.WARNING.value,
        show_default=True,
        help="The lowest level that makes the exit code 1.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Write the report and failures only."),
    click.option("-v", "--verbose", is_flag=True, help="Tell what was not analysed or not resolved."),
    color_option,
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Processes to use; 0, the default, is one for each core.",
    ),
    click.option(
        "--whole-files", is_flag=True, help="Give rules whole files instead of slices: slower, the same result."
    ),
    click.option("--stdin-filename", metavar="FILE", help="The name of what `-` reads from stdin."),
)


def check_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the arguments and options of `check` to a command, in the order in which help lists them."""
    for option in reversed(_CHECK_OPTIONS):
        command = option(command)
    return command
