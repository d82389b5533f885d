"""The commands beside `check`."""

from __future__ import annotations

import tomllib

import pytest

from svclint import __version__


def test_version(svclint):
    """--version is one line."""
    assert svclint("--version").out == f"svclint {__version__}\n"


def test_no_command(svclint):
    """Without a command, help is shown as for a wrong usage."""
    result = svclint()

    assert result.code == 2
    assert "Commands:" in result.err


def test_rule(svclint):
    """A page is found by code or name; --all shows all of them."""
    assert svclint("rule", "SVC401").out == "# SVC401\n"
    assert svclint("rule", "raise-without-from").out == "# SVC401\n"
    assert svclint("rule", "--all").out == "# SVC116\n\n# SVC401\n"
    assert "\x1b[" in svclint("rule", "SVC401", "--color", "always").out


@pytest.mark.parametrize("arguments", [["rule"], ["rule", "SVC401", "--all"], ["rule", "SVC999"]])
def test_rule_misused(svclint, arguments):
    """One rule or all of them, and only known ones."""
    result = svclint(*arguments)

    assert result.code == 2
    assert result.out == ""


def test_rules(svclint):
    """The list has a line for each rule; --markdown is the generated page."""
    assert svclint("rules").out == (
        "code    name                level           fix   since\n"
        "SVC116  busy-wait           info (preview)  -     0.1.0\n"
        "SVC401  raise-without-from  error           safe  0.1.0\n"
    )
    assert svclint("rules", "--markdown").out == "# Rules é\n"


def test_config(svclint, folder):
    """What `config` shows is TOML that says the same, with origins."""
    (folder / "svclint.toml").write_text(
        'preview = true\n\nignore = ["SVC1"]\n[per-file-ignores]\n"tests/**" = ["SVC4"]\n[severity]\nSVC110 = "info"\n'
    )

    out = svclint("config", "app", "--ignore", "SVC2", "--target-version", "py310").out

    assert "# root: .\n# source roots: src\n" in out
    assert "preview = true  # svclint.toml:1\n" in out
    assert 'ignore = ["SVC1", "SVC2"]  # svclint.toml:3, command line\n' in out
    assert 'target-version = "py310"  # command line\n' in out
    assert "force-exclude = false  # default\n" in out
    shown = tomllib.loads(out)
    assert shown["per-file-ignores"] == {"tests/**": ["SVC4"]}
    assert shown["severity"] == {"SVC110": "info"}
    assert "venv" in shown["exclude"]


def test_explain(svclint):
    """A place may be given as reports print it."""
    assert svclint("explain", "app/bad.py:2").out == "app/bad.py:2: nothing is known\n"
    assert svclint("explain", "app/bad.py:2:5:").out == "app/bad.py:2: nothing is known\n"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("app/bad.py", "say which line"),
        ("app/none.py:1", "there is no file app/none.py"),
        ("app/bad.py:99", "has lines 1 to 3"),
        ("app/bad.py:0", "has lines 1 to 3"),
    ],
)
def test_explain_misused(svclint, place, message):
    """A place that does not exist is told."""
    result = svclint("explain", place)

    assert result.code == 2
    assert message in result.err
