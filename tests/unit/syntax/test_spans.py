"""The lean spans are LibCST's own positions, in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from svclint.source.cst_positions import Positions
from tests.corpus import sample

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = (
    "",
    "\n",
    "# only a comment\n",
    "x(y)",
    "x = 'é' + 日本語['🎉'](ß)  # ü\ny = x\n",
    "@a\n@b(c)\n\n# d\nasync def f(x: int = (1), *, y, **z) -> 'é': return (x)\n",
    "class A(B, metaclass=C):\n\tx: int\n\n\tdef f(self): pass\n",
    "try:\n    raise (E) from e\nexcept (A, B) as é: pass\nexcept:\n    pass\n",
    "try: pass\nexcept* (A): pass\nelse: pass\nfinally: pass\n",
    "if a: b\nelif c: d\nelse:\n    # no\n    e\n",
    "with (a as b, c() as d,): e\nasync def f():\n    async with a: await b\n    return [x async for x in y]\n",
    "match x:\n    case {'a': [1, *y], **z} if q: pass\n    case A(b, c=d) | None as e: pass\n",
    "x = (\n    'a'\n    'b'  # c\n    f'{d!r:>{e}}'\n)\n",
    "x = a if b else(c)\ny = not(x)\nz = - -x ** -y\ndel x, y; import a.b as c, d\n",
    "lambda x, /, *y: (yield)\nx[1:2, ::3, ...] = y = *a, b\nx @= y\nglobal z\n",
    "def f[T: (int, str), *Ts, **P](x: T) -> T: ...\ntype A[T] = list[T]\n",
    "    # indented\nx = 1\n  # odd\n\n\n",
    "if x:\n        y\n        if z:\n            pass  # a\n        # b\n    # c\n# d\n",
)


def _expected(module: cst.Module) -> dict[cst.CSTNode, tuple[int, int]]:
    """Return the positions of LibCST's provider as byte offsets."""
    starts = [0]
    for line in module.code.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    widths = [len(character.encode()) for character in module.code]
    offsets = [0]
    for width in widths:
        offsets.append(offsets[-1] + width)
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    return {
        node: tuple(offsets[min(starts[at.line - 1] + at.column, len(widths))] for at in (found.start, found.end))
        for node, found in positions.items()
    }


HANDLERS = frozenset({cst.ExceptHandler, cst.ExceptStarHandler})
KINDS = tuple(
    kind
    for kind in vars(cst).values()
    if isinstance(kind, type)
    and issubclass(kind, cst.BaseExpression | cst.BaseSmallStatement | cst.ExceptHandler | cst.ExceptStarHandler)
)


def _differences(text: str) -> list[str]:
    data = text.encode()
    positions = Positions(data, KINDS)
    module = positions._module
    expected = _expected(module)
    return [
        f"{type(node).__name__} {data[slice(*expected[node])]!r}: {expected[node]} != {positions.inner(node)}"
        for node in positions.nodes
        # A handler is known by its start alone: its end, LibCST says, is that of its last statement.
        if expected[node][: 1 + (type(node) not in HANDLERS)]
        != positions.inner(node)[: 1 + (type(node) not in HANDLERS)]
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_every_node_stands_where_libcst_says(text: str) -> None:
    """In every kind of statement and expression, with letters of several bytes."""
    assert [] == _differences(text)


@pytest.mark.parametrize("path", sample(5, seed=1), ids=lambda path: path.name)
def test_every_node_of_real_code_stands_where_libcst_says(path: Path) -> None:
    """Over a sample of the standard library."""
    assert [] == _differences(path.read_text(encoding="utf-8"))
