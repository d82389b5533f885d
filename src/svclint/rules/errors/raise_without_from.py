"""SVC401."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.rules.api import Edit, Fix, Raises, Rule, RuleMeta, Safety, Severity, Span

if TYPE_CHECKING:
    import libcst as cst

    from svclint.rules.api import FileContext

_NAMES = ("e", "exc", "err", "error")


class RaiseWithoutFrom(Rule):
    """
    Exception raised in a handler without the one that caused it.

    ## Why is this bad?
    Without `from`, the traceback says "During handling of the above exception, another exception occurred": it reads as
    if the handler itself had failed, error trackers group by the wrong exception, and code that looks at `__cause__`
    finds nothing.

    ## Bad
    ```py
    class Unavailable(Exception):
        pass


    def load(store, key):
        try:
            return store.read(key)
        except OSError:
            raise Unavailable(key)  # error: [SVC401] "Unavailable is raised without its cause"
    ```

    ## Fixed
    ```py
    class Unavailable(Exception):
        pass


    def load(store, key):
        try:
            return store.read(key)
        except OSError as e:
            raise Unavailable(key) from e
    ```

    ## Good
    ```py
    class Unavailable(Exception):
        pass


    def load(store, key):
        try:
            return store.read(key)
        except FileNotFoundError:
            raise Unavailable(key) from None  # on purpose: the cause says nothing more
        except OSError as e:
            e.add_note(key)
            raise
    ```

    ## Known limits
    What a factory function makes (`raise to_error(e)`) is not judged: it may have set the cause itself.

    ## Fix safety
    Safe: only `__cause__` and the traceback's wording change. A bare `except:` can't name what it caught, so there is
    no fix.
    """

    meta = RuleMeta(code="SVC401", name="raise-without-from", severity=Severity.ERROR, since="0.1.0", fix=Safety.SAFE)
    wants = (Raises(unchained=True),)

    def visit_Raise(self, node: cst.Raise, ctx: FileContext) -> None:
        """Judge a `raise` in a handler."""
        record = ctx.raised
        handler = ctx.handler_record(record.handler)
        value = ctx.built_in_handler(ctx.exception, handler) or ctx.exception
        classes = ctx.raised_classes(record.scope, value)
        if classes is None:
            ctx.silent("raises what it caught, or what is not known to be a new exception")
        elif any(ctx.exception_has(ref, "exits") or ctx.exception_has(ref, "not-an-error") for ref in classes):
            ctx.silent("asks the program or an iteration to stop")
        elif any(ctx.is_signal(ref) for ref in classes):
            ctx.silent("is a signal, not an error")
        else:
            names = [ctx.exception_names(ref)[0].rpartition(".")[2] for ref in classes]
            fix, no_fix = self._fix(ctx)
            what = " or ".join(dict.fromkeys(names)) or "a new exception"
            ctx.report(Span(record.start, record.end), f"{what} is raised without its cause", fix=fix, no_fix=no_fix)

    @staticmethod
    def _fix(ctx: FileContext) -> tuple[Fix | None, str]:
        record = ctx.raised
        handler = ctx.handler_record(record.handler)
        if handler.types is None:
            return None, "a bare `except:` can't name what it caught"
        edits = []
        name = handler.name
        if not name:
            name = _name_for(ctx, record.handler)
            if name is None:
                return None, f"the names {', '.join(_NAMES)} are all in use"
            if handler.unparenthesised:
                edits.append(Edit(span=Span(handler.types_start, handler.types_start), text="("))
                edits.append(Edit(span=Span(handler.types_end, handler.types_end), text=f") as {name}"))
            else:
                edits.append(Edit(span=Span(handler.types_end, handler.types_end), text=f" as {name}"))
        elif ctx.rebinds(name, Span(handler.start, handler.end)):
            return None, f"{name} is bound again in the handler"
        edits.append(Edit(span=Span(record.exc_end, record.exc_end), text=f" from {name}"))
        return Fix(title=f"Raise it from `{name}`", safety=Safety.SAFE, edits=tuple(edits)), ""


def _name_for(ctx: FileContext, position: int) -> str | None:
    """
    Return the name of a handler, or the one that it is to get; None where all are in use.

    At its end a handler deletes its name, and one around it may still have to read its own: these get different ones.
    """
    chain = [position]
    while (outer := ctx.handler_record(chain[-1]).outer) >= 0:
        chain.append(outer)
    name: str | None = None
    wanted = list(_NAMES)
    for each in reversed(chain):
        handler = ctx.handler_record(each)
        name = handler.name or ctx.free_name(handler.scope, wanted)
        if name in wanted and any(record.handler == each and record.cause is None for record in ctx.index.raises):
            wanted.remove(name)
    return name
