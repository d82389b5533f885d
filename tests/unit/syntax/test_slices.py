"""Slices are modules of their own, and hold every candidate at its place."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import TYPE_CHECKING

import libcst as cst
import pytest

from svclint.index.build import build_index
from svclint.program.select import Candidate
from svclint.syntax.slices import cut
from svclint.syntax.walk import KINDS, keyed, visit
from tests.corpus import sample, standard_library

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from svclint.index.model import ModuleIndex

TEXT = """
if a():
    b()
elif c(): d(); e()
else:
    # é
    try: f()
    except (A, B) as é: raise g(é)
    except* C: return_
while h(
    i()
): j(); k()
for l in m(): n()
else: o()
with p() as q, r(s()): t()
@u()
@v.w(x())  # why
async def y(z=aa(), *, bb: cc() = dd()) -> ee():
    async with ff(): await gg()
    async for hh in ii(): return jj()
    return True
class kk(ll(), mm=nn()):
    oo: pp() = qq()
    @rr
    def ss(self): return lambda: tt()
match uu():
    case vv() if ww(): xx()
    case {'a': 1, **yy} if zz():
        return_ = f'{ab()!r:>{cd()}}'
try: ef()
finally: gh()
assert ij(), kl()
del mn()[op()]
qr = st = uv(
    wx(),
)
\tyz()
if 1:\tzy()
""".replace("    except* C: return_\n", "").replace("\tyz()\n", "if a:\n\tyz()\n\tif b: zx()\n")


def _candidates(index: ModuleIndex) -> list[Candidate]:
    """Return everything of a module that any rule could want."""
    tables = {"call": index.calls, "handler": index.handlers, "raise": index.raises}
    found = [
        Candidate(each.start, each.end, kind, position, each.stmt)
        for kind, table in tables.items()
        for position, each in enumerate(table)
    ]
    found += [
        Candidate(each.start, each.end, "return", position, position)
        for position, each in enumerate(index.stmts)
        if each.kind.value == "return"
    ]
    return sorted(found)


def _missed(index: ModuleIndex, data: bytes, candidates: Iterable[Candidate]) -> list[str]:
    """Return what went wrong when the slices of these candidates were visited."""
    wanted = list(candidates)
    found: list[Candidate] = []

    def note(node: cst.CSTNode, candidate: Candidate) -> None:
        assert isinstance(node, KINDS[candidate.kind])
        found.append(candidate)

    reached, failures = visit(data, cut(index, data, wanted), keyed(wanted), note)
    assert reached == set(found)
    lost = [each for each in wanted if found.count(each) != 1]
    return failures + [f"{each.kind} {data[each.start : each.end].decode()!r} x{found.count(each)}" for each in lost]


def _index(data: bytes) -> ModuleIndex:
    return build_index("m.py", data, ast.parse(data))


def _in_bad_slices(data: bytes) -> list[str]:
    """Return what is lost when the candidates are cut out all together, kind by kind, and each alone."""
    index = _index(data)
    candidates = _candidates(index)
    missed = _missed(index, data, candidates)
    for kind in KINDS:
        missed += _missed(index, data, [each for each in candidates if each.kind == kind])
    for each in candidates[:: 1 + len(candidates) // 150]:
        missed += _missed(index, data, [each])
    return missed


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_no_candidate_is_lost(newline: str) -> None:
    """In headers, bodies, decorators, defaults, guards, on one line with others, behind tabs: each is found once."""
    assert [] == _in_bad_slices(TEXT.lstrip("\n").replace("\n", newline).encode())


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    if a(): raise b()\n    else: raise c()\n",
        "if x:\n    pass\nelif (y := f(\n    1)): pass\n",
        "class A:\n\n    @a(1)\n    # why\n    @b(2)\n    class B(c()):\n        pass\n",
        "def f():\n  with a(), \\\n    b():\n      c()\n",
        "try:\n  a()\nexcept b():\n  # c\n  raise d()\n\n  # e\n",
        "def f():\n    try: a()\n    except B: return c()\n",
        "x = [\n  a()\n  for b in c()\n]; d()\n",
        "def f():\n\ttry:\n\t\ta()\n\texcept* (B, C()) as d:\n\t\traise\n\t\tpass\n",
        "if 1:\n    x = '''\nunindented {a}\n'''; f(x)\n",
        "if 1:\n    f('''\na\n''')\n    try: g()\n    except A:\n        h('''\n  b\n''')\n",
        "for x in y: f(x); g(x); raise h(x)\n",
        "if 1:\n  def f(): return True\n",
        "def f(): return True; g()\n",
        "async def f():\n    return True  # é\n",
        "if 1:\n    f(\n# comment at the margin\n        x)\n",
        "if 1:\n    f(x, \\\ny)\n    raise g(x) \\\n from h()\n",
        "\f\nif 1:\n\f    f(x)\n    raise g()\n",
        "f(x)",
        "def f():\n    raise g()",
        "try: pass\nexcept A: f()",
        "if 1:\n    try: pass\n    except A:\n        f()\n      # odd\n    g()\n",
        "with (\n    a() as b,\n    c(),\n): d()\n",
        "match a:\n    # why\n    case b() if c(): pass\n",
        "match (a(),):\n    case _: b()\n",
        "if 1:\n    match a():\n        case 1 if b():\n            c()\n        case _: pass\n",
        "lambda: f()\n",
        "def f(x=lambda: g()): pass\n",
        "@property\ndef f(): raise g()\n",
        "@ a ()\n@b()\nasync   def   f  ( ) : return c()\n",
        "while 1:\n    if f(): break\n    elif g(): continue\n    else: h()\n",
        "x: f() = g()\nx[h()]: i()\n",
        "for x in *f(), g(): pass\n",
        "return_ = yield_ = f()\nprint(f(), end='')\n",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_no_candidate_is_lost_in_odd_layouts(text: str, newline: str) -> None:
    """Whatever surrounds it."""
    assert [] == _in_bad_slices(text.replace("\n", newline).encode())


def test_code_that_only_newer_interpreters_read_is_sliced() -> None:
    """LibCST reads the file's own text, though `ast` has read a masked one."""
    from svclint.source.masking import parse
    from svclint.source.model import Source

    data = dedent(
        """
        type A = f()
        class B[T: g()](h()):
            def i[*Ts](self) -> T:
                try: j(f"{k('x')}")
                except L, M:
                    raise n(f'{o['p']}')
        """
    ).encode()
    parsed = parse(Source(path="/m.py", data=data))
    index = build_index("m.py", data, parsed.tree)
    wanted = [each for each in _candidates(index) if each.kind != "call" or data[each.start : each.start + 1] in b"hjn"]

    assert 5 == len(wanted)
    assert [] == _missed(index, data, wanted)


