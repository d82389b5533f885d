"""What is said on stderr beside the report: how much was found, fixed and understood."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from svclint.finding import Safety, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclint.engine.session import Change, Outcome, Summary
    from svclint.finding import Finding

_PLURALS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "infos"}


def found(findings: Sequence[Finding], *, healed: int = 0, unsafe: bool = False) -> Iterator[str]:
    """Say how many findings there are, of which level, and how many of them a fix would heal."""
    after = f"Fixed {counted(healed, 'finding')}, " if healed else ""
    if not findings:
        yield f"{after}none remain." if healed else "No findings."
        return
    levels = Counter(finding.severity for finding in findings)
    by_level = ", ".join(counted(levels[level], level.value, _PLURALS[level]) for level in Severity if levels[level])
    files = counted(len({finding.place.path for finding in findings}), "file")
    number = len(findings)
    yield (
        f"{after}{number} remain" if healed else f"Found {counted(number, 'finding')}"
    ) + f" ({by_level}) in {files}."
    yield from _fixable(findings, unsafe=unsafe)


def fixes_in(changes: Sequence[Change]) -> int:
    """Return how many findings the changes heal."""
    return sum(number for change in changes for _, _, number in change.applied)


def shown_fixes(changes: Sequence[Change]) -> Iterator[str]:
    """List what was fixed, file by file."""
    for change in changes:
        yield f"{change.path}:"
        for code, title, number in change.applied:
            yield f"    {number} x {code} ({title})"


def understood(summary: Summary) -> Iterator[str]:
    """Say how much of the program was understood: silence must not look like clean."""
    known = f"{counted(summary.files, 'file')}, {counted(summary.functions, 'function')}"
    yield f"Understood {known}, {summary.resolved:,} of {counted(summary.calls, 'call')}."
    if summary.not_analysed:
        yield f"warning: {counted(summary.not_analysed, 'file')} not analysed (SVC900)."
    for note in summary.notes:
        yield f"note: {note}"


def unsure(outcome: Outcome) -> Iterator[str]:
    """Say what was not analysed and not resolved, and how often."""
    summary = outcome.summary
    yield f"Not analysed: {counted(summary.not_analysed, 'file')}."
    for finding in outcome.findings:
        if finding.code == "SVC900":
            yield f"    {finding.place.path}:{finding.place.line}: {finding.message}"
    yield f"Not resolved: {counted(summary.unresolved, 'call')} of {summary.calls:,}."
    yield f"Unsure, and therefore silent: {counted(sum(number for *_, number in summary.unsure), 'place')}."
    for code, reason, number in summary.unsure:
        yield f"    {number:>6,} x {code}: {reason}"


def counted(number: int, word: str, plural: str = "") -> str:
    """Return `1 file`, `1,200 files`."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def _fixable(findings: Sequence[Finding], *, unsafe: bool) -> Iterator[str]:
    by_safety = Counter(finding.fix.safety for finding in findings if finding.fix is not None)
    safe, risky = by_safety[Safety.SAFE], by_safety[Safety.UNSAFE]
    if unsafe and safe + risky:
        yield f"[*] {safe + risky} fixable with `--fix --unsafe-fixes`."
    elif safe and risky:
        yield f"[*] {safe} fixable with `--fix`, {risky} more with `--fix --unsafe-fixes`."
    elif safe:
        yield f"[*] {safe} fixable with `--fix`."
    elif risky:
        yield f"[*] {risky} fixable with `--fix --unsafe-fixes`."
