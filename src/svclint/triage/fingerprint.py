"""Names for findings that stay when lines above them move, or the file itself does."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a finding is known by.

    `qualified_name` is the enclosing function's or class's name inside its module (empty at module level), `statement`
    the source text of the statement that the finding stands in.
    """

    code: str
    qualified_name: str
    statement: str


def fingerprints(marks: Sequence[Mark]) -> tuple[str, ...]:
    """Return the fingerprints of one file's findings, given in file order: equal ones are told apart by their count."""
    seen: Counter[Mark] = Counter()
    result = []
    for mark in marks:
        normal = msgspec.structs.replace(mark, statement=" ".join(mark.statement.split()))
        result.append(_hash(normal, seen[normal]))
        seen[normal] += 1
    return tuple(result)


def _hash(mark: Mark, ordinal: int) -> str:
    # NUL stands in no Python source, so the joined fields can't be mistaken for others.
    text = "\0".join((mark.code, mark.qualified_name, mark.statement, str(ordinal)))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
