"""Whether a handler ends the cancellation of its own task."""

from __future__ import annotations

import pytest

from tests.unit.program.made import program

HEAD = """
import asyncio, sys
from asyncio import CancelledError
class Stop(asyncio.CancelledError): ...
def again(e): raise e
def again_if(e):
    if isinstance(e, CancelledError): raise e
def now(): raise
def nothing(e): pass
class Worker:
    def cancel(self): self.task.cancel()
async def drain(t):
    t.cancel()
"""


def swallows(handlers: str, body: str = "await g()", before: str = "", kind: str = "async def") -> list[bool]:
    """Return for each handler of a `try` in a function whether it ends a cancellation."""
    lines = [*before.split("\n"), "try:", *(f"    {line}" for line in body.split("\n")), *handlers.split("\n")]
    text = "\n".join(f"    {line}" for line in lines if line)
    made = program({"m.py": f"{HEAD}\n{kind} f(self, t, tasks):\n{text}\n"})
    module = made.modules["m.py"]
    return [made.cancellation.handler(module, position).swallows for position in range(len(module.index.handlers))]


@pytest.mark.parametrize(
    "handler",
    [
        "except asyncio.CancelledError: pass",
        "except CancelledError: return",
        "except BaseException: pass",
        "except: pass",
        "except Stop: pass",
        "except (ValueError, CancelledError): pass",
        "except CancelledError as e: nothing(e)",
        "except CancelledError:\n    if x: raise",
        "except BaseException as e:\n    if isinstance(e, ValueError): raise",
        "except BaseException as e:\n    if not isinstance(e, CancelledError): raise",
        "except BaseException as e:\n    match e:\n        case CancelledError(): pass\n        case _: raise",
        "except BaseException as e:\n    match e:\n        case CancelledError() if x: raise",
        "except CancelledError:\n    try: a()\n    finally: return",
        "except CancelledError as e: unknown(e)",
        "except CancelledError as e: raise Other from e",
        "except CancelledError:\n    if x: raise\n    else: raise Other",
    ],
)
def test_a_handler_that_lets_some_path_end_swallows(handler: str) -> None:
    """Whatever is raised on other paths; to raise another exception in its place ends it too."""
    assert [True] == swallows(handler)


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception: pass",
        "except ValueError: pass",
        "except CancelledError: raise",
        "except BaseException: raise",
        "except: raise",
        "except CancelledError as e: raise e",
        "except CancelledError as e: raise CancelledError from e",
        "except CancelledError as e: again(e)",
        "except CancelledError as e: again_if(e)",
        "except CancelledError: now()",
        "except CancelledError: sys.exit(1)",
        "except CancelledError:\n    a()\n    raise",
        "except CancelledError:\n    if x: raise\n    else: raise Stop",
        "except BaseException as e:\n    if isinstance(e, CancelledError): raise",
        "except BaseException as e:\n    if isinstance(e, (ValueError, Stop, CancelledError)): raise\n    a()",
        "except BaseException as e:\n    if not isinstance(e, CancelledError): return\n    raise",
        "except BaseException as e:\n    if type(e) is CancelledError: raise",
        "except BaseException as e:\n    match e:\n        case CancelledError(): raise\n        case _: pass",
        "except Unknown: pass",
    ],
)
def test_a_handler_that_lets_it_through_does_not(handler: str) -> None:
    """On every path that a cancellation takes, itself or by helpers; narrower and unknown types are not it."""
    assert [False] == swallows(handler)


def test_an_earlier_clause_takes_it() -> None:
    """Then a broader one does not see it."""
    assert [False, False] == swallows("except CancelledError: raise\nexcept BaseException: pass")
    assert [True, False] == swallows("except CancelledError: pass\nexcept BaseException: pass")


@pytest.mark.parametrize(
    "body",
    ["g()", "def h():\n    await g()", "async def h():\n    await g()", "lambda: g()"],
)
def test_nothing_is_cancelled_where_nothing_waits(body: str) -> None:
    """Waiting in a nested function is not waiting here."""
    body = body.replace("def h():\n    await", "def h():\n    return") if body.startswith("def") else body

    assert [False] == swallows("except CancelledError: pass", body)


@pytest.mark.parametrize(
    "body",
    ["async with g(): pass", "async for x in g(): pass", "x = [y async for y in g()]", "if x: await g()"],
)
def test_every_way_to_wait_counts(body: str) -> None:
    """Also asynchronous loops, contexts and comprehensions."""
    assert [True] == swallows("except CancelledError: pass", body)


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("t.cancel()", "await t"),
        ("self.t.cancel()", "await self.t"),
        ("t.cancel()", "await asyncio.wait_for(t, 1)"),
        ("for x in tasks: x.cancel()", "await asyncio.gather(*tasks)"),
        ("x = self.t\nx.cancel()", "await self.t"),
        ("await drain(t)", "await t"),
    ],
)
def test_waiting_for_what_one_has_cancelled_is_no_swallowing(before: str, body: str) -> None:
    """The task itself, an alias, each of a collection, or by a helper."""
    assert [False] == swallows("except CancelledError: pass", body, before)


@pytest.mark.parametrize(
    ("before", "body"),
    [("t.cancel()", "await self.other"), ("", "await t\nt.cancel()"), ("t.cancel()", "await t\nawait g()")],
)
def test_waiting_for_something_else_is(before: str, body: str) -> None:
    """Another task, one that is cancelled only later, or more than one's own."""
    assert [True] == swallows("except CancelledError: pass", body, before)


def test_asking_who_was_cancelled_is_an_answer() -> None:
    """`current_task().cancelling()` tells one's own cancellation from another's."""
    handler = "except CancelledError:\n    if asyncio.current_task().cancelling(): raise"

    assert [False] == swallows(handler)
