"""SVC202."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.program.waiting.model import Unbounded
from svclint.rules.api import Rule, RuleMeta, Safety, Severity, Span, Waits
from svclint.rules.naming import shown_api
from svclint.rules.timeouts.given import replaced

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class TimeoutDisabled(Rule):
    """
    Network call whose timeout was switched off.

    ## Why is this bad?
    It waits for ever when the other side does not answer, as a call without any timeout does; here somebody wrote it
    down, or a setting says so.

    ## Bad
    ```py
    import httpx

    client = httpx.AsyncClient(timeout=None)  # error: [SVC202] "its timeout is None"
    ```

    ## Fixed
    ```py
    import httpx

    client = httpx.AsyncClient(timeout=10)
    ```

    ## Good
    ```py
    import httpx
    import requests

    client = httpx.AsyncClient(timeout=httpx.Timeout(5, read=60))


    def events(url):
        return requests.get(url, stream=True, timeout=None)
    ```

    ## Options
    - `default-timeout`: the seconds that the fix writes (10).

    ## Known limits
    Reading a stream is meant to last: calls that say `stream=True` are not reported.

    ## Fix safety
    Unsafe: what took longer than the new timeout fails now. There is a fix only where None stands in the call itself.
    """

    meta = RuleMeta(code="SVC202", name="timeout-disabled", severity=Severity.WARNING, since="0.2.0", fix=Safety.UNSAFE)
    wants = (Waits(disabled=True),)

    def visit_Call(self, node: cst.Call, ctx: FileContext) -> None:
        """Judge a call that is given a timeout which is none."""
        waiting = ctx.waiting()
        wait = waiting.wait
        if not isinstance(wait, Unbounded) or not wait.disabled:
            ctx.silent(wait.why)
            return
        if waiting.streams:
            ctx.silent("a stream is meant to last")
            return
        name = shown_api(ctx, waiting.api)
        why = "its timeout can be None" if wait.perhaps else wait.why
        fix = replaced(ctx, waiting.keyword) if waiting.keyword else None
        no_fix = "" if fix is not None else "its value stands elsewhere"
        call = ctx.call
        traits = ("may",) if waiting.may else ()
        message = f"{name}() can wait for ever: {why}"
        ctx.report(Span(call.start, call.end), message, fix=fix, no_fix=no_fix, traits=traits)
