"""Masking keeps every position, line break and comment, and everything that the old syntax can say."""

from __future__ import annotations

import ast
import re
import sys
import sysconfig
from pathlib import Path

import libcst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclint.source.constructs import READ_SINCE, Masked, mask
from svclint.source.mask_server import Reply, answer
from svclint.source.model import Construct
from svclint.source.reading import decode, read
from tests.unit.source.tree_facts import facts

STDLIB = Path(sysconfig.get_path("stdlib"))

# New syntax, what it is masked by, and the constructs that are remembered.
MASKS = [
    ("def f[T](x: T): ...", "def f(   x: T): ...", "[T]"),
    ("async def f[T: int = str, *Ts, **P](): ...", "async def f(                        ): ...", None),
    ("def f[\n  T,  # why\n\n](): ...", "def f(\n      # why\n\n  ): ...", None),
    ("def f[T] (x): ...", "def f(    x): ...", "[T]"),
    ("class A[T]: ...", "class A( ): ...", "[T]"),
    ("class A[\n  T\n]: ...", "class A(\n   \n): ...", None),
    ("class A[T](B[T], metaclass=M): ...", "class A(   B[T], metaclass=M): ...", "[T]"),
    ("class A[é](): ...", "class A(    ): ...", "[é]"),
    ("type X = int", "0;   X = int", "type X = int"),
    ("type X[\n T] = list[T]; y = 1", "0;(  X \n  ) = list[T]; y = 1", None),
    ("if x: type Y = int", "if x: 0;   Y = int", "type Y = int"),
    ("type = type(1)\ntype.X = 1", "type = type(1)\ntype.X = 1", None),
    ("try: ...\nexcept A, B.c, d(): ...", "try: ...\nexcept A| B.c| d(): ...", "A, B.c, d()"),
    ("try: ...\nexcept* A , B : ...", "try: ...\nexcept* A | B : ...", "A , B"),
    ("try: ...\nexcept (A, B): ...", "try: ...\nexcept (A, B): ...", None),
    ("lazy import a, b.c", "0;   import a, b.c", "lazy import a, b.c"),
    ("lazy from .a import (\n  b,\n)", "0;   from .a import (\n  b,\n)", None),
    ("lazy = 1", "lazy = 1", None),
    ("[*x for x in y]", "[ x for x in y]", "*x"),
    ("{* x async for x in y}", "{  x async for x in y}", "* x"),
    ("f((*x for x in y))", "f(( x for x in y))", "*x"),
    ("{**x for x in y}", "{  x for x in y}", "**x"),
    ("[*a, *b], {**c}", "[*a, *b], {**c}", None),
    ("f'{x['a']}'", "(  x['a'],)", "f'{x['a']}'"),
    ("f'{x['a']!r:>{w}}-{y=}'", "(  x['a'],    w,   y ,)", None),
    ("f'{'\\n'.join(x)}'", "(  '\\n'.join(x),)", None),
    ("rf'{x['']}é' 'a'", "(   x[''],      )", None),
    ("('a'  # why\n 'b' f'{x['']}')", "((    # why\n        x[''],))", "'a'  # why\n 'b' f'{x['']}'"),
    ("f'{f'{f'{1}'}'}'", "(  (  f'{1}',),)", None),
    ("f'''{\nx # why\n['']\n}'''", "(    \nx # why\n['']\n,  )", None),
    ("f'{a, b['']}'", "(  a, b[''],)", None),
    ("f'{a[''],}{b}'", "(  a[''],  b,)", None),
    ("f'{yield f''}'", "(  yield f'' )", None),
    ("f'{x!r  }{y['']}'", "(  x,     y[''],)", None),
    ("f'{x!r}'", "f'{x!r}'", None),
    ("t'{x}{y!r:{z}}'", "(  x, y,   z, )", "t'{x}{y!r:{z}}'"),
    ("print(t'')", "print(( ))", None),
]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this interpreter reads some of it")
@pytest.mark.parametrize(("new", "old", "span"), MASKS, ids=[new for new, _, _ in MASKS])
def test_masks(new: str, old: str, span: str | None) -> None:
    """Each construct by older syntax of the same length, which the interpreter reads."""
    data = new.encode()

    masked = mask(data)

    assert old == masked.data.decode()
    ast.parse(masked.data)
    assert span is None or [span] == [data[one.span.start : one.span.end].decode() for one in masked.spans]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n\x0c"])
def test_line_breaks_and_form_feeds_move_nothing(newline: str) -> None:
    """LibCST loses some of them; the positions stay."""
    lines = [
        "\x0cx = 1",
        "class A:",
        "    é = 'é'",
        "    type X[T] = T",
        "    def f[",
        "        T",
        "    ](self): ...",
        "",
    ]
    data = newline.join(lines).encode()

    masked = mask(data, force=True)

    check(data, masked)
    assert [span.construct for span in masked.spans] == [
        Construct.TYPE_ALIAS,
        Construct.TYPE_PARAMETERS,
        Construct.TYPE_PARAMETERS,
    ]


def test_every_construct_has_its_first_python() -> None:
    """On a newer interpreter what it reads is left alone."""
    assert set(READ_SINCE) == set(Construct)


