"""Runs of the engine over folders, and of the command as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from svclint.config.model import Config
from svclint.engine.session import Request, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from svclint.engine.session import FixOutcome, Outcome


def config(root: Path) -> Config:
    """Return a configuration with all rules on, whatever files stand in the folder or above it."""
    return Config(root=root.as_posix(), preview=True, require_reason=True)


def check(root: Path, *paths: str, jobs: int = 1, whole_files: bool = False) -> Outcome:
    """Check a project, or some paths in it."""
    asked = tuple(str(root / path) for path in paths) or (str(root),)
    return Session(config(root)).check(Request(paths=asked, jobs=jobs, whole_files=whole_files))


def fix(root: Path, *, write: bool = False, whole_files: bool = False) -> FixOutcome:
    """Fix a project with all fixes."""
    request = Request(paths=(str(root),), jobs=1, whole_files=whole_files)
    return Session(config(root)).fix(request, unsafe=True, write=write)


def svclint(
    arguments: Iterable[object], cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as users do."""
    return subprocess.run(
        [sys.executable, "-m", "svclint", *map(str, arguments)],
        cwd=cwd,
        env=dict(env) if env is not None else None,
        capture_output=True,
        check=False,
        timeout=timeout,
    )
