"""SVC102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Blocks, Rule, RuleMeta, Safety, Severity
from svclint.rules.loop.on_loop import report, to_thread

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BlockingDatabaseCall(Rule):
    """
    Database, cache or broker call that blocks the event loop.

    ## Why is this bad?
    Until the server answers, and while it holds a lock, no other request, task or timer of this process runs.

    ## Bad
    ```py
    import redis

    cache = redis.Redis(host="cache", socket_timeout=1)


    async def visits(page):
        return cache.incr(page)  # error: [SVC102] "redis.Redis.incr() blocks the event loop on a database or broker"
    ```

    ## Fixed
    ```py
    import asyncio
    import redis

    cache = redis.Redis(host="cache", socket_timeout=1)


    async def visits(page):
        return await asyncio.to_thread(cache.incr, page)
    ```

    ## Good
    ```py
    import redis.asyncio as redis

    cache = redis.Redis(host="cache", socket_timeout=1)


    async def visits(page):
        return await cache.incr(page)
    ```

    ## Known limits
    Only calls that stand in a function on the loop are found, not those in functions that it calls.

    ## Fix safety
    Unsafe: the call runs in a thread, while other code of the loop goes on. The library is the one that the function
    itself uses: anyio or trio, else asyncio. There is no fix where `await` is not allowed, where a lock is held, or
    where the object belongs to the thread that made it.
    """

    meta = RuleMeta(
        code="SVC102", name="blocking-database-call", severity=Severity.ERROR, since="0.2.0", fix=Safety.UNSAFE
    )
    wants = (Blocks(kinds=("database",)),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that blocks."""
        blocked = ctx.blocked()
        report(ctx, blocked, to_thread(ctx, blocked))
