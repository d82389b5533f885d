"""`svclint config`: the configuration that holds, and where each part of it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import tomlkit

from svclint.cli.options import ConfigOptions, config_options
from svclint.cli.streams import write_text
from svclint.config.load import locate
from svclint.config.settings import KEYS
from svclint.config.toml import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        value = getattr(loaded, field.name)
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
