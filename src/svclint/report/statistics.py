"""How often each rule speaks, most often first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Finding, Safety
from svclint.report.json import VERSION, encode
from svclint.report.styles import Styles

if TYPE_CHECKING:
    from svclint.report.model import Report


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one rule: how many there are, and how many have a fix of either kind."""

    code: str
    name: str
    count: int
    safe_fixes: int
    unsafe_fixes: int


class JsonStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `--statistics --output-format json`."""

    version: int
    statistics: tuple[Count, ...]


def count(report: Report) -> tuple[Count, ...]:
    """Return the counts of all rules that have findings, the most frequent rule first, ties by code."""
    counts: Counter[tuple[str, str]] = Counter()
    fixes: Counter[tuple[str, Safety]] = Counter()
    for finding in report.findings:
        counts[_rule(finding)] += 1
        if finding.fix is not None:
            fixes[finding.code, finding.fix.safety] += 1
    return tuple(
        Count(
            code=code,
            name=name,
            count=number,
            safe_fixes=fixes[code, Safety.SAFE],
            unsafe_fixes=fixes[code, Safety.UNSAFE],
        )
        for (code, name), number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def render(report: Report) -> str:
    """Return one line for each rule: count, code, whether all (`*`) or some (`-`) can be fixed, and the name."""
    styles = Styles(color=report.color)
    rows = count(report)
    widest = max((len(str(row.count)) for row in rows), default=0)
    return "".join(
        f"{row.count:>{widest}}  {styles.bold(row.code)}  {styles.help(_fixable(row))} {row.name}\n" for row in rows
    )


def render_json(report: Report) -> str:
    """Return the counts as JSON."""
    return encode(JsonStatistics(version=VERSION, statistics=count(report)))


def _rule(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.name


def _fixable(row: Count) -> str:
    fixes = row.safe_fixes + row.unsafe_fixes
    return "[*]" if fixes == row.count else "[-]" if fixes else "[ ]"
