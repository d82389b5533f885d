"""Whatever stands in a file, svclint says something or nothing, and the other files go on."""

from __future__ import annotations

import ast
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from svclint.engine import session as engine
from svclint.engine.linting import lint
from svclint.engine.loading import load
from tests import runs
from tests.corpus import STANDARD_LIBRARY, sample, standard_library

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.engine.linting import Linted, Task
    from svclint.engine.loading import Loaded, Texts
    from svclint.finding import Finding
    from svclint.source.model import Unreadable

GOOD = "def f():\n    try:\n        g()\n    except OSError:\n        raise ValueError\n"
"""A file with one finding: whatever happens to its neighbours, it is told."""


def _unreadable(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the files that were not analysed, with the reason."""
    return {Path(each.place.path).name: each.message for each in findings if each.code == "SVC900"}


def _copy(paths: Iterable[Path], folder: Path) -> None:
    """Put files side by side under names of their own."""
    for number, path in enumerate(paths):
        (folder / f"m{number}_{path.name}").write_bytes(path.read_bytes())


def _parses(data: bytes) -> bool:
    try:
        ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    return True


def test_real_code_is_read(tmp_path: Path) -> None:
    """A sample of the standard library: nothing breaks, and what is not analysed is no Python of this version."""
    _copy(sample(60, seed=5), tmp_path)
    outcome = runs.check(tmp_path, jobs=2)

    assert not outcome.broken, _unreadable(outcome.findings)
    assert 60 == outcome.summary.files + outcome.summary.not_analysed
    assert {path.name for path in tmp_path.iterdir() if not _parses(path.read_bytes())} >= set(
        _unreadable(outcome.findings)
    )


@pytest.mark.corpus
def test_the_whole_standard_library_is_read(tmp_path: Path) -> None:
    """All of it, as one project; nothing breaks, and only what does not parse is not analysed."""
    root = tmp_path / "lib"
    root.mkdir()
    for path in standard_library():
        target = root / path.relative_to(STANDARD_LIBRARY)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    outcome = runs.check(root, jobs=2)
    refused = {str(path) for path in root.rglob("*.py") if not _parses(path.read_bytes())}

    assert not outcome.broken
    assert refused >= {each.place.path for each in outcome.findings if each.code == "SVC900"}


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes that are nearly a file: cut, spliced, sprinkled, repeated, or with lines moved."""
    at = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    kind = chance.randrange(6)
    if kind == 0:
        return data[: at[0]]
    if kind == 1:
        return data[: at[0]] + data[at[1] :]
    if kind == 2:
        return data[: at[0]] + bytes(chance.randrange(256) for _ in range(20)) + data[at[1] :]
    if kind == 3:
        return data[: at[1]] + data[at[0] : at[2]] + data[at[1] :]
    lines = data.splitlines(keepends=True) or [b""]
    if kind == 4:
        chance.shuffle(lines)
        return b"".join(lines)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines).replace(b"    ", chance.choice([b"\t", b"  ", b" "]))


@pytest.mark.parametrize("seed", [1, 2])
def test_mutated_code_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    """Cut, spliced and shuffled files end in a finding or in nothing, and none takes another with it."""
    chance = random.Random(seed)
    for number, path in enumerate(sample(30, seed=seed + 10)):
        (tmp_path / f"m{number}.py").write_bytes(_mutated(path.read_bytes(), chance))
    (tmp_path / "good.py").write_text(GOOD)
    outcome = runs.check(tmp_path, jobs=2)

    assert not outcome.broken, _unreadable(outcome.findings)
    assert 31 == outcome.summary.files + outcome.summary.not_analysed
    assert "SVC401" in {each.code for each in outcome.findings if Path(each.place.path).name == "good.py"}


