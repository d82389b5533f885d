"""Real code to run over: the standard library's source, and trees that the environment names."""

from __future__ import annotations

import os
import random
import sysconfig
from functools import cache
from pathlib import Path

MAX_SAMPLE_BYTES = 60_000
"""Larger files say the same, slower: the samples of the suite are for every day."""

STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])


@cache
def standard_library() -> tuple[Path, ...]:
    """Return all source files of the standard library, its tests included, without installed packages."""
    found = STANDARD_LIBRARY.rglob("*.py")
    return tuple(sorted(path for path in found if "site-packages" not in path.parts))


def sample(count: int, seed: int = 0) -> list[Path]:
    """Return some files of the standard library, of every size up to the limit; the same for the same seed."""
    small = [path for path in standard_library() if 0 < path.stat().st_size <= MAX_SAMPLE_BYTES]
    return random.Random(seed).sample(small, count)


def trees() -> list[Path]:
    """Return the folders in SVCLINT_CORPUS, separated as in PATH."""
    return [Path(each) for each in os.environ.get("SVCLINT_CORPUS", "").split(os.pathsep) if each]
