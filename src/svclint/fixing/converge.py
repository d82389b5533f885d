"""
Fix until nothing is left to fix, and prove each round.

A round merges all fixes that fit beside each other, applies them, parses the result and checks it again. A result that
does not parse, or in which a finding turns up that was not there before, is taken apart until the guilty fix is found;
that one is dropped and told, the others stay. Each accepted state of a file has thus been proved.

Files go through their rounds in lockstep, because one check of the whole program is what costs.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence

import msgspec

from svclint.finding import Finding, Safety
from svclint.fixing.apply import apply
from svclint.fixing.merge import merge, own_edits

MAX_ROUNDS = 10

_UNUSED_SUPPRESSION = "SVC901"
"""Its fix removes a comment by design, and it may turn up between rounds: where a fix heals what was allowed."""

Check = Callable[[Mapping[str, bytes]], Mapping[str, Sequence[Finding]]]
"""From the text of every file by path to all findings of each; a path without findings may be absent."""

Also = Callable[[Finding], Collection[str]]
"""The codes that gave way to a finding at its place: when it is healed, they may come forward."""


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """A finding whose fix was not applied because it would have done harm, and what that harm was."""

    finding: Finding
    reason: str


class Converged(msgspec.Struct, frozen=True, kw_only=True):
    """
    A file after its last round.

    `applied` counts (code, fix title), sorted; `findings` is what the last check of `data` says. `failure` is empty
    unless there still was something to fix after the last round.
    """

    data: bytes
    findings: tuple[Finding, ...] = ()
    applied: tuple[tuple[str, str, int], ...] = ()
    rounds: int = 0
    dropped: tuple[Dropped, ...] = ()
    failure: str = ""

    def complaints(self) -> tuple[str, ...]:
        """Return what the user must be told: a line for each dropped fix, and for a file that never came to rest."""
        lines = [
            f"line {drop.finding.place.line}: {drop.finding.code} not fixed, {drop.reason}" for drop in self.dropped
        ]
        return (*lines, self.failure) if self.failure else tuple(lines)


def converge(
    data: bytes,
    check: Callable[[bytes], Sequence[Finding]],
    parses: Callable[[bytes], bool],
    *,
    unsafe: bool = False,
    also: Also = lambda _: (),
) -> Converged:
    """Fix one file that no other file depends on; see `converge_all`."""
    return converge_all(
        {"": data},
        lambda texts: {"": check(texts[""])},
        lambda _, text: parses(text),
        unsafe=unsafe,
        also=also,
    )[""]


def converge_all(
    texts: Mapping[str, bytes],
    check: Check,
    parses: Callable[[str, bytes], bool],
    *,
    unsafe: bool = False,
    also: Also = lambda _: (),
) -> dict[str, Converged]:
    """
    Apply the safe fixes of all files, with `unsafe` the others too, until a check offers none but the dropped ones.

    `check` is called with the text of every file: for some of them a trial that may be taken back. It must return all
    findings that a user would see, not only the fixable ones: they prove that a fix brings no new one.
    """
    results = {path: Converged(data=texts[path]) for path in sorted(texts)}
    current = dict(texts)
    waiting = list(results)
    while waiting:
        steps = {
            path: _File(results[path], functools.partial(parses, path), also, unsafe=unsafe).rounds()
            for path in waiting
        }
        trials = {path: next(rounds) for path, rounds in steps.items()}
        while True:
            checked = current | trials
            found = check(checked)
            for path in list(trials):
                try:
                    trials[path] = steps[path].send(found.get(path, ()))
                except StopIteration as stop:
                    results[path] = stop.value
                    current[path] = stop.value.data
                    del trials[path]
            if not trials:
                break
        # A file may have been checked last beside a trial that was then taken back, or before the others had ended.
        waiting = [
            path
            for path, result in results.items()
            if not result.failure and (checked != current or tuple(found.get(path, ())) != result.findings)
        ]
    return results


_Trial = Generator[bytes, Sequence[Finding], str]
"""Yields a text to check, is sent its findings, and returns why the trial was rejected, or nothing."""


class _File:
    """One file on its way; `data` and `findings` are always a state that has been proved."""

    def __init__(self, start: Converged, parses: Callable[[bytes], bool], also: Also, *, unsafe: bool) -> None:
        self.data = start.data
        self.findings: Sequence[Finding] = start.findings
        self.count = start.rounds
        self.dropped = list(start.dropped)
        self.applied: Counter[tuple[str, str]] = Counter({(code, title): n for code, title, n in start.applied})
        self.parses = parses
        self.also = also
        self.unsafe = unsafe

    def rounds(self) -> Generator[bytes, Sequence[Finding], Converged]:
        """Go on from where the file ended before; yields each text to check and is sent its findings."""
        self.findings = yield self.data
        failure = ""
        while wanted := self.applicable():
            merged = merge(wanted)
            self.dropped += [Dropped(finding=finding, reason=_CONTRADICTS) for finding in merged.refused]
            if not merged.applied:
                break
            if self.count == MAX_ROUNDS:
                failure = f"there still was something to fix after {MAX_ROUNDS} rounds"
                break
            self.count += 1
            yield from self.round(merged.applied)
        return Converged(
            data=self.data,
            findings=tuple(self.findings),
            applied=tuple((*key, count) for key, count in sorted(self.applied.items())),
            rounds=self.count,
            dropped=tuple(self.dropped),
            failure=failure,
        )

    def applicable(self) -> list[Finding]:
        """Return the findings whose fix is wanted and has not been dropped; drop what needs no trial to be refused."""
        dropped = {_identity(drop.finding) for drop in self.dropped}
        wanted = []
        for finding in self.findings:
            if finding.fix is None or _identity(finding) in dropped:
                continue
            if finding.fix.safety is Safety.SAFE and _loses_comment(finding, self.data):
                self.dropped.append(Dropped(finding=finding, reason=_LOSES_COMMENT))
            elif self.unsafe or finding.fix.safety is Safety.SAFE:
                wanted.append(finding)
        return wanted

    def round(self, fixes: Sequence[Finding]) -> Generator[bytes, Sequence[Finding], None]:
        """
        Apply as many of the fixes as can be proved together, all of them in the usual case.

        A fix that fails alone is dropped. One that fails beside others is tried again in the next round.
        """
        before, findings = self.data, self.findings
        accepted: list[Finding] = []
        groups = [list(fixes)]
        while groups:
            group = groups.pop()
            reason = yield from self.trial(before, findings, [*accepted, *group])
            if not reason:
                accepted += group
            elif len(group) > 1:
                half = len(group) // 2
                groups += [group[half:], group[:half]]
            elif not accepted:
                self.dropped.append(Dropped(finding=group[0], reason=reason))
        self.applied.update((finding.code, finding.fix.title) for finding in accepted if finding.fix)

    def trial(self, before: bytes, findings: Sequence[Finding], fixes: Sequence[Finding]) -> _Trial:
        """Apply the fixes to the text before the round; keep the result if it is proved."""
        try:
            data = apply(before, merge(fixes).edits)
        except ValueError as error:
            return f"its fix is broken: {error}"
        if data == before:
            return "its fix changes nothing"
        if not self.parses(data):
            return "the file would not parse any more"
        after = yield data
        if grown := _grown(findings, after, fixes, self.also):
            return f"its fix brings {grown}"
        self.data, self.findings = data, after
        return ""


_CONTRADICTS = "the edits of its fix contradict each other"
_LOSES_COMMENT = "its fix would lose a comment"


def _loses_comment(finding: Finding, data: bytes) -> bool:
    """Tell whether a fix deletes a `#` that it does not write again; to remove a suppression is to remove a comment."""
    return finding.code != _UNUSED_SUPPRESSION and any(
        data[edit.span.start : edit.span.end].count(b"#") > edit.text.count("#") for edit in own_edits(finding)
    )


def _identity(finding: Finding) -> tuple[str, ...]:
    title = finding.fix.title if finding.fix else ""
    place = finding.fingerprint or str(finding.place.span.start)
    return finding.code, finding.message, title, place


def _grown(before: Iterable[Finding], after: Iterable[Finding], fixed: Sequence[Finding], also: Also) -> str:
    """
    Return the first code of which there is more than there may be after the fixes: each must heal its own finding.

    Counted by code, because a fingerprint changes with the statement around it. A suppression that a fix made
    superfluous is no harm where the next round removes it.
    """
    allowed = Counter(finding.code for finding in before)
    allowed.subtract(finding.code for finding in fixed)
    allowed.update(code for finding in fixed for code in also(finding))
    counts = Counter(finding.code for finding in after if not (finding.fix and finding.code == _UNUSED_SUPPRESSION))
    return next((code for code in sorted(counts) if counts[code] > allowed[code]), "")
