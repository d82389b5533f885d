"""`svclint check`: what is wrong with these files, and its repair."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from svclint.cli import summary
from svclint.cli.check_options import STDIN, CheckOptions, check_options
from svclint.cli.options import ConfigOptions
from svclint.cli.progress import progress
from svclint.cli.streams import tell, wants_color, write, write_text
from svclint.errors import InternalError, SvclintError, UsageError
from svclint.finding import Severity
from svclint.report.diff import unified
from svclint.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.engine.session import FixOutcome, Outcome


@click.command()
@check_options
def check(**raw: Any) -> int:
    """
    Check files and folders.

    PATHS are by default the working directory; `-` reads one file from stdin.

    Exit code: 0 when nothing is found at or above --fail-on, 1 when something is (after --fix: when something
    remains), 2 for wrong usage or configuration, 3 when svclint itself broke.
    """
    selection = ConfigOptions.taken_from(raw)
    options = msgspec.convert(raw, CheckOptions)
    options.refuse_contradictions()
    stdin = _stdin() if options.reads_stdin else None
    outcome, fixed = _run(selection, options, stdin)
    failed = _tell_findings(outcome, options) if fixed is None else _tell_fixes(fixed, options, stdin)
    if outcome.broken:
        return InternalError.exit_code
    return int(failed and not options.exit_zero)


def _run(selection: ConfigOptions, options: CheckOptions, stdin: bytes | None) -> tuple[Outcome, FixOutcome | None]:
    paths = options.paths or (".",)
    config = selection.load(paths if stdin is None else (options.stdin_filename or ".",))

    from svclint.engine.session import Request, Session  # noqa: PLC0415 - it loads LibCST: only for runs that lint

    request = Request(
        paths=paths if stdin is None else (STDIN,),
        stdin=stdin,
        stdin_filename=options.stdin_filename,
        jobs=options.jobs,
        whole_files=options.whole_files,
    )
    with progress(wanted=not options.quiet) as drawn:
        session = Session(config, drawn)
        if not options.fixes:
            return session.check(request), None
        in_place = stdin is None and not options.diff
        fixed = session.fix(request, unsafe=options.unsafe_fixes, write=in_place)
        return fixed.outcome, fixed


def _tell_findings(outcome: Outcome, options: CheckOptions, *, healed: int = 0, to_stderr: bool = False) -> bool:
    """Write the report and the summary; return whether the findings fail the run."""
    color = wants_color(options.color, sys.stderr if to_stderr else sys.stdout)
    if options.for_machines or (options.output_file is not None and options.color == "auto"):
        color = False
    text = options.render(Report(findings=outcome.findings, sources=outcome.sources, color=color))
    if to_stderr and options.output_file is None:
        tell(text.removesuffix("\n"))
    else:
        _put_out(text, options)
    _summarise(summary.found(outcome.findings, healed=healed, unsafe=options.unsafe_fixes), outcome, options)
    order = list(Severity)
    return any(order.index(finding.severity) <= order.index(options.fail_on) for finding in outcome.findings)


def _tell_fixes(fixed: FixOutcome, options: CheckOptions, stdin: bytes | None) -> bool:
    """Write what was fixed, or would be, and what remains; return whether that fails the run."""
    for failure in fixed.failed:
        tell(f"svclint: not fixed: {failure}")
    healed = summary.fixes_in(fixed.changes)
    if options.diff:
        color = wants_color(options.color, sys.stdout)
        parts = (unified(change.path, change.before, change.after, color=color) for change in fixed.changes)
        write("".join(parts).encode("utf-8", "surrogateescape"))
        _summarise([f"Would fix {summary.counted(healed, 'finding')}."], fixed.outcome, options)
        return bool(fixed.changes or fixed.failed)
    if stdin is not None:
        write(fixed.changes[0].after if fixed.changes else stdin)
    if options.show_fixes:
        for line in summary.shown_fixes(fixed.changes):
            tell(line)
    if options.fix_only:
        _summarise([f"Fixed {summary.counted(healed, 'finding')}."], fixed.outcome, options)
        return bool(fixed.failed)
    # The fixed text of stdin is what stdout is for: editors put it in the place of the old one.
    return _tell_findings(fixed.outcome, options, healed=healed, to_stderr=stdin is not None)


def _put_out(text: str, options: CheckOptions) -> None:
    if options.output_file is not None:
        try:
            Path(options.output_file).write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            raise SvclintError(f"can't write the report to {options.output_file}: {error.strerror}") from error
    elif options.for_machines:
        write(text.encode("utf-8", "replace"))
    else:
        write_text(text)


def _summarise(lines: Iterable[str], outcome: Outcome, options: CheckOptions) -> None:
    if options.quiet:
        return
    for line in (*lines, *summary.understood(outcome.summary)):
        tell(line)
    if options.verbose:
        for line in summary.unsure(outcome):
            tell(line)


def _stdin() -> bytes:
    if sys.stdin is None:
        raise UsageError("`-` reads stdin, but it is closed")
    data = sys.stdin.buffer.read()
    assert isinstance(data, bytes)
    return data
