"""`svclint config`: the configuration that holds, and where each part of it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
import tomlkit

from svclint.cli.options import ConfigOptions, config_options
from svclint.cli.streams import write_text
from svclint.cli.summary import counted
from svclint.config.apis import place_of_row
from svclint.config.load import locate
from svclint.config.settings import KEYS
from svclint.config.toml import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tomlkit.items import Item

    from svclint.config.model import Config

_WIDEST = 100  # columns; longer arrays take a line for each item


@click.command()
@click.argument("paths", nargs=-1)
@config_options
def config(**raw: Any) -> None:
    """
    Show the configuration for PATHS and its origins.

    It is shown as a file that says the same, each value with the file and line, or the default, that it comes from.
    """
    selection = ConfigOptions.taken_from(raw)
    loaded = selection.load(raw["paths"] or (".",))
    from svclint.engine.session import Session  # noqa: PLC0415 - it loads LibCST, configuration errors need not

    roots = Session(loaded).roots()
    write_text("".join(f"{line}\n" for line in _lines(loaded, roots)))


def _lines(loaded: Config, roots: tuple[str, ...]) -> Iterator[str]:
    yield f"# root: {shown(Path(loaded.root))}"
    yield f"# source roots: {', '.join(shown(Path(root)) for root in roots) or 'none found'}"
    yield ""
    for key, field in KEYS.items():
        value = _as_written(loaded, key, getattr(loaded, field.name))
        if key == "api" and value:
            continue  # tables go last
        origins = ", ".join(dict.fromkeys(_origins(loaded, key)))
        if value is None:
            yield f"# {key} is not set  # {origins}"
            continue
        line = f"{key} = {_toml(field.type, value)}  # {origins}"
        if len(line) > _WIDEST and "[" in line:
            yield f"{key} = [  # {origins}"
            yield from (f"  {tomlkit.item(item).as_string()}," for item in value)
            yield "]"
        else:
            yield line
    yield from _own_rows(loaded)


def _as_written(loaded: Config, key: str, value: Any) -> Any:
    if key != "catalogue":
        return value
    root = Path(loaded.root)
    files = [Path(file) for file in value]
    return tuple((file.relative_to(root) if file.is_relative_to(root) else file).as_posix() for file in files)


def _own_rows(loaded: Config) -> Iterator[str]:
    """Show the rows that stand in the configuration itself as tables, and count those of other files."""
    origin = loaded.origins_of("api")[-1]
    for row in loaded.api:
        yield ""
        yield f"[[api]]  # {place_of_row(origin, row.name)}"
        said = _said(row)
        for name in ("name", *(each for each in said if each != "name")):
            yield f"{name} = {_item(said[name]).as_string()}"
    if loaded.libraries:
        yield ""
    for library in loaded.libraries:
        yield f"# {shown(Path(library.file))} describes {counted(len(library.rows), 'API')}"


def _said(part: msgspec.Struct) -> dict[str, Any]:
    """Return what a part of a row says beyond the defaults."""
    fields = msgspec.structs.fields(part)
    return {each.name: value for each in fields if (value := getattr(part, each.name)) != each.default}


def _item(value: object) -> Item:
    """Return a part of a row as TOML, on one line."""
    if isinstance(value, msgspec.Struct):
        table = tomlkit.inline_table()
        table.update({name: _item(inner) for name, inner in _said(value).items()})
        return table
    if isinstance(value, tuple):
        array = tomlkit.array()
        array.extend([_item(each) for each in value])
        return array
    return tomlkit.item(value)


def _origins(loaded: Config, key: str) -> Iterator[str]:
    for origin in loaded.origins_of(key):
        yield locate(loaded, key) if Path(origin).is_absolute() else origin


def _toml(annotation: object, value: object) -> str:
    if "dict" in str(annotation):
        assert isinstance(value, tuple)
        table = tomlkit.inline_table()
        table.update({name: list(entry) if isinstance(entry, tuple) else str(entry) for name, entry in value})
        return table.as_string()
    return tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string()
