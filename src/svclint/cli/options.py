"""The options that several commands share, and what they say as `Settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from svclint.config.load import load
from svclint.config.settings import read_settings
from svclint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclint.config.model import Config


class ConfigOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says about the configuration; None where it says nothing."""

    config: tuple[str, ...]
    isolated: bool
    select: tuple[str, ...] | None
    extend_select: tuple[str, ...] | None
    ignore: tuple[str, ...] | None
    preview: bool | None
    target_version: str | None
    exclude: tuple[str, ...] | None
    extend_exclude: tuple[str, ...] | None
    force_exclude: bool | None

    @classmethod
    def taken_from(cls, raw: dict[str, Any]) -> ConfigOptions:
        """Take these options out of all that click hands over."""
        return cls(**{name: raw.pop(name) for name in cls.__struct_fields__})

    def load(self, paths: Sequence[str]) -> Config:
        """Return the configuration of a run over `paths`; raise UsageError or ConfigError where it can't be."""
        options = msgspec.structs.asdict(self)
        given = {
            name.replace("_", "-"): list(value) if isinstance(value, tuple) else value
            for name, value in options.items()
            if name not in {"config", "isolated"} and value is not None
        }
        settings, problems = read_settings(given)
        if problems:
            raise UsageError("\n".join(f"--{problem.keys[0]}: {problem.message}" for problem in problems))
        return load(paths, overrides=settings, configs=self.config, isolated=self.isolated)


def _listed(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    """Split at commas; an option that was not given says nothing, an empty one says that there is nothing."""
    if not value:
        return None
    return tuple(item.strip() for text in value for item in text.split(",") if item.strip())


def _list_option(name: str, metavar: str, text: str) -> Callable[..., Any]:
    return click.option(name, multiple=True, callback=_listed, metavar=metavar, help=text)


_CONFIG_OPTIONS = (
    _list_option(
        "--select", "RULES", "Rules to run instead of the configured ones: families, codes, names; with commas."
    ),
    _list_option("--extend-select", "RULES", "Rules to run besides the selected ones."),
    _list_option("--ignore", "RULES", "Rules not to run."),
    click.option("--preview/--no-preview", default=None, help="Run rules that are still being tried."),
    click.option(
        "--config",
        multiple=True,
        metavar="FILE|KEY=VALUE",
        help="A file to read instead of those that would be found, or one setting in TOML; repeatable.",
    ),
    click.option("--isolated", is_flag=True, help="Read no configuration file."),
    click.option("--target-version", metavar="pyXY", help="The oldest Python that the code runs on."),
    _list_option("--exclude", "GLOBS", "Files and folders to leave out instead of the configured ones."),
    _list_option("--extend-exclude", "GLOBS", "Files and folders to leave out besides."),
    click.option(
        "--force-exclude/--no-force-exclude", default=None, help="Leave excluded files out also when they are named."
    ),
)


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the configuration to a command, in the order in which help lists them."""
    for option in reversed(_CONFIG_OPTIONS):
        command = option(command)
    return command


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the output; auto heeds NO_COLOR and FORCE_COLOR.",
)
"""The option that decides about colour, for `streams.wants_color`."""
