"""Imports that lost their last reader."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclint.fixing.apply import apply
from svclint.fixing.orphans import ImportedName, orphan_edits
from svclint.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


def imports(data: bytes, *, exported: frozenset[str] = frozenset()) -> tuple[ImportedName, ...]:
    """What the index would say: a name is used where it is loaded anywhere in the file."""
    tree = ast.parse(data)
    loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return tuple(_in_block(tree, "", LineIndex(data), loaded, exported, conditional=False))


def _in_block(
    block: ast.AST, scope: str, lines: LineIndex, loaded: set[str], exported: frozenset[str], *, conditional: bool
) -> Iterator[ImportedName]:
    def span(node: ast.AST) -> Span:
        start = lines.starts[node.lineno - 1] + node.col_offset
        return Span(start, lines.starts[node.end_lineno - 1] + node.end_col_offset)

    for statement in block.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield ImportedName(
                    statement=span(statement),
                    alias=span(alias),
                    name=name,
                    scope=scope,
                    used=name in loaded,
                    exported=name in exported,
                    conditional=conditional,
                    alone=len(block.body) == 1 and not isinstance(block, ast.Module),
                )
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            inner = f"{scope}.{statement.name}".lstrip(".")
            yield from _in_block(statement, inner, lines, loaded, exported, conditional=conditional)
        elif isinstance(statement, ast.If | ast.Try):
            yield from _in_block(statement, scope, lines, loaded, exported, conditional=True)


def _without(source: str, *names: str) -> str:
    """The file after fixes that removed all readers of `names`."""
    data = source.encode()
    after = tuple(msgspec.structs.replace(one, used=one.name not in names) for one in imports(data))
    before = tuple(msgspec.structs.replace(one, used=True) for one in after)
    return apply(data, orphan_edits(before, after, data)).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import x\n", ""),
        ("import x", ""),
        ("import x  # why\ny\n", "y\n"),
        ("import a\r\nimport x\r\nimport b\r\n", "import a\r\nimport b\r\n"),
        ("import a, x\n", "import a\n"),
        ("import x, a\n", "import a\n"),
        ("import a, x, b\n", "import a, b\n"),
        ("import x, x1, a\n", "import a\n"),
        ("import x.y.z\n", ""),
        ("import q as x, a as b\n", "import a as b\n"),
        ("from p import a, x # why\n", "from p import a # why\n"),
        ("from p import (a, x)\n", "from p import (a)\n"),
        ("from p import (x, a,)\n", "from p import (a,)\n"),
        ("from p import (\n    a,\n    x,\n    b,\n)\n", "from p import (\n    a,\n    b,\n)\n"),
        ("from p import (\n    x,  # of x\n    a,  # of a\n)\n", "from p import (\n    a,  # of a\n)\n"),
        ("from p import (\n    a,  # of a\n    x\n)\n", "from p import (\n    a,  # of a\n)\n"),
        (
            "from p import (\n    # of a\n    a,\n    # of x\n    x,\n)\n",
            "from p import (\n    # of a\n    a,\n    # of x\n)\n",
        ),
        ("from p import (a,  # of a\n               x)\n", "from p import (a,  # of a\n               )\n"),
        ("from p import (x,  # of x\n               a)\n", "from p import (  # of x\n               a)\n"),
        ("from p import (a, x,\n               b)\n", "from p import (a,\n               b)\n"),
        ("from p import (\n    a, x,\n    b, x1\n)\n", "from p import (\n    a,\n    b\n)\n"),
        ("from p import (\n    x, x1,\n    a,\n)\n", "from p import (\n    a,\n)\n"),
        ("from p import (\n    a,\n    x\n    ,\n)\n", "from p import (\n    a\n    ,\n)\n"),
        ("from p import (\n    x # of x\n    , a\n)\n", "from p import (\n     a\n)\n"),
        ("from p import a, \\\n    x\n", "from p import a\n"),
        ("from p import x, \\\n    a\n", "from p import a\n"),
        ("from p import a, \\\n    x, \\\n    b\n", "from p import a, \\\n    b\n"),
        ("from p import \\\n    x\ny\n", "y\n"),
        ("import x; import a\n", "import a\n"),
        ("import a; import x\n", "import a\n"),
        ("import a; import x # why\n", "import a # why\n"),
        ("import a; import x; import b;\n", "import a; import b;\n"),
        ("import a; import x;\n", "import a;\n"),
        ("import x;\ny\n", "y\n"),
        ("def f():\n    import x\n    return 1\n", "def f():\n    return 1\n"),
        ("def f():\n    import x\n", "def f():\n    pass\n"),
        ("def f(): import x # why\n", "def f(): pass # why\n"),
        ("def f(): import x; y\n", "def f(): y\n"),
        ("'''é'''; import x\n", "'''é'''\n"),
        ("\\\nimport x\ny\n", "\\\nimport x\ny\n"),
        ("if a:\n    import x\n    y\n", "if a:\n    import x\n    y\n"),
        (
            "try:\n    import x\nexcept ImportError:\n    x = None\n",
            "try:\n    import x\nexcept ImportError:\n    x = None\n",
        ),
    ],
)
def test_orphans_go(before: str, after: str) -> None:
    """
    A name goes with its comma, an empty import with its line, and what stands beside them stays.
    """
    assert after == _without(before, "x", "x1")


def test_what_was_never_read_stays() -> None:
    """
    An import that was unused before the fixes may be there for its effect.
    """
    data = b"import x\n"

    assert () == orphan_edits(imports(data), imports(data), data)


def test_what_is_still_read_or_exported_stays() -> None:
    """
    The last reader decides, also one in another module.
    """
    data, before = b"import x, y\nx\n", b"import x, y\nx, y\n"

    assert (b"import x\nx\n") == apply(data, orphan_edits(imports(before), imports(data), data))
    assert () == orphan_edits(imports(before), imports(data, exported=frozenset({"y"})), data)


def test_an_import_that_the_fix_added_stays() -> None:
    """
    Only what stood there before can be orphaned.
    """
    data = b"import x\nimport asyncio\n"

    assert b"import asyncio\n" == apply(data, orphan_edits(imports(b"import x\nx\n"), imports(data), data))


def test_scopes_are_told_apart() -> None:
    """
    The same name in a function is another one.
    """
    after = imports(b"import x\ndef f():\n    import x\n    y\n")
    module, function = (msgspec.structs.replace(one, used=False) for one in after)
    before = (msgspec.structs.replace(module, used=True), function)
    data = b"import x\ndef f():\n    import x\n    y\n"

    assert b"def f():\n    import x\n    y\n" == apply(data, orphan_edits(before, (module, function), data))


def test_a_name_that_has_another_import_in_use_stays() -> None:
    """
    `import a.b` and `import a.c` bind one name.
    """
    data = b"import a.b\nimport a.c\n"
    first, second = imports(data)
    before = [msgspec.structs.replace(one, used=True) for one in (first, second)]

    assert () == orphan_edits(before, (first, msgspec.structs.replace(second, used=True)), data)
    assert b"" == apply(data, orphan_edits(before, (first, second), data))


_NAMES = [f"n{number}" for number in range(5)]


@st.composite
def _from_imports(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=5, unique=True))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    form = draw(st.sampled_from(["plain", "backslash", "parentheses"]))
    if form != "parentheses":
        gaps = [", "] if form == "plain" else [", ", f", \\{newline}  ", "  ,"]
        text = names[0] + "".join(draw(st.sampled_from(gaps)) + name for name in names[1:])
        return f"from p import {text}{newline}"
    gap = st.sampled_from(
        ["", " ", newline, f"{newline}    ", f"  # words{newline}    ", f"{newline}    # words{newline}  "]
    )
    text = draw(gap)
    for number, name in enumerate(names):
        is_last = number == len(names) - 1
        text += name + draw(gap) + ("" if is_last and draw(st.booleans()) else ",") + draw(gap)
    return f"from p import ({text}){newline}"


@settings(max_examples=150, deadline=None)
@given(st.lists(_from_imports(), min_size=1, max_size=3), st.sets(st.sampled_from(_NAMES)))
def test_what_is_left_is_what_was_wanted(statements: list[str], names: set[str]) -> None:
    """
    In every layout the file parses and binds all names but those that were to go.
    """
    source = "".join(statements)
    left = [one.name for one in imports(_without(source, *names).encode())]

    assert [one.name for one in imports(source.encode()) if one.name not in names] == left


@settings(max_examples=50, deadline=None)
@given(_from_imports())
def test_words_about_names_that_stay_survive(source: str) -> None:
    """
    Only the comments on the line of the name and on the line of its comma may go with it, or all with the statement.
    """
    after = _without(source, _NAMES[0])

    assert not after or source.count("#") - 2 <= after.count("#")
