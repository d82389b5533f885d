"""From paths to files: what the program knows, and what is reported about it."""

# Strings all the way: a Path object for every entry would cost more than the listing itself.
# ruff: noqa: PTH100, PTH110, PTH116
from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

import msgspec

from svclint.config.model import DEFAULT_EXCLUDE, DEFAULT_INCLUDE
from svclint.source.globs import Globs
from svclint.source.ignoring import Ignores, enter, ignored, outer_ignores
from svclint.source.model import Unreadable
from svclint.source.reading import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class FileSettings(msgspec.Struct, frozen=True, kw_only=True):
    """
    Which files belong to a project; the globs are `Globs` relative to its root.

    With `force_exclude` the excludes hold also for paths that are named one by one.
    """

    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = DEFAULT_INCLUDE
    force_exclude: bool = False


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """
    The files of a run: absolute paths with forward slashes, sorted.

    `known` is every file of the project and every file asked for, `reported` those asked for. `problems` are paths
    among those asked for that are neither: they do not exist, can't be listed, are not files.
    """

    known: tuple[str, ...]
    reported: tuple[str, ...]
    problems: tuple[Unreadable, ...]


def discover(root: Path | None, paths: Sequence[str], settings: FileSettings) -> Discovery:
    """
    Find the files of the project at `root`, and those that `paths` ask for (relative to the working directory).

    Without a root only those: a folder that nothing marks as a project may hold anything beside them.

    As in ruff: what git ignores is left out inside of a repository, symbolic links to folders are not followed, a
    folder or file that is named is read although it is ignored or excluded, unless `force_exclude` says otherwise.

    Raises:
        ConfigError: a glob of `settings` can't be read.

    """
    top = absolute(str(root or "."))
    walk = _Walk(top, settings)
    if root is not None:
        walk.add(top)
    reported: set[str] = set()
    asked = tuple(dict.fromkeys(absolute(argument) for argument in paths))
    for path in asked:
        reported.update(walk.ask(path))
    below = tuple(f"{path.rstrip('/')}/" for path in asked)
    return Discovery(
        known=tuple(sorted(walk.files)),
        reported=tuple(sorted(reported)),
        problems=tuple(sorted(one for one in walk.problems if f"{one.path}/".startswith(below))),
    )


def absolute(path: str) -> str:
    """Return a path as svclint knows files: absolute, with forward slashes, symbolic links kept."""
    return os.path.abspath(path).replace(os.sep, "/")


class _Walk:
    """One traversal of the disk: each folder is listed once, however many arguments lie in it."""

    def __init__(self, root: str, settings: FileSettings) -> None:
        self.root = root
        self.force_exclude = settings.force_exclude
        self.include = Globs(settings.include, root)
        self.exclude = Globs((*settings.exclude, *settings.extend_exclude), root)
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.problems: set[Unreadable] = set()

    def ask(self, path: str) -> Iterable[str]:
        """Return the files that an argument means; those that the project does not know become known."""
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError) as error:
            self.problems.add(Unreadable(path=path, reason=describe(error)))
            return ()
        if self.force_exclude and self._excluded(path):
            return ()
        if stat.S_ISREG(mode):
            self.files.add(path)
            return (path,)
        if not stat.S_ISDIR(mode):
            self.problems.add(Unreadable(path=path, reason="not a regular file"))
            return ()
        self.add(path)
        below = path.rstrip("/") + "/"
        return [file for file in self.files if file.startswith(below)]

    def add(self, top: str) -> None:
        """Add the files of a folder and of the folders in it, unless that is done already."""
        if top in self.folders:
            return
        pending: list[tuple[str, Ignores]] = [(top, outer_ignores(top))]
        while pending:
            folder, outer = pending.pop()
            if folder in self.folders:
                continue
            self.folders.add(folder)
            try:
                with os.scandir(folder) as listing:
                    entries = list(listing)
            except OSError as error:
                self.problems.add(Unreadable(path=folder, reason=describe(error)))
                continue
            ignores = enter(folder.rstrip("/"), {entry.name for entry in entries}, outer)
            for entry in entries:
                path = f"{folder.rstrip('/')}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if not self._left_out(path, entry.name, ignores, is_folder=True):
                        pending.append((path, ignores))
                elif self.include.match(path, entry.name) and not self._left_out(path, entry.name, ignores):
                    self._add_file(path, entry)

    def _left_out(self, path: str, name: str, ignores: Ignores, *, is_folder: bool = False) -> bool:
        return self.exclude.match(path, name) or ignored(path, ignores, is_folder=is_folder)

    def _excluded(self, path: str) -> bool:
        """Tell whether a glob excludes `path` or, below the root, a folder that it lies in."""
        while path.startswith(self.root) and path != self.root:
            if self.exclude.match(path, path.rsplit("/", 1)[1]):
                return True
            path = path.rsplit("/", 1)[0]
        return False

    def _add_file(self, path: str, entry: os.DirEntry[str]) -> None:
        """Add a regular file or a link to one; sockets and the like hold no code, and to open them could block."""
        is_file = False
        with contextlib.suppress(OSError):  # a link that leads to itself
            is_file = entry.is_file(follow_symlinks=True)
        if is_file:
            self.files.add(path)
        elif entry.is_symlink() and not os.path.exists(path) and not entry.name.startswith(".#"):
            # Emacs locks a file that it edits by a link `.#name` to nowhere.
            self.problems.add(Unreadable(path=path, reason="broken symbolic link"))
