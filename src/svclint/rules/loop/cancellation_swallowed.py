"""SVC111."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Calls, Fix, Handlers, Returns, Rule, RuleMeta, Safety, Severity, Span
from svclint.rules.edits import clause_in_front, conditional_return, raise_at_end

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext

_CANCELLATION = {"asyncio": "CancelledError", "anyio": "get_cancelled_exc_class()", "trio": "Cancelled"}
"""What each library throws into a task to stop it."""


class CancellationSwallowed(Rule):
    """
    Cancellation of a task caught, and not let through.

    ## Why is this bad?
    Timeouts, `TaskGroup` and shutdown stop a task by raising `CancelledError` in it. Code that ends it there goes on
    after its deadline, and whoever cancelled it takes it for done. Also as the last act of a task: it then ends as
    completed.

    ## Bad
    ```py
    import asyncio


    async def consume(queue, handle):
        try:
            while True:
                await handle(await queue.get())
        except asyncio.CancelledError:  # error: [SVC111] "ends the task's cancellation"
            queue.close()
    ```

    ## Fixed
    ```py
    import asyncio


    async def consume(queue, handle):
        try:
            while True:
                await handle(await queue.get())
        except asyncio.CancelledError:
            queue.close()
            raise
    ```

    ## Good
    ```py
    import asyncio
    import contextlib


    async def consume(queue, handle):
        try:
            while True:
                await handle(await queue.get())
        finally:
            queue.close()


    async def stop(task):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    ```

    ## Known limits
    A process's own top level (what `asyncio.run` is given) may end its cancellation. Code that asks `cancelling()` or
    calls `uncancel()` is taken to know what it does.

    ## Fix safety
    Unsafe: what comes behind the handler no longer runs when the task is cancelled. A handler of `CancelledError` alone
    gets a `raise` at its end; in front of a wider one `except asyncio.CancelledError: raise` is put (or anyio's, or
    trio's, in a function that calls these).
    """

    meta = RuleMeta(
        code="SVC111",
        name="cancellation-swallowed",
        severity=Severity.ERROR,
        since="0.1.0",
        fix=Safety.UNSAFE,
        tests=True,
    )
    wants = (Handlers(cancelled=True), Calls(effect="suppresses"), Returns(method="__aexit__"))

    def visit_ExceptHandler(self, node: cst.ExceptHandler, ctx: FileContext) -> None:
        """Judge a handler."""
        record = ctx.handler
        verdict = ctx.handler_facts().cancellation
        if not verdict.swallows:
            ctx.silent(verdict.why)
            return
        fix, no_fix = self._fix(ctx)
        message = "this handler ends the task's cancellation"
        ctx.report(Span(record.start, record.colon), message, fix=fix, no_fix=no_fix)

    visit_ExceptStarHandler = visit_ExceptHandler

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a `suppress(...)`."""
        _, verdict = ctx.suppressed()
        if verdict.swallows:
            message = "suppressing it ends the task's cancellation"
            ctx.report(Span(ctx.call.start, ctx.call.end), message, no_fix="what to do instead is not known")
        else:
            ctx.silent(verdict.why)

    def visit_Return(self, node: cst.Return, ctx: FileContext) -> None:
        """Judge a `return True` in an `__aexit__`."""
        if conditional_return(ctx):
            ctx.silent("returns true only for some exceptions")
            return
        span = Span(ctx.candidate.start, ctx.candidate.end)
        ctx.report(
            span,
            "`__aexit__` returns true and ends the task's cancellation",
            no_fix="what it means to end is not known",
        )

    @staticmethod
    def _fix(ctx: FileContext) -> tuple[Fix | None, str]:
        record = ctx.handler
        facts = ctx.handler_facts()
        if record.star:
            return None, "an `except*` clause can't be extended safely"
        if not facts.caught.broad and len(facts.caught.types) == 1:
            edit = raise_at_end(ctx)
            if edit is None:
                return None, "the handler is left before its end, or ends in what only it reads"
            return Fix(title="Raise it again at the end", safety=Safety.UNSAFE, edits=(edit,)), ""
        library = ctx.library_of(record.scope, "sleeps-async")
        found = ctx.import_of(library, record.scope)
        if found is None:
            return None, f"the name {library} is taken"
        name, edits = found
        clause = clause_in_front(ctx, f"{name}.{_CANCELLATION[library]}", "raise")
        if not clause:
            return None, "the handler does not start its line, or its types are not plainly written"
        what = _CANCELLATION[library].removesuffix("()")
        return Fix(title=f"Let `{what}` through", safety=Safety.UNSAFE, edits=(*edits, *clause)), ""
