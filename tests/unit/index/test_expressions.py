"""What is kept of expressions: access paths, values, and what becomes of them."""

from __future__ import annotations

import pytest

from svclint.index.values import Fate
from tests.unit.index.built import brief, call, index_of, scope, shown, stmts


@pytest.mark.parametrize(
    ("expression", "chain"),
    [
        ("a()", "a"),
        ("a.b.c()", "a.b.c"),
        ("a[0].b()", "a[0].b"),
        ("a[b()]().c()", "a[]().c"),
        ("a(x)(y)()", "a()()"),
        ("(await a()).b()", "a() await.b"),
        ("(await a).b()", "a await.b"),
        ("'x'.join()", "<str>.join"),
        ("f'{x}'.join()", "<str>.join"),
        ("b'x'.join()", ".join"),
        ("(a or b).c()", ".c"),
        ("(lambda: 1)()", ""),
        ("[a][0]()", "[0]"),
        ("a[1:2].b()", "a[].b"),
        ("a[-1].b()", "a[-1].b"),
        ("a[0, 1].b()", "a[].b"),
        ("(a := b).c()", "b.c"),
    ],
)
def test_a_callee_is_an_access_path(expression: str, chain: str) -> None:
    """Names, calls, items and awaits; an opaque root where it starts at something else, one root for all texts."""
    index = index_of(f"async def f():\n    {expression}\n")

    assert chain in [shown(each.chain) for each in index.calls]


def test_a_call_knows_the_call_it_is_taken_from() -> None:
    """`a().b` is a method of what `a()` gave; the arguments' calls are not."""
    index = index_of("a(x()).b(y())\n")
    found = {shown(each.chain): each.receiver for each in index.calls}
    position = {shown(each.chain): at for at, each in enumerate(index.calls)}

    assert {"a().b": position["a"], "a": -1, "x": -1, "y": -1} == found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("c()", (Fate.DISCARDED, "")),
        ("x = c()", (Fate.BOUND, "x")),
        ("x: int = c()", (Fate.BOUND, "x")),
        ("x = y = c()", (Fate.BOUND, "x")),
        ("x, y = c()", (Fate.BOUND, "")),
        ("self.x = c()", (Fate.STORED, "")),
        ("x = self.x = c()", (Fate.STORED, "")),
        ("x[0] = c()", (Fate.STORED, "")),
        ("g = c()", (Fate.STORED, "g")),
        ("f(c())", (Fate.ARGUMENT, "0")),
        ("f(1, c())", (Fate.ARGUMENT, "1")),
        ("f(k=c())", (Fate.ARGUMENT, "k")),
        ("f(*c())", (Fate.ARGUMENT, "*")),
        ("f(**c())", (Fate.ARGUMENT, "**")),
        ("return c()", (Fate.RETURNED, "")),
        ("yield c()", (Fate.YIELDED, "")),
        ("yield from c()", (Fate.YIELDED, "")),
        ("await c()", (Fate.AWAITED, "")),
        ("c().x()", (Fate.RECEIVER, "x")),
        ("c().x", (Fate.ATTRIBUTE, "x")),
        ("for x in c(): ...", (Fate.ITERATED, "")),
        ("[x for x in c()]", (Fate.ITERATED, "")),
        ("with c(): ...", (Fate.ENTERED, "")),
        ("async with c() as x: ...", (Fate.ENTERED, "")),
        ("if c(): ...", (Fate.TESTED, "")),
        ("while not c(): ...", (Fate.TESTED, "")),
        ("assert c()", (Fate.TESTED, "")),
        ("x = c() is None", (Fate.TESTED, "")),
        ("f'{c()!r}'", (Fate.FORMATTED, "")),
        ("x = f'{y:{c()}}'", (Fate.FORMATTED, "")),
        ("x = '%s' % c()", (Fate.FORMATTED, "")),
        ("raise c()", (Fate.RAISED, "")),
        ("raise x from c()", (Fate.RAISED, "cause")),
        ("c()()", (Fate.CALLED, "")),
        ("x = c() if y else z", (Fate.BOUND, "x")),
        ("x = y or c()", (Fate.BOUND, "x")),
        ("y and c()", (Fate.DISCARDED, "")),
        ("(x := c())", (Fate.BOUND, "x")),
        ("x = lambda: c()", (Fate.RETURNED, "")),
        ("x += c()", (Fate.USED, "")),
        ("self.x += c()", (Fate.STORED, "")),
    ],
)
def test_a_value_has_one_fate(code: str, expected: tuple[Fate, str]) -> None:
    """What the surrounding code does with it; a global name stores."""
    index = index_of(f"async def outer(self):\n    global g\n    {code}\n")
    use = call(index, "c").use

    assert expected == (use.fate, use.slot)
    assert not use.held


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("x = [c()]", Fate.BOUND),
        ("return {1: c()}", Fate.RETURNED),
        ("f((c(), 1))", Fate.ARGUMENT),
        ("self.x = [c() for y in z]", Fate.STORED),
        ("x = {y: c() for y in z}", Fate.BOUND),
        ("[c()]", Fate.DISCARDED),
    ],
)
def test_a_container_between_is_noted(code: str, fate: Fate) -> None:
    """The value is held by what happens to the container."""
    index = index_of(f"def outer(self):\n    {code}\n")
    use = call(index, "c").use

    assert (fate, True) == (use.fate, use.held)


