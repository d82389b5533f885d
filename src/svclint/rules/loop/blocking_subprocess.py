"""SVC104."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Blocks, Rule, RuleMeta, Safety, Severity
from svclint.rules.loop.on_loop import report, to_thread

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BlockingSubprocess(Rule):
    """
    Child process that the event loop waits for.

    ## Why is this bad?
    Starting a process copies this one's memory tables, and waiting for it takes as long as it runs: nothing else does.

    ## Bad
    ```py
    import subprocess


    async def revision(path):
        found = subprocess.run(["git", "-C", path, "rev-parse", "HEAD"], check=True)  # error: [SVC104]
        return found.stdout
    ```

    ## Fixed
    ```py
    import asyncio
    import subprocess


    async def revision(path):
        found = await asyncio.to_thread(subprocess.run, ["git", "-C", path, "rev-parse", "HEAD"], check=True)
        return found.stdout
    ```

    ## Good
    ```py
    import asyncio


    async def revision(path):
        process = await asyncio.create_subprocess_exec("git", "-C", path, "rev-parse", "HEAD")
        return await process.wait()
    ```

    ## Known limits
    Only calls that stand in a function on the loop are found, not those in functions that it calls.

    ## Fix safety
    Unsafe: the call runs in a thread, while other code of the loop goes on. The library is the one that the function
    itself uses: anyio or trio, else asyncio. There is no fix where `await` is not allowed, where a lock is held, or
    where the object belongs to the thread that made it.
    """

    meta = RuleMeta(
        code="SVC104", name="blocking-subprocess", severity=Severity.ERROR, since="0.2.0", fix=Safety.UNSAFE
    )
    wants = (Blocks(kinds=("subprocess",)),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that blocks."""
        blocked = ctx.blocked()
        report(ctx, blocked, to_thread(ctx, blocked))
