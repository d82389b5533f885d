"""From a path to decoded text: whatever a file system or an encoding can do wrong becomes an `Unreadable`."""

from __future__ import annotations

import errno
import os
import re
import stat
import tokenize

from svclint.source.model import Source, Unreadable

SIZE_LIMIT = 20 * 1024 * 1024
"""Bytes; a larger file is data in the shape of Python, and is told instead of analysed."""

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")

_REASONS = {
    errno.ENOENT: "no such file",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "is a directory",
    errno.ENOTDIR: "no such file",
    errno.ELOOP: "symbolic links go round in circles",
    errno.ENAMETOOLONG: "the path is too long",
}


def describe(error: OSError | ValueError) -> str:
    """Return why the operating system refused a path, in the same words on every platform where they are known."""
    if isinstance(error, ValueError):
        return "not a possible path"
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def read(path: str) -> Source | Unreadable:
    """Read and decode the file at the absolute `path`."""
    try:
        # A FIFO without a writer would block the whole run in open().
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        return Unreadable(path=path, reason=describe(error))
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            return Unreadable(path=path, reason="is a directory" if stat.S_ISDIR(mode) else "not a regular file")
        raw = _read_up_to(descriptor, SIZE_LIMIT + 1)
    except OSError as error:
        return Unreadable(path=path, reason=describe(error))
    finally:
        os.close(descriptor)
    return decode(raw, path)


def decode(raw: bytes, path: str) -> Source | Unreadable:
    """Decode the bytes of a file as Python does (PEP 263, byte order mark); newlines stay as they are."""
    if len(raw) > SIZE_LIMIT:
        return Unreadable(path=path, reason=f"larger than {SIZE_LIMIT // 1024 // 1024} MB")
    try:
        encoding = _declared_encoding(raw)
    except SyntaxError as error:
        return _undecodable(raw, path, str(error))
    bom = raw.startswith(_BOM)
    body = raw[len(_BOM) :] if bom else raw
    if encoding == "utf-8":
        return _checked(Source(path=path, data=body, bom=bom))
    try:
        text = body.decode(encoding)
        data = text.encode("utf-8")
        lossless = _encodes_to(text, encoding, body)
    except (UnicodeError, LookupError, ValueError) as error:
        return Unreadable(path=path, reason=f"can't be decoded as {encoding}: {_first_words(error)}")
    return _checked(Source(path=path, data=data, encoding=encoding, lossless=lossless))


def _read_up_to(descriptor: int, limit: int) -> bytes:
    """Read at most `limit` bytes, so that a file which grows while it is read can't fill the memory."""
    parts: list[bytes] = []
    while limit > 0 and (part := os.read(descriptor, min(limit, 1 << 20))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def _declared_encoding(raw: bytes) -> str:
    """
    Return the encoding that the file declares, "utf-8" also with a byte order mark.

    `detect_encoding` takes lines apart at LF only; a file with CR line ends would be one long first line to it.
    """
    lines = (match.group() for match in _LINE.finditer(raw))
    encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _encodes_to(text: str, encoding: str, body: bytes) -> bool:
    try:
        return text.encode(encoding) == body
    except (UnicodeError, LookupError, ValueError):
        return False


def _checked(source: Source) -> Source | Unreadable:
    """Refuse what no Python parser takes: NUL bytes, and bytes that are not the UTF-8 that they claim to be."""
    data = source.data
    nul = data.find(b"\0")
    if nul >= 0:
        return Unreadable(path=source.path, reason="contains NUL bytes: a binary file?", line=_line_of(data, nul))
    if data.isascii():
        return source
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _undecodable(data, source.path, "")
    return source


def _undecodable(raw: bytes, path: str, declaration: str) -> Unreadable:
    """Tell the first byte that is not UTF-8, or else what is wrong with the encoding declaration."""
    if b"\0" in raw:
        return Unreadable(path=path, reason="contains NUL bytes: a binary file?", line=_line_of(raw, raw.find(b"\0")))
    if "encoding problem" in declaration:
        reason = "the byte order mark says UTF-8, the encoding declaration says something else"
        return Unreadable(path=path, reason=reason, line=1)
    if "unknown encoding" in declaration:
        return Unreadable(path=path, reason=declaration, line=1)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 (byte 0x{raw[error.start]:02x}), and no other encoding is declared"
        return Unreadable(path=path, reason=reason, line=_line_of(raw, error.start))
    return Unreadable(path=path, reason=declaration or "can't be decoded")


def _line_of(raw: bytes, offset: int) -> int:
    head = raw[:offset]
    return 1 + head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n")


def _first_words(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
