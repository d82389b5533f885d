"""From arguments to `Config`: finds the root, reads its file, and lays the command line over it."""

from __future__ import annotations

import glob
import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from svclint.config.apis import read_library, refuse_two_rows_for_one, rows_of
from svclint.config.model import COMMAND_LINE, DEFAULT_ORIGIN, Config, OwnLibrary
from svclint.config.pins import read_pins
from svclint.config.problems import Problem, refuse
from svclint.config.root import PYPROJECT, Root, absolute, common_folder, find_root, keys_above, own_table, table_in
from svclint.config.settings import KEYS, Settings, read_settings
from svclint.config.toml import line_of, read_text, read_toml, reason_of, shown
from svclint.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOTHING = Settings()
_ADDED_UP = frozenset({"extend_select", "ignore", "extend_exclude"})
_LOWEST_VERSION = re.compile(r"(?:>=|~=|==)\s*3\.(\d+)")


def load(
    paths: Sequence[str],
    *,
    overrides: Settings = _NOTHING,
    configs: Sequence[str] = (),
    isolated: bool = False,
    cwd: Path | None = None,
) -> Config:
    """
    Return the configuration of a run over `paths` (files or folders, relative to `cwd`).

    `configs` are the arguments of `--config`: at most one file, which then is the only one that is read, and any
    number of `key = value` pairs, which go before it. `overrides` is what the other options say, and goes before
    all. `isolated` reads no file. Raises ConfigError, with file and line of all that is wrong, and UsageError for
    what is wrong with the arguments.
    """
    cwd = cwd or _working_directory()
    file, inline = _split_configs(configs, cwd)
    if file is not None and isolated:
        raise UsageError("--isolated reads no configuration file, so it can't go with --config FILE")
    root = find_root(paths, cwd, isolated=isolated or file is not None)
    if file is not None:
        root = _configured_by(file, root, common_folder(paths, cwd))
    config = Config(root=root.folder.as_posix(), isolated=isolated, marked=root.marked)
    if not isolated:
        config = _with_lowest_version(config, root.folder / PYPROJECT)
    if root.marked:  # what the project is made of is no configuration
        config = msgspec.structs.replace(config, pins=read_pins(root.folder))
    if root.file is not None:
        settings = _checked(root.file, root.table)
        config = _merged(config, _with_absolute_files(settings, root.file.parent, root.file), root.file.as_posix())
    inline = _with_absolute_files(inline, cwd)
    return _with_libraries(_merged(_merged(config, inline, COMMAND_LINE), overrides, COMMAND_LINE))


def with_nested(config: Config, folders: Iterable[str]) -> tuple[Config, tuple[str, ...]]:
    """
    Add what the configurations below the root ignore, each for its own folder, and say what else they hold.

    `folders` are absolute paths of folders in which files of the project lie; those between them and the root are
    looked into as well. A nested configuration may only add to `ignore`: its other keys decide nothing, because a
    run has one root. They are named in the notes that are returned. Raises ConfigError as `load` does.
    """
    root = Path(config.root)
    between: set[Path] = set()
    for folder in map(Path, folders):
        while folder != root and folder not in between and folder.is_relative_to(root):
            between.add(folder)
            folder = folder.parent  # noqa: PLW2901 - the way up
    ignores: list[tuple[str, tuple[str, ...]]] = []
    notes: list[str] = []
    for folder in sorted(between):
        own = own_table(folder)
        if own is None:
            continue
        file, table = own
        settings = _checked(file, table)
        if settings.ignore is not None:
            below = glob.escape(folder.relative_to(root).as_posix())
            ignores.append((f"{below}/**", settings.ignore))
        unread = [key for key in table if key != "ignore"]
        if unread:
            keys = ", ".join(f'"{key}"' for key in unread)
            notes.append(f'{shown(file)}: {keys} not read: below the root {shown(root)} only "ignore" is')
    return msgspec.structs.replace(config, per_file_ignores=(*config.per_file_ignores, *ignores)), tuple(notes)


def locate(config: Config, key: str, value: str = "") -> str:
    """
    Return where `key` (or the string `value` in it) was given, to stand before a message: `pyproject.toml:12`.

    `key` is written as users write it (`per-file-ignores`). The answer is `command line` or `default` for what
    stands in no file.
    """
    origins = config.origins_of(key)
    for origin in origins:
        if origin not in (COMMAND_LINE, DEFAULT_ORIGIN):
            file = Path(origin)
            line = line_of(read_text(file), (*keys_above(file), key), value)
            if line is not None:
                return f"{shown(file)}:{line}"
    last = origins[-1]
    return last if last in (COMMAND_LINE, DEFAULT_ORIGIN) else shown(Path(last))


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the working directory does not exist any more") from error


def _split_configs(configs: Sequence[str], cwd: Path) -> tuple[Path | None, Settings]:
    files: list[Path] = []
    pairs: list[str] = []
    for argument in configs:
        file = absolute(argument, cwd)
        if os.path.isfile(file):  # noqa: PTH113 - Path's raises where a folder may not be entered
            files.append(file)
        elif "=" in argument:
            pairs.append(argument)
        else:
            raise UsageError(f"--config {argument}: there is no such file, and it is no `key = value` either")
    if len(files) > 1:
        raise UsageError(f"--config: one file at most, but here are {', '.join(map(shown, files))}")
    return files[0] if files else None, _inline(pairs)


