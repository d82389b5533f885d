"""What a name is, through scopes, imports, re-exports and light types."""

from __future__ import annotations

import pytest

from tests.unit.program.made import called, marked, program, what

MODELS = {"app/__init__.py": "", "app/models.py": "class User: ...\ndef load(): ...\n_hidden = load\n"}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("import app.models", "app.models.load", "app.models.load"),
        ("import app.models as m", "m.load", "app.models.load"),
        ("import app.models", "app", "module app/__init__.py"),
        ("from app import models", "models.User", "class app.models.User"),
        ("from app.models import load as l", "l", "app.models.load"),
        ("from app.models import User", "User()", "a app.models.User"),
        ("from app.models import missing", "missing", "?"),
        ("from app import missing", "missing", "?"),
        ("import app.missing", "app.missing.x", "?"),
        ("from app.models import *", "load", "app.models.load"),
        ("from app.models import *", "_hidden", "?"),
        ("import time", "time.sleep", "api time.sleep"),
        ("import time as t", "t.sleep", "api time.sleep"),
        ("from time import sleep as s", "s", "api time.sleep"),
        ("import os.path", "os.path.join", "api os.path.join"),
        ("import asyncio.tasks as t", "t.create_task", "api asyncio.create_task"),
        ("from asyncio import tasks", "tasks.create_task", "api asyncio.create_task"),
        ("import requests", "requests.Session().get", "method requests.Session.get"),
        ("from requests import Session as S", "S().get", "method requests.Session.get"),
        ("", "print", "api builtins.print"),
        ("", "OSError", "api builtins.OSError"),
        ("", "IOError", "api builtins.OSError"),
        ("", "nothing", "?"),
        ("print = f", "print", "?"),
        ("x = time = 1", "time.sleep", "method builtins.int.sleep"),
        ("import a.b\nimport a.c as a", "a.x", "api a.c.x"),
    ],
)
def test_an_imported_name_is_what_it_was_called_there(text: str, name: str, expected: str) -> None:
    """By every form of import, of the project and of libraries; builtins are what nobody binds."""
    assert expected == what(program({**MODELS, "m.py": text}), "m.py", name)


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("from .models import load", "app.models.load"),
        ("from app.models import load", "app.models.load"),
        ("from . import models\nload = models.load", "app.models.load"),
        ("from .models import *", "app.models.load"),
        ("from .models import *\n__all__ = ['load']", "app.models.load"),
        ("from .models import load as load", "app.models.load"),
        ("import app.models\nload = app.models.load", "app.models.load"),
        ("from .models import load\ndef load(): ...", "app.load"),
        ("def load(): ...\nfrom .models import load", "app.models.load"),
        ("__all__ = ['load']", "?"),
        ("from .other import load", "?"),
    ],
)
def test_a_package_gives_on_what_it_imports(package: str, expected: str) -> None:
    """Re-exports are followed to the definition; the last binding of a module counts."""
    made = program({**MODELS, "app/__init__.py": package, "m.py": "from app import load\nfrom app import *\n"})

    assert expected == what(made, "m.py", "load")


def test_re_exports_are_followed_through_many_packages() -> None:
    """By relative imports, renames and stars, up and down the tree."""
    made = program(
        {
            "a/__init__.py": "from .b import handle as process",
            "a/b/__init__.py": "from .c import *",
            "a/b/c/__init__.py": "from ...core import impl as handle\n__all__ = ['handle']",
            "a/core.py": "def impl(): ...",
            "m.py": "import a\n",
        }
    )

    assert "a.core.impl" == what(made, "m.py", "a.process")
    assert "a.core.impl" == what(made, "m.py", "a.b.handle")


def test_submodules_are_attributes_of_their_package() -> None:
    """Unless the package binds the name itself."""
    files = {"p/__init__.py": "", "p/q.py": "x = print", "m.py": "import p.q\nimport p\n"}

    assert "module p/q.py" == what(program(files), "m.py", "p.q")
    assert "api builtins.print" == what(program({**files, "p/__init__.py": "q = print"}), "m.py", "p.q")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("from b import y\ndef x(): ...", "from a import x\ndef y(): ..."),
        ("import b\nx = b.x", "import a\nx = a.x"),
        ("from b import x", "from a import x"),
        ("from b import *", "from a import *"),
        ("x = x", "from a import x"),
        ("x = x.y.z()", ""),
        ("x = y\ny = x", ""),
        ("class x(x): ...", ""),
        ("class x(y): ...\nclass y(x): ...", ""),
        ("def x(): return x()", ""),
        ("def x(): return y()\ndef y(): return x()", ""),
        ("x = lambda: x()", ""),
        ("x = [x for x in x]", ""),
    ],
)
def test_circles_end(one: str, two: str) -> None:
    """Imports, aliases, classes and calls that lead back to themselves are unknown where they close, and never hang."""
    made = program({"a.py": one, "b.py": two, "m.py": "import a\n"})

    for expression in ("a.x", "a.x()", "a.x().y", "a.x()()", "a.y"):
        what(made, "m.py", expression)
    assert "module a.py" == what(made, "m.py", "a")


