"""Streams that close, fill up, or speak another encoding, and what colour they get."""

from __future__ import annotations

import io

import pytest

from svclint.cli.streams import wants_color


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "terminal", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour(choice, terminal, environ, wanted):
    """The option goes before the environment, and that before the terminal."""
    assert wants_color(choice, _Terminal() if terminal else io.StringIO(), environ) is wanted


def test_a_reader_that_has_gone(process, folder):
    """`| head` gets its lines; there is no traceback, and the exit code is that of the findings."""
    (folder / "app/bad.py").write_text("bad\n" * 20_000)

    ended = process("$svclint check app | head -n 1; echo ${PIPESTATUS[0]}")

    assert ended.stdout.splitlines()[0] == b"SVC401 bad-word: [*] this is bad"
    assert ended.stdout.splitlines()[1] == b"1"
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipe" not in ended.stderr


def test_closed_streams(process):
    """Without stdout or stderr the exit code is all that is left."""
    for line in ("$svclint check app >&-", "$svclint check app 2>&-", "$svclint check app >&- 2>&-"):
        assert process(line).returncode == 1


def test_closed_stdin(process):
    """`-` without stdin is told."""
    ended = process("$svclint check - <&-")

    assert ended.returncode == 2
    assert b"it is closed" in ended.stderr


def test_full_disk(process):
    """A report that can't be written is told."""
    ended = process("$svclint check app > /dev/full")

    assert ended.returncode == 2
    assert ended.stderr == b"svclint: can't write to stdout: No space left on device\n"


def test_another_encoding(process, folder):
    """What stdout can't encode is escaped for people, and UTF-8 for programs."""
    (folder / "app/bad.py").write_text("é = bad\n")

    for_people = process("$svclint check app", PYTHONIOENCODING="ascii")
    for_programs = process("$svclint check app/é.py --output-format json", PYTHONIOENCODING="ascii")

    assert b"1 | \\xe9 = bad" in for_people.stdout
    assert for_programs.returncode == 0


def test_light_commands_do_not_load_libcst(process):
    """Answers that need no analysis come at once."""
    for arguments in ("--version", "--help", "check --help", "check --nonsense", "check --config nothing.toml"):
        ended = process(f"PYTHONPROFILEIMPORTTIME=1 $svclint {arguments}")

        assert b"libcst" not in ended.stderr
        assert b"import time:" in ended.stderr


def test_a_working_directory_that_is_gone(process):
    """Even that is a message."""
    ended = process("mkdir gone && cd gone && rmdir ../gone && $svclint check .")

    assert ended.returncode == 2
    assert ended.stderr == b"svclint: the working directory does not exist any more\n"