def _inline(pairs: Iterable[str]) -> Settings:
    values: dict[str, Any] = {}
    for pair in pairs:
        try:
            table = tomllib.loads(pair)
        except tomllib.TOMLDecodeError as error:
            hint = 'strings need quotes, as in `target-version = "py311"`'
            raise UsageError(f"--config '{pair}': not valid TOML: {reason_of(error)} ({hint})") from error
        settings, problems = read_settings(table)
        if problems:
            raise ConfigError("\n".join(f"--config '{pair}': {problem.message}" for problem in problems))
        values |= settings.given()
    return Settings(**values)


def _configured_by(file: Path, found: Root, common: Path) -> Root:
    # A file above the paths marks the project; one from elsewhere, which many projects may share, does not.
    folder = file.parent if common.is_relative_to(file.parent) else found.folder
    table = table_in(file)
    if table is None:
        raise ConfigError(f"{shown(file)}: has no [tool.svclint]")
    return Root(folder=folder, file=file, table=table)


def _with_lowest_version(config: Config, pyproject: Path) -> Config:
    """Take the oldest Python that the project says it runs on for the target, as ruff does."""
    if not os.path.isfile(pyproject):  # noqa: PTH113 - as above
        return config
    project = read_toml(pyproject).get("project")
    requires = project.get("requires-python") if isinstance(project, dict) else None
    lowest = _LOWEST_VERSION.search(requires) if isinstance(requires, str) else None
    if lowest is None:
        return config
    return _merged(config, Settings(target_version=f"py3{lowest[1]}"), pyproject.as_posix())


def _checked(file: Path, table: dict[str, Any]) -> Settings:
    settings, problems = read_settings(table)
    refuse(problems, file, read_text(file) if problems else "", keys_above(file))
    return settings


def _with_absolute_files(settings: Settings, folder: Path, file: Path | None = None) -> Settings:
    """Find the catalogue's files from the folder of the configuration that names them."""
    if settings.catalogue is None:
        return settings
    found = [absolute(name, folder) for name in settings.catalogue]
    missing = [
        Problem(keys=("catalogue",), message=f'"catalogue": there is no file {name}', value=name)
        for name, each in zip(settings.catalogue, found, strict=True)
        if not os.path.isfile(each)  # noqa: PTH113 - as above
    ]
    if file is not None:
        refuse(missing, file, read_text(file), keys_above(file))
    elif missing:
        raise ConfigError("\n".join(f"{COMMAND_LINE}: {problem.message}" for problem in missing))
    return msgspec.structs.replace(settings, catalogue=tuple(each.as_posix() for each in found))


def _with_libraries(config: Config) -> Config:
    """Read the catalogue's files, and say of each row where it comes from."""
    if not config.api and not config.catalogue:
        return config
    origin = Path(config.origins_of("api")[-1])
    root = Path(config.root)
    source = origin.relative_to(root) if origin.is_relative_to(root) else origin
    rows = tuple(row if row.source else msgspec.structs.replace(row, source=source.as_posix()) for row in config.api)
    libraries = tuple(OwnLibrary(file=file, rows=rows_of(read_library(Path(file)))) for file in config.catalogue)
    config = msgspec.structs.replace(config, api=rows, libraries=libraries)
    refuse_two_rows_for_one(config.own_rows)
    return config


def _merged(config: Config, settings: Settings, origin: str) -> Config:
    """Lay a later source over what the earlier ones said."""
    given = settings.given()
    if "select" in given:
        # What the earlier sources added to their selection, or took from it, was said about another one.
        kept = tuple(pair for pair in config.origins if pair[0] not in {"extend-select", "ignore"})
        config = msgspec.structs.replace(config, extend_select=(), ignore=(), origins=kept)
    else:
        config = _without_overruled(config, given)
    changes: dict[str, Any] = {}
    origins = list(config.origins)
    for key, field in KEYS.items():
        if field.name not in given:
            continue
        value = given[field.name]
        if field.name in _ADDED_UP:
            value = (*getattr(config, field.name), *value)
        else:
            origins = [pair for pair in origins if pair[0] != key]
        changes[field.name] = tuple(value.items()) if isinstance(value, dict) else value
        origins.append((key, origin))
    return msgspec.structs.replace(config, **changes, origins=tuple(origins))


def _without_overruled(config: Config, given: dict[str, Any]) -> Config:
    """Let a later selector win over finer ones of earlier sources: `--ignore SVC4` over `select = ["SVC401"]`."""
    ignored, added = given.get("ignore", ()), given.get("extend_select", ())
    return msgspec.structs.replace(
        config,
        select=_not_under(config.select, ignored),
        extend_select=_not_under(config.extend_select, ignored),
        ignore=_not_under(config.ignore, added),
    )


def _not_under(selectors: Iterable[str], later: Sequence[str]) -> tuple[str, ...]:
    return tuple(selector for selector in selectors if not selector.startswith(tuple(later)))
