"""A working directory with a few files, and the command line over an engine of a few lines."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from svclint.cli.main import run
from tests.unit.cli import fake_engine

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parents[3]


class Result(NamedTuple):
    """What a command wrote, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a root with one file of each level and a clean one."""
    (tmp_path / "svclint.toml").write_text("")
    (tmp_path / "app").mkdir()
    (tmp_path / "app/bad.py").write_text("x = 1\ny = bad\n")
    (tmp_path / "app/warn.py").write_text("warn\n")
    (tmp_path / "app/info.py").write_text("info\n")
    (tmp_path / "app/clean.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def svclint(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Result]:
    """The command line, in this process."""
    for name, module in fake_engine.modules().items():
        monkeypatch.setitem(sys.modules, name, module)

    def call(*arguments: str, stdin: bytes | None = None) -> Result:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run(arguments)
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode("utf-8", "surrogateescape"), err.decode())

    return call


@pytest.fixture
def process(folder: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """The command line in a process of its own, through a shell, where `$svclint` is the command."""

    def call(line: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
        path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")])
        command = f"{sys.executable} -m tests.unit.cli.fake_engine"
        environ = {**os.environ, "PYTHONPATH": path, "svclint": command, **environ}
        return subprocess.run(["bash", "-c", line], env=environ, capture_output=True, check=False, timeout=60)

    return call
