"""SVC108."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Calls, Rule, RuleMeta, Severity, Span
from svclint.rules.naming import shown_api

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class EventLoopReentry(Rule):
    """
    Event loop started by code that already runs on one.

    ## Why is this bad?
    A thread runs one loop at a time: `asyncio.run` and its kin raise RuntimeError there.

    ## Bad
    ```py
    import asyncio


    async def notify(user):
        asyncio.run(user.send("hello"))  # error: [SVC108] "asyncio.run() is called on a running event loop"
    ```

    ## Good
    ```py
    import asyncio


    async def notify(user):
        await user.send("hello")


    def main(user):
        asyncio.run(notify(user))
    ```

    ## Known limits
    Only calls that stand in a function on the loop are found, not those in functions that it calls. Programs that use
    `nest_asyncio` are not judged.
    """

    meta = RuleMeta(code="SVC108", name="event-loop-reentry", severity=Severity.ERROR, since="0.2.0")
    wants = (Calls(effect="re-enters-loop"),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that starts a loop."""
        place = ctx.place()
        if not place.is_loop:
            ctx.silent(f"runs {place}")
        elif ctx.allows_reentry():
            ctx.silent("the program lets loops enter themselves")
        else:
            name = shown_api(ctx, ctx.called_apis()[0])
            traits = ("may",) if len(ctx.targets().refs) > 1 else ()
            call = ctx.call
            ctx.report(Span(call.start, call.end), f"{name}() is called on a running event loop", traits=traits)
