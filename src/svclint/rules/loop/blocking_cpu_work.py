"""SVC107."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Blocks, Rule, RuleMeta, Safety, Severity
from svclint.rules.loop.on_loop import report, to_thread

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BlockingCpuWork(Rule):
    """
    Work for the CPU that keeps the event loop busy.

    ## Why is this bad?
    Password hashes, compression, images and data frames take from milliseconds to minutes, in which nothing else runs.

    ## Bad
    ```py
    import hashlib


    async def check(password, salt, expected):
        digest = hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)  # error: [SVC107] "blocks the event loop"
        return digest == expected
    ```

    ## Fixed
    ```py
    import asyncio
    import hashlib


    async def check(password, salt, expected):
        digest = await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", password, salt, 600_000)
        return digest == expected
    ```

    ## Good
    ```py
    import asyncio
    import hashlib


    async def check(password, salt, expected):
        digest = await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", password, salt, 600_000)
        return digest == expected


    async def etag(body):
        return hashlib.sha256(body).hexdigest()
    ```

    ## Known limits
    Only calls that stand in a function on the loop are found, not those in functions that it calls.

    ## Fix safety
    Unsafe: the call runs in a thread, while other code of the loop goes on. The library is the one that the function
    itself uses: anyio or trio, else asyncio. There is no fix where `await` is not allowed, where a lock is held, or
    where the object belongs to the thread that made it.
    """

    meta = RuleMeta(
        code="SVC107", name="blocking-cpu-work", severity=Severity.WARNING, since="0.2.0", fix=Safety.UNSAFE
    )
    wants = (Blocks(kinds=("cpu",)),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that blocks."""
        blocked = ctx.blocked()
        report(ctx, blocked, to_thread(ctx, blocked))
