"""From arguments to `Config`: finds the root, reads its file, and lays the command line over it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from svclint.config.model import COMMAND_LINE, DEFAULT_ORIGIN, Config
from svclint.config.root import PYPROJECT, Root, common_folder, find_root
from svclint.config.settings import FIELDS, Problem, Settings, read_settings
from svclint.config.toml import line_of, read_text, read_toml, shown
from svclint.errors import ConfigError, UsageError

_NOTHING = Settings()


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

    `configs` are the arguments of `--config`: at most one file, which then is the only one read, and any number of
    `key = value` pairs that go before it. `overrides` is what the other options say; it goes before all. `isolated`
    reads no file. Raises ConfigError, with file and line, and UsageError for what is wrong with `configs`.
    """
    cwd = cwd or Path.cwd()
    file, inline = _split_configs(configs, cwd)
    if file is not None and isolated:
        raise UsageError("--isolated reads no configuration file, so it can't be combined with --config FILE")
    root = find_root(paths, cwd, isolated=isolated or file is not None)
    if file is not None:
        root = _explicit(file, root, common_folder(paths, cwd))
    config = Config(root=root.folder.as_posix())
    if root.file is not None:
        config = _merge(config, _checked(root.file, root.table), root.file.as_posix())
    config = _merge(config, inline, COMMAND_LINE)
    return _merge(config, overrides, COMMAND_LINE)


def locate(config: Config, key: str, value: str = "") -> str:
    """
    Return where `key` (and, in it, the string `value`) was given, for a message: `pyproject.toml:12`.

    `key` is written as users write it (`per-file-ignores`); the answer is `command line` or `default` for values
    that stand in no file.
    """
    origins = [origin for origin in config.origin(key).split("\n") if origin not in (COMMAND_LINE, DEFAULT_ORIGIN)]
    for origin in origins:
        file = Path(origin)
        text = read_text(file)
        line = line_of(text, (*_table_of(file), key), value)
        if line is not None and (not value or value in text.splitlines()[line - 1]):
            return f"{shown(file)}:{line}"
    return config.origin(key).split("\n")[-1]


def _split_configs(configs: Sequence[str], cwd: Path) -> tuple[Path | None, Settings]:
    files: list[Path] = []
    tables: list[str] = []
    for argument in configs:
        path = Path(os.path.abspath(cwd / argument))
        if path.is_file():
            files.append(path)
        elif "=" in argument:
            tables.append(argument)
        else:
            raise UsageError(f"--config {argument}: neither a file nor `key = value`")
    if len(files) > 1:
        raise UsageError(f"--config: more than one file: {', '.join(map(str, files))}")
    return files[0] if files else None, _inline(tables)


def _inline(pairs: Iterable[str]) -> Settings:
    values: dict[str, Any] = {}
    for pair in pairs:
        try:
            table = tomllib.loads(pair)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"--config {pair!r}: not valid TOML: {error}") from error
        settings, problems = read_settings(table)
        if problems:
            raise UsageError("\n".join(f"--config {pair!r}: {problem.message}" for problem in problems))
        values |= {key: value for key, value in msgspec.structs.asdict(settings).items() if value is not None}
    return Settings(**values)


def _explicit(file: Path, found: Root, common: Path) -> Root:
    document = read_toml(file)
    table = document.get("tool", {}).get("svclint", {}) if file.name == PYPROJECT else document
    # A file inside of the tree marks the project; one from elsewhere, shared by many, does not.
    folder = file.parent if common.is_relative_to(file.parent) else found.folder
    return Root(folder=folder, file=file, table=table)


def _checked(file: Path, table: dict[str, Any]) -> Settings:
    settings, problems = read_settings(table)
    if problems:
        text = read_text(file)
        raise ConfigError("\n".join(f"{_at(file, text, problem)}: {problem.message}" for problem in problems))
    return settings


def _at(file: Path, text: str, problem: Problem) -> str:
    line = line_of(text, (*_table_of(file), *problem.keys))
    return f"{shown(file)}:{line}" if line else shown(file)


def _table_of(file: Path) -> tuple[str, ...]:
    return ("tool", "svclint") if file.name == PYPROJECT else ()


def _merge(config: Config, settings: Settings, origin: str) -> Config:
    given = {name: value for name, value in msgspec.structs.asdict(settings).items() if value is not None}
    origins = dict(config.origins)
    changes: dict[str, Any] = {}
    if "select" in given:
        # A new selection starts afresh: what lower sources added or took away was said about another one.
        changes |= {"ignore": (), "extend_select": ()}
        for key in ("ignore", "extend-select"):
            origins.pop(key, None)
    config = msgspec.structs.replace(config, **changes)
    changes = {}
    for key, field in FIELDS.items():
        value = given.get(field.name)
        if value is None:
            continue
        before = getattr(config, field.name)
        if isinstance(value, dict):
            value = tuple(value.items())
        elif field.name in _ADDING and before:
            value = (*before, *(item for item in value if item not in before))
            origin_of_key = f"{origins[key]}\n{origin}" if key in origins else origin
            origins[key] = origin_of_key
            changes[field.name] = value
            continue
        changes[field.name] = value
        origins[key] = origin
    return msgspec.structs.replace(config, **changes, origins=tuple(sorted(origins.items())))


_ADDING = frozenset({"ignore", "extend_select", "extend_exclude"})
