"""
Decide which findings the comments of a file allow, and which of these comments allow nothing.

A directive speaks for the logical line that it stands in, for the next one, or for the file; never along a finding's
path. The housekeeping findings (SVC901, SVC902) come out as `Note`: the caller knows the path and the levels.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Finding, Fix, Safety
from svclint.text import Span
from svclint.triage.directives import Directive, Directives, Reach, Selector
from svclint.triage.removals import without
from svclint.triage.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from svclint.text import LineIndex

UNUSED_SUPPRESSION = "SVC901"
SUPPRESSION_WITHOUT_REASON = "SVC902"
_HOUSEKEEPING = "SVC9"
_FAMILY = re.compile(r"SVC\d{0,2}")

Hit = tuple[Finding, tuple[str, ...]]
"""A finding, and the codes of the rules that hit the same place and gave way to it."""

LogicalLines = Callable[[int], tuple[int, int]]
"""From a 1-based physical line to the first and last one of its logical line."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a suppression; `fix` mends it, or `no_fix` says why nothing does."""

    code: str
    message: str
    span: Span
    fix: Fix | None = None
    no_fix: str = ""


class Triaged(msgspec.Struct, frozen=True, kw_only=True):
    """The findings that stay and those that a comment allows, each in the order given; notes in file order."""

    kept: tuple[Hit, ...]
    suppressed: tuple[Hit, ...]
    notes: tuple[Note, ...]


def apply(
    hits: Sequence[Hit],
    directives: Directives,
    *,
    lines: LineIndex,
    logical_lines: LogicalLines,
    codes: Mapping[str, str],
    ran: frozenset[str],
    require_reason: bool = False,
) -> Triaged:
    """
    Split the findings of one file by its directives.

    `codes` maps every rule's name to its code. `ran` holds the codes that could have been found in this run: a
    directive for any other is not called unused. SVC901 and SVC902 are reported only if they are in it.
    """
    book = _Book(directives, lines, logical_lines, codes)
    kept, suppressed = [], []
    for hit in hits:
        finding, also = hit
        allowed = book.allows(finding.code, also, finding.place.line)
        (suppressed if allowed else kept).append(hit)
    notes: list[Note] = []
    if require_reason and SUPPRESSION_WITHOUT_REASON in ran:
        notes += book.without_reason()
    if UNUSED_SUPPRESSION in ran:
        notes += book.unused_suppressions(kept, ran)
    return Triaged(
        kept=tuple(kept),
        suppressed=tuple(suppressed),
        notes=tuple(sorted(notes, key=lambda note: (note.span, note.code))),
    )


class _Entry:
    """One selector with the codes that it means, and whether it has allowed anything."""

    def __init__(
        self, directive: Directive, selector: Selector | None, meant: frozenset[str], *, repeated: bool
    ) -> None:
        self.directive = directive
        self.selector = selector
        self.meant = meant
        self.repeated = repeated
        self.used = False

    def means(self, code: str) -> bool:
        if self.selector is None:
            return not code.startswith(_HOUSEKEEPING)
        if self.repeated or (code == UNUSED_SUPPRESSION and self.directive.reach is not Reach.FILE):
            return False
        return code in self.meant


