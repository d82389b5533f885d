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


def line_of(text: str, keys: Sequence[str], value: str = "") -> int | None:
    """
    Return the 1-based line of `text` on which `keys` (a path through its tables) is given, or None.

    With `value`, the line within that key's value on which the string stands, or None. No second parser is needed
    for this: the key stands on the line before which the document has it not, and after whose statement it has.
    """
    lines = [line + "\n" for line in text.split("\n")]
    for number, line in enumerate(lines):
        if keys[-1] not in line or _has(_parsed(lines[:number]), keys):
            continue
        end = _end_of_statement(lines, number)
        if _has(_parsed(lines[:end]), keys):
            return _line_with(value, lines, number, end) if value else number + 1
    return None


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


def _has(document: object, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(document, Mapping) or key not in document:
            return False
        document = document[key]
    return True
