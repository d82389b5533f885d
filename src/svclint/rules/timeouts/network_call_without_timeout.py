"""SVC201."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.program.waiting.model import Unbounded
from svclint.rules.api import Rule, RuleMeta, Safety, Severity, Span, Waits
from svclint.rules.naming import shown_api
from svclint.rules.timeouts.given import added

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class NetworkCallWithoutTimeout(Rule):
    """
    Network call that can wait for ever.

    ## Why is this bad?
    A peer that accepts a connection and never answers holds the caller: threads, tasks and connections run out, and
    what looks like a slow dependency becomes an outage.

    ## Bad
    ```py
    import requests


    def price(sku):
        return requests.get(f"https://prices/{sku}")  # error: [SVC201] "requests.get() can wait for ever"
    ```

    ## Fixed
    ```py
    import requests


    def price(sku):
        return requests.get(f"https://prices/{sku}", timeout=10)
    ```

    ## Good
    ```py
    import asyncio

    import httpx
    import requests


    def price(sku):
        return requests.get(f"https://prices/{sku}", timeout=(3, 10))


    async def price_by_httpx(sku, client: httpx.AsyncClient):
        return await client.get(f"https://prices/{sku}")


    async def price_by_socket(host):
        async with asyncio.timeout(5):
            return await asyncio.open_connection(host, 80)
    ```

    ## Options
    - `default-timeout`: the seconds that the fix writes (10).

    ## Known limits
    `**kwargs` of a function can bring a timeout as long as not every one of its callers is known. What callers of an
    async function have around their calls bounds it only where all of them are known, and have something.

    ## Fix safety
    Unsafe: what took longer than the new timeout fails now. It is `default-timeout` seconds, given to the call or to
    the constructor of the client that makes it.
    """

    meta = RuleMeta(
        code="SVC201",
        name="network-call-without-timeout",
        severity=Severity.ERROR,
        since="0.2.0",
        fix=Safety.UNSAFE,
    )
    wants = (Waits(),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that waits for the network."""
        waiting = ctx.waiting()
        if not isinstance(waiting.wait, Unbounded) or waiting.wait.disabled:
            ctx.silent(waiting.wait.why)
            return
        name = shown_api(ctx, waiting.api)
        traits = ("may",) if waiting.may else ()
        fix = added(ctx, waiting.keyword) if waiting.keyword and not waiting.may else None
        no_fix = "" if fix is not None else "it takes no timeout: bound what stands around it"
        call = ctx.call
        message = f"{name}() can wait for ever: {waiting.wait.why}"
        ctx.report(Span(call.start, call.end), message, fix=fix, no_fix=no_fix, traits=traits)