class _Book:
    """The directives of one file and the account of what each of their selectors has allowed."""

    def __init__(
        self, directives: Directives, lines: LineIndex, logical_lines: LogicalLines, codes: Mapping[str, str]
    ) -> None:
        self.directives = directives
        self.lines = lines
        self.logical_lines = logical_lines
        self.codes = codes
        self.entries = [entry for directive in directives.read for entry in _entries(directive, codes)]
        self.targets = {directive.span: self.target(directive) for directive in directives.read}

    def allows(self, code: str, also: Iterable[str], line: int) -> bool:
        """Tell whether a directive allows `code` at `line`; those that name it, or what gave way to it, are used."""
        if not self.entries:
            return False
        first, last = self.logical_lines(line)
        allowed = False
        for entry in self.entries:
            directive = entry.directive
            if directive.reach is not Reach.FILE and not first <= self.targets[directive.span] <= last:
                continue
            if entry.means(code):
                entry.used = allowed = True
            elif any(entry.means(other) for other in also):
                entry.used = True
        return allowed

    def target(self, directive: Directive) -> int:
        """Return the physical line that a directive speaks for; comments between it and the code are skipped."""
        if directive.reach is not Reach.NEXT_LINE:
            return directive.line
        line = directive.line + 1
        while line < len(self.lines) and self.lines.line_text(line).lstrip().startswith("#"):
            line += 1
        return line

    def without_reason(self) -> list[Note]:
        """Return SVC902 for each directive of svclint's own that does not say why."""
        return [
            Note(
                code=SUPPRESSION_WITHOUT_REASON,
                message=f"{directive.reach.value} gives no reason",
                span=directive.span,
                no_fix="only you know the reason",
            )
            for directive in self.directives.read
            if directive.reach is not Reach.NOQA
            and not directive.reason
            and not self.allows(SUPPRESSION_WITHOUT_REASON, (), directive.line)
        ]

    def unread(self) -> list[Note]:
        """Return SVC901 for each directive that can't be read, and for each selector that means nothing."""
        notes = [
            _unused(problem.message, problem.span, no_fix="svclint can't tell what it should allow")
            for problem in self.directives.malformed
        ]
        known = {*self.codes, *self.codes.values()}
        notes += [
            _unused(
                f"unknown code {entry.selector.text}{did_you_mean(entry.selector.text, known)}",
                entry.selector.span,
                no_fix="svclint can't tell what it should allow",
            )
            for entry in self.entries
            if entry.selector and not entry.meant and entry.directive.reach is not Reach.NOQA
        ]
        return notes

    def unused_suppressions(self, kept: Sequence[Hit], ran: frozenset[str]) -> list[Note]:
        """Return all SVC901 of the file, unless the file allows them; what allows none of them is itself unused."""
        allowing = [entry for entry in self.entries if entry.means(UNUSED_SUPPRESSION)]
        others = [entry for entry in self.entries if entry not in allowing]
        notes = [*self.unread(), *self.unused(others, kept, ran)]
        if not allowing:
            return notes
        return [] if notes else self.unused(allowing, kept, ran)

    def unused(self, entries: Sequence[_Entry], kept: Sequence[Hit], ran: frozenset[str]) -> list[Note]:
        """Return SVC901 for each directive with selectors that have allowed nothing though their rules ran."""
        notes = []
        for directive in self.directives.read:
            idle = [entry for entry in entries if entry.directive is directive and _is_idle(entry, ran)]
            if idle:
                notes.append(self.unused_note(directive, idle, kept))
        return notes

    def unused_note(self, directive: Directive, idle: Sequence[_Entry], kept: Sequence[Hit]) -> Note:
        """Return SVC901 for the idle selectors of one directive, with the fix that removes them."""
        selectors = tuple(entry.selector for entry in idle if entry.selector)
        span = directive.span if len(selectors) == len(directive.selectors) else selectors[0].span
        message = _message(directive, idle)
        if self.is_meant_for_next_line(directive, idle, kept):
            return _unused(f"{message}; allow-next-line would", span, no_fix="it may be meant for the line below")
        edits = without(directive, selectors, self.lines)
        if not edits:
            return _unused(message, span, no_fix="a backslash continues its line")
        fix = Fix(title="Remove the unused suppression", safety=Safety.SAFE, edits=edits)
        return _unused(message, span, fix=fix)

    def is_meant_for_next_line(self, directive: Directive, idle: Sequence[_Entry], kept: Sequence[Hit]) -> bool:
        """Tell whether an `allow` that stands alone would allow something on the line below."""
        if not directive.own_line or directive.reach is not Reach.LINE:
            return False
        below = self.target(msgspec.structs.replace(directive, reach=Reach.NEXT_LINE))
        return any(
            any(entry.means(finding.code) for entry in idle) and self.covers(finding.place.line, below)
            for finding, _ in kept
        )

    def covers(self, line: int, other: int) -> bool:
        """Tell whether `other` belongs to the logical line of `line`."""
        first, last = self.logical_lines(line)
        return first <= other <= last


def _entries(directive: Directive, codes: Mapping[str, str]) -> Iterator[_Entry]:
    if not directive.selectors:
        yield _Entry(directive, None, frozenset(), repeated=False)
    seen: list[frozenset[str]] = []
    for selector in directive.selectors:
        meant = _meaning(selector.text, codes)
        if not meant and directive.reach is Reach.NOQA:
            meant = frozenset({selector.text.upper()})
        yield _Entry(directive, selector, meant, repeated=bool(meant) and meant in seen)
        seen.append(meant)


def _meaning(text: str, codes: Mapping[str, str]) -> frozenset[str]:
    """Return the codes that a code, a family prefix or a name selects; none if svclint does not know it."""
    if text.lower() in codes:
        return frozenset({codes[text.lower()]})
    upper = text.upper()
    if _FAMILY.fullmatch(upper):
        return frozenset(code for code in codes.values() if code.startswith(upper))
    return frozenset({upper} & set(codes.values()))


def _is_idle(entry: _Entry, ran: frozenset[str]) -> bool:
    if entry.used or entry.selector is None or entry.directive.reach is Reach.NOQA:
        return False
    return entry.repeated or (bool(entry.meant) and entry.meant <= ran)


def _message(directive: Directive, idle: Sequence[_Entry]) -> str:
    parts = []
    if unused := [entry.selector.text for entry in idle if entry.selector and not entry.repeated]:
        where = {Reach.LINE: "here", Reach.NEXT_LINE: "on the next line"}.get(directive.reach, "in this file")
        parts.append(f"no {' or '.join(unused)} {where} to allow")
    if repeated := [entry.selector.text for entry in idle if entry.selector and entry.repeated]:
        parts.append(f"{' and '.join(repeated)} is allowed twice")
    return ", ".join(parts)


def _unused(message: str, span: Span, *, fix: Fix | None = None, no_fix: str = "") -> Note:
    return Note(code=UNUSED_SUPPRESSION, message=message, span=span, fix=fix, no_fix=no_fix)
