"""Who keeps a task, and who makes one."""

from __future__ import annotations

import pytest

from tests.unit.program.made import program

HEAD = """
import asyncio, logging, weakref
from functools import partial
def keep(t):
    STORE.add(t)
def keep_later(t):
    keep(t)
def lose(t):
    print(t)
def lose_later(t):
    lose(t)
def circle(t):
    circle(t)
def pass_on(t):
    return t
def unfinished(t): ...
def spawn(c):
    return asyncio.create_task(c)
def spawn_named(c):
    t = spawn(c)
    t.set_name("x")
    return t
def spawn_kept(c):
    t = asyncio.create_task(c)
    STORE.add(t)
    return t
async def spawn_async(c):
    return asyncio.create_task(c)
async def work(): ...
class Group:
    def add(self, t):
        self.tasks.append(t)
    def forget(self, t):
        t.add_done_callback(print)
"""


def dropped(body: str) -> list[bool]:
    """Return for each call that spawns a task in this body whether nobody keeps it."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    made = program({"m.py": f"{HEAD}\nasync def f(self, group: Group, other):\n{lines}\n"})
    module = made.modules["m.py"]
    start = module.index.scopes[[each.qualname for each in module.index.scopes].index("f")].start
    return [
        made.tasks.call_dropped(module, position)
        for position, call in enumerate(module.index.calls)
        if call.start > start and made.tasks.spawns("m.py", position)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "asyncio.create_task(work())",
        "asyncio.ensure_future(work())",
        "spawn(work())",
        "spawn_named(work())",
        "await spawn_async(work())",
        "t = asyncio.create_task(work())",
        "_ = asyncio.create_task(work())",
        "t = asyncio.create_task(work())\nt.add_done_callback(print)",
        "t = asyncio.create_task(work())\nlogging.info('%s', t)",
        "asyncio.create_task(work()).add_done_callback(print)",
        "lose(asyncio.create_task(work()))",
        "lose_later(asyncio.create_task(work()))",
        "circle(asyncio.create_task(work()))",
        "lose(t=asyncio.create_task(work()))",
        "partial(lose)(asyncio.create_task(work()))",
        "ts = set()\nt = asyncio.create_task(work())\nts.add(t)\nt.add_done_callback(ts.discard)",
        "x and asyncio.create_task(work())",
        "asyncio.get_running_loop().create_task(work())",
    ],
)
def test_a_task_that_nobody_keeps_is_dropped(body: str) -> None:
    """Discarded, bound and not used, used only to hang a callback on it, or handed to helpers that keep nothing."""
    assert [True] == dropped(body)


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.create_task(work())",
        "return asyncio.create_task(work())",
        "yield asyncio.create_task(work())",
        "self.t = asyncio.create_task(work())",
        "other['t'] = asyncio.create_task(work())",
        "t = asyncio.create_task(work())\nawait t",
        "t = asyncio.create_task(work())\nreturn [t]",
        "t = asyncio.create_task(work())\ntry: await g()\nfinally: t.cancel()",
        "t = asyncio.create_task(work())\ndef g(): return t",
        "global T\nT = asyncio.create_task(work())",
        "keep(asyncio.create_task(work()))",
        "keep_later(asyncio.create_task(work()))",
        "pass_on(asyncio.create_task(work()))",
        "unfinished(asyncio.create_task(work()))",
        "unknown(asyncio.create_task(work()))",
        "other.add(asyncio.create_task(work()))",
        "lose([asyncio.create_task(work())])",
        "ts = set()\nts.add(asyncio.create_task(work()))\nawait asyncio.wait(ts)",
        "ts = [asyncio.create_task(work()) for _ in x]\nawait asyncio.gather(*ts)",
        "await asyncio.gather(*[asyncio.create_task(work())])",
        "t = asyncio.create_task(work())\nt2 = t\nawait t2",
        "(lose if x else keep)(asyncio.create_task(work()))",
        "(lose if x else unknown)(asyncio.create_task(work()))",
        "lose(*[asyncio.create_task(work())])",
        "async with unknown(asyncio.create_task(work())): pass",
    ],
)
def test_a_task_that_somebody_may_keep_is_kept(body: str) -> None:
    """Stored, awaited, returned, captured, cancelled later, or handed to somebody unknown."""
    assert [False] == dropped(body)


@pytest.mark.parametrize(
    "body",
    [
        "spawn_kept(work())",
        "spawn_async(work())",
        "unknown.create_task(work())",
        "async with asyncio.TaskGroup() as g:\n    g.create_task(work())",
        "work()",
    ],
)
def test_not_everything_spawns(body: str) -> None:
    """A helper that keeps the task itself, a group that owns it, a coroutine that is only made, the unknown."""
    assert [] == dropped(body)


@pytest.mark.parametrize(
    ("expression", "makes"),
    [
        ("work()", True),
        ("asyncio.sleep(1)", True),
        ("print()", False),
        ("unknown()", False),
        ("f()", False),
        ("g()", False),
        ("later()", True),
        ("either()", True),
        ("wrapped()", False),
        ("A().m()", True),
        ("give()", True),
        ("asyncio.Lock().acquire()", True),
    ],
)
def test_who_makes_a_coroutine(expression: str, makes: bool) -> None:  # noqa: FBT001 - a case
    """Async functions, also through sync ones that return them; not generators, and not what a decorator replaces."""
    made = program(
        {
            "m.py": f"""
            import asyncio
            async def work(): ...
            def f(): ...
            async def g(): yield
            either = work if x else f
            @unknown
            async def wrapped(): ...
            class A:
                async def m(self): ...
            def give(): return work()
            later = lambda: work()
            {expression}
            """
        }
    )
    calls = made.modules["m.py"].index.calls
    last = max(
        range(len(calls)), key=lambda position: (calls[position].stmt, calls[position].end - calls[position].start)
    )

    assert makes == made.tasks.makes_coroutine("m.py", last)
