"""SVC103."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import Fate
from svclint.rules.api import Blocks, Edit, Fix, Rule, RuleMeta, Safety, Severity, Span
from svclint.rules.loop.on_loop import report, why_not

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext

_MOVABLE = frozenset({Fate.DISCARDED, Fate.BOUND, Fate.RETURNED, Fate.STORED, Fate.USED, Fate.TESTED, Fate.ARGUMENT})


class BlockingSleep(Rule):
    """
    Sleep that blocks the event loop.

    ## Why is this bad?
    While it sleeps, no other request, task or timer of this process runs.

    ## Bad
    ```py
    import time


    async def poll(job):
        while not await job.done():
            time.sleep(1)  # error: [SVC103] "time.sleep() blocks the event loop"
    ```

    ## Fixed
    ```py
    import asyncio


    async def poll(job):
        while not await job.done():
            await asyncio.sleep(1)
    ```

    ## Good
    ```py
    import asyncio
    import time


    async def poll(job):
        while not await job.done():
            await asyncio.sleep(1)


    def poll_in_thread(job):
        while not job.done():
            time.sleep(1)
    ```

    ## Known limits
    Only calls that stand in the `async def` itself are found, not those in functions that it calls.

    ## Fix safety
    Safe: the function waits as long as before, and lets others run. The library is the one that the function itself
    uses: anyio or trio, else asyncio. There is no fix while a thread's lock is held, where `await` is not allowed, or
    where the name is taken.
    """

    meta = RuleMeta(code="SVC103", name="blocking-sleep", severity=Severity.ERROR, since="0.1.0", fix=Safety.SAFE)
    wants = (Blocks(kinds=("sleep",)),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that sleeps."""
        if ctx.call.args and getattr(ctx.call.args[0], "text", "") == "0":
            ctx.silent("sleeps no time")
        else:
            report(ctx, ctx.blocked(), self._fix(ctx))

    @staticmethod
    def _fix(ctx: FileContext) -> tuple[Fix | None, str]:
        call = ctx.call
        reason = why_not(ctx)
        if reason or call.use.fate not in _MOVABLE:
            return None, reason or "`await` can't stand here"
        is_enclosed = ctx.data[call.start : call.start + 1] == b"("
        if is_enclosed or call.keywords or len(call.args) != 1 or len(ctx.targets().refs) > 1:
            return None, "its arguments, or what it calls, are not plain"
        library = ctx.library_of(call.scope, "sleeps-async")
        found = ctx.import_of(library, call.scope)
        if found is None:
            return None, f"the name {library} is taken"
        name, edits = found
        edit = Edit(span=Span(call.start, call.func_end), text=f"await {name}.sleep")
        return Fix(title=f"Await `{name}.sleep()`", safety=Safety.SAFE, edits=(*edits, edit)), ""
