"""One root for a run: the folder whose configuration holds and whose files make up the program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from svclint.config.toml import line_of, read_text, read_toml, shown
from svclint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

PYPROJECT = "pyproject.toml"
SVCLINT = "svclint.toml"


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """The project's folder, and the file and table that configure it; `marked` unless nothing says that it is one."""

    folder: Path
    file: Path | None = None
    table: dict[str, Any] = {}
    marked: bool = True


def find_root(paths: Sequence[str], cwd: Path, *, isolated: bool = False) -> Root:
    """
    Return the nearest folder above all `paths` together that configures svclint, else the git root.

    Without either it is the folder of the nearest pyproject.toml, else the working directory when it is above the
    paths, else their common folder. `isolated` takes no configuration for one. Raises ConfigError when a file on the
    way up is not TOML.
    """
    common = common_folder(paths, cwd)
    upwards = [common, *common.parents]
    for folder in () if isolated else upwards:
        own = own_table(folder)
        if own is not None:
            return Root(folder=folder, file=own[0], table=own[1])
    for mark in (".git", PYPROJECT):
        for folder in upwards:
            # `lexists` has no exception to offer for a folder that may not be entered.
            if os.path.lexists(folder / mark):
                return Root(folder=folder)
    return Root(folder=cwd if cwd in upwards else common, marked=False)


def own_table(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """
    Return the file with which `folder` configures svclint, and its table; `svclint.toml` goes before pyproject.toml.

    Raises ConfigError when such a file can't be read, is not TOML, or holds something else in the table's place.
    """
    for name in (SVCLINT, PYPROJECT):
        file = folder / name
        if os.path.isfile(file):  # noqa: PTH113 - Path's raises where a folder may not be entered
            table = table_in(file)
            if table is not None:
                return file, table
    return None


def table_in(file: Path) -> dict[str, Any] | None:
    """Return svclint's table in `file`, or None where it has none; raise ConfigError as `own_table` does."""
    table: object = read_toml(file)
    for key in keys_above(file):
        if not isinstance(table, dict) or key not in table:
            return None
        table = table[key]
    if not isinstance(table, dict):
        line = line_of(read_text(file), keys_above(file))
        raise ConfigError(f"{shown(file)}:{line}: [tool.svclint] must be a table")
    return table


def keys_above(file: Path) -> tuple[str, ...]:
    """Return the tables in which the keys of `file` stand."""
    return ("tool", "svclint") if file.name == PYPROJECT else ()


def common_folder(paths: Sequence[str], cwd: Path) -> Path:
    """Return the deepest existing folder that is, or is above, each of `paths`."""
    folders = [_existing_folder(absolute(path, cwd)) for path in paths] or [cwd]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # two drives of Windows have nothing in common
        return folders[0]


def absolute(path: str, cwd: Path) -> Path:
    """Return `path` without `..` and made absolute; links stay, so that places are named as the user named them."""
    return Path(os.path.normpath(cwd / path))


def _existing_folder(path: Path) -> Path:
    while not os.path.isdir(path) and path != path.parent:  # noqa: PTH112 - as above
        path = path.parent
    return path
