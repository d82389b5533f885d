"""What one source of configuration says: a file's table or the command line, checked but not yet merged."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_origin

import msgspec

from svclint.finding import Severity

_TARGET_VERSION = re.compile(r"py3\d{1,2}")
_TOML_NAMES = {
    "array": "an array",
    "str": "a string",
    "object": "a table",
    "bool": "true or false",
    "int": "an integer",
    "float": "a float",
    "datetime": "a date and time",
    "date": "a date",
    "time": "a time",
}


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """The keys of `[tool.svclint]`; None where this source is silent."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    preview: bool | None = None
    per_file_ignores: dict[str, tuple[str, ...]] | None = None
    severity: dict[str, Severity] | None = None
    target_version: str | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] | None = None
    include: tuple[str, ...] | None = None
    force_exclude: bool | None = None
    src: tuple[str, ...] | None = None
    error_sinks: tuple[str, ...] | None = None
    boundaries: tuple[str, ...] | None = None
    require_reason: bool | None = None


FIELDS = {field.encode_name: field for field in msgspec.structs.fields(Settings)}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a table: at which key (and key within it), and what."""

    keys: tuple[str, ...]
    message: str


def read_settings(table: Mapping[str, Any]) -> tuple[Settings, tuple[Problem, ...]]:
    """Check every key of a parsed table and return the good ones with all that is wrong with the others."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key, value in table.items():
        found = list(_problems(key, value))
        problems += found
        if not found:
            values[key] = value
    return msgspec.convert(values, Settings), tuple(problems)


def did_you_mean(word: str, known: Iterator[str] | Mapping[str, Any]) -> str:
    """Return `; did you mean "x"?` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word.replace("_", "-"), list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _problems(key: str, value: object) -> Iterator[Problem]:
    field = FIELDS.get(key)
    if field is None:
        yield Problem(keys=(key,), message=f'unknown key "{key}"{did_you_mean(key, FIELDS)}')
        return
    if value is None:
        return
    value_type = _without_none(field.type)
    if get_origin(value_type) is dict and isinstance(value, dict):
        # msgspec names no key inside a table, so each entry is checked by itself.
        entry_type = value_type.__args__[1]
        for name, entry in value.items():
            yield from _mismatch((key, name), entry, entry_type)
    else:
        yield from _mismatch((key,), value, value_type)
    if key == "target-version" and isinstance(value, str) and not _TARGET_VERSION.fullmatch(value):
        yield Problem(keys=(key,), message=f'"{key}" must look like "py311", not "{value}"')


def _mismatch(keys: tuple[str, ...], value: object, value_type: object) -> Iterator[Problem]:
    try:
        msgspec.convert(value, value_type)
    except msgspec.ValidationError as error:
        name = ".".join(keys)
        yield Problem(keys=keys, message=f'"{name}": {_in_toml_words(str(error), value)}')


def _without_none(annotation: Any) -> Any:
    options = [option for option in getattr(annotation, "__args__", ()) if option is not type(None)]
    return options[0] if type(None) in getattr(annotation, "__args__", ()) else annotation


def _in_toml_words(message: str, value: object) -> str:
    if message.startswith("Invalid enum value"):
        levels = [level.value for level in Severity]
        return f'must be one of {", ".join(levels)}, not "{value}"{did_you_mean(str(value), iter(levels))}'
    match = re.match(r"Expected `(\w+)`, got `(\w+)`(?: - at `\$\[(\d+)\]`)?", message)
    if match is None:
        return message
    expected, got = (_TOML_NAMES.get(word, word) for word in match.group(1, 2))
    item = f" (item {int(match[3]) + 1})" if match[3] else ""
    return f"must be {expected}, not {got}{item}" if not item else f"must hold {expected}, not {got}{item}"
