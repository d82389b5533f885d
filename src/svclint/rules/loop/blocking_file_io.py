"""SVC105."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Blocks, Rule, RuleMeta, Safety, Severity
from svclint.rules.loop.on_loop import report, to_thread

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BlockingFileIo(Rule):
    """
    File that is read or written on the event loop.

    ## Why is this bad?
    Disks are slow when they are busy, and network file systems always: nothing else runs while the loop waits for them.
    A single look at a local path (`exists`, `stat`, `unlink`) costs little and is reported as information.

    ## Bad
    ```py
    from pathlib import Path


    async def template(name):
        return Path("templates", name).read_text()  # error: [SVC105] "blocks the event loop on file I/O"
    ```

    ## Fixed
    ```py
    import asyncio
    from pathlib import Path


    async def template(name):
        return await asyncio.to_thread(Path("templates", name).read_text)
    ```

    ## Good
    ```py
    import asyncio
    from pathlib import Path

    import aiofiles


    async def template(name):
        return await asyncio.to_thread(Path("templates", name).read_text)


    async def report(path):
        async with aiofiles.open(path) as file:
            return await file.read()
    ```

    ## Known limits
    What is read from or written to a file that the same function has opened is not reported again: the finding stands
    at the call that opened it.
    Only calls that stand in a function on the loop are found, not those in functions that it calls.

    ## Fix safety
    Unsafe: the call runs in a thread, while other code of the loop goes on. The library is the one that the function
    itself uses: anyio or trio, else asyncio. There is no fix where `await` is not allowed, where a lock is held, or
    where the object belongs to the thread that made it.
    """

    meta = RuleMeta(code="SVC105", name="blocking-file-io", severity=Severity.WARNING, since="0.2.0", fix=Safety.UNSAFE)
    wants = (Blocks(kinds=("file", "stat")),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that blocks."""
        blocked = ctx.blocked()
        report(ctx, blocked, to_thread(ctx, blocked))