DEEP = {
    "minus": "x = " + "-" * 100_000 + "1\n",
    "few_minus": "x = " + "-" * 900 + "f()\n",
    "some_minus": "x = " + "-" * 5_000 + "f()\n",
    "nots": "x = " + "not " * 4_000 + "f()\n",
    "parentheses": "x = " + "(" * 150 + "f()" + ")" * 150 + "\n",
    "too_many_parentheses": "x = " + "(" * 5_000 + "f()" + ")" * 5_000 + "\n",
    "brackets": "x = " + "[" * 100_000 + "\n",
    "calls": "x = a" + ".b()" * 4_000 + "\n",
    "discarded_calls": "async def f():\n    a" + ".sleep()" * 4_000 + "\n",
    "attributes": "x = a" + ".b" * 9_000 + "\n",
    "items": "x = a" + "[0]" * 4_000 + "\n",
    "sum": "x = " + " + ".join(["a()"] * 20_000) + "\n",
    "powers": "x = " + " ** ".join(["a()"] * 3_000) + "\n",
    "conditions": "x = " + "a() if b else " * 3_000 + "c\n",
    "lambdas": "x = " + "lambda: " * 3_000 + "c()\n",
    "elifs": "if a: b()\n" + "elif a: b()\n" * 3_000,
    "blocks": "".join(" " * depth + "if a:\n" for depth in range(95)) + " " * 95 + "raise b()\n",
    "too_many_blocks": "".join(" " * depth + "if a:\n" for depth in range(500)) + " " * 500 + "raise b()\n",
    "tries": "".join(" " * depth + "try: a()\n" + " " * depth + "except E:\n" for depth in range(90))
    + " " * 90
    + "raise b()\n",
    "functions": "".join(" " * depth + "def f():\n" for depth in range(90)) + " " * 90 + "raise b()\n",
    "long_line": "x = [" + "a(), " * 200_000 + "]\n",
    "long_string": "x = '" + "é" * 600_000 + "'\n",
    "long_name": "def " + "f" * 1_000_000 + "():\n    raise Exception('x')\n",
    "long_comment": "x = 1  # " + "noqa " * 200_000 + "\n",
    "many_lines": "x = 1\n" * 100_000,
    "many_handlers": "try: a()\n" + "".join(f"except E{number}: raise b()\n" for number in range(3_000)),
    "many_names": "".join(f"x{number} = x{number - 1}\n" for number in range(1, 5_000)),
    "format": "x = f'" + "{a()}" * 3_000 + "'\n",
    "big_number": "x = " + "9" * 4_000 + "\n",
    "too_big_number": "x = " + "9" * 10_000 + "\n",
}
DEEP["elifs_that_decide"] = (
    "def f():\n    try: a()\n    except E:\n        if a: b()\n"
    + "        elif a: b()\n" * 2_400
    + "        else: raise\n"
)
DEEP["returns"] = (
    "import time\ndef f0(): return time.sleep\n"
    + "".join(f"def f{number}(): return f{number - 1}()\n" for number in range(1, 1_500))
    + "async def f():\n    f1499()(1)\n"
)
# The same inside of a handler: what is around a statement that is too deep must not reach LibCST either.
DEEP |= {
    f"{name}_in_handler": f"try: a()\nexcept E:\n    raise b({text})\n"
    for name, text in {
        "minus": "-" * 4_000 + "x",
        "nots": "not " * 3_000 + "x",
        "conditions": "a if b else " * 3_000 + "x",
        "lambdas": "lambda: " * 2_000 + "x",
        "attributes": "a" + ".b" * 9_000,
        "calls": "a" + "()" * 3_000,
        "items": "a" + "[0]" * 3_000,
        "sum": " + ".join("a" * 5_000),
        "powers": " ** ".join("a" * 1_000),
        "ands": " and ".join("a" * 6_000),
        "comparison": " < ".join("a" * 6_000),
        "strings": " ".join(["'a'"] * 3_000),
        "mixed": "not " * 190 + "-" * 190 + "(" * 190 + "a" + ")" * 190 + ".b" * 250,
    }.items()
}
REFUSED = {"minus", "too_many_parentheses", "brackets", "too_many_blocks", "too_big_number"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_extreme_code_is_read_or_refused(jobs: int, tmp_path: Path) -> None:
    """Deep nesting, endless lines and chains: what Python itself refuses is told, the rest does not break anything."""
    for name, text in DEEP.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "good.py").write_text(GOOD)
    outcome = runs.check(tmp_path, jobs=jobs)
    refused = _unreadable(outcome.findings)

    assert not outcome.broken, refused
    assert {f"{name}.py" for name in REFUSED} <= set(refused)
    assert len(DEEP) + 1 == outcome.summary.files + outcome.summary.not_analysed
    assert "SVC401" in {each.code for each in outcome.findings if Path(each.place.path).name == "good.py"}


