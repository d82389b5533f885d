"""From paths to indexes: read, decode, mask, parse, index; one file at a time, in any process."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec

from svclint.index.build import build_index
from svclint.index.model import ModuleIndex, decode, encode
from svclint.source.masking import parse
from svclint.source.model import Construct, Source, Unreadable
from svclint.source.reading import decode as decode_text
from svclint.source.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMATS = frozenset({Construct.F_STRING, Construct.T_STRING})


class Loaded(msgspec.Struct, frozen=True):
    """A file that was read: its text, and its encoded index (a process gives it to another as bytes)."""

    source: Source
    encoded: bytes

    @property
    def index(self) -> ModuleIndex:
        """The index."""
        return decode(self.encoded)


class Texts(msgspec.Struct, frozen=True):
    """What takes the place of files on the disk: text from stdin, or the text between two rounds of fixes."""

    root: str
    given: dict[str, bytes] = {}


def module_path(root: str, path: str) -> str:
    """Return a file's path as the program knows it: relative to the root, absolute outside of it."""
    return posixpath.relpath(path, root) if path.startswith(root.rstrip("/") + "/") else path


def load(texts: Texts, path: str) -> Loaded | Unreadable:
    """Read and index one file; anything that goes wrong is an `Unreadable` with its reason."""
    if not path.isascii() and any("\ud800" <= character <= "\udfff" for character in path):
        return Unreadable(path=path, reason="its name is not UTF-8")
    raw = texts.given.get(path)
    source = read(path) if raw is None else decode_text(raw, path)
    if isinstance(source, Unreadable):
        return source
    return load_source(texts.root, source)


def load_source(root: str, source: Source) -> Loaded | Unreadable:
    """Index a text that was decoded already."""
    parsed = parse(source)
    if isinstance(parsed, Unreadable):
        return parsed
    formats = [each.span for each in parsed.masked if each.construct in _FORMATS]
    types = [each.span for each in parsed.masked if each.construct is Construct.TYPE_PARAMETERS]
    try:
        index = build_index(module_path(root, source.path), source.data, parsed.tree, formats, types)
    except RecursionError:
        return Unreadable(path=source.path, reason="nested too deeply")
    return Loaded(source, encode(index))


def with_text(source: Source, data: bytes) -> Source:
    """Return the same file with other text."""
    return msgspec.structs.replace(source, data=data)


def texts_of(loaded: Mapping[str, Loaded]) -> dict[str, bytes]:
    """Return the texts by path."""
    return {path: each.source.data for path, each in loaded.items()}
