"""Comments, anchors, exports, and texts that are not plain ASCII with LF."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from svclint.engine.work import RECURSION_LIMIT
from svclint.index.build import build_index
from svclint.index.comments import find_comments, has_words
from svclint.index.model import decode, encode
from svclint.source.masking import parse
from svclint.source.model import Construct, Parsed, Source
from tests.unit.index.built import brief, index_of, scope, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = '''
"""Docs # no comment."""
import a.b as c  # why
from .d import *

__all__ = ["F", "g"]

class F(c.Base, metaclass=M):
    x: "int" = 1

    @property
    async def g(self, *args, k=[i for i in range(3) if i]):
        global h
        try:
            async with c.open(f"{k!r:>{w}}") as h, other:
                return (await h.get(*args, **{"a": b"x"}))[0]
        except (E, c.F) as e:
            raise G("é") from e
        finally:
            del k
        match h:
            case {"a": [x, *y], **z} if x: yield lambda q, /, r=1: q
'''


@pytest.fixture(autouse=True)
def _deep() -> Iterator[None]:
    """Give the interpreter the recursion limit that the engine runs with."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a\nx  # b\n", ["# a", "# b"]),
        ("x = '# no'  # yes\n", ["# yes"]),
        ('x = "# no"\n', []),
        ("x = '\\'# no'  # yes\n", ["# yes"]),
        ("x = r'\\\\'  # yes\n", ["# yes"]),
        ("x = r'\\'# no'  # yes\n", ["# yes"]),
        ("x = '''\n# no\n'''  # yes\n", ["# yes"]),
        ('x = """ \\""" # no """  # yes\n', ["# yes"]),
        ("x = '''a'b''c'''  # yes\n", ["# yes"]),
        ("x = ''  # yes\n", ["# yes"]),
        ("x = '' '# no' \"\"  # yes\n", ["# yes"]),
        ("x = f'{y}# no'  # yes\n", ["# yes"]),
        ("x = f'{y!r:#x}'  # yes\n", ["# yes"]),
        ("x = rb'# no'  # yes\n", ["# yes"]),
        ("x = 'a\\\n# no'  # yes\n", ["# yes"]),
        ("# it's\nx = '# no'\n", ["# it's"]),
        ("# a   \t\n", ["# a"]),
        ("x = 1 # a # b\n", ["# a # b"]),
        ("# a\r\nx\r\n# b\rx\r", ["# a", "# b"]),
        ("#\n", ["#"]),
        ("# é\nx = 'é'  # ü", ["# é", "# ü"]),
        ("", []),
    ],
)
def test_comments_are_found_between_strings(text: str, expected: list[str]) -> None:
    """A `#` in a string of any kind is none; a comment ends before trailing blanks, and stands where it says."""
    data = text.encode()
    compile(data, "x", "exec")
    found = find_comments(data, ())

    assert expected == [each.text for each in found]
    assert expected == [data[each.span.start : each.span.end].decode() for each in found]


def test_a_comment_knows_whether_it_stands_alone() -> None:
    """On its own line, with or without indentation."""
    found = find_comments(b"# a\nif x:  # b\n    # c\n\t# d\r\n  x; # e\n", ())

    assert [("# a", True), ("# b", False), ("# c", True), ("# d", True), ("# e", False)] == [
        (each.text, each.own_line) for each in found
    ]