BYTES = {
    "empty.py": b"",
    "only_newlines.py": b"\n\r\n\r\f\n",
    "nul.py": b"x = 1\0\n",
    "only_nul.py": b"\0" * 1000,
    "latin.py": b"x = '\xe9'\n",
    "cookie.py": b"# coding: latin-1\nx = '\xe9'\n",
    "unknown_cookie.py": b"# coding: klingon\nx = 1\n",
    "two_boms.py": b"\xef\xbb\xbf\xef\xbb\xbfx = 1\n",
    "utf16.py": "x = 1\n".encode("utf-16"),
    "binary.py": bytes(range(256)) * 40,
    "surrogate.py": b"x = '\xed\xa0\x80'\n",
    "cut_letter.py": "x = 1  # é".encode()[:-1],
    "python2.py": b"print 'x'\n",
    "template.py": b"{% if x %}\nx = 1\n{% endif %}\n",
    "conflict.py": b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n",
    "ctrl_z.py": b"x = 1\x1a\n",
}
READ = {"empty.py", "only_newlines.py", "cookie.py"}


def test_files_that_are_no_text_are_told(tmp_path: Path) -> None:
    """With a reason each, and a place; files without anything in them are fine."""
    for name, data in BYTES.items():
        (tmp_path / name).write_bytes(data)
    outcome = runs.check(tmp_path)
    refused = _unreadable(outcome.findings)

    assert set(BYTES) - READ == set(refused)
    assert all(refused.values())
    assert not outcome.broken


def test_things_that_are_no_files_are_left_alone(tmp_path: Path) -> None:
    """Folders named like modules, sockets, pipes, broken and circular links; a linked file is read."""
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "folder.py" / "inside.py").write_text(GOOD)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "broken.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "circle.py").symlink_to(tmp_path / "circle.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket.py"))
        outcome = runs.check(tmp_path)
        asked = runs.check(tmp_path, "folder.py", "missing.py", "pipe.py")

    assert "SVC401" in {each.code for each in outcome.findings if "inside" in each.place.path}
    assert not outcome.broken
    assert "missing.py" in _unreadable(asked.findings)
    assert not asked.broken


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    """Its neighbours are checked."""
    (tmp_path / "secret.py").write_text(GOOD)
    (tmp_path / "secret.py").chmod(0)
    (tmp_path / "good.py").write_text(GOOD)
    outcome = runs.check(tmp_path)

    assert {"secret.py"} == set(_unreadable(outcome.findings))


def test_a_file_that_vanishes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between discovery and reading."""
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "gone.py").write_text(GOOD)

    def load_late(texts: Texts, path: str) -> Loaded | Unreadable:
        (tmp_path / "gone.py").unlink(missing_ok=True)
        return load(texts, path)

    monkeypatch.setattr(engine, "load", load_late)
    outcome = runs.check(tmp_path)

    assert {"gone.py"} == set(_unreadable(outcome.findings))


# --- rules and workers that fail ---


@pytest.mark.parametrize("place", ["svclint.engine.linting.select", "svclint.rules.api.FileContext.raised_classes"])
def test_what_fails_on_one_file_is_told_there(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in a rule, or in what it asks, is a finding of that file; the run is broken, and goes on."""

    def fail(*_: object, **__: object) -> None:
        raise LookupError("no such thing")

    (tmp_path / "bad.py").write_text(GOOD)
    (tmp_path / "unread.py").write_text("{")
    monkeypatch.setattr(place, fail)
    outcome = runs.check(tmp_path)

    assert outcome.broken
    assert {"bad.py", "unread.py"} == set(_unreadable(outcome.findings))
    assert "LookupError: no such thing (fail, line" in _unreadable(outcome.findings)["bad.py"]


