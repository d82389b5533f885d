"""What a handler leaves of the exception that it caught."""

from __future__ import annotations

import pytest

from svclint.program.handling.traces import Level
from tests.unit.program.made import program

HEAD = """
import logging, sys, traceback
logger = logging.getLogger(__name__)
def report(e): logger.error("x: %s", e)
def report_later(e): report(e)
def report_now(): logger.exception("x")
def note(): logger.warning("x")
def work(): items.copy()
def raise_other(): raise Other
def circle(e): circle(e)
def wraps(*args): logger.error("x", *args)
"""


def left(body: str, name: str = "e", **config: object) -> Level:
    """Return what a handler with this body leaves behind."""
    lines = "\n".join(f"        {line}" for line in body.split("\n"))
    head = f"except Exception as {name}" if name else "except Exception"
    made = program({"m.py": f"{HEAD}\ndef f(self, out):\n    try: g()\n    {head}:\n{lines}\n"}, **config)
    return Level(made.traces.handler(made.modules["m.py"], 0).level)


@pytest.mark.parametrize(
    "body",
    [
        "raise",
        "raise Other",
        "if x: raise",
        "raise_other()",
        "logger.exception('x')",
        "logger.error('x', exc_info=True)",
        "logger.error('x', exc_info=e)",
        "logger.error('x: %s', e)",
        "logger.warning(f'x: {e}')",
        "logger.error('x: ' + str(e))",
        "logging.exception('x')",
        "logger.error(traceback.format_exc())",
        "traceback.print_exc()",
        "self.log.exception('x')",
        "report(e)",
        "report_later(e)",
        "report_now()",
        "return e",
        "out.append(e)",
        "self.error = e",
        "out['error'] = e",
        "errors = [e]\nreturn errors",
        "message = str(e)\nlogger.error(message)",
        "sys.exit(1)",
        "for x in y:\n    while z: raise",
        "unknown(e)",
        "queue.put(Failed(e))",
        "yield e",
    ],
)
def test_the_cause_is_left(body: str) -> None:
    """By raising, reporting, keeping or handing the exception on, on some path, itself or through helpers."""
    assert Level.CAUSE == left(body)


@pytest.mark.parametrize(
    "body",
    [
        "logger.error('x')",
        "logger.info('x: %s', e)",
        "logger.debug('x', e)",
        "note()",
        "return 'it is broken'",
        "return {'error': 'it is broken'}",
        "return str(e)",
        "self.failures += 1",
        "print('x')",
        "self.state = 'failed'",
    ],
)
def test_a_trace_is_left(body: str) -> None:
    """Something for a reader, that does not say why."""
    assert Level.TRACE == left(body)


@pytest.mark.parametrize("body", ["work()", "items.copy()\nitems.refill()"])
def test_other_work_is_done(body: str) -> None:
    """Nobody is told."""
    assert Level.WORK == left(body)


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "return",
        "return None",
        "return []",
        "return False",
        "x = 1",
        "x = None",
        "def g(): raise",
        "g = lambda: report(e)",
        "self.value = None",
    ],
)
def test_nothing_is_left(body: str) -> None:
    """Empty answers, and names that nobody reads again."""
    assert Level.NOTHING == left(body)


def test_without_a_name_only_the_logger_knows() -> None:
    """`logger.exception` and `exc_info` reach the exception that is being handled."""
    assert Level.CAUSE == left("logger.exception('x')", name="")
    assert Level.CAUSE == left("report_now()", name="")
    assert Level.TRACE == left("logger.error('x')", name="")


def test_configured_sinks_report() -> None:
    """By the name that is written, or that it has in the project; globs are allowed."""
    assert Level.WORK == left("work()")
    assert Level.CAUSE == left("work()", error_sinks=("m.work",))
    assert Level.CAUSE == left("self.client.capture()", error_sinks=("*.capture",))