def test_a_comment_in_a_newer_f_string_is_none() -> None:
    """PEP 701 allows quotes and `#` inside; masking, or the interpreter's own tree, tells where such strings are."""
    data = b"x = f'{y['#']} # no'  # yes\n"
    parsed = parse(Source(path="/m.py", data=data))
    assert isinstance(parsed, Parsed)
    formats = [each.span for each in parsed.masked if each.construct is Construct.F_STRING]

    assert ["# yes"] == [each.text for each in build_index("m.py", data, parsed.tree, formats).comments]


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("# it is gone", True),
        ("# noqa", False),
        ("#noqa:BLE001,S110", False),
        ("# noqa: BLE001 because", True),
        ("# type: ignore[attr-defined]", False),
        ("# pragma: no cover", False),
        ("# svclint: allow[SVC405] it is gone", False),
        ("# type: ignore # it is gone", True),
        ("# ---", False),
        ("# 1.", False),
        ("# так надо", True),
        ("#", False),
    ],
)
def test_words_are_for_readers(comment: str, words: bool) -> None:  # noqa: FBT001 - a case
    """What is said to tools does not count."""
    assert words == has_words(comment)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("", ""),
        ("x = 1\n", ""),
        ("#!/usr/bin/python\n# coding: utf-8\nx = 1\n", "#!/usr/bin/python\n# coding: utf-8\n"),
        ('"""Docs."""\nx = 1\n', '"""Docs."""\n'),
        ('"""Docs."""\n\nimport a\nfrom b import c\n\nx = 1\n', '"""Docs."""\n\nimport a\nfrom b import c\n'),
        (
            '"""Docs."""\nfrom __future__ import annotations\nx = 1\n',
            '"""Docs."""\nfrom __future__ import annotations\n',
        ),
        ("import a\nif TYPE_CHECKING:\n    import b\nimport c\n", "import a\n"),
        ("from a import (\n    b,\n)\nx = 1\n", "from a import (\n    b,\n)\n"),
        ("import a  # why\nx = 1\n", "import a  # why\n"),
        ("import a", "import a"),
        ("import a\r\nx = 1\r\n", "import a\r\n"),
        ("import a\rx = 1\r", "import a\r"),
        ("# é\nimport a\nx = 1\n", "# é\nimport a\n"),
    ],
)
def test_a_new_import_goes_behind_the_head(text: str, before: str) -> None:
    """Behind the imports that head the file, else behind the docstring, else behind shebang and encoding."""
    assert len(before.encode()) == index_of(text.encode()).import_anchor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n", None),
        ("__all__ = ['b', 'a']\n", ("a", "b")),
        ("__all__ = ('a',)\n", ("a",)),
        ("__all__: list[str] = ['a']\n", ("a",)),
        ("__all__ = []\n", ()),
        ("__all__ = ['a']\n__all__ += ['b']\n", ("a", "b")),
        ("__all__ = ['a']\n__all__ = __all__ + ['b']\n", ("a", "b")),
        ("__all__ = ['a'] + ['b']\n", ("a", "b")),
    ],
)
def test_exports_are_what_all_names(text: str, expected: tuple[str, ...] | None) -> None:
    """Also where it grows; None where there is no `__all__`."""
    assert expected == index_of(text).exports


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("é = ü(ä, 'ß')\n", "ü(ä, 'ß')"),
        ("x = '日本語'; 变量 = 函数('🎉')\n", "函数('🎉')"),
        ("x = 1\r\nif x:\r\n    f(\r\n        x)\r\n", "f(\r\n        x)"),
        ("x = 1\rf(x)\r", "f(x)"),
        ("x = '''\r\n'''\r\nf(x)\r\n", "f(x)"),
        ("\fx = 1\n\f\nf(x)\n", "f(x)"),
        ("if x:\n\f    f(x)\n", "f(x)"),
        ("x = '''\f\v\x1c\u2028'''; f(x)\n", "f(x)"),
        ("\tif_ = 1\nif 1:\n\tf(x)\n".lstrip("\t"), "f(x)"),
        ("x = 1\n\n\nf(x)", "f(x)"),
    ],
)
def test_offsets_are_bytes_of_the_text(text: str, call: str) -> None:
    """With letters of several bytes, every kind of line end, form feeds, and separators that are none for Python."""
    data = text.encode()
    (found,) = index_of(data).calls

    assert call.encode() == data[found.start : found.end]


def test_names_are_kept_as_python_reads_them() -> None:
    """NFKC: a binding and its read in another spelling are the same name."""
    index = index_of("ﬁn = 1\nfin(ﬁn)\n")

    assert ["fin"] == sorted(scope(index, "").bindings) == sorted(scope(index, "").reads)


def test_a_binding_of_a_wide_name_ends_where_it_ends() -> None:
    """The span of an assigned name covers its own bytes, also where Python reads it as another spelling."""
    data = "ﬁn = 1\nété = 2\n".encode()
    bindings = scope(index_of(data), "").bindings

    assert {"fin": "ﬁn", "été": "été"} == {
        name: data[each.start : each.end].decode() for name, (each,) in bindings.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "f(" * 90 + ")" * 90,
        "x = " + " + ".join(["a"] * 3_000),
        "x = a" + ".b()" * 3_000,
        "x = a" + "[0]" * 3_000,
        "x = " + " and ".join(["a()"] * 3_000),
        "x = " + "[" * 90 + "]" * 90,
        "x = " + "not " * 1_000 + "a",
        "f(" + ", ".join(["a"] * 20_000) + ")",
    ],
)
def test_a_deep_statement_hides_no_other(text: str) -> None:
    """What is too deep is given up alone: the statements before and behind it, and around it, are kept."""
    index = index_of(f"before()\ndef outer():\n    {text}\n    inside()\nafter()\n")
    chains = [shown(each.chain) for each in index.calls if each.chain]

    assert ["before", "inside", "after"] == [each for each in chains if each in {"before", "inside", "after"}]
    assert ["outer"] == [each.qualname for each in index.scopes if each.kind.value == "function"]
    assert decode(encode(index)) == index


