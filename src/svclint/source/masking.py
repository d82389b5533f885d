"""From text to a stdlib `ast`, also where the code is newer than the interpreter that runs svclint."""

from __future__ import annotations

import ast
import warnings

import msgspec

from svclint.source.model import Source, Unreadable
from svclint.text import Span  # noqa: TC001  # msgspec reads the annotations


class MaskedSpan(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Text of the file that the tree does not show as written, and what stands there."""

    span: Span
    kind: str


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """
    The syntax tree of a file.

    `data` is the text that the tree was read from: the file's own, or the masked one, which has the same length and
    the same lines. `masked` is sorted.
    """

    tree: ast.Module
    data: bytes
    masked: tuple[MaskedSpan, ...] = ()


def parse(source: Source) -> Parsed | Unreadable:
    """Parse a file."""
    try:
        return Parsed(tree=_parse(source.text), data=source.data)
    except SyntaxError as error:
        return Unreadable(path=source.path, reason=error.msg, line=error.lineno or 0, column=error.offset or 0)
    except (RecursionError, MemoryError):
        return Unreadable(path=source.path, reason="nested too deeply")


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # What the linted code would be warned of at its own start is no matter of this run's stderr.
        warnings.simplefilter("ignore")
        return ast.parse(text)
