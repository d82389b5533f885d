"""What a name can be covers what it is when the code runs."""

from __future__ import annotations

import random
from textwrap import indent

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from svclint.index.values import Literal
from tests.unit.program.made import program, shown

NAMES = ("a", "b")
FUNCTIONS = tuple(f"f{number}" for number in range(5))
HEAD = "".join(f"def {name}(): pass\n" for name in FUNCTIONS) + "a = b = f0\n"
RUNS = 12


class OopsError(Exception):
    """What generated code raises at random."""


class Coin:
    """Decides what generated code does, and notes what it sees."""

    def __init__(self, seed: int) -> None:
        """Take a seed of its own: runs must differ."""
        self.random = random.Random(seed)
        self.seen: dict[int, set[str]] = {}

    def flip(self) -> int:
        """Return 0 or 1."""
        return self.random.randrange(2)

    def boom(self) -> None:
        """Raise, or not."""
        if self.flip():
            raise OopsError

    def look(self, place: int, function: object) -> None:
        """Note what a name is at a place."""
        self.seen.setdefault(place, set()).add(function.__name__)


COMPOUND = (
    "if flip():\n{0}\nelse:\n{1}",
    "if flip():\n{0}\nelif flip():\n{1}",
    "for _ in range(flip() + flip()):\n{0}\nelse:\n{1}",
    "for _ in range(2):\n{0}\n    if flip(): break\n{1}",
    "for _ in range(3):\n{0}\n    if flip(): continue\n{1}",
    "for a in [f1, f2]:\n{0}",
    "while flip():\n{0}",
    "try:\n{0}\n    boom()\n{1}\nexcept Oops:\n{2}",
    "try:\n{0}\n    boom()\nexcept Oops:\n{1}\nelse:\n{2}\nfinally:\n{3}",
    "match flip():\n  case 0:\n{0}\n  case _:\n{1}",
    "with context():\n{0}\n    boom()\n{1}",
)
SIMPLE = (
    "{n} = {f}",
    "{n} = {f}",
    "({n} := {f})",
    "{n} = {f} if flip() else {n}",
    "a = b",
    "b = a",
    "def g():\n    global {n}\n    {n} = {f}\nif flip(): guarded(g)",
    "look(0, {n})",
    "look(0, {n})",
    "look(0, {n})",
)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 3) -> str:
    """Return some statements, simple ones or suites of suites."""
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.booleans()):
            template = draw(st.sampled_from(COMPOUND))
            suites = [indent(draw(blocks(depth - 1)), "    ") for _ in range(template.count("\n{"))]
            lines.append(template.format(*suites))
        else:
            name, function = draw(st.sampled_from(NAMES)), draw(st.sampled_from(FUNCTIONS))
            lines.append(draw(st.sampled_from(SIMPLE)).format(n=name, f=function))
    return "\n".join(lines)


def _numbered(text: str) -> str:
    """Give each place where the code looks its own number."""
    parts = text.split("look(0")
    return "".join(f"look({number}{part}" if number else part for number, part in enumerate(parts))


def _context() -> object:
    import contextlib

    return contextlib.suppress(OopsError)


def _guarded(function: object) -> None:
    with _context():
        function()


def _wrong(text: str) -> list[str]:
    """Return the places where a run has seen what svclint does not know of."""
    made = program({"m.py": text})
    known = {}
    for call in made.modules["m.py"].index.calls:
        if call.chain == ("look",):
            assert isinstance(call.args[0], Literal)
            known[int(call.args[0].text)] = shown(made, made.names.value("m.py", call.scope, call.args[1])).split(" | ")
    found = set()
    for seed in range(RUNS):
        coin = Coin(seed)
        names = {"flip": coin.flip, "boom": coin.boom, "look": coin.look, "Oops": OopsError}
        with _context():
            exec(compile(text, "m.py", "exec"), {**names, "context": _context, "guarded": _guarded, "__name__": "m"})
        for place, seen in coin.seen.items():
            missing = {f"m.{each}" for each in seen} - set(known[place])
            if missing and "?" not in known[place]:
                found.add(f"look({place}): {sorted(missing)} not in {known[place]}")
    return sorted(found)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(blocks())
@example("for _ in range(2):\n    look(0, a)\n    a = f1")
@example("for _ in range(3):\n    a = f0\n    for _ in range(2):\n        look(0, a)\n        a = f3")
@example("def g():\n    global a\n    a = f1\nguarded(g)\nlook(0, a)")
@example("try:\n    a = f1\n    boom()\n    a = f2\nexcept Oops:\n    look(0, a)")
def test_what_a_name_can_be_covers_what_it_is(body: str) -> None:
    """
    In branches, loops, handlers, and after functions that write globals, over several runs with other coins.

    Functions themselves are taken to run when the module is complete: what they read is not looked at here.
    """
    text = HEAD + _numbered(body) + "\n"

    assert [] == _wrong(text), text