@pytest.mark.parametrize(
    "text",
    [
        "try: inside()\nexcept A: raise B\nexcept (a{deep}): pass\nexcept C: pass\nfinally: pass\n",
        "try:\n    try: inside()\n    except a{deep}: pass\nexcept B: pass\n",
        "match inside():\n    case 1: pass\n    case _ if a{deep}: pass\n    case 3 if x: pass\n",
        "for x in a{deep}:\n    pass\n",
        "class A(a{deep}):\n    def f(self): pass\n",
        "def f(x=lambda: a{deep}): pass\n",
        "@a{deep}\ndef f(): pass\n",
        "with inside() as x, a{deep}: pass\n",
        "if inside(): pass\nelif a{deep}: pass\nelse: pass\n",
        "[[lambda: a{deep} for x in y] for z in y]\n",
        "f(g(inside(), a{deep}))\n",
    ],
)
def test_a_deep_part_of_a_statement_leaves_whole_tables(text: str) -> None:
    """In headers, handlers' types, guards and inner scopes: every record is there, and what follows is seen."""
    index = index_of(text.replace("{deep}", ".b()" * 400) + "after(x)\n")

    assert 1 == index.too_deep
    assert decode(encode(index)) == index
    assert "after" == shown(index.calls[-1].chain)
    assert -1 == index.calls[-1].handler
    assert not index.calls[-1].conditional
    assert 0 == index.calls[-1].scope


def test_statements_that_nest_too_deeply_refuse_the_file() -> None:
    """An endless chain of `elif` is one statement in the other, which nothing can be kept of."""
    with pytest.raises(RecursionError):
        index_of("if a: b()\n" + "elif a: b()\n" * 4_000)


def test_what_is_given_up_is_counted() -> None:
    """A statement of unknown content is kept in its place."""
    index = index_of("a\nx = a" + ".b()" * 3_000 + "\nb\n")

    assert 1 == index.too_deep
    assert ["expr", "too-deep", "expr"] == [each.kind.value for each in index.stmts]


@pytest.mark.parametrize("text", [SAMPLE, "", "x", "# only\n"])
def test_an_index_survives_its_encoding(text: str) -> None:
    """Decoded, it equals what was encoded; encoded again, it is the same bytes."""
    index = index_of(text)

    assert index == decode(encode(index))
    assert encode(index) == encode(decode(encode(index)))
    assert encode(index) == encode(index_of(text))


def test_an_index_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """Two processes with different seeds write the same bytes, also for a real file."""
    real = Path(ast_file()).read_bytes()
    (tmp_path / "sample.py").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "real.py").write_bytes(real)
    program = (
        "import ast, hashlib, sys\n"
        "from svclint.index.build import build_index\n"
        "from svclint.index.model import encode\n"
        "for name in sys.argv[1:]:\n"
        "    data = open(name, 'rb').read()\n"
        "    print(hashlib.sha256(encode(build_index('m.py', data, ast.parse(data)))).hexdigest())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, tmp_path / "sample.py", tmp_path / "real.py"],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert 1 == len(outputs)
    assert 2 == len(set(outputs.pop().split()))


def ast_file() -> str:
    """Return the path of a module that uses most of the language."""
    import asyncio.base_events

    return asyncio.base_events.__file__


def test_type_comments_and_values_do_not_leak_between_files() -> None:
    """Two indexes of one text are equal, whatever was indexed in between."""
    first = index_of(SAMPLE)
    index_of("é = [x() for x in y]\n")

    assert first == index_of(SAMPLE)


def test_masked_code_is_indexed_at_its_own_places() -> None:
    """Offsets of a file in newer syntax are those of its own text."""
    data = b"def f[T](x: T) -> T:\n    return g(f'{x['k']}')\n"
    parsed = parse(Source(path="/m.py", data=data))
    assert isinstance(parsed, Parsed)
    index = build_index("m.py", data, parsed.tree)
    (found,) = index.calls

    assert b"g(f'{x['k']}')" == data[found.start : found.end]
    assert "g" == shown(found.chain)
    assert ["x[]"] == [brief(index, item) for item in getattr(found.args[0], "items", found.args)] or ["x[]"] == [
        brief(index, item) for item in found.args[0].operands
    ]
