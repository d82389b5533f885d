"""SVC402."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Edit, Fix, Handlers, Rule, RuleMeta, Safety, Severity, Span
from svclint.rules.edits import is_caught_in_front

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext


class BareExcept(Rule):
    """
    Handler without a type that does not raise again.

    ## Why is this bad?
    It also catches `SystemExit`, `KeyboardInterrupt` and the cancellation of a task: the process can't be stopped
    there.

    ## Bad
    ```py
    def size(path, errors):
        try:
            return path.stat().st_size
        except:  # error: [SVC402] "catches everything"
            errors.report()
            return 0
    ```

    ## Fixed
    ```py
    def size(path, errors):
        try:
            return path.stat().st_size
        except Exception:
            errors.report()
            return 0
    ```

    ## Good
    ```py
    def copy(source, target):
        try:
            target.write(source.read())
        except:
            target.discard()
            raise
    ```

    ## Known limits
    A handler that calls a helper is taken to raise only where the helper is known and raises on every path.

    ## Fix safety
    Unsafe: what used to be caught (`KeyboardInterrupt`, `SystemExit`, a cancellation) now gets through.
    """

    meta = RuleMeta(
        code="SVC402",
        name="bare-except",
        severity=Severity.ERROR,
        since="0.1.0",
        fix=Safety.UNSAFE,
        tests=True,
        yields_to=("SVC111",),
    )
    wants = (Handlers(bare=True),)

    def visit_ExceptHandler(self, node: cst.ExceptHandler, ctx: FileContext) -> None:
        """Judge a handler without types."""
        record = ctx.handler
        if ctx.handler_facts().throws:
            ctx.silent("raises, or ends the process, on every path")
            return
        fix, no_fix = None, "`Exception` is caught in front of it already"
        if not is_caught_in_front(ctx, "Exception"):
            edit = Edit(span=Span(record.types_start, record.types_start), text=" Exception")
            fix, no_fix = Fix(title="Catch `Exception` only", safety=Safety.UNSAFE, edits=(edit,)), ""
        message = "`except:` catches everything and does not raise it again"
        ctx.report(Span(record.start, record.colon), message, fix=fix, no_fix=no_fix)
