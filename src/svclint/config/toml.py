"""Reading TOML files, and finding the line on which one says something."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svclint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_END = " (at end of document)"


def read_toml(file: Path) -> dict[str, Any]:
    """Return the document in `file`; raise ConfigError with file and line when it can't be read or is not TOML."""
    text = read_text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = _AT_LINE.search(message)
        where = f"{at[1]}:{at[2]}" if at else str(len(text.splitlines()))
        raise ConfigError(f"{shown(file)}:{where}: not valid TOML: {reason_of(error)}") from error
    except RecursionError as error:
        raise ConfigError(f"{shown(file)}: not valid TOML: nested too deeply") from error


def reason_of(error: tomllib.TOMLDecodeError) -> str:
    """Return what the parser says without the place, to stand after a colon."""
    reason = _AT_LINE.sub("", str(error)).removesuffix(_AT_END)
    return reason[:1].lower() + reason[1:]


def read_text(file: Path) -> str:
    """Return the text of a configuration file; raise ConfigError when it can't be read or is not UTF-8."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{shown(file)}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown(file)}:{line}: not UTF-8, as TOML has to be") from error


def shown(file: Path) -> str:
    """Return `file` as messages name it: relative to the working directory where it is below it."""
    cwd = Path.cwd()
    return (file.relative_to(cwd) if file.is_relative_to(cwd) else file).as_posix()


def line_of(text: str, keys: Sequence[str | int], value: str = "") -> int | None:
    """
    Return the 1-based line of `text` on which `keys` is given, or None.

    `keys` is a path through its tables, and through arrays of tables by position. With `value`, the line within that
    key's value on which the string stands, or None. No second parser is needed for this: the key stands on the line
    before which the document has it not, and after whose statement it has.
    """
    lines = [line + "\n" for line in text.split("\n")]
    above, lines, keys = _narrowed(lines, keys)
    word = next((key for key in reversed(keys) if isinstance(key, str)), "")
    for number, line in enumerate(lines):
        if word not in line or _has(_parsed(lines[:number]), keys):
            continue
        end = _end_of_statement(lines, number)
        if _has(_parsed(lines[:end]), keys):
            found = _line_with(value, lines, number, end) if value else number + 1
            return above + found if found is not None else None
    return None


def _narrowed(lines: list[str], keys: Sequence[str | int]) -> tuple[int, list[str], Sequence[str | int]]:
    """
    Look at one table of an array only, from its `[[header]]` to the next: that is a document of its own.

    Returns how many lines stand above it, its lines, and the keys in it. Where the array is written in brackets all
    stays as it is.
    """
    at = next((at for at, key in enumerate(keys) if isinstance(key, int)), None)
    if at is None:
        return 0, lines, keys
    path = r"\s*\.\s*".join(rf"[\"']?{re.escape(str(key))}[\"']?" for key in keys[:at])
    header = re.compile(rf"\s*\[\[\s*{path}\s*\]\]")
    starts = [number for number, line in enumerate(lines) if header.match(line)]
    if len(starts) != _length(_parsed(lines), keys[:at]):  # a text can hold what looks like a header
        starts = [number for number in starts if _parsed(lines[:number]) is not None]
    position = keys[at]
    assert isinstance(position, int)
    if position >= len(starts):
        return 0, lines, keys
    start = starts[position]
    end = starts[position + 1] if position + 1 < len(starts) else len(lines)
    return start, lines[start:end], (*keys[:at], 0, *keys[at + 1 :])


def _end_of_statement(lines: Sequence[str], first: int) -> int:
    for end in range(first + 1, len(lines)):
        if _parsed(lines[:end]) is not None:
            return end
    return len(lines)


def _line_with(value: str, lines: Sequence[str], first: int, end: int) -> int | None:
    if lines[first].lstrip().startswith("["):
        # A table's header: what belongs to it follows, up to the next one.
        end = next((at for at in range(end, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
    word = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")
    return next((at + 1 for at in range(first, end) if word.search(lines[at])), None)


def _parsed(lines: Sequence[str]) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads("".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None  # the caller tells it, with the line that it finds this way


def _has(document: object, keys: Sequence[str | int]) -> bool:
    return _within(document, keys) is not None


def _length(document: object, keys: Sequence[str | int]) -> int:
    found = _within(document, keys)
    return len(found) if isinstance(found, list) else 0


def _within(document: object, keys: Sequence[str | int]) -> object:
    """Return what stands at `keys`, or None, which no TOML holds."""
    for key in keys:
        if isinstance(document, list) and isinstance(key, int):
            document = document[key] if key < len(document) else None
        else:
            document = document.get(key) if isinstance(document, Mapping) else None
    return document
