"""The access path of an expression is the same, whoever reads it: `ast` or LibCST."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclint.index.build import build_index
from svclint.source.cst_positions import Positions
from svclint.syntax.chains import chain
from tests.corpus import sample

if TYPE_CHECKING:
    from pathlib import Path

    from svclint.index.values import Chain

ATOMS = (
    "a",
    "é",
    "self",
    "'t'",
    "b't'",
    "Rb't'",
    "r't'",
    "'a' 'b'",
    "b'a' b'b'",
    "f'{a}'",
    "'a' f'{b}'",
    "rf'{a}' 'b'",
    "1",
    "1.5j",
    "...",
    "None",
    "[a]",
    "{a: b}",
    "{a}",
    "()",
    "[a for a in b]",
)
POSTFIX = (".n", ".__call__", "()", "(a, *b, c=d, **e)", "[0]", "[1:2]", "[a, b]", "(a for a in b)")
WRAPPERS = (
    "({})",
    "( ({}) )",
    "(\n    {}  # why\n)",
    "(await {})",
    "({} or a)",
    "(not {})",
    "(-{})",
    "({} + a)",
    "(a if {} else b)",
    "(a := {})",
    "(lambda: {})",
    "(yield {})",
    "({}, a)",
    "({} < a)",
)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Return the text of a primary: an atom with attributes, calls and items behind it, parenthesised at random."""
    text = f"({draw(st.sampled_from(ATOMS))})"
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            text += draw(st.sampled_from(POSTFIX))
        else:
            text = draw(st.sampled_from(WRAPPERS)).format(text)
    return text


def _by_ast(text: str) -> Chain:
    data = text.encode()
    calls = build_index("m.py", data, ast.parse(data)).calls
    return max(calls, key=lambda each: each.end - each.start).chain


def _by_libcst(text: str) -> Chain:
    positions = Positions(text.encode(), (cst.Call,))
    outermost = max(positions.nodes, key=lambda each: positions.inner(each)[1] - positions.inner(each)[0])
    return chain(outermost.func)


@given(expressions())
def test_the_two_chains_are_equal(expression: str) -> None:
    """Whatever stands at the root, and however it is parenthesised."""
    text = f"async def f():\n    {expression}()\n"

    assert _by_ast(text) == _by_libcst(text)


@pytest.mark.parametrize("path", sample(6, seed=2), ids=lambda path: path.name)
def test_the_two_chains_are_equal_on_real_code(path: Path) -> None:
    """For every call of a sample of the standard library, found in LibCST's tree by its span."""
    data = path.read_bytes()
    index = build_index(path.name, data, ast.parse(data))
    positions = Positions(data, (cst.Call,))
    nodes = {positions.inner(node): node for node in positions.nodes}

    assert [(call.start, call.chain) for call in index.calls] == [
        (call.start, chain(nodes[call.start, call.end].func)) for call in index.calls
    ]
