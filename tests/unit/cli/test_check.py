"""What `check` writes where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def test_report_on_stdout_and_summary_on_stderr(svclint):
    """Findings are the only thing on stdout."""
    result = svclint("check", "app", "--output-format", "concise")

    assert result.code == 1
    assert result.out == (
        "app/bad.py:2:5: SVC401 bad-word: [*] this is bad\n"
        "app/info.py:1:1: SVC116 info-word (info): this is info\n"
        "app/warn.py:1:1: SVC110 warn-word (warning): [*] this is warn\n"
    )
    assert result.err == (
        "Found 3 findings (1 error, 1 warning, 1 info) in 3 files.\n"
        "[*] 1 fixable with `--fix`, 1 more with `--fix --unsafe-fixes`.\n"
        "Understood 4 files, 1,200 functions, 3 of 4 calls.\n"
        "note: no loop is entered\n"
    )


def test_clean(svclint):
    """Nothing found is nothing on stdout, and still a summary."""
    result = svclint("check", "app/clean.py")

    assert result.code == 0
    assert result.out == ""
    assert "No findings.\nUnderstood 1 file, " in result.err


def test_quiet_and_verbose(svclint):
    """-q leaves the summary out; -v tells what stayed in the dark."""
    assert svclint("check", "app", "-q").err == ""
    assert "      7 x SVC401: unknown callee" in svclint("check", "app", "-v").err


@pytest.mark.parametrize(
    ("file", "arguments", "code"),
    [
        ("info", [], 0),
        ("info", ["--fail-on", "info"], 1),
        ("warn", [], 1),
        ("warn", ["--fail-on", "error"], 0),
        ("bad", ["--fail-on", "error"], 1),
        ("bad", ["--exit-zero"], 0),
    ],
)
def test_fail_on(svclint, file, arguments, code):
    """The exit code follows the level that the run fails on."""
    assert svclint("check", f"app/{file}.py", *arguments).code == code


def test_broken(svclint, folder):
    """Where svclint itself broke, the findings are reported nevertheless, and the exit code says so."""
    (folder / "app/broken.py").write_text("bad  # broken\n")

    result = svclint("check", "app", "--exit-zero", "--output-format", "json")

    assert result.code == 3
    assert len(json.loads(result.out)["findings"]) == 4


def test_crash(svclint, folder):
    """A bug of svclint's is told in a line, and its traceback is in a file."""
    (folder / "crash.py").write_text("crash")

    result = svclint("check", "crash.py")

    assert result.code == 3
    assert "this is a bug in svclint: RuntimeError: boom" in result.err
    assert "Traceback" not in result.err
    log = result.err.strip().rsplit(" ", 1)[1]
    assert "RuntimeError: boom" in Path(log).read_text()


def test_interrupt(svclint, folder):
    """Ctrl-C ends the run with the exit code that shells know."""
    (folder / "interrupt.py").write_text("interrupt")

    result = svclint("check", "interrupt.py")

    assert result.code == 130
    assert result.err.strip() == "svclint: interrupted"


def test_fix(svclint, folder):
    """--fix mends what is safe, and reports and fails for what remains."""
    result = svclint("check", "app", "--fix", "--show-fixes", "--output-format", "concise")

    assert result.code == 1
    assert (folder / "app/bad.py").read_text() == "x = 1\ny = good\n"
    assert "bad.py" not in result.out
    assert result.err.startswith(
        "app/bad.py:\n    1 x SVC401 (Chain the cause)\nFixed 1 finding, 2 remain (1 warning, 1 info) in 2 files.\n"
    )


def test_fix_all(svclint):
    """When everything is mended, the run succeeds."""
    result = svclint("check", "app/bad.py", "--fix")

    assert result.code == 0
    assert result.err.startswith("Fixed 1 finding, none remain.\n")


def test_fix_only(svclint):
    """--fix-only neither reports nor fails for what remains."""
    result = svclint("check", "app", "--fix-only")

    assert result.code == 0
    assert result.out == ""
    assert result.err.startswith("Fixed 1 finding.\n")


