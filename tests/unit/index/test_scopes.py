"""Which scope binds a name, and how."""

from __future__ import annotations

import pytest

from svclint.index.model import BindingKind
from svclint.index.values import Literal
from tests.unit.index.built import binding, brief, index_of, kinds, read_names, scope


def test_every_way_to_bind_a_name_is_told_apart() -> None:
    """A name knows how it was bound, in the order of the text."""
    index = index_of(
        """
        import a
        from b import c as d
        def e(): ...
        class f: ...
        g = 1
        h: int
        i: int = 2
        j += 1
        k, (*l, m) = n
        for o, p in q: ...
        with r as s, t as (u, v): ...
        try: ...
        except w as x: ...
        del g
        (y := 1)
        g = 3
        """
    )

    assert {
        "a": ["import"],
        "d": ["import"],
        "e": ["definition"],
        "f": ["definition"],
        "g": ["assignment", "deletion", "assignment"],
        "h": ["annotation"],
        "i": ["assignment"],
        "j": ["augmented"],
        "k": ["unpacked"],
        "l": ["unpacked"],
        "m": ["unpacked"],
        "o": ["loop"],
        "p": ["loop"],
        "s": ["context"],
        "u": ["unpacked"],
        "v": ["unpacked"],
        "x": ["exception"],
        "y": ["assignment"],
    } == kinds(index, "")


def test_captures_of_a_match_bind() -> None:
    """Plain captures, `as`, stars, rests of mappings, and those inside class patterns; `_` and values do not."""
    index = index_of(
        """
        match x:
            case [a, *b, _]: ...
            case {"k": c, **d}: ...
            case E(f, g=h) as i: ...
            case J.K | None: ...
        """
    )

    assert {key: ["pattern"] for key in "abcdfhi"} == kinds(index, "")
    assert ["E", "J", "x"] == read_names(index, "")


def test_parameters_of_all_kinds_are_bound_inside_the_function() -> None:
    """Their defaults and annotations are read outside of it."""
    index = index_of(
        """
        def f(a, /, b: T = d1, *args: A, c=d2, **kw: K) -> R:
            return a
        """
    )

    assert {key: ["parameter"] for key in ["a", "args", "b", "c", "kw"]} == kinds(index, "f")
    assert ["a"] == read_names(index, "f")
    assert ["A", "K", "R", "T", "d1", "d2"] == read_names(index, "")
    assert ["positional", "plain", "args", "keyword", "kwargs"] == [each.kind for each in scope(index, "f").parameters]
    assert ["nothing", "d1", "nothing", "d2", "nothing"] == [
        brief(index, each.default) for each in scope(index, "f").parameters
    ]


def test_decorators_and_bases_are_read_outside() -> None:
    """A class's body and a function's body are scopes of their own, their heads are not."""
    index = index_of(
        """
        @outer
        class A(Base, metaclass=Meta):
            @inner
            def f(self): return other
        """
    )

    assert ["Base", "Meta", "outer"] == read_names(index, "")
    assert ["inner"] == read_names(index, "A")
    assert ["other"] == read_names(index, "A.f")
    assert ["Base"] == [brief(index, each) for each in scope(index, "A").bases]
    assert ["inner"] == [brief(index, each) for each in scope(index, "A.f").decorators]


def test_names_of_outer_scopes_are_declared() -> None:
    """`global` and `nonlocal` names are listed, sorted and once; the bindings stay where they are written."""
    index = index_of(
        """
        def f():
            x = 0
            def g():
                nonlocal x
                global z, y
                global y
                x = y = 1
        """
    )
    inner = scope(index, "f.g")

    assert (("y", "z"), ("x",)) == (inner.global_names, inner.nonlocal_names)
    assert {"x": ["assignment"], "y": ["assignment"]} == kinds(index, "f.g")
    assert {"x": ["assignment"], "g": ["definition"]} == kinds(index, "f")


def test_a_comprehension_keeps_its_variables() -> None:
    """Its first iterable is read outside, the rest inside; so are the iterables of inner loops."""
    index = index_of("found = [a + b for a in outer if a for b in a.inner]\n")

    assert {"found": ["assignment"]} == kinds(index, "")
    assert {"a": ["loop"], "b": ["loop"]} == kinds(index, "<comprehension>")
    assert ["outer"] == read_names(index, "")
    assert ["a", "b"] == read_names(index, "<comprehension>")


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("[x := y for y in z]\n", ""),
        ("def f():\n    return [[x := w for w in y] for y in z]\n", "f"),
        ("f = lambda z: [x := y for y in z]\n", "<lambda>"),
        ("def f():\n    return [(lambda: (x := y)) for y in z]\n", "f.<lambda>"),
        ("async def f():\n    return {k: (x := v) async for k, v in z}\n", "f"),
    ],
)
def test_a_walrus_binds_around_the_comprehension(text: str, owner: str) -> None:
    """PEP 572: in the nearest function, lambda or module."""
    index = index_of(text)
    owners = [each.qualname for each in index.scopes if "x" in each.bindings]

    assert [owner] == owners


