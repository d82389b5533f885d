"""What is wrong with a configuration: the problem, the line on which it stands, and what was probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import msgspec

from svclint.config.toml import line_of, shown
from svclint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a table: at which key (and key or position within it), at which string, and what."""

    keys: tuple[str | int, ...]
    message: str
    value: str = ""


def refuse(problems: Sequence[Problem], file: Path, text: str, above: tuple[str, ...]) -> None:
    """Raise ConfigError with each problem's place in the text of `file`; `above` are the tables around its keys."""
    if problems:
        lines = (f"{_place(problem, file, text, above)}: {problem.message}" for problem in problems)
        raise ConfigError("\n".join(lines))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the known word that is nearest, or nothing when none is near."""
    by_form = {_plain(each): each for each in known}
    near = difflib.get_close_matches(_plain(word), by_form, n=1)
    return f'; did you mean "{by_form[near[0]]}"?' if near else ""


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")


def _place(problem: Problem, file: Path, text: str, above: tuple[str, ...]) -> str:
    keys = (*above, *problem.keys)
    line = line_of(text, keys, problem.value) or line_of(text, keys)
    return f"{shown(file)}:{line}" if line is not None else shown(file)
