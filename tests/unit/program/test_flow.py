"""How a function can end."""

from __future__ import annotations

import pytest

from svclint.program.flow import Exit
from tests.unit.program.made import program, scope_of

HEAD = """
import sys, os, contextlib
def stop(): raise SystemError
def leave(): sys.exit(1)
def maybe():
    if x: raise SystemError
async def stop_later(): raise SystemError
def generate():
    yield
    raise SystemError
def loop_on(): return loop_on()
def either():
    if x: stop()
    else: leave()
"""


def exits(body: str, head: str = HEAD) -> set[str]:
    """Return how the function with this body can end."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    made = program({"m.py": f"{head}\nasync def f():\n{lines}\n"})
    module = made.modules["m.py"]
    found = made.flow(module).block(module.index.scopes[scope_of(made, "m.py", "f")].body)
    return {each.name.lower() for each in Exit if found & each}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pass", "fall"),
        ("return 1", "return"),
        ("raise E", "raise"),
        ("raise E\npass", "raise"),
        ("if a: return\nelse: raise E", "return raise"),
        ("if a: return", "fall return"),
        ("if a: raise E\nelif b: raise E\nelse: raise E", "raise"),
        ("if a: raise E\nelif b: raise E", "fall raise"),
        ("if True: return\nraise E", "return"),
        ("if False: return\nraise E", "raise"),
        ("while a: return", "fall return"),
        ("while True: pass", ""),
        ("while True: return", "return"),
        ("while True:\n    if a: break", "fall"),
        ("while 1:\n    if a: continue\n    raise E", "raise"),
        ("while True:\n    while True: break\n    raise E", "raise"),
        ("for a in b: raise E", "fall raise"),
        ("for a in b: pass\nelse: raise E", "raise"),
        ("for a in b: break\nelse: raise E", "fall raise"),
        ("try: a()\nexcept E: raise", "fall raise"),
        ("try: raise E\nexcept E: return", "raise return"),
        ("try: return a()\nexcept E: raise", "return raise"),
        ("try: a()\nexcept E: return\nelse: raise E", "return raise"),
        ("try: raise E\nfinally: return", "return"),
        ("try: return\nfinally: a()", "return"),
        ("try: a()\nfinally: raise E", "raise"),
        ("with a: raise E", "raise"),
        ("with contextlib.suppress(E): raise E", "fall raise"),
        ("with contextlib.suppress(E): return", "return"),
        ("with a as b, contextlib.suppress(E): raise E", "fall raise"),
        ("match a:\n    case 1: raise E\n    case _: return", "raise return"),
        ("match a:\n    case 1: raise E", "fall raise"),
        ("match a:\n    case 1: raise E\n    case b: raise E", "raise"),
        ("match a:\n    case 1: raise E\n    case _ if b: raise E", "fall raise"),
        ("stop()", "raise"),
        ("leave()", "quit"),
        ("sys.exit()", "quit"),
        ("os._exit(1)", "quit"),
        ("x = stop()", "raise"),
        ("g(stop())", "raise"),
        ("return stop()", "raise"),
        ("maybe()", "fall"),
        ("unknown()", "fall"),
        ("either()", "raise quit"),
        ("a and stop()", "fall"),
        ("stop() if a else leave()", "fall"),
        ("[stop() for a in b]", "fall"),
        ("lambda: stop()", "fall"),
        ("def g(): stop()", "fall"),
        ("stop_later()", "fall"),
        ("await stop_later()", "raise"),
        ("generate()", "fall"),
        ("g = stop\ng()", "raise"),
        ("g = stop if a else leave\ng()", "raise quit"),
        ("g = stop if a else maybe\ng()", "fall"),
        ("if stop(): return", "raise"),
        ("for a in stop(): return", "raise"),
        ("assert a", "fall"),
    ],
)
def test_a_function_ends_in_the_ways_that_its_paths_take(body: str, expected: str) -> None:
    """Branches, loops, handlers and helpers that never return; what may be skipped, or is unknown, does not count."""
    assert set(expected.split()) == exits(body)


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        ("def g(): return h()\ndef h(): raise E", "raise"),
        ("def g():\n    if a: return g()\n    raise E", "fall"),
        ("def g(): g()", "fall"),
        ("def g():\n    if a: h()\n    raise E\ndef h(): g()", "raise"),
        ("class A:\n    def s(self): raise E\n    def t(self): self.s()\ng = A().t", "raise"),
        ("class A:\n    def s(self): raise E\nclass B(A):\n    def s(self): pass\ndef g(x: A): x.s()", "fall"),
        ("from functools import partial\ng = partial(partial(stop))", "raise"),
        ("@unknown\ndef g(): raise E", "fall"),
        ("import functools\n@functools.cache\ndef g(): raise E", "raise"),
        ("def g(): ...", "fall"),
        ("if a:\n    def g(): raise E\nelse:\n    def g(): pass", "fall"),
        ("if a:\n    def g(): raise E\nelse:\n    def g(): sys.exit()", "raise quit"),
    ],
)
def test_helpers_are_followed(functions: str, expected: str) -> None:
    """In circles too; a decorator that is not known, an override or another branch may return."""
    assert set(expected.split()) == exits("g()", HEAD + functions)