def test_an_argument_knows_its_call() -> None:
    """`ref` is the position of the call that takes it."""
    index = index_of("f(g(h))\n")

    assert "f" == shown(index.calls[call(index, "g").use.ref].chain)
    (read,) = scope(index, "").reads["h"]
    assert ("g", "0") == (shown(index.calls[read.use.ref].chain), read.use.slot)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a if b else c()", "conditional()"),
        ("a and b()", "and(a, b())"),
        ("a or 'x'", "or(a, str x)"),
        ("not a", "not(a)"),
        ("a is not None", "is not(a, none None)"),
        ("a < b", "compare(a, b)"),
        ("a < b < c", "compare(a, b, c)"),
        ("a + b + c", "binary(a, b, c)"),
        ("f'{a}{b:{c}}'", "format(a, b)"),
        ("[a, *b]", "list(a, starred(b))"),
        ("{a: b, **c}", "dict(b, c)"),
        ("{a, 1}", "set(a, int 1)"),
        ("[a for b in c]", "listcomp(a)"),
        ("(a for b in c)", "generatorexp(a)"),
        ("-1", "int -1"),
        ("-a", "unary(a)"),
        ("...", "ellipsis ..."),
        ("b'abc'", "bytes"),
        ("1j", "complex 1j"),
        ("True", "bool True"),
        ("a.b[0].c", "a.b[0].c"),
        ("lambda: 1", "lambda()"),
        ("(a := b)", "b"),
        ("(yield a)", "yield(a)"),
        ("'a' 'b'", "str ab"),
    ],
)
def test_a_value_is_kept_small(code: str, expected: str) -> None:
    """Literals, names, calls, containers, operators."""
    index = index_of(f"def f():\n    return {code}\n")
    (returned,) = stmts(index, "return")

    assert expected == brief(index, returned.value)


@pytest.mark.parametrize(
    ("code", "conditional"),
    [
        ("c()", False),
        ("a and c()", True),
        ("c() and a", False),
        ("c() if a else b", True),
        ("a if c() else b", False),
        ("[c() for x in y]", True),
        ("[x for x in c()]", False),
        ("f(c())", False),
        ("a or f(c())", True),
        ("lambda: c()", False),
        ("(lambda: c()) if a else b", False),
    ],
)
def test_what_an_expression_may_skip_is_conditional(code: str, conditional: bool) -> None:  # noqa: FBT001 - a case
    """Operands after the first, branches, and what a comprehension repeats; a lambda's body starts anew."""
    assert conditional == call(index_of(f"x = {code}\n"), "c").conditional


def test_awaits_are_kept_with_what_they_wait_for() -> None:
    """`await`, `async for`, `async with` and asynchronous comprehensions, each with the fate of its result."""
    index = index_of(
        """
        async def f():
            x = await a()
            async for y in b: ...
            async with c() as d, e: ...
            [z async for z in g()]
        """
    )

    assert [("await", "a()"), ("for", "b"), ("with", "c()"), ("with", "e"), ("for", "g()")] == [
        (each.kind, brief(index, each.value)) for each in index.awaits
    ]
    assert (Fate.BOUND, "x") == (index.awaits[0].use.fate, index.awaits[0].use.slot)


def test_statements_know_whether_they_wait() -> None:
    """A compound statement by its header only; a lambda's or an inner function's awaits are not its own."""
    index = index_of(
        """
        async def f():
            a = await b
            if c:
                await d
            while await e:
                pass
            async def g():
                await h
        """
    )
    waits = [each.kind.value for each in index.stmts if each.awaits]

    assert ["assign", "expr", "while", "expr"] == waits


def test_calls_of_a_statement_are_its_own() -> None:
    """Headers own the calls in them, bodies theirs."""
    index = index_of(
        """
        @deco()
        def f(x=default()):
            body()
        with enter():
            inside()
        for x in iterate():
            loop()
        if test():
            then()
        else:
            orelse()
        """
    )

    def own(kind: str) -> list[str]:
        (found,) = stmts(index, kind)
        return [shown(each.chain) for each in index.calls[found.first_call : found.last_call]]

    assert [["deco", "default"], ["enter"], ["iterate"], ["test"]] == [
        own(each) for each in ("define", "with", "for", "if")
    ]


def test_a_call_stands_in_its_block_and_handler() -> None:
    """Of the function that makes it: a nested function in a handler is not in the handler."""
    index = index_of(
        """
        try: ...
        except E:
            a()
            def f():
                b()
            c(lambda: d())
        """
    )

    assert {"a": 0, "b": -1, "c": 0, "d": -1} == {shown(each.chain): each.handler for each in index.calls}
