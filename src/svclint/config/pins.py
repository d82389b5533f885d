"""Which versions of its libraries a project uses: what its lock files and its requirements say."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_REQUIREMENTS = ("requirements.txt", "requirements/*.txt", "requirements.in")
_UPPER = frozenset({"<", "<=", "==", "===", "~="})
_LOCKED = re.compile(r'^name = "([^"\n]+)"\r?\nversion = "([^"\n]+)"', re.MULTILINE)
"""All lock files write a package so; to parse them takes a large one's second."""
_POETRY = re.compile(r"(\^|~)\s*([\d.]+)")

Pins = tuple[tuple[str, str], ...]
"""Distribution names, normalised, with a version specifier: `("redis", "==7.1.0")`, `("redis", "<5,>=4.5")`."""


def read_pins(root: Path) -> Pins:
    """
    Return what a project says of the versions of its libraries.

    A lock file says it exactly, and goes before pyproject.toml and requirements files. Files that can't be read, and
    entries that make no sense, say nothing: whoever installs with them will hear of it.
    """
    found = {name: specifier for name, specifier in (*_required(root), *_locked(root)) if specifier}
    return tuple(sorted(found.items()))


def is_before(pins: Pins, distribution: str, version: str) -> bool:
    """Whether a project surely uses a version of a distribution that is older than another one."""
    specifier = dict(pins).get(canonicalize_name(distribution))
    if specifier is None:
        return False
    limit = Version(version)
    try:
        return any(_ends_before(each, limit) for each in SpecifierSet(specifier))
    except (InvalidSpecifier, InvalidVersion):
        return False


def _ends_before(specifier: Specifier, limit: Version) -> bool:
    if specifier.operator not in _UPPER:
        return False
    end = Version(specifier.version.removesuffix(".*"))
    if specifier.operator == "<":
        return end <= limit
    if specifier.operator == "~=":  # ~=4.5 is anything below 5
        return Version(str(end.release[0] + 1) if len(end.release) < 3 else f"{end.major}.{end.minor + 1}") <= limit
    return end < limit


def _locked(root: Path) -> Iterator[tuple[str, str]]:
    for file in _LOCKS:
        for name, version in _LOCKED.findall(_text(root / file)):
            yield canonicalize_name(name), f"=={version}"


def _required(root: Path) -> Iterator[tuple[str, str]]:
    for pattern in _REQUIREMENTS:
        for file in sorted(root.glob(pattern)):
            yield from _requirements(_text(file).splitlines())
    pyproject = _table(root / "pyproject.toml")
    project = pyproject.get("project")
    dependencies = project.get("dependencies") if isinstance(project, dict) else None
    if isinstance(dependencies, list):
        yield from _requirements(str(each) for each in dependencies)
    poetry = pyproject.get("tool", {}).get("poetry", {}) if isinstance(pyproject.get("tool"), dict) else {}
    table = poetry.get("dependencies", {}) if isinstance(poetry, dict) else {}
    for name, value in table.items() if isinstance(table, dict) else ():
        written = value.get("version") if isinstance(value, dict) else value
        if isinstance(written, str):
            yield canonicalize_name(name), _POETRY.sub(_caret, written).replace("*", "")


def _caret(match: re.Match[str]) -> str:
    """Return what poetry's `^1.2` and `~1.2` mean."""
    parts = [int(each) for each in match[2].split(".") if each]
    if match[1] == "^":
        first = next((at for at, each in enumerate(parts) if each), len(parts) - 1)
    else:
        first = min(1, len(parts) - 1)
    end = [*parts[:first], parts[first] + 1]
    return f">={match[2]},<{'.'.join(map(str, end))}"


def _requirements(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        text = line.partition(" #")[0].strip()
        if text and not text.startswith(("#", "-")):
            try:
                requirement = Requirement(text.partition(" --")[0])
            except InvalidRequirement:
                continue
            yield canonicalize_name(requirement.name), str(requirement.specifier)


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError:
        return {}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # most projects have only some of these files
        return ""