def test_slices_are_small_and_apart() -> None:
    """They do not overlap, stand in the order of the text, and leave out what nobody asked for."""
    data = b"def f():\n    a()\n    b()\n\nclass C:\n    def g(self):\n        if x:\n            a(b())\n        d()\n"
    index = _index(data)
    wanted = [each for each in _candidates(index) if data.startswith((b"a(", b"b()"), each.start)]

    assert ["a()", "b()", "a(b())"] == [data[each.start : each.end].decode() for each in cut(index, data, wanted)]


def test_what_can_not_be_read_is_told() -> None:
    """A slice that LibCST refuses hides no other."""
    data = b"a()\nb()\n"
    index = _index(data)
    broken = b"a(]\nb()\n"
    seen: list[str] = []
    reached, failures = visit(
        broken,
        cut(index, data, _candidates(index)),
        keyed(_candidates(index)),
        lambda node, _: seen.append(cst.Module([]).code_for_node(node)),
    )

    assert ["b()"] == seen
    assert [4] == [each.start for each in reached]
    assert 1 == len(failures)


@pytest.mark.parametrize("path", sample(10, seed=3), ids=lambda path: path.name)
def test_no_candidate_of_real_code_is_lost(path: Path) -> None:
    """Over a sample of the standard library: every slice can be read, and every candidate is found in its own."""
    assert [] == _in_bad_slices(path.read_bytes())


@pytest.mark.corpus
def test_no_candidate_of_the_standard_library_is_lost() -> None:
    """Over all of it that this interpreter reads and that is UTF-8."""
    missed = {}
    for path in standard_library():
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        try:
            data.decode()
            ast.parse(data)
        except (SyntaxError, ValueError):
            continue
        if found := _in_bad_slices(data):
            missed[str(path)] = found

    assert {} == missed
