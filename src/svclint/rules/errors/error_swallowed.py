"""SVC405."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.program.handling.traces import Level
from svclint.rules.api import Calls, Handlers, Rule, RuleMeta, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class ErrorSwallowed(Rule):
    """
    Error caught, and no trace of it left.

    ## Why is this bad?
    Whoever looks for the reason of a wrong answer later finds nothing: no log line, no counter, no exception. If the
    error is truly no news, say why in a comment in the handler, and catch only the type that you mean.

    ## Bad
    ```py
    import contextlib


    def price(client, item):
        try:
            return client.price(item)
        except Exception:  # error: [SVC405] "the error is swallowed"
            return None


    def close(connection):
        with contextlib.suppress(Exception):  # error: [SVC405] "the error is swallowed"
            connection.close()
    ```

    ## Good
    ```py
    import contextlib
    import logging

    logger = logging.getLogger(__name__)


    def price(client, item):
        try:
            return client.price(item)
        except ConnectionError:
            logger.info("no price for %s", item)
            return None


    def port(settings):
        try:
            return int(settings["port"])
        except (KeyError, ValueError):
            return 8080


    def forget(cache, item):
        try:
            cache.remove(item)
        except ConnectionError:
            pass  # the entry expires by itself within a minute


    def unlock(path):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
    ```

    ## Known limits
    A narrow type is left alone where a comment in the handler says why, where any trace is left, where the handler does
    other work instead, and where the type is the answer of a lookup, a parse, or a wait with a bound. A broad type with
    a comment is a finding.
    """

    meta = RuleMeta(
        code="SVC405",
        name="error-swallowed",
        severity=Severity.WARNING,
        since="0.1.0",
        yields_to=("SVC111", "SVC402"),
    )
    wants = (Handlers(lost=True), Calls(effect="suppresses"))

    def visit_ExceptHandler(self, node: cst.ExceptHandler, ctx: FileContext) -> None:
        """Judge a handler."""
        record = ctx.handler
        facts = ctx.handler_facts()
        enough = Level.TRACE if facts.caught.broad else Level.WORK
        if facts.throws or facts.left.level >= enough:
            (ctx.unsure if facts.left.unsure else ctx.silent)(facts.left.why or "raises on every path")
        elif facts.boundary == "__del__":
            ctx.silent("nobody hears of errors in __del__")
        elif facts.cancellation.why == "awaits what it has cancelled itself":
            ctx.silent(facts.cancellation.why)
        elif not facts.caught.broad and facts.commented:
            ctx.silent("the type is narrow, and a comment says why")
        elif not facts.caught.broad and facts.idiom:
            (ctx.unsure if facts.caught.open else ctx.silent)(f"the type {facts.idiom}")
        else:
            ctx.report(Span(record.start, record.colon), "the error is swallowed: no trace of it is left")

    visit_ExceptStarHandler = visit_ExceptHandler

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a `suppress(...)`."""
        caught, cancellation = ctx.suppressed()
        if not caught.broad:
            ctx.silent("suppresses narrow types, on purpose")
        elif cancellation.why == "awaits what it has cancelled itself":
            ctx.silent(cancellation.why)
        else:
            message = "the error is swallowed: any error is suppressed, and no trace of it is left"
            ctx.report(Span(ctx.call.start, ctx.call.end), message)
