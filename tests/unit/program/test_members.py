"""What stands behind a dot or a call: methods along the ancestors, overrides, attributes, results."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from svclint.program.link.refs import ApiRef, ClassRef
from tests.unit.program.made import marked, program, scope_of, what

CLASSES = """
import abc, asyncio
class Base:
    shared = print
    def run(self): ...
    def only(self): ...
    @classmethod
    def make(cls): return cls()
    @staticmethod
    def plain(x): ...
    @property
    def name(self): return asyncio.Lock()
    def __call__(self): return len
class Left(Base):
    def run(self): ...
class Right(Base):
    def run(self): ...
    def right(self): ...
class Both(Left, Right):
    pass
class Strange(Unknown):
    def own(self): ...
class Error(ValueError): ...
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Base.run", "m.Base.run"),
        ("Base().run", "m.Base.run/1"),
        ("Left().run", "m.Left.run/1"),
        ("Left().only", "m.Base.only/1"),
        ("Both().run", "m.Left.run/1"),
        ("Both().right", "m.Right.right/1"),
        ("Base().make", "m.Base.make/1"),
        ("Base.make", "m.Base.make/1"),
        ("Base().plain", "m.Base.plain"),
        ("Base().shared", "api builtins.print"),
        ("Base().missing", "?"),
        ("Base().name", "a asyncio.Lock"),
        ("Base.name", "?"),
        ("Base()()", "api builtins.len"),
        ("Strange().own", "m.Strange.own/1"),
        ("Strange().other", "?"),
        ("Base()", "a m.Base"),
        ("Base().run()", "nothing"),
        ("Error().args", "method builtins.ValueError.args | ?"),
    ],
)
def test_members_are_found_along_the_ancestors(expression: str, expected: str) -> None:
    """With the receiver bound where Python binds it; an unknown ancestor leaves the question open."""
    assert expected == what(program({"m.py": CLASSES}), "m.py", expression)


def test_ancestors_are_ordered_as_in_python() -> None:
    """A common base of two bases comes behind both: what a later base overrides is not its ancestor's."""
    text = """
    class A:
        def f(self): ...
    class B(A): ...
    class C(A):
        def f(self): ...
    class D(B, C): ...
    """
    made = program({"m.py": text})
    found, unknown = made.members.mro(ClassRef("m.py", scope_of(made, "m.py", "D")))

    assert not unknown
    assert ["D", "B", "C", "A"] == [made.scope(each).name for each in found if isinstance(each, ClassRef)]
    assert "m.C.f/1" == what(made, "m.py", "D().f")


@given(st.lists(st.lists(st.integers(0, 6), max_size=3, unique=True), min_size=2, max_size=7))
def test_ancestors_are_those_that_python_finds(drawn: list[list[int]]) -> None:
    """In the same order, for any hierarchy that Python allows."""
    bases = [[base for base in each if base < number] for number, each in enumerate(drawn)]
    text = "".join(f"class C{n}({', '.join(f'C{base}' for base in each)}): ...\n" for n, each in enumerate(bases))
    namespace: dict[str, type] = {}
    try:
        exec(text, namespace)
    except TypeError:
        assume(False)
    made = program({"m.py": text})

    for number in range(len(bases)):
        found, _ = made.members.mro(ClassRef("m.py", scope_of(made, "m.py", f"C{number}")))
        expected = [each.__name__ for each in namespace[f"C{number}"].__mro__[:-1]]
        assert expected == [made.scope(each).name for each in found if isinstance(each, ClassRef)]


def test_ancestors_reach_into_libraries() -> None:
    """As far as the catalogue knows them."""
    made = program({"m.py": "import asyncio\nclass A(asyncio.CancelledError): ...\nclass B(A): ...\n"})
    found, unknown = made.members.mro(ClassRef("m.py", scope_of(made, "m.py", "B")))

    assert not unknown
    assert ApiRef("builtins.BaseException") in found


def test_self_is_the_class_or_one_below_it() -> None:
    """What a subclass overrides may be called too."""
    made = program(
        {
            "m.py": """
            class A:
                def f(self):
                    look(self.g)
                    look(self.h)
                def g(self): ...
                def h(self): ...
            class B(A):
                def g(self): ...
            """
        }
    )

    assert ["m.A.g/1 | m.B.g/1", "m.A.h/1"] == marked(made)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("def __init__(self): self.x = print", "api builtins.print"),
        ("def set(self): self.x = print", "api builtins.print"),
        ("def __init__(self):\n        self.x = None\n    def set(self): self.x = print", "api builtins.print"),
        ("def __init__(this): this.x = print", "api builtins.print"),
        ("x = print", "api builtins.print"),
        ("def __init__(self, x): self.x = x", "?"),
        ("def __init__(self, x): self.x = x or print", "api builtins.print | ?"),
    ],
)
def test_attributes_are_what_methods_assign(method: str, expected: str) -> None:
    """In any method, by whatever name it calls its receiver."""
    made = program({"m.py": f"class A:\n    {method}\n    def f(self):\n        look(self.x)\n"})

    assert [expected] == marked(made)


@pytest.mark.parametrize(
    ("function", "expression", "expected"),
    [
        ("def f(): return print", "f()", "api builtins.print"),
        ("def f():\n    if x: return print\n    return len", "f()", "api builtins.len | api builtins.print"),
        ("def f(): pass", "f()", "nothing"),
        ("async def f(): return print", "f()", "coroutine of m.f"),
        ("def f(): yield print", "f()", "a builtins.generator"),
        ("f = lambda: print", "f()", "api builtins.print"),
        ("def f(x): return x", "f()", "?"),
        ("class A: ...\ndef f() -> A: ...", "f()", "a m.A"),
        ("def f():\n    def g(): return print\n    return g", "f()()", "api builtins.print"),
        ("@unknown\ndef f(): return print", "f", "m.f | ?"),
        ("class A:\n    def m(self): return self\ndef f(): return A()", "f().m", "m.A.m/1"),
    ],
)
def test_calls_give_what_functions_return(function: str, expression: str, expected: str) -> None:
    """By their `return` statements, else by their annotation; calling an async function only makes a coroutine."""
    assert expected == what(program({"m.py": function}), "m.py", expression)


def test_super_is_the_next_class() -> None:
    """Not the class itself, nor one below it."""
    made = program(
        {
            "m.py": """
            class A:
                def f(self): ...
            class B(A):
                def f(self):
                    look(super().f)
            class C(B):
                def f(self): ...
            """
        }
    )

    assert ["m.A.f/1"] == marked(made)
