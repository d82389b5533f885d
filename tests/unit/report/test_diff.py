"""Diffs that `patch` takes, whatever the line ends and encodings."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svclint.report.diff import unified

if TYPE_CHECKING:
    from pathlib import Path


def test_unified():
    """A change is shown with its context."""
    assert unified("a.py", b"x\ny\nz\n", b"x\nY\nz\n") == "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n x\n-y\n+Y\n z\n"


def test_nothing():
    """Equal texts have no difference."""
    assert unified("a.py", b"x\n", b"x\n") == ""


def test_no_newline_at_the_end():
    """A missing last line break is said, on the side where it is missing."""
    assert unified("a.py", b"x", b"x\ny") == (
        "--- a.py\n+++ a.py\n@@ -1 +1,2 @@\n-x\n\\ No newline at end of file\n+x\n+y\n\\ No newline at end of file\n"
    )


def test_colour():
    """Only the rows are coloured, never their line breaks."""
    assert "\x1b[31m-x\x1b[0m\n\x1b[32m+y\x1b[0m\n" in unified("a.py", b"x\n", b"y\n", color=True)


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from([b"a", b"b\r", b"\xe9", b"", b"c\x0cd", b"\r"]), max_size=6).map(b"\n".join),
    after=st.lists(st.sampled_from([b"a", b"b\r", b"\xe9", b"", b"c\x0cd", b"\r"]), max_size=6).map(b"\n".join),
)
def test_patch_takes_it(tmp_path: Path, before: bytes, after: bytes):
    """Patching the old bytes gives the new ones, with CRLF, lone CR, form feeds and latin-1 in them."""
    file = tmp_path / "a.py"
    file.write_bytes(before)
    difference = unified("a.py", before, after).encode("utf-8", "surrogateescape")
    if difference:
        command = ["patch", "--binary", "--quiet", "-p0", "a.py"]
        subprocess.run(command, input=difference, cwd=tmp_path, check=True, timeout=30)

    # patch removes a file that becomes empty
    assert (file.read_bytes() if file.exists() else b"") == after