def test_names_in_an_import_circle_are_still_known() -> None:
    """Two modules that import each other see each other's definitions."""
    made = program({"a.py": "from b import y\ndef x(): ...", "b.py": "from a import x\ndef y(): ..."})

    assert "b.y" == what(made, "a.py", "y")
    assert "a.x" == what(made, "b.py", "x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("try:\n    import uvloop as x\nexcept ImportError:\n    import asyncio as x", "api asyncio | api uvloop"),
        ("try:\n    import uvloop as x\nexcept ImportError:\n    x = None", "api uvloop"),
        ("if T:\n    import a as x\nelse:\n    import b as x", "api a | api b"),
        ("import a as x\nif T:\n    import b as x", "api a | api b"),
        ("if T:\n    import b as x\nimport a as x", "api a"),
        ("import a as x\nimport b as x", "api b"),
        ("import a as x\ndel x", "?"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a as x", "api a"),
        ("while T:\n    import a as x", "api a"),
        ("import a as x\nx += 1", "api a | ?"),
        ("x: int\nimport a as x", "api a"),
        ("for x in y: ...", "?"),
        ("for x in [len, print]: ...", "api builtins.len | api builtins.print"),
        ("(x := print)", "api builtins.print"),
        ("x = y = print", "api builtins.print"),
        ("x, y = print, len", "api builtins.print"),
        ("match z:\n    case x: ...", "?"),
        ("def f():\n    global x\n    x = print", "api builtins.print"),
        ("x = len\ndef f():\n    global x\n    x = print", "api builtins.len | api builtins.print"),
        ("x = len if T else print", "api builtins.len | api builtins.print"),
        ("x = T and print or len", "api builtins.len | api builtins.print | ?"),
    ],
)
def test_a_module_level_name_is_all_that_it_can_be(text: str, expected: str) -> None:
    """Branches join, later bindings replace, deletions end, `global` adds."""
    assert expected == what(program({"m.py": text}), "m.py", "x")


def test_what_a_read_sees_depends_on_where_it_stands() -> None:
    """In the same function: bindings before it, those of other branches left out, in a loop also those behind it."""
    made = program(
        {
            "m.py": """
            look(x)
            x = len
            look(x)
            if T:
                x = print
                look(x)
            else:
                look(x)
            look(x)
            x = sum
            look(x)
            for i in y:
                look(x)
                x = max
            def f():
                look(x)
            x = min
            """
        }
    )

    assert [
        "?",
        "api builtins.len",
        "api builtins.print",
        "api builtins.len",
        "api builtins.len | api builtins.print",
        "api builtins.sum",
        "api builtins.max | api builtins.sum",
        "api builtins.min",
    ] == marked(made)


def test_scopes_hide_each_other_as_in_python() -> None:
    """Parameters, locals, classes that functions inside do not see, comprehensions, `nonlocal` and `global`."""
    made = program(
        {
            "m.py": """
            def x(): ...
            class A:
                def x(): ...
                look(x)
                def f(self):
                    look(x)
                    def g():
                        look(x)
                y = [look(x) for _ in z]
            def f(x):
                look(x)
                def g():
                    look(x)
                    def h():
                        nonlocal x
                        x = print
            def g():
                def x(): ...
                def h():
                    global x
                    look(x)
                look(x)
                [look(x) for x in z]
                (lambda x: look(x))
                (lambda: look(x))
            """
        }
    )

    assert [
        "m.A.x",
        "m.x",
        "m.x",
        "m.x",
        "api builtins.print | ?",
        "api builtins.print | ?",
        "m.x",
        "m.g.x",
        "?",
        "?",
        "m.g.x",
    ] == marked(made)


@pytest.mark.parametrize(
    ("text", "call", "expected"),
    [
        ("from functools import partial\ng = partial(f, 1)\ng(2)", "g", "m.f/1"),
        ("import functools as ft\ng = ft.partial(ft.partial(f, 1), 2)\ng()", "g", "m.f/2"),
        ("from functools import partial\npartial(f, x=1)()", "partial()", "m.f"),
        ("g = f\nh = g\nh()", "h", "m.f"),
        ("g = lambda: 1\ng()", "g", "m.<lambda>"),
        ("from functools import partial\ng = partial(print)\ng()", "g", "api builtins.print"),
        ("from functools import partial\ng = partial(unknown, 1)\ng()", "g", "?"),
        ("def g(): return f\ng()()", "g()", "m.f"),
        ("async def g(): return f\nasync def h():\n    (await g())()", "g() await", "m.f"),
    ],
)
def test_aliases_and_partials_are_followed(text: str, call: str, expected: str) -> None:
    """A bound argument is counted."""
    made = program({"m.py": "def f(a, b, c): ...\n" + text})

    assert expected == called(made, "m.py", call)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("User", "a app.models.User"),
        ('"User"', "a app.models.User"),
        ("User | None", "a app.models.User"),
        ("int", "a builtins.int"),
        ("Unknown", "?"),
    ],
)
def test_annotations_say_what_a_name_holds(annotation: str, expected: str) -> None:
    """Of a bare declaration."""
    made = program(
        {
            **MODELS,
            "m.py": f"from app.models import User\nx: {annotation}\n",
        }
    )

    assert expected in {what(made, "m.py", "x"), what(made, "m.py", "x").removesuffix(" | ?")}


def test_contexts_and_handlers_bind_instances() -> None:
    """`with A() as a` gives what `__enter__` returns, `except E as e` an instance of E, also through a tuple's name."""
    made = program(
        {
            "m.py": """
            import asyncio
            class A:
                def __enter__(self): return self
            class E(Exception): ...
            BOTH = (E, OSError)
            with A() as a: look(a)
            try: ...
            except E as e: look(e)
            try: ...
            except BOTH as e: look(e)
            try: ...
            except (BOTH, KeyError) as e: look(e)
            try: ...
            except f() as e: look(e)
            """
        }
    )

    assert [
        "a m.A",
        "a m.E",
        "a builtins.OSError | a m.E",
        "a builtins.KeyError | a builtins.OSError | a m.E",
        "?",
    ] == marked(made)


def test_a_star_import_of_a_library_makes_names_unsure() -> None:
    """A name that nobody else binds may come from it; a builtin is taken for itself."""
    made = program({"m.py": "from unknown import *\n"})

    assert "?" == what(made, "m.py", "thing")
    assert "api builtins.print" == what(made, "m.py", "print")
