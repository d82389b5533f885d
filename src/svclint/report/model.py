"""What a format gets: findings, the text they stand in, and whether colour is wanted."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from svclint.finding import Finding
from svclint.text import LineIndex


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything that is told about one run, in the order in which it is told.

    `sources` holds the text (UTF-8, without byte order mark) of each file that a place names; a file that could not
    be read has none.
    """

    findings: tuple[Finding, ...]
    sources: Mapping[str, bytes] = {}
    color: bool = False


class Lines:
    """The `LineIndex` of each file of a report, made when it is first asked for."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        """Remember the texts; nothing is split yet."""
        self._sources = sources
        self._made: dict[str, LineIndex] = {}

    def of(self, path: str) -> LineIndex | None:
        """Return the lines of `path`, or None when its text is not known."""
        if path not in self._made and path in self._sources:
            self._made[path] = LineIndex(self._sources[path])
        return self._made.get(path)
