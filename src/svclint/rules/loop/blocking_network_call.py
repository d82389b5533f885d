"""SVC101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Blocks, Rule, RuleMeta, Safety, Severity
from svclint.rules.loop.on_loop import report, to_thread

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BlockingNetworkCall(Rule):
    """
    Network call that blocks the event loop.

    ## Why is this bad?
    Until the other side answers, no other request, task or timer of this process runs: one slow service stops all.

    ## Bad
    ```py
    import requests


    async def price(sku):
        return requests.get(f"https://prices/{sku}", timeout=5)  # error: [SVC101] "requests.get() blocks the event"
    ```

    ## Fixed
    ```py
    import asyncio
    import requests


    async def price(sku):
        return await asyncio.to_thread(requests.get, f"https://prices/{sku}", timeout=5)
    ```

    ## Good
    ```py
    import asyncio

    import httpx
    import requests


    async def price(sku, client: httpx.AsyncClient):
        return await client.get(f"https://prices/{sku}")


    async def price_in_thread(sku):
        return await asyncio.to_thread(requests.get, f"https://prices/{sku}", timeout=5)


    def price_for_scripts(sku):
        return requests.get(f"https://prices/{sku}", timeout=5)
    ```

    ## Known limits
    Only calls that stand in a function on the loop are found, not those in functions that it calls.

    ## Fix safety
    Unsafe: the call runs in a thread, while other code of the loop goes on. The library is the one that the function
    itself uses: anyio or trio, else asyncio. There is no fix where `await` is not allowed, where a lock is held, or
    where the object belongs to the thread that made it.
    """

    meta = RuleMeta(
        code="SVC101", name="blocking-network-call", severity=Severity.ERROR, since="0.2.0", fix=Safety.UNSAFE
    )
    wants = (Blocks(kinds=("network",)),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that blocks."""
        blocked = ctx.blocked()
        report(ctx, blocked, to_thread(ctx, blocked))