def test_a_lambda_is_a_scope_with_a_result() -> None:
    """Its parameters are its own, its default values are not."""
    index = index_of("f = lambda a, b=d: a(c)\n")
    inner = scope(index, "<lambda>")

    assert ["a", "c"] == read_names(index, "<lambda>")
    assert ["d"] == read_names(index, "")
    assert "a()" == brief(index, inner.result)
    assert ["a", "b"] == [each.name for each in inner.parameters]


def test_qualified_names_follow_nesting() -> None:
    """Without Python's `<locals>`."""
    index = index_of(
        """
        class A:
            class B:
                async def f(self):
                    def g(): ...
        """
    )

    assert ["", "A", "A.B", "A.B.f", "A.B.f.g"] == [each.qualname for each in index.scopes]
    assert ["module", "class", "class", "async", "function"] == [each.kind.value for each in index.scopes]
    assert [-1, 0, 1, 2, 3] == [each.parent for each in index.scopes]


def test_yields_belong_to_their_own_function() -> None:
    """A yield in a nested function, or in a lambda, does not make the outer one a generator."""
    index = index_of(
        """
        def f():
            def g():
                yield 1
            def h():
                x = yield from g()
            return lambda: (yield)
        """
    )

    assert {"f": False, "f.g": True, "f.h": True, "f.<lambda>": True} == {
        each.qualname: each.yields for each in index.scopes[1:]
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", {"a": "a"}),
        ("import a.b.c", {"a": "a"}),
        ("import a.b.c as d", {"d": "a.b.c"}),
        ("from a import b, c as d", {"b": "a:b", "d": "a:c"}),
        ("from . import b", {"b": ".:b"}),
        ("from ..a.b import c", {"c": "..a.b:c"}),
        ("from a import *", {"*": "a:*"}),
    ],
)
def test_imports_say_what_they_mean(text: str, expected: dict[str, str]) -> None:
    """The module, and the name in it; `import a.b` binds `a`."""
    index = index_of(text + "\n")

    assert expected == {name: found[0].target for name, found in scope(index, "").bindings.items()}


def test_a_binding_of_a_definition_leads_to_its_scope() -> None:
    """`ref` is the position of the function or class."""
    index = index_of("class A:\n    def f(self): ...\n")

    assert "A" == index.scopes[binding(index, "A").ref].qualname
    assert "A.f" == index.scopes[binding(index, "f", "A").ref].qualname


def test_a_conditional_import_is_bound_in_its_block() -> None:
    """Under TYPE_CHECKING, or in either branch of a `try`."""
    index = index_of(
        """
        try:
            import orjson as json
        except ImportError:
            import json
        if TYPE_CHECKING:
            from a import B
        """
    )
    roles = [index.blocks[each.block].role for each in scope(index, "").bindings["json"]]

    assert ["try", "handler"] == roles
    assert "then" == index.blocks[binding(index, "B").block].role


def test_string_annotations_read_their_names() -> None:
    """An import that only a quoted annotation uses is not unused."""
    index = index_of('def f(x: "list[Order]") -> "Receipt | None": ...\ny: "Money"\n')

    assert {"Order", "Receipt", "Money"} <= set(read_names(index, ""))


def test_unpacking_gives_each_name_its_part() -> None:
    """Where a tuple is written out; else each gets an item."""
    index = index_of("a, b = c, d()\ne, f = g\n")

    assert ["c", "d()"] == [brief(index, binding(index, name).value) for name in "ab"]
    assert ["item(g, int 0)", "item(g, int 1)"] == [brief(index, binding(index, name).value) for name in "ef"]


def test_contexts_and_exceptions_know_what_they_come_from() -> None:
    """`with a() as b` enters a call, `except c as d` catches a type."""
    index = index_of("with a() as b: ...\ntry: ...\nexcept (c, e) as d: ...\n")
    caught = binding(index, "d")

    assert "enter(a())" == brief(index, binding(index, "b").value)
    assert "tuple(c, e)" == brief(index, caught.value)
    assert BindingKind.EXCEPTION is caught.kind
    assert 0 == caught.ref


def test_an_assignment_keeps_a_literal() -> None:
    """Long texts are cut, huge numbers left out."""
    index = index_of(f"a = None\nb = -2.5\nc = 'x'\nd = '{'y' * 200}'\ne = {9**200}\n")
    values = [binding(index, name).value for name in "abcde"]

    assert [
        Literal("none", "None"),
        Literal("float", "-2.5"),
        Literal("str", "x"),
        Literal("str", "y" * 120),
        Literal("int", ""),
    ] == values
