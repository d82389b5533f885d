"""The text of a file, or why there is none: what everything after `source` starts from."""

from __future__ import annotations

import ast
import enum

import msgspec

from svclint.text import Span


class Unreadable(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """
    A path that can't be analysed, with the reason in words; it becomes a finding, never an exception.

    `path` is absolute with forward slashes. `line` and `column` are 1-based, the column in code points; 0 where the
    reason concerns the whole file.
    """

    path: str
    reason: str
    line: int = 0
    column: int = 0


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """
    The decoded text of one file, and how to turn it into the file's bytes again.

    `path` is absolute with forward slashes. `data` is the text as UTF-8 without a byte order mark, with the newlines
    of the file; every offset in svclint counts its bytes. `lossless` is false for the rare codecs that do not give
    the bytes back that they were given (UTF-7, `unicode_escape`): such a file can be judged, but not changed.
    """

    path: str
    data: bytes
    encoding: str = "utf-8"
    bom: bool = False
    lossless: bool = True

    @property
    def text(self) -> str:
        """The decoded text."""
        return self.data.decode("utf-8")

    def encode(self, data: bytes) -> bytes:
        """
        Return the bytes of a file that holds `data`, in the encoding and with the byte order mark of this one.

        Raises:
            UnicodeEncodeError: the encoding lacks a character of `data`, or does not give the file's own bytes back.

        """
        mark = b"\xef\xbb\xbf" if self.bom else b""
        if self.encoding == "utf-8":
            return mark + data
        text = data.decode("utf-8")
        if not self.lossless:
            raise UnicodeEncodeError(self.encoding, text, 0, len(text), "the codec does not round-trip this file")
        return text.encode(self.encoding)


class Construct(enum.StrEnum):
    """Syntax that an interpreter may be too old for."""

    TYPE_PARAMETERS = "type parameters"
    TYPE_ALIAS = "type alias"
    EXCEPT_TYPES = "except types"
    F_STRING = "f-string"
    T_STRING = "t-string"
    UNPACKING = "unpacking in a comprehension"
    LAZY_IMPORT = "lazy import"


class MaskedSpan(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """
    A construct of the file that the tree shows as something else.

    - `TYPE_PARAMETERS` (the brackets of `def f[T]()`, `class A[T]`, `type X[T] = ...`): nothing.
    - `TYPE_ALIAS` (the statement): `0; X = ...`, an expression statement and an assignment.
    - `EXCEPT_TYPES` (`A, B` without parentheses): `A | B` with the same span.
    - `F_STRING`, `T_STRING` (with the strings that it is concatenated with): a tuple of the expressions in it, those of
      format specifications too, with the same span. (`f"{yield}"`, of which nobody knows an example, is a `yield`.)
    - `UNPACKING` (the element of a comprehension, `*x` or `**x`): `x`; `{**x for ...}` becomes a set comprehension.
    - `LAZY_IMPORT` (the statement): `0; import ...`, an expression statement and an import.
    """

    span: Span
    construct: Construct


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """
    The syntax tree of a file.

    `data` is the text that the tree was read from: the file's own, or the masked one, which has the same length, the
    same line breaks and the same comments. `masked` is sorted, and empty for nearly every file.
    """

    tree: ast.Module
    data: bytes
    masked: tuple[MaskedSpan, ...] = ()
