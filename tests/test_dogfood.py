"""svclint and ruff have nothing to say about svclint."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("src", "tests", "benchmarks")


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("svclint", "check", "--output-format", "concise", *FOLDERS), id="svclint"),
        pytest.param(("ruff", "check", "--output-format", "concise", "--no-cache", "."), id="ruff check"),
        pytest.param(("ruff", "format", "--check", "--no-cache", "."), id="ruff format"),
    ],
)
def test_it_is_clean(command: tuple[str, ...]) -> None:
    """The project's own code passes; fixtures and the example, which are wrong on purpose, are excluded."""
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert (0, "") == (result.returncode, result.stdout if result.returncode else ""), result.stderr
