"""Which paths git ignores: `.gitignore` files on the way from the repository's top, and `.git/info/exclude`."""

# Strings all the way: a Path object for every entry would cost more than the listing itself.
# ruff: noqa: PTH112, PTH118, PTH120, PTH123
from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from collections.abc import Collection


class IgnoreFile(NamedTuple):
    """The patterns of one file, and the folder (with a slash at its end) that they are relative to."""

    base: str
    spec: GitIgnoreSpec


Ignores: TypeAlias = "tuple[IgnoreFile, ...] | None"
"""The files that hold for one folder, the weakest first; None outside of a repository, where git ignores nothing."""


def enter(folder: str, names: Collection[str], outer: Ignores) -> Ignores:
    """Return what holds inside of `folder`, which has entries called `names`; a nested repository starts afresh."""
    ignores = outer
    if ".git" in names:
        ignores = _load(_common_dir(folder + "/.git") + "/info/exclude", folder, ())
    if ignores is not None and ".gitignore" in names:
        ignores = _load(folder + "/.gitignore", folder, ignores)
    return ignores


def outer_ignores(folder: str) -> Ignores:
    """
    Return what holds for `folder` because of the folders around it.

    If they ignore `folder` itself it is read all the same, for someone asked for it, and they count no longer.
    """
    chain = [folder]
    while not os.path.lexists(chain[-1] + "/.git"):
        parent = os.path.dirname(chain[-1])
        if parent == chain[-1]:
            return None
        chain.append(parent)
    ignores: Ignores = None
    for outer, inner in zip(chain[:0:-1], chain[-2::-1], strict=True):
        present = [name for name in (".git", ".gitignore") if os.path.lexists(f"{outer}/{name}")]
        ignores = enter(outer.rstrip("/"), present, ignores)
        if ignored(inner, ignores, is_folder=True):
            ignores = ()
    return ignores


def ignored(path: str, ignores: Ignores, *, is_folder: bool) -> bool:
    """Tell whether git ignores the absolute `path`: the nearest file that says something about it decides."""
    for base, spec in reversed(ignores or ()):
        relative = path[len(base) :] + ("/" if is_folder else "")
        verdict = spec.check_file(relative).include
        if verdict is not None:
            return verdict
    return False


def _load(path: str, folder: str, outer: tuple[IgnoreFile, ...]) -> tuple[IgnoreFile, ...]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as handle:
            lines = handle.read().splitlines()
    except OSError:
        return outer  # as git does: an ignore file that can't be read ignores nothing
    return (*outer, IgnoreFile(folder.rstrip("/") + "/", _spec(lines)))


def _spec(lines: list[str]) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    """Tell whether pathspec can read a line; git, too, skips a line that makes no sense."""
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _common_dir(git: str) -> str:
    """Return the repository's own folder; in a worktree or submodule `.git` is a file that points to it."""
    if os.path.isdir(git):
        return git
    directory = os.path.join(os.path.dirname(git), _first_line(git).removeprefix("gitdir:").strip())
    return os.path.join(directory, _first_line(directory + "/commondir"))


def _first_line(path: str) -> str:
    """Return the first line of one of git's little files, "" if there is none."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as handle:
            return handle.readline().strip()
    except OSError:
        return ""  # there is no such file, or it tells nothing
