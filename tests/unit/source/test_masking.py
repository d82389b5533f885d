"""A file is parsed, or the reason why not is told at its line, whatever happens to the child that masks."""

from __future__ import annotations

import ast
import multiprocessing
import subprocess
import sys

import pytest

from svclint.source import masking
from svclint.source.mask_client import MaskingProcess
from svclint.source.masking import parse
from svclint.source.model import Construct, Parsed, Source, Unreadable
from svclint.source.reading import decode
from svclint.text import Span
from tests.unit.source.tree_facts import facts

NEW = "lazy import os\n"  # newer than every interpreter that svclint runs on, for now


def source(text: str | bytes) -> Source:
    result = decode(text.encode() if isinstance(text, str) else text, "/x.py")
    assert isinstance(result, Source)
    return result


def parsed(text: str | bytes) -> Parsed:
    result = parse(source(text))
    assert isinstance(result, Parsed)
    return result


def refusal(text: str) -> tuple[str, int]:
    result = parse(source(text))
    assert isinstance(result, Unreadable)
    return result.reason, result.line


def test_plain_code_is_not_masked() -> None:
    """The tree is that of the file's own text."""
    result = parsed("x = f'{y}'\n")

    assert (result.data, result.masked) == (b"x = f'{y}'\n", ())
    assert isinstance(result.tree.body[0], ast.Assign)


def test_newer_syntax_is_remembered() -> None:
    """With its place in the file."""
    result = parsed("x = 1\n" + NEW)

    assert [(Construct.LAZY_IMPORT, Span(6, 20))] == [(one.construct, one.span) for one in result.masked]
    assert [ast.Assign, ast.Expr, ast.Import] == [type(statement) for statement in result.tree.body]


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (
            "class Repo[T: Base](Generic):\n    async def get[K](self, key: K) -> T:\n        await self.db.get(key)\n",
            "class Repo(Generic):\n    async def get(self, key: K) -> T:\n        await self.db.get(key)\n",
        ),
        (
            "async def f():\n    try:\n        await g(f'{x['k']}')\n    except KeyError, OSError:\n        raise\n",
            "async def f():\n    try:\n        await g((x['k'],))\n    except KeyError | OSError:\n        raise\n",
        ),
        ("type Handler[**P] = Callable[P, None]\nx = 1\n", "0\nHandler = Callable[P, None]\nx = 1\n"),
        ("lazy from a import b\nx = [*b(i) for i in y]\n", "0\nfrom a import b\nx = [b(i) for i in y]\n"),
    ],
)
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this interpreter has nodes of its own for some of it")
def test_masked_code_says_what_older_code_would(new: str, old: str) -> None:
    """Apart from positions, and from type parameters."""
    assert facts(ast.parse(old), positions=False) == facts(parsed(new).tree, positions=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nprint 'x'\n", ("Missing parentheses in call to 'print'. Did you mean print(...)?", 2)),
        ("x = 1\n{% if x %}\n", ("invalid syntax", 2)),
        ("x = (1,\ny = 2\n", ("'(' was never closed", 1)),
        (NEW + "x = 1\ny = = 2\n", ("invalid syntax", 3)),
        (NEW + "x = '" + "\n", ("unterminated string literal (detected at line 2)", 2)),
        ("x = " + "-" * 100_000 + "1\n", ("nested too deeply", 0)),
    ],
)
def test_refusals_say_what_and_where(text: str, expected: tuple[str, int]) -> None:
    """Newer syntax further up does not hide where the error is."""
    assert expected == refusal(text)


def test_a_declaration_of_another_encoding_is_past_when_masking() -> None:
    """The child gets UTF-8, whatever the file was written in."""
    result = parsed(b"# coding: latin-1\nlazy import os; x = '\xe9'\n")

    assert "0;   import os; x = 'é'" in result.data.decode()


def test_text_that_kills_the_parser_kills_only_the_child() -> None:
    """The next file is served by another one."""
    process = MaskingProcess()

    crash = process.mask(b"lazy import os\nx = " + b"-" * 100_000 + b"1\n")
    after = process.mask(NEW.encode())
    process.close()

    assert (crash.data, crash.failure) == (None, "LibCST's parser crashes")
    assert after.data == b"0;   import os\n"


def test_a_child_that_takes_too_long_is_ended() -> None:
    """Even one that only starts too slowly."""
    process = MaskingProcess(time_limit=0.01)

    reply = process.mask(NEW.encode())

    assert (reply.data, reply.failure) == (None, "LibCST takes longer than 0.01 s")


def test_a_child_that_can_not_be_started_is_told(monkeypatch) -> None:
    """The file is unreadable, the run goes on."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(masking, "_process", MaskingProcess())

    reason, line = refusal(NEW)

    assert "the masking process can't be started" in reason
    assert line == 1


def test_large_files_are_not_masked(monkeypatch) -> None:
    """LibCST would need too much memory for them."""
    monkeypatch.setattr(masking, "MASKING_LIMIT", 5)

    assert refusal(NEW) == ("invalid syntax (too large to look for newer syntax)", 1)


def masked_in_worker(text: str) -> int:
    return len(parsed(text).masked)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_daemonic_workers_mask_too(method: str) -> None:
    """Each by a child of its own, also when the parent's was there before a fork."""
    assert masked_in_worker(NEW) == 1

    with multiprocessing.get_context(method).Pool(2) as pool:
        result = pool.map(masked_in_worker, [NEW] * 4, chunksize=1)

    assert result == [1] * 4
    assert masked_in_worker(NEW) == 1


def test_nothing_of_the_linted_folder_is_imported_and_libcst_only_by_the_child(tmp_path) -> None:
    """A file called libcst.py, msgspec.py or svclint.py in the working directory is code to be read, not to be run."""
    for name in ("libcst", "gc", "svclint"):
        (tmp_path / f"{name}.py").write_text(f"open('{name}.ran', 'w')\n")
    program = (
        "import sys\n"
        "from svclint.source.masking import parse\n"
        "from svclint.source.model import Source\n"
        f"assert parse(Source(path='/x.py', data={NEW.encode()!r})).masked\n"
        "assert 'libcst' not in sys.modules\n"
    )

    result = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
    assert not list(tmp_path.glob("*.ran"))


def test_warnings_about_the_linted_code_are_not_shown(recwarn) -> None:
    """Invalid escapes and the like belong to the code that is read."""
    parsed("x = '\\d' is 1\n")
    parsed(NEW + "x = '\\d' is 1\n")

    assert not list(recwarn)
