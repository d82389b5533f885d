"""What svclint says: findings, their places, and their fixes, as plain data."""

from __future__ import annotations

import enum

import msgspec

from svclint.text import Span


class Severity(enum.StrEnum):
    """How bad a finding is; `triage` decides it, rules report only traits."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Safety(enum.StrEnum):
    """Whether a fix keeps what the code does (`safe`), or mends it by changing that (`unsafe`)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Edit(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Replace the bytes of `span` by `text`; an insertion has an empty span."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """One change that heals one finding: all of its edits are applied, or none."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


class Place(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """
    Where something stands.

    `path` is relative to the working directory with forward slashes where the file is below it, else absolute. Lines
    and columns are 1-based, columns in code points; the end is exclusive.
    """

    path: str
    span: Span
    line: int
    column: int
    end_line: int
    end_column: int


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """A second place that explains a finding: a step of its path, or another rule that hits there too."""

    place: Place
    message: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """
    One violation of one rule at one place.

    Either `fix` mends it, or `no_fix` may say why there is none. `fingerprint` stays the same when lines above move.
    """

    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    related: tuple[Related, ...] = ()
    traits: tuple[str, ...] = ()
    fix: Fix | None = None
    no_fix: str = ""
    fingerprint: str = ""
