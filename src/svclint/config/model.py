"""The configuration of one run, merged from defaults, files and command line, as plain data."""

from __future__ import annotations

import msgspec

from svclint.catalogue.model import Api
from svclint.finding import Severity

DEFAULT_ORIGIN = "default"
COMMAND_LINE = "command line"

# Folders that hold other people's code, caches or build products: the ones that ruff leaves out as well, so that one
# tree looks the same to both, and those that are named for copies of other projects.
DEFAULT_EXCLUDE = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pypackages__",
    "_build",
    "_vendor",
    "_vendored",
    "buck-out",
    "dist",
    "node_modules",
    "site-packages",
    "third_party",
    "vendored",
    "venv",
)


DEFAULT_INCLUDE = ("*.py", "*.pyi")


class OwnLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of the user says of APIs, its groups spelled out; the file's name is absolute."""

    file: str
    rows: tuple[Api, ...]


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything that decides what a run says about the same files.

    `root` is the absolute posix path of the project; patterns and `src` are relative to it. Selectors (`SVC4`,
    `SVC401`, `raise-without-from`) are kept as written: the registry of rules, which lies higher, gives them meaning.
    `Config(root=...)` is the default configuration of a project. `isolated` runs read no configuration below the root
    either; a root is `marked` by a configuration, a repository or a pyproject.toml: without any it is a mere folder,
    and the program is what is asked for. `pins` are the versions of libraries that the project's own files ask for.
    """

    root: str
    select: tuple[str, ...] = ("SVC",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    target_version: str | None = None
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = DEFAULT_INCLUDE
    force_exclude: bool = False
    isolated: bool = False
    marked: bool = True
    src: tuple[str, ...] = ()
    error_sinks: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    require_reason: bool = False
    default_timeout: float = 10
    pins: tuple[tuple[str, str], ...] = ()
    api: tuple[Api, ...] = ()
    catalogue: tuple[str, ...] = ()
    """Absolute names of files; what they hold is in `libraries`."""
    libraries: tuple[OwnLibrary, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()
    """
    Key, as users write it, and the file (absolute) or `command line` that set it; a key to which several sources
    added stands once for each, in the order in which they were laid over each other. Other keys are defaults.
    """

    def origins_of(self, key: str) -> tuple[str, ...]:
        """Return what set `key`, written as users write it (`error-sinks`): files, `command line`, or `default`."""
        return tuple(origin for name, origin in self.origins if name == key) or (DEFAULT_ORIGIN,)

    @property
    def own_rows(self) -> tuple[tuple[str, Api], ...]:
        """The user's rows for the catalogue, each with the file (absolute) or `command line` that it comes from."""
        here = self.origins_of("api")[-1]
        elsewhere = ((each.file, row) for each in self.libraries for row in each.rows)
        return (*((here, row) for row in self.api), *elsewhere)
