"""SVC110."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import Fate, Use
from svclint.rules.api import Calls, Rule, RuleMeta, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class TaskReferenceDropped(Rule):
    """
    Task started and not kept.

    ## Why is this bad?
    The event loop keeps only a weak reference to its tasks: one that nobody holds can be collected before it is done,
    and what it raises is told to nobody. Keep it, await it, or start it in a `TaskGroup`.

    ## Bad
    ```py
    import asyncio


    async def register(user, mailer):
        asyncio.create_task(mailer.welcome(user))  # error: [SVC110] "the task is not kept"
        return user
    ```

    ## Good
    ```py
    import asyncio

    running = set()


    async def register(user, mailer):
        task = asyncio.create_task(mailer.welcome(user))
        running.add(task)
        task.add_done_callback(running.discard)
        return user


    async def register_all(users, mailer):
        async with asyncio.TaskGroup() as group:
            for user in users:
                group.create_task(mailer.welcome(user))
    ```

    ## Known limits
    A task that is handed to something unknown counts as kept. One that is bound to a local name which is read later
    counts as kept too, although it may be done for when the function returns.
    """

    meta = RuleMeta(code="SVC110", name="task-reference-dropped", severity=Severity.WARNING, since="0.1.0", tests=True)
    wants = (Calls(effect="spawns"),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that starts a task."""
        call = ctx.call
        if not ctx.is_dropped():
            ctx.silent("the task is kept, awaited or handed on")
            return
        ctx.report(Span(call.start, call.end), f"the task is not kept: {self._why(ctx)}")

    @staticmethod
    def _why(ctx: FileContext) -> str:
        match ctx.call.use:
            case Use(fate=Fate.BOUND, slot=name):
                return f"only the local name `{name}` holds it, and ends with the function"
            case Use(fate=Fate.ARGUMENT):
                return "what takes it lets go of it"
        return f"nobody holds what {'.'.join(ctx.spawned_by().split('.')[-2:])}() returns"
