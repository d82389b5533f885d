"""One root for a run: the folder whose configuration holds and whose files make up the program."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from svclint.config.toml import read_toml

PYPROJECT = "pyproject.toml"
SVCLINT = "svclint.toml"


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """The project's folder, and the file and table that configure it (both empty when nothing does)."""

    folder: Path
    file: Path | None = None
    table: dict[str, Any] = {}


def find_root(paths: Sequence[str], cwd: Path, *, isolated: bool = False) -> Root:
    """
    Return the nearest folder above all `paths` together that has a configuration, else the git root.

    Without either it is the folder of the nearest pyproject.toml, else the working directory when it is above the
    paths, else their common folder. Raises ConfigError when a file on the way is not TOML.
    """
    common = common_folder(paths, cwd)
    above = [common, *common.parents]
    for folder in () if isolated else above:
        found = own_table(folder)
        if found is not None:
            file, table = found
            return Root(folder=folder, file=file, table=table)
    for name in (".git", PYPROJECT):
        for folder in above:
            if (folder / name).exists():
                return Root(folder=folder)
    return Root(folder=cwd if cwd in above else common)


def own_table(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the file and table with which `folder` configures svclint; `svclint.toml` goes before pyproject.toml."""
    for file in _candidates(folder):
        document = read_toml(file)
        if file.name == SVCLINT:
            return file, document
        table = document.get("tool", {})
        table = table.get("svclint") if isinstance(table, dict) else None
        if isinstance(table, dict):
            return file, table
    return None


def common_folder(paths: Sequence[str], cwd: Path) -> Path:
    """Return the deepest existing folder that is above, or is, each of `paths`."""
    folders = [_existing_folder(Path(os.path.abspath(cwd / path))) for path in paths if path != "-"] or [cwd]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # two drives of Windows have nothing in common
        return folders[0]


def _candidates(folder: Path) -> Iterator[Path]:
    for name in (SVCLINT, PYPROJECT):
        file = folder / name
        if file.is_file():
            yield file


def _existing_folder(path: Path) -> Path:
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path
