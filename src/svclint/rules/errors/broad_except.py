"""SVC403."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.program.handling.traces import Level
from svclint.rules.api import Handlers, Rule, RuleMeta, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BroadExcept(Rule):
    """
    Any error caught, and its cause lost.

    ## Why is this bad?
    `except Exception` also catches the bug that nobody has thought of. When all that is left of it is "failed", nobody
    will find it. Log it with its traceback, report it, raise it again, or hand the exception itself on.

    ## Bad
    ```py
    import logging

    logger = logging.getLogger(__name__)


    def refresh(cache):
        try:
            cache.refresh()
        except Exception:  # error: [SVC403] "any error is caught here, and its cause is lost"
            logger.warning("refresh failed")
    ```

    ## Good
    ```py
    import logging

    logger = logging.getLogger(__name__)


    def refresh(cache):
        try:
            cache.refresh()
        except Exception:
            logger.exception("refresh failed")


    def warm(cache):
        try:
            cache.warm()
        except Exception as e:
            logger.warning("cache is cold: %s", e)


    def refresh_all(caches):
        failures = []
        for cache in caches:
            try:
                cache.refresh()
            except Exception as e:
                failures.append(e)
        return failures
    ```

    ## Options
    - `error-sinks`: dotted names (globs) of functions that report errors.
    - `boundaries`: dotted names (globs) of functions, decorators or base classes at which any trace is enough.

    ## Known limits
    A call of something unknown that is given the exception counts as keeping it, and so does one whose name says that
    it deals with errors. In middleware, `__exit__`, a command, a `finally`, and a `try` that is the whole body of an
    unbounded loop, any trace is enough; so it is where only something was closed, or a text at hand was parsed.
    """

    meta = RuleMeta(
        code="SVC403",
        name="broad-except",
        severity=Severity.WARNING,
        since="0.1.0",
        yields_to=("SVC111", "SVC402", "SVC405"),
    )
    wants = (Handlers(lost=True),)

    def visit_ExceptHandler(self, node: cst.ExceptHandler, ctx: FileContext) -> None:
        """Judge a handler of a broad type."""
        record = ctx.handler
        facts = ctx.handler_facts()
        left = facts.left
        if not facts.caught.broad:
            ctx.silent("the types are narrow")
        elif facts.throws or left.level == Level.CAUSE:
            (ctx.unsure if left.unsure else ctx.silent)(left.why or "raises on every path")
        elif facts.excuse and left.level == Level.TRACE:
            ctx.silent(f"{facts.excuse}, and it {left.why}")
        elif facts.boundary == "__del__":
            ctx.silent("nobody hears of errors in __del__")
        elif facts.boundary and left.level == Level.TRACE:
            ctx.silent(f"{facts.boundary} is a boundary, and it {left.why}")
        elif facts.cancellation.why == "awaits what it has cancelled itself":
            ctx.silent(facts.cancellation.why)
        elif left.level < Level.TRACE:
            ctx.silent("leaves nothing of the error at all (SVC405)")
        else:
            message = f"any error is caught here, and its cause is lost: the handler {left.why}"
            ctx.report(Span(record.start, record.colon), message)

    visit_ExceptStarHandler = visit_ExceptHandler
