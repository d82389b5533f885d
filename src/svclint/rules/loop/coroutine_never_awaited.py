"""SVC114."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import ScopeKind
from svclint.rules.api import Calls, Edit, Fix, Rule, RuleMeta, Safety, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class CoroutineNeverAwaited(Rule):
    """
    Async function called, and its coroutine thrown away.

    ## Why is this bad?
    Nothing of it runs: calling an `async def` only makes a coroutine.

    ## Bad
    ```py
    async def notify(user):
        await user.send("hello")


    async def register(user):
        notify(user)  # error: [SVC114] "notify() is never awaited"
    ```

    ## Fixed
    ```py
    async def notify(user):
        await user.send("hello")


    async def register(user):
        await notify(user)
    ```

    ## Good
    ```py
    async def notify(user):
        await user.send("hello")


    async def register(user, group):
        await notify(user)
        group.start_soon(notify, user)
    ```

    ## Known limits
    A function behind a decorator that svclint does not know is not judged: it may have been made synchronous.

    ## Fix safety
    Unsafe: the call runs now, and the function waits for it.
    """

    meta = RuleMeta(
        code="SVC114",
        name="coroutine-never-awaited",
        severity=Severity.ERROR,
        since="0.1.0",
        fix=Safety.UNSAFE,
        tests=True,
    )
    wants = (Calls(effect="coroutine"),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call whose result is thrown away."""
        call = ctx.call
        verdicts = ctx.gives_coroutine()
        name = ".".join(step for step in call.chain if step.isidentifier())
        traits = () if all(verdicts) else ("may",)
        fix, no_fix = self._fix(ctx)
        ctx.report(Span(call.start, call.end), f"{name}() is never awaited", fix=fix, no_fix=no_fix, traits=traits)

    @staticmethod
    def _fix(ctx: FileContext) -> tuple[Fix | None, str]:
        call = ctx.call
        if ctx.scope(call.scope).kind is not ScopeKind.ASYNC:
            return None, "the function around it is not async"
        if not all(ctx.gives_coroutine()):
            return None, "not everything that it can call is async"
        edit = Edit(span=Span(call.start, call.start), text="await ")
        return Fix(title="Await it", safety=Safety.UNSAFE, edits=(edit,)), ""
