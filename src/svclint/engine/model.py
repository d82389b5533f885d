"""What a run takes and gives, as plain data."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from svclint.finding import Finding


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """
    What to check.

    `paths` are relative to the working directory; `stdin` is the text of one file, which `stdin_filename` names. `jobs`
    is the number of processes, 0 for one a processor. With `whole_files` LibCST reads whole files instead of slices:
    the findings are the same.
    """

    paths: tuple[str, ...] = (".",)
    stdin: bytes | None = None
    stdin_filename: str | None = None
    jobs: int = 0
    whole_files: bool = False


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How much was understood; `unsure` counts (code, reason, number)."""

    files: int = 0
    not_analysed: int = 0
    functions: int = 0
    calls: int = 0
    resolved: int = 0
    unsure: tuple[tuple[str, str, int], ...] = ()
    unresolved: int = 0
    notes: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was found.

    `findings` are sorted, and those that comments allow are gone. `sources` holds the text of each file that a place
    names. `broken` says that something of svclint's own failed.
    """

    findings: tuple[Finding, ...]
    sources: Mapping[str, bytes] = {}
    summary: Summary = Summary()
    broken: bool = False


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A file that fixes change: its bytes before and after, and what was healed, as (code, title, number)."""

    path: str
    before: bytes
    after: bytes
    applied: tuple[tuple[str, str, int], ...]


class FixOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What fixing did: what remains, the changes, and the files or fixes that failed, with the reason."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    failed: tuple[str, ...] = ()
