"""SVC106."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Blocks, Rule, RuleMeta, Severity
from svclint.rules.loop.on_loop import report

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BlockingWait(Rule):
    """
    Wait for a thread, process, queue or future that blocks the event loop.

    ## Why is this bad?
    The loop stands still until another thread is done; if that one needs the loop to go on, both wait for ever. A
    question at the terminal (`input()`) is reported as information: such a program serves whoever sits there.

    ## Bad
    ```py
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor()


    async def total(rows):
        return pool.submit(sum, rows).result()  # error: [SVC106] "concurrent.futures.Future.result() blocks"
    ```

    ## Good
    ```py
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor()


    async def total(rows):
        return await asyncio.wrap_future(pool.submit(sum, rows))


    async def finished(future):
        return future.result() if future.done() else None
    ```

    ## Known limits
    Nothing is said of waits for locks: most are held for microseconds, and who holds one is not followed yet.
    Only calls that stand in a function on the loop are found, not those in functions that it calls.
    """

    meta = RuleMeta(code="SVC106", name="blocking-wait", severity=Severity.ERROR, since="0.2.0")
    wants = (Blocks(kinds=("wait",)),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that blocks."""
        report(ctx, ctx.blocked(), (None, ""))