def check(data: bytes, masked: Masked) -> None:
    """Length, line breaks and comments stay, and nothing changes but what is remembered."""
    assert len(data) == len(masked.data)
    assert re.sub(rb"[^\r\n]", b"", data) == re.sub(rb"[^\r\n]", b"", masked.data)
    assert masked.spans == tuple(sorted(masked.spans))
    covered = bytearray(data)
    for one in masked.spans:
        end = one.span.end
        if one.construct is Construct.TYPE_PARAMETERS:
            # The parenthesis that follows has moved to where the bracket was.
            end += len(data[end:]) - len(data[end:].lstrip(b" \t\\\r\n")) + 1
        covered[one.span.start : end] = masked.data[one.span.start : end]
    assert bytes(covered) == masked.data


def oracle(path: Path) -> int:
    """Compare a file that the interpreter reads with itself after its f-strings are masked; return their number."""
    source = read(str(path))
    try:
        plain = ast.parse(source.text)
    except (AttributeError, SyntaxError):
        return 0
    if not any(isinstance(node, ast.JoinedStr) for node in ast.walk(plain)):
        return 0

    try:
        masked = mask(source.data, force=True)
    except libcst.ParserSyntaxError:
        return 0  # as it refuses some of CPython's own tests of odd syntax

    check(source.data, masked)
    assert facts(plain, source.data) == facts(ast.parse(masked.data.decode()), masked.data, masked.spans)
    return len(masked.spans)


@pytest.mark.filterwarnings("ignore")
def test_facts_of_masked_and_plain_text_are_equal_in_a_part_of_the_standard_library() -> None:
    """Of f-strings all expressions are left, at their own places."""
    small = sorted(path for path in STDLIB.glob("[a-l]*.py") if path.stat().st_size < 25_000)

    assert sum(oracle(path) for path in small) > 20


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore")
def test_facts_of_masked_and_plain_text_are_equal_in_the_standard_library() -> None:
    """All of it."""
    # test_fstring.py has the one `f"{yield}"` of the library.
    files = (path for path in sorted(STDLIB.rglob("*.py")) if "site-packages" not in path.parts)
    files = (path for path in files if path.name != "test_fstring.py")

    assert sum(oracle(path) for path in files) > 2_000


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "é", "1", "'a'", '"b"', "f(x)", "x.y", "None", "(yield)", "(lambda: 0)", "x['k']"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]} + {pair[1]}"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}, {pair[1]}").map(lambda text: f"({text})"),
        inner.map(lambda text: f"await_({text}, k={text})"),
        inner.map(lambda text: f"[*{text} for x in y]"),
        inner.map(lambda text: f"{{**{text} for x in y}}"),
        inner.map(lambda text: f"f'é{{ {text} !r}}'"),
        inner.map(lambda text: f'f"{{ {text} :>{{ {text} }}}}"'),
        inner.map(lambda text: f"t'{{ {text} = }}-'"),
        inner.map(lambda text: f"('c' rf'{{ {text} }}' # why\n  \"d\")"),
        inner.map(lambda text: f"f'''\n{{ {text} # why\n}}'''"),
    ),
    max_leaves=6,
)
STATEMENTS = st.recursive(
    st.one_of(
        EXPRESSIONS.map(lambda text: f"z = {text}\n"),
        EXPRESSIONS.map(lambda text: f"type Z = {text}; a = 1\n"),
        EXPRESSIONS.map(lambda text: f"type Z[T: ({text}), # why\n *Ts] = {text}\n"),
        st.sampled_from(
            ["lazy import a\n", "lazy from .é import b; c = 1\n", "type(x)\n", "lazy = 1\n", "\x0c\n", "# why\n"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        inner.map(lambda body: "def é[T, *Ts](a, b: T = 1):\n" + indented(body)),
        inner.map(lambda body: "async def f[\n  T, # why\n\n] (a):\n" + indented(body)),
        inner.map(lambda body: "class A[T = int]:\n" + indented(body)),
        inner.map(lambda body: "class A[T](B, c=1):\n" + indented(body)),
        inner.map(lambda body: "try:\n" + indented(body) + "except A, b.c :\n" + indented(body)),
        inner.map(lambda body: "try:\n" + indented(body) + "except* A, b(), C:\n" + indented(body)),
    ),
    max_leaves=6,
)


def indented(body: str) -> str:
    """Indent a block, also inside of strings; a last `pass` keeps it from being empty."""
    return "".join(f"    {line}" for line in body.splitlines(keepends=True)) + "    pass\n"


@settings(max_examples=60, deadline=None)
@given(text=STATEMENTS, newline=st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_mixture_of_constructs_can_be_read(text: str, newline: str) -> None:
    """Nested in any way, with any line breaks."""
    data = text.replace("\n", newline).encode()

    masked = mask(data)

    check(data, masked)
    ast.parse(masked.data.decode())
    assert mask(masked.data).spans == ()
    assert data.count(b"# why") == masked.data.count(b"# why")


@settings(max_examples=60, deadline=None)
@given(
    text=STATEMENTS,
    cut=st.integers(0, 400),
    junk=st.sampled_from(["", "'", "{", "(", "\\", "\t", "type", "\x00", "f'{"]),
)
def test_mutilated_code_is_answered(text: str, cut: int, junk: str) -> None:
    """Whatever it is, the answer is a text that is as long, or none."""
    data = (text[:cut] + junk + text[cut + 3 :]).encode()

    reply = answer(data)

    assert isinstance(reply, Reply)
    assert reply.data is None or len(reply.data) == len(data)
    assert decode(data, "/x.py") is not None
