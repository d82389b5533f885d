"""What one source of configuration says: a file's table or the command line, checked but not yet merged."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, get_args, get_origin

import msgspec

from svclint.catalogue.model import Api
from svclint.config.apis import wrong_rows
from svclint.config.problems import Problem, did_you_mean
from svclint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TARGET_VERSION = re.compile(r"py3(8|9|1\d)")
_DOTTED_NAME = re.compile(r"[\w*?\[\]!-]+(\.[\w*?\[\]!-]+)*")
_TOML_NAMES = {
    "array": "an array of strings",  # there are no others here
    "str": "a string",
    "object": "a table",
    "bool": "true or false",
    "int": "an integer",
    "float": "a number",
    "datetime": "a date",
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
    default_timeout: float | None = None
    catalogue: tuple[str, ...] | None = None
    api: tuple[Api, ...] | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields that this source sets, in their fixed order."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


KEYS = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
"""The fields of `Settings` by the key that users write."""


def read_settings(table: Mapping[str, object]) -> tuple[Settings, tuple[Problem, ...]]:
    """Return what a parsed table says, and all that is wrong with it; wrong entries are left out."""
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for key, value in table.items():
        found = list(_problems(key, value))
        problems += found
        if not found:
            values[key] = value
    return msgspec.convert(values, Settings), tuple(problems)


def _problems(key: str, value: object) -> Iterator[Problem]:
    field = KEYS.get(key)
    if field is None:
        yield Problem(keys=(key,), message=f'unknown key "{key}"{did_you_mean(key, KEYS)}')
        return
    if key == "api":
        yield from wrong_rows(value)
        return
    value_type = get_args(field.type)[0]  # the other one is None
    if get_origin(value_type) is dict and isinstance(value, dict):
        # msgspec names no key inside a table, so each entry is checked by itself.
        for name, entry in value.items():
            yield from _mismatches((key, name), entry, get_args(value_type)[1])
    elif mismatches := list(_mismatches((key,), value, value_type)):
        yield from mismatches
    else:
        yield from _malformed(key, value)


def _mismatches(keys: tuple[str, ...], value: object, value_type: object) -> Iterator[Problem]:
    try:
        msgspec.convert(value, value_type)
    except msgspec.ValidationError as error:
        yield Problem(keys=keys, message=f'"{".".join(keys)}" {_in_words_of_toml(str(error), value)}')


def _in_words_of_toml(message: str, value: object) -> str:
    if message.startswith("Invalid enum value"):
        levels = [level.value for level in Severity]
        return f'must be one of {", ".join(levels)}, not "{value}"{did_you_mean(str(value), levels)}'
    match = re.match(r"Expected `(\w+)`, got `(\w+)`(?: - at `\$\[(\d+)\]`)?", message)
    if match is None:
        return message
    expected, got = (_TOML_NAMES.get(word, word) for word in match.group(1, 2))
    if match[3]:
        return f"must be {_TOML_NAMES['array']}, but item {int(match[3]) + 1} is {got}"
    return f"must be {expected}, not {got}"


def _malformed(key: str, value: object) -> Iterator[Problem]:
    """Say what a value of the right type gets wrong."""
    if key == "target-version" and not _TARGET_VERSION.fullmatch(str(value)):
        yield Problem(keys=(key,), message=f'"{key}" must be a version such as "py311", not "{value}"')
    if key == "default-timeout" and isinstance(value, int | float) and not 0 < value < math.inf:
        yield Problem(keys=(key,), message=f'"{key}" must be a number of seconds above 0, not {value}')
    if key in {"error-sinks", "boundaries"} and isinstance(value, list):
        for name in value:
            if not _DOTTED_NAME.fullmatch(name):
                message = f'"{key}" holds dotted names such as "package.module.function", not "{name}"'
                yield Problem(keys=(key,), message=message, value=name)
