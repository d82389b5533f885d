"""What users add to the catalogue: rows of their configuration, and files with rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from svclint.catalogue.load import builtin_catalogue, spelled_out
from svclint.catalogue.model import Api, Group, Library
from svclint.config.problems import Problem, refuse
from svclint.config.root import keys_above
from svclint.config.schema import mismatches, named
from svclint.config.toml import line_of, read_text, read_toml, shown
from svclint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ROW = re.compile(r"\w+(\.\w+)+(\.\*)?")
_PATH = re.compile(r"\w+(\.\w+)*")
_MEMBERS = re.compile(r"(\w+\.)*(\w+|\*)")


def wrong_rows(value: object) -> Iterator[Problem]:
    """Yield what is wrong with the tables `[[api]]`."""
    if not isinstance(value, list):
        yield Problem(keys=("api",), message=f'"api" must be an array of tables, not {named(value)}')
        return
    yield from _wrong("api", value, Api)


def read_library(file: Path) -> Library:
    """Return the rows of a file; raise ConfigError with file and line of all that is wrong with it."""
    table = read_toml(file)
    heads = {key: [] if key in {"api", "group"} and isinstance(each, list) else each for key, each in table.items()}
    problems = list(mismatches(heads, Library, ()))
    for key, kind in (("api", Api), ("group", Group)):
        rows = table.get(key)
        if isinstance(rows, list):
            problems += _wrong(key, rows, kind)
    refuse(problems, file, read_text(file), ())
    return msgspec.convert(table, Library)


def rows_of(library: Library) -> tuple[Api, ...]:
    """Return the rows of a file with its groups spelled out."""
    return tuple(spelled_out(library))


def refuse_two_rows_for_one(rows: Iterable[tuple[str, Api]]) -> None:
    """
    Raise ConfigError where two rows of the user describe one API, under whatever of its names.

    `rows` come with the file that each stands in.
    """
    known = builtin_catalogue()
    first: dict[str, tuple[str, Api]] = {}
    for file, row in rows:
        for name in (row.name, *row.aliases):
            canonical = known.canonical(name)
            other, its_row = first.setdefault(canonical, (file, row))
            if its_row is not row:
                under = f" as {its_row.name}" if its_row.name != name else ""
                earlier = place_of_row(other, its_row.name)
                raise ConfigError(f"{_last_place(file, row.name)}: {name} is described twice, also at {earlier}{under}")


def place_of_row(file: str, name: str) -> str:
    """Return where the first row for `name` stands in `file`: `pyproject.toml:12`."""
    return next(_places(file, name), _shown(file))


def _last_place(file: str, name: str) -> str:
    return [_shown(file), *_places(file, name)][-1]


def _shown(file: str) -> str:
    return shown(Path(file)) if Path(file).is_absolute() else file


def _places(file: str, name: str) -> Iterator[str]:
    path = Path(file)
    if not path.is_absolute():
        return  # the command line has no lines
    text = read_text(path)
    table: Any = read_toml(path)
    above = keys_above(path)
    for key in above:
        table = table[key]
    for keys, value in _rows_for(table, name):
        yield f"{shown(path)}:{line_of(text, (*above, *keys), value) or line_of(text, (*above, *keys))}"


def _rows_for(table: dict[str, Any], name: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for position, row in enumerate(table.get("api", ())):
        if row["name"] == name:
            yield ("api", position, "name"), name
    for position, group in enumerate(table.get("group", ())):
        for each in group["names"]:
            if f"{group['owner']}.{each}" == name:
                yield ("group", position, "names"), str(each)


def _wrong(key: str, rows: Sequence[object], kind: type) -> Iterator[Problem]:
    for position, row in enumerate(rows):
        found = [*mismatches(row, kind, (key, position))] or [*_misnamed(key, position, row)]
        for problem in found:
            yield msgspec.structs.replace(problem, message=f"{_subject(key, position, row)}: {problem.message}")


def _subject(key: str, position: int, row: object) -> str:
    names = [row.get("name"), row.get("owner")] if isinstance(row, dict) else []
    return next((name for name in names if isinstance(name, str) and name), f'table {position + 1} of "{key}"')


def _misnamed(key: str, position: int, row: Any) -> Iterator[Problem]:
    """Say which names of a row that fits the schema can be names of nothing."""
    fields = {"name": _ROW, "aliases": _ROW, "owner": _PATH, "names": _MEMBERS}
    for field, pattern in fields.items():
        given = row.get(field, [])
        for name in [given] if isinstance(given, str) else given:
            if not pattern.fullmatch(name):
                what = "a dotted name such as package.function or package.Class.*" if pattern is _ROW else "a name"
                message = f'"{field}" must be {what}, not "{name}"'
                yield Problem(keys=(key, position, field), message=message, value=name)