def test_fix_that_can_not_be_written(svclint, folder):
    """A file that can't be mended is named, and fails the run."""
    (folder / "app/bad.py").write_text("bad  # locked\n")

    result = svclint("check", "app", "--fix-only")

    assert result.code == 1
    assert "svclint: not fixed: app/bad.py: is locked\n" in result.err


def test_diff(svclint, folder):
    """--diff shows and changes nothing; it fails where there is something to change."""
    result = svclint("check", "app", "--diff")

    assert result.code == 1
    assert result.out == "--- app/bad.py\n+++ app/bad.py\n@@ -1,2 +1,2 @@\n x = 1\n-y = bad\n+y = good\n"
    assert (folder / "app/bad.py").read_text() == "x = 1\ny = bad\n"
    assert svclint("check", "app/clean.py", "--diff").code == 0


def test_diff_keeps_the_bytes_of_the_file(svclint, folder):
    """A diff of latin-1 is latin-1."""
    (folder / "app/bad.py").write_bytes(b"bad = '\xe9'\r\n")

    assert "+good = '\udce9'\r\n" in svclint("check", "app", "--diff").out


def test_stdin(svclint):
    """`-` reads stdin, under the name that it is given."""
    result = svclint("check", "-", "--stdin-filename", "app/new.py", "--output-format", "concise", stdin=b"bad\n")

    assert result.code == 1
    assert result.out == "app/new.py:1:1: SVC401 bad-word: [*] this is bad\n"


def test_stdin_fix(svclint):
    """With --fix, stdout has the mended text, or the same text; findings go to stderr."""
    mended = svclint("check", "-", "--fix", "--statistics", stdin=b"bad warn\r\n")
    same = svclint("check", "-", "--fix", stdin=b"x = 1")

    assert mended.out == "good warn\r\n"
    assert mended.code == 1
    assert mended.err.startswith("1  SVC110  [*] warn-word\nFixed 1 finding, 1 remain")
    assert same.out == "x = 1"
    assert same.code == 0


def test_output_file(svclint, folder):
    """The report goes to a file, without colour; an unknown folder is told before the run."""
    result = svclint("check", "app", "--output-file", "report.json", "--output-format", "json")

    assert result.out == ""
    assert len(json.loads((folder / "report.json").read_text())["findings"]) == 3
    assert "there is no such folder" in svclint("check", "app", "-o", "no/report.json").err


def test_statistics(svclint):
    """--statistics counts instead of listing."""
    assert svclint("check", "app", "--statistics").out.startswith("1  SVC110  [*] warn-word\n")
    assert json.loads(svclint("check", "app", "--statistics", "--output-format", "json").out)["version"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "app"], "can't go with other paths"),
        (["app", "--stdin-filename", "x.py"], "can't go with other paths"),
        (["-q", "-v"], "can't go together"),
        (["--statistics", "--output-format", "github"], "--statistics has no github format"),
        (["--target-version", "3.11"], '--target-version: "target-version" must be a version such as "py311"'),
        (["--config", "nothing.toml"], "there is no such file"),
        (["--isolated", "--config", "svclint.toml"], "can't go with --config FILE"),
        (["--selct", "SVC4"], "No such option"),
    ],
)
def test_usage_errors(svclint, arguments, message):
    """What can't be asked for is told with exit code 2."""
    result = svclint("check", *arguments)

    assert result.code == 2
    assert message in result.err
    assert result.out == ""


def test_config_errors(svclint, folder):
    """All that is wrong with a file is told, with its lines."""
    (folder / "svclint.toml").write_text("selct = []\npreview = 1\n")

    result = svclint("check")

    assert result.code == 2
    assert result.err.splitlines() == [
        'svclint: svclint.toml:1: unknown key "selct"; did you mean "select"?',
        'svclint: svclint.toml:2: "preview" must be true or false, not an integer',
    ]


def test_github(svclint):
    """GitHub's commands are not coloured, even when colour is asked for."""
    result = svclint("check", "app/bad.py", "--output-format", "github", "--color", "always")

    assert result.out.startswith("::error title=svclint (SVC401),file=")
    assert "\x1b" not in result.out
