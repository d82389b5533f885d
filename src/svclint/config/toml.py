"""Reading TOML files, and finding the line on which one says something."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from svclint.errors import ConfigError

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def read_toml(file: Path) -> dict[str, Any]:
    """Return the document in `file`; raise ConfigError with file and line when it can't be read or is not TOML."""
    text = read_text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = _AT_LINE.search(message)
        line = int(at[1]) if at else text.count("\n") + 1
        reason = _AT_LINE.sub("", message).removesuffix(" (at end of document)")
        raise ConfigError(f"{shown(file)}:{line}: not valid TOML: {reason[:1].lower()}{reason[1:]}") from error
    except RecursionError as error:
        raise ConfigError(f"{shown(file)}: not valid TOML: nested too deeply") from error


def read_text(file: Path) -> str:
    """Return the text of a configuration file; raise ConfigError when it can't be read or is not UTF-8."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{shown(file)}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown(file)}:{line}: not UTF-8, which TOML must be") from error


def shown(file: Path) -> str:
    """Return `file` as messages show it: relative to the working directory where it is below it."""
    cwd = Path.cwd()
    return file.relative_to(cwd).as_posix() if file.is_relative_to(cwd) else file.as_posix()


def line_of(text: str, keys: Sequence[str], value: str = "") -> int | None:
    """
    Return the 1-based line of `text` on which `keys` (a path through its tables) is given, or None.

    With `value`, the line within that key's value on which the string stands. No second TOML parser is needed: the
    key stands on the first line that mentions it after which the document has it, and before which it had not.
    """
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if keys[-1] not in line or _has(_parsed(lines[:number]), keys):
            continue
        end = _end_of_statement(lines, number)
        if _has(_parsed(lines[:end]), keys):
            return _line_of_value(lines[number:end], value, number)
    return None


def _end_of_statement(lines: Sequence[str], first: int) -> int:
    for end in range(first + 1, len(lines)):
        if _parsed(lines[:end]) is not None:
            return end
    return len(lines)


def _line_of_value(lines: Sequence[str], value: str, first: int) -> int:
    quoted = (f'"{value}"', f"'{value}'")
    for offset, line in enumerate(lines if value else ()):
        if any(form in line for form in quoted):
            return first + offset + 1
    return first + 1


def _parsed(lines: Sequence[str]) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads("".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _has(document: object, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(document, Mapping) or key not in document:
            return False
        document = document[key]
    return True
