"""SVC404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Raises, Rule, RuleMeta, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext

_GENERIC = ("builtins.Exception", "builtins.BaseException")
_RUNTIME = "builtins.RuntimeError"


class RaiseGenericException(Rule):
    """
    Exception of no type of its own raised.

    ## Why is this bad?
    A caller can only catch `Exception`, and with it everything else that goes wrong.

    ## Bad
    ```py
    class PaymentError(Exception):
        pass


    def charge(order):
        if order.total <= 0:
            raise Exception("nothing to charge")  # error: [SVC404] "Exception is raised"
        if order.paid:
            raise RuntimeError("already paid")  # error: [SVC404] "RuntimeError is raised where PaymentError stands"
    ```

    ## Good
    ```py
    class PaymentError(Exception):
        pass


    def charge(order):
        if order.total <= 0:
            raise ValueError("nothing to charge")
        if order.paid:
            raise PaymentError("already paid")
    ```

    ## Known limits
    `RuntimeError` is judged only where the same module defines an exception of its own. In test files only what a test
    itself raises counts, not what a stub raises for it.
    """

    meta = RuleMeta(code="SVC404", name="raise-generic-exception", severity=Severity.WARNING, since="0.1.0", tests=True)
    wants = (Raises(effect="generic"),)

    def visit_Raise(self, node: cst.Raise, ctx: FileContext) -> None:
        """Judge a `raise`."""
        record = ctx.raised
        span = Span(record.start, record.end)
        if ctx.is_test and not ctx.scope(ctx.function_of(record.scope)).name.startswith("test"):
            ctx.silent("a stub in a test raises it")
            return
        classes = ctx.raised_classes(record.scope, ctx.exception) or ()
        names = {ctx.exception_names(ref)[0] for ref in classes if ctx.exception_names(ref)}
        generic = sorted(names & set(_GENERIC))
        domain = ctx.domain_exceptions() if _RUNTIME in names else ()
        if generic:
            ctx.report(span, f"{generic[0].rpartition('.')[2]} is raised: nobody can catch it by its type")
        elif domain:
            ctx.report(span, f"RuntimeError is raised where {domain[0]} stands in the same module")
        else:
            ctx.silent("raises a type of its own")