def _deadly_load(texts: Texts, path: str) -> Loaded | Unreadable:
    if path.endswith("deadly.py"):
        os._exit(7)
    return load(texts, path)


def _deadly_lint(task: Task, path: str) -> Linted:
    if path.endswith("deadly.py"):
        os._exit(7)
    return lint(task, path)


@pytest.mark.parametrize(("name", "function"), [("load", _deadly_load), ("lint", _deadly_lint)])
def test_a_dead_worker_is_the_fault_of_one_file(
    name: str, function: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading or judging it kills its process: it is told, and everything else is as if it were not there."""
    for number in range(20):
        (tmp_path / f"m{number:02}.py").write_text(GOOD)
    expected = [each for each in runs.check(tmp_path, jobs=2).findings if each.code == "SVC401"]
    (tmp_path / "deadly.py").write_text(GOOD)
    monkeypatch.setattr(engine, name, function)
    outcome = runs.check(tmp_path, jobs=2)

    assert ["deadly.py"] == list(_unreadable(outcome.findings))
    assert "killed" in _unreadable(outcome.findings)["deadly.py"]
    assert 20 == len(expected)
    assert expected == [each for each in outcome.findings if each.code == "SVC401"]


# --- signals and pipes ---


def test_a_reader_that_leaves_is_no_failure(tmp_path: Path) -> None:
    """`svclint check | head -1` ends without a traceback."""
    for number in range(40):
        (tmp_path / f"m{number}.py").write_text(GOOD * 20)
    with subprocess.Popen(
        [sys.executable, "-m", "svclint", "check", "--isolated", "--jobs", "1", "."],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()

    assert first
    assert b"Traceback" not in told
    assert b"Exception ignored" not in told
    assert b"bug in svclint" not in told


INTERRUPTING = """
import os, signal, sys
import svclint.fixing.write as writing

written = []
original = writing._fill

def fill(temporary, data, status):
    original(temporary, data, status)
    written.append(temporary)
    if len(written) == 3:
        os.kill(os.getpid(), signal.SIGINT)

writing._fill = fill
from svclint.cli.main import main
main()
"""


def test_an_interrupted_fix_leaves_whole_files(tmp_path: Path) -> None:
    """Ctrl-C while a file is written: each file is the old or the new one, and nothing else is left behind."""
    for number in range(6):
        (tmp_path / f"m{number}.py").write_text(GOOD)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTING, "check", "--isolated", "--fix", "--jobs", "1", "."],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    texts = [path.read_text() for path in sorted(tmp_path.iterdir()) if path.suffix == ".py"]
    fixed = GOOD.replace("except OSError:", "except OSError as e:").replace(
        "raise ValueError", "raise ValueError from e"
    )

    assert 130 == done.returncode, done.stderr
    assert {GOOD, fixed} == set(texts)
    assert 6 == len(texts)
    assert [] == [path.name for path in tmp_path.iterdir() if path.suffix not in {".py", ""}]
    assert b"Traceback" not in done.stderr


STOPPING = """
import os, signal, sys
import svclint.engine.session as session

original = getattr(session, sys.argv[1])

def stop(state, path):
    if path.endswith("m33.py"):
        os.killpg(0, signal.SIGINT)  # what a terminal does: everybody gets it
    return original(state, path)

setattr(session, sys.argv.pop(1), stop)
from svclint.cli.main import main
main()
"""


@pytest.mark.parametrize("stage", ["load", "lint"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_check_ends(stage: str, jobs: str, tmp_path: Path) -> None:
    """Ctrl-C reaches svclint and its workers while they read or judge: exit 130, one line, no traceback."""
    for number in range(60):
        (tmp_path / f"m{number}.py").write_text(GOOD)
    done = subprocess.run(
        [sys.executable, "-c", STOPPING, stage, "check", "--isolated", "--jobs", jobs, "."],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        start_new_session=True,
        timeout=120,
    )

    # Where the interrupt meets an `exec` of a text, CPython ends by the signal: 130 too, as shells count.
    assert done.returncode in {130, -signal.SIGINT}, done.stderr
    assert b"svclint: interrupted" == done.stderr.strip()
