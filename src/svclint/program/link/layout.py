"""Which file an import means: source roots, packages, namespace packages, stubs."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Layout:
    """
    The modules of a program by their dotted names.

    Paths are relative to the project root, with forward slashes. A source root is a folder that imports start from:
    what the configuration names, the project root, `src` folders, the parent of every topmost package, and for a script
    its own folder.
    """

    def __init__(self, paths: Iterable[str], src: Iterable[str] = ()) -> None:
        """Find the source roots of a set of files."""
        self.paths = frozenset(paths)
        self._folders = {folder for path in self.paths for folder in _ancestors(path)}
        self._packages = {
            posixpath.dirname(path)
            for path in self.paths
            if posixpath.basename(path) in {"__init__.py", "__init__.pyi"}
        }
        self.package_root = {path: self._root_of(path) for path in sorted(self.paths)}
        found = {root for path, root in self.package_root.items() if posixpath.dirname(path) in self._packages}
        found |= {folder for folder in self._folders if posixpath.basename(folder) == "src"}
        self.roots = tuple(dict.fromkeys([*src, *sorted(found | {""})]))
        self._names = {posixpath.basename(each).partition(".")[0] for each in (*self.paths, *self._folders)}
        self._found: dict[tuple[str, str], str | None] = {}

    def _root_of(self, path: str) -> str:
        """Return the folder that a file's absolute imports of its own package start from."""
        folder = posixpath.dirname(path)
        while folder in self._packages:
            folder = posixpath.dirname(folder)
        return folder

    def name(self, path: str) -> str:
        """Return a module's dotted name below its own root."""
        root = self.package_root[path]
        inner = path[len(root) + 1 :] if root else path
        return inner.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")

    def find(self, importer: str, dotted: str) -> str | None:
        """Return the file that `import dotted` in `importer` loads, or None when it is outside of the project."""
        if dotted.partition(".")[0] not in self._names:
            return None
        key = (posixpath.dirname(importer), dotted)
        if key not in self._found:
            self._found[key] = self._search(importer, dotted)
        return self._found[key]

    def _search(self, importer: str, dotted: str) -> str | None:
        inner = dotted.replace(".", "/")
        own = self.package_root.get(importer, "")
        for root in (own, posixpath.dirname(importer)):
            if root == posixpath.dirname(importer) and root in self._packages:
                continue  # inside a package, a sibling is not importable by its bare name
            found = self._file(root, inner)
            if found is not None and not self._hides(importer, found):
                return found
        found = [hit for root in self.roots if (hit := self._file(root, inner)) is not None]
        hits = [hit for hit in found if not self._hides(importer, hit)]
        if not hits:
            return None
        return max(sorted(hits), key=lambda hit: len(posixpath.commonprefix([hit, importer])))

    @staticmethod
    def _hides(importer: str, found: str) -> bool:
        """Whether a script named like a library found itself; a package may well import itself."""
        return importer == found and posixpath.basename(found).partition(".")[0] != "__init__"

    def _file(self, root: str, inner: str) -> str | None:
        base = posixpath.join(root, inner)
        for candidate in (f"{base}/__init__.py", f"{base}.py", f"{base}/__init__.pyi", f"{base}.pyi"):
            if candidate in self.paths:
                return candidate
        return None

    def folder(self, importer: str, dotted: str) -> str | None:
        """Return the namespace package (a folder without `__init__`) that a dotted name means."""
        if dotted.partition(".")[0] not in self._names:
            return None
        inner = dotted.replace(".", "/")
        for root in (self.package_root.get(importer, ""), *self.roots):
            candidate = posixpath.join(root, inner)
            if candidate in self._folders and candidate not in self._packages:
                return candidate
        return None

    def relative(self, importer: str, target: str) -> str | None:
        """Return the file of a relative import such as `..pkg.mod`."""
        folder = self._relative_folder(importer, target)
        inner = target.lstrip(".").replace(".", "/")
        if folder is None:
            return None
        if not inner:
            return next(
                (each for each in (f"{folder}/__init__.py", f"{folder}/__init__.pyi") if each in self.paths), None
            )
        return self._file(folder, inner)

    @staticmethod
    def _relative_folder(importer: str, target: str) -> str | None:
        folder = posixpath.dirname(importer)
        for _ in range(len(target) - len(target.lstrip(".")) - 1):
            if not folder:
                return None
            folder = posixpath.dirname(folder)
        return folder

    def submodule(self, package: str, name: str) -> str | None:
        """Return the file of a package's submodule; `package` is its `__init__` file."""
        if posixpath.basename(package) not in {"__init__.py", "__init__.pyi"}:
            return None
        return self._file(posixpath.dirname(package), name)


def _ancestors(path: str) -> list[str]:
    found = []
    folder = posixpath.dirname(path)
    while folder:
        found.append(folder)
        folder = posixpath.dirname(folder)
    return found
