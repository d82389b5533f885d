"""SVC109."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import HeldLocks, Rule, RuleMeta, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class ThreadLockAcrossAwait(Rule):
    """
    Lock of a thread that is held while the function awaits.

    ## Why is this bad?
    While it awaits, another task of the same thread comes to the lock, and blocks the loop that would let the first one
    go on: both wait for ever. A reentrant lock lets the other task in, and guards nothing.

    ## Bad
    ```py
    import threading

    lock = threading.Lock()


    async def renew(token):
        with lock:  # error: [SVC109] "threading.Lock is held across an await"
            await token.renew()
    ```

    ## Good
    ```py
    import asyncio
    import threading

    lock = asyncio.Lock()
    counting = threading.Lock()


    async def renew(token, counter):
        async with lock:
            await token.renew()
        with counting:
            counter.renewed += 1
    ```

    ## Known limits
    Locks that a context manager of the project holds are not seen yet.
    """

    meta = RuleMeta(code="SVC109", name="thread-lock-across-await", severity=Severity.ERROR, since="0.2.0")
    wants = (HeldLocks(),)

    def visit_With(self, node: cst.With, ctx: FileContext) -> None:
        """Judge a `with` over a lock."""
        self._report(ctx)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call of `acquire`."""
        self._report(ctx)

    @staticmethod
    def _report(ctx: FileContext) -> None:
        held = ctx.held_across_await()
        span = Span(ctx.candidate.start, ctx.candidate.end)
        ctx.report(span, f"{held.lock} is held across an await", traits=("may",) if held.may else ())
