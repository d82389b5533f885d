"""Where handlers, raises, statements and blocks stand, to the byte: fixes are made from it."""

from __future__ import annotations

import pytest

from svclint.index.build import build_index
from svclint.source.masking import parse
from svclint.source.model import Parsed, Source
from tests.unit.index.built import brief, handler, index_of, scope, stmts


def _header(text: bytes) -> tuple[bytes, bytes]:
    """Return the types and what stands from them to the colon, as the handler's offsets cut them out."""
    found = handler(index_of(text))
    assert text[found.start :].startswith(b"except")
    assert text[found.colon : found.colon + 1] == b":"
    return text[found.types_start : found.types_end], text[found.types_end : found.colon]


@pytest.mark.parametrize(
    ("header", "types", "tail"),
    [
        ("except:", "", ""),
        ("except  :", "", "  "),
        ("except E:", "E", ""),
        ("except E as e:", "E", " as e"),
        ("except E  as  e :", "E", "  as  e "),
        ("except a.E:", "a.E", ""),
        ("except (A, B):", "(A, B)", ""),
        ("except (A, B) as e:", "(A, B)", " as e"),
        ("except (A):", "(A)", ""),
        ("except(A):", "(A)", ""),
        ("except ((A, B)):", "((A, B))", ""),
        ("except ( A ) as e:", "( A )", " as e"),
        ("except (\n    A,\n    B,\n):", "(\n    A,\n    B,\n)", ""),
        ("except (  # why: because\n    A\n) as e:", "(  # why: because\n    A\n)", " as e"),
        ("except (\n    A  # x: y\n) as e:", "(\n    A  # x: y\n)", " as e"),
        ("except f(x)[0]:", "f(x)[0]", ""),
        ("except f((x)):", "f((x))", ""),
        ("except (f(x)):", "(f(x))", ""),
        ("except (a).b:", "(a).b", ""),
        ("except (a).b as e:", "(a).b", " as e"),
        ("except (a + b)[0]:", "(a + b)[0]", ""),
        ("except \\\n  E \\\n  as e:", "E", " \\\n  as e"),
        ("except* E:", "E", ""),
        ("except *E as e:", "E", " as e"),
        ("except*(A, B):", "(A, B)", ""),
        ("except {1: E}[1]:", "{1: E}[1]", ""),
        ("except E as été:", "E", " as été"),
        ("except (A if x else B):", "(A if x else B)", ""),
        ("except lambda: E:", "lambda: E", ""),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_header_is_cut_where_its_types_end(header: str, types: str, tail: str, newline: str) -> None:
    """Parentheses around the types belong to them; an `as` goes in behind them."""
    text = f"# é\ntry:\n    f()\n{header}  # a: b\n    g()\n".replace("\n", newline).encode()
    expected = types.replace("\n", newline).encode(), tail.replace("\n", newline).encode()

    assert expected == _header(text)


@pytest.mark.parametrize("tail", [" as e", ""])
def test_types_without_parentheses_are_told(tail: str) -> None:
    """PEP 758's `except A, B:` says so, since an `as` needs parentheses there; several types are a tuple of types."""
    header = "except (A, b.C)" if tail else "except A, b.C"
    source = Source(path="/m.py", data=f"try:\n    f()\n{header}{tail}:\n    g()\n".encode())
    parsed = parse(source)
    assert isinstance(parsed, Parsed)
    found = handler(build_index("m.py", source.data, parsed.tree))

    assert (not tail) == found.unparenthesised
    assert "A, b.C" == source.data[found.types_start : found.types_end].decode().strip("()")
    assert "A, b.C" == brief(index_of(b"x"), found.types).partition("(")[2].strip(")")
    assert source.data[found.colon : found.colon + 2] == b":\n"


def test_a_union_of_types_is_no_list_without_parentheses() -> None:
    """`except (A | B):` is what it is: an expression."""
    assert not handler(index_of("try: f()\nexcept (A | B): g()\n")).unparenthesised


def test_handlers_know_their_try_and_the_handler_around() -> None:
    """In the order of the text; `star` for groups."""
    index = index_of(
        """
        try:
            a()
        except A:
            try:
                b()
            except* B:
                raise
        except C as c:
            pass
        else:
            d()
        finally:
            e()
        """
    )
    outer, inner = index.tries

    assert ["A", "C", "B"] == [brief(index, each.types) for each in index.handlers]
    assert [-1, -1, 0] == [each.outer for each in index.handlers]
    assert [False, False, True] == [each.star for each in index.handlers]
    assert ((0, 1), (2,)) == (outer.handlers, inner.handlers)
    assert ["try", "handler", "handler", "else", "final"] == [
        index.blocks[each].role for each in index.stmts[outer.stmt].blocks
    ]


def test_a_raise_knows_its_handler() -> None:
    """The innermost of the same function; in the `else` and `finally` there is none."""
    index = index_of(
        """
        try:
            raise A
        except E:
            raise B from e
            def f():
                raise C
        else:
            raise D
        finally:
            raise
        """
    )

    assert [("A", -1), ("B", 0), ("C", -1), ("D", -1), ("nothing", -1)] == [
        (brief(index, each.exc), each.handler) for each in index.raises
    ]
    assert ["nothing", "e", "nothing", "nothing", "nothing"] == [brief(index, each.cause) for each in index.raises]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("raise E", "E"),
        ("raise E('é')", "E('é')"),
        ("raise (E)", "(E)"),
        ("raise ((E)\n)", "((E)\n)"),
        ("raise E(\n    1,\n)", "E(\n    1,\n)"),
        ("raise E; x()", "E"),
        ("raise E  # because (of) this", "E"),
    ],
)
def test_a_raised_value_ends_behind_its_parentheses(statement: str, value: str) -> None:
    """A `from` goes in there."""
    text = f"def f():\n    é = 1\n    {statement}\n".encode()
    (found,) = index_of(text).raises

    assert value.encode() == text[found.start + len("raise ") : found.exc_end]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("if a:\n    b\n", "if a:"),
        ("if a: b\n", "if a:"),
        ("if a[1:2]:  # x: y\n    b\n", "if a[1:2]:"),
        ("if a:  # x: y\n    # z: w\n    b\n", "if a:"),
        ("if a:\n    # z: w\n    b\n", "if a:"),
        ("if a:\n    '# z: w'\n", "if a:"),
        ("if a == '#:':\n    b\n", "if a == '#:':"),
        ("if a == ' # : ':  # c: d\n    b\n", "if a == ' # : ':"),
        ("while (a :=\n    b): c\n", "while (a :=\n    b):"),
        ("for a in {1: 2}: b\n", "for a in {1: 2}:"),
        ("with a as b, c: d\n", "with a as b, c:"),
        ("def f(a: int = 1) -> {1: 2}: b\n", "def f(a: int = 1) -> {1: 2}:"),
        ("class A(b): c\n", "class A(b):"),
        ("@a\ndef f():\n    b\n", "@a\ndef f():"),
        ("@a\n\n# x: y\n@b(c)\nasync def f():\n    b\n", "@a\n\n# x: y\n@b(c)\nasync def f():"),
        ("@ a\nclass A:\n    @b\n    def f(): ...\n", "@ a\nclass A:"),
        ("def f():\n    @b\n    class C: ...\n", "def f():"),
        ("match a:\n    case {1: 2}: b\n", "match a:"),
        ("match a:  # b: c\n    case 1: d\n", "match a:"),
        ("try:\n    a\nfinally: b\n", "try:"),
        ("try :\n    a\nfinally: b\n", "try :"),
        ("if a:\n    (lambda: b)\n", "if a:"),
        ("if a:\n    'é: è'\n", "if a:"),
        ("if a: lambda: b\n", "if a:"),
        ("if a:\n    # '''\n    b\n", "if a:"),
        ("if a:\n    # don't: x\n    b\n", "if a:"),
        ("if a:#b:c\n    b\n", "if a:"),
        ("if a:\t# b: c\n    b\n", "if a:"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_header_ends_with_its_colon(text: str, head: str, newline: str) -> None:
    """With its decorators, whatever colons stand in it, in comments below it, and in its body."""
    data = text.replace("\n", newline).encode()
    found = index_of(data).stmts[0]

    assert head.replace("\n", newline).encode() == data[found.start : found.head]


def test_simple_statements_have_no_body() -> None:
    """Their header is all of them."""
    index = index_of("a = 1; b()\nimport c\n")

    assert ["assign", "expr", "import"] == [each.kind.value for each in index.stmts]
    assert all(each.head == each.end and not each.blocks for each in index.stmts)


def test_blocks_know_their_role_and_owner() -> None:
    """A suite is nested in the suite of the statement that it belongs to."""
    index = index_of(
        """
        def f():
            for x in y:
                if x: break
                else: continue
            else:
                with x: pass
            match x:
                case 1: return
        """
    )
    body = index.blocks[scope(index, "f").body]

    assert ["body", "body", "loop", "then", "else", "else", "with", "case"] == [each.role for each in index.blocks]
    assert ["for", "match"] == [index.stmts[each].kind.value for each in body.stmts]
    assert [-1, 0, 1, 2, 2, 1, 5, 1] == [each.parent for each in index.blocks]
    assert ["define", "for", "if", "if", "for", "with", "match"] == [
        index.stmts[each.owner].kind.value for each in index.blocks[1:]
    ]


def test_an_elif_is_an_if_in_the_else() -> None:
    """It starts at its `elif`."""
    text = b"if a: b\nelif c: d\nelse: e\n"
    index = index_of(text)
    first, second = stmts(index, "if")

    assert text[second.start :].startswith(b"elif c")
    assert ["then", "else"] == [index.blocks[each].role for each in first.blocks]
    assert second.block == first.blocks[1]


@pytest.mark.parametrize(
    ("body", "commented"),
    [
        ("except E:\n    pass\n", False),
        ("except E:  # gone already\n    pass\n", True),
        ("except E:\n    # gone already\n    pass\n", True),
        ("except E:\n    pass  # gone already\n", True),
        ("except E:\n    pass\n    # gone already\n", True),
        ("except E:\n    pass\n# the next thing\nx = 1\n", False),
        ("except E:\n    pass\n\nx = 1  # the next thing\n", False),
        ("except E:  # noqa: S110\n    pass\n", False),
        ("except E:  # pragma: no cover\n    pass\n", False),
        ("except E:  # noqa: S110 - gone already\n    pass\n", True),
        ("except E:  # type: ignore[x]\n    pass\n", False),
        ("except E:\n    pass\nelse:\n    # all is well\n    pass\n", False),
        ("except E:\n    '# no comment'\n", False),
    ],
)
def test_words_in_a_comment_speak_for_a_handler(body: str, commented: bool) -> None:  # noqa: FBT001 - a case
    """On its line, in its body or below it at the body's indentation; what speaks to tools says nothing."""
    assert commented == handler(index_of("try:\n    f()\n" + body)).commented
