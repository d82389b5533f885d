"""What the rules on blocking calls share: how they report, and the fix that hands the call to a thread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svclint.index.model import ScopeKind
from svclint.index.values import Container, Fate
from svclint.program.loop.places import Place
from svclint.rules.api import Edit, Fix, Safety, Span
from svclint.rules.naming import shown_api

if TYPE_CHECKING:
    from svclint.program.loop.blocking import Blocked
    from svclint.rules.api import FileContext

WHAT = {
    "network": "on the network",
    "database": "on a database or broker",
    "sleep": "for a time",
    "subprocess": "on a child process",
    "file": "on file I/O",
    "stat": "on the file system",
    "wait": "until another thread or process is done",
    "cpu": "with work for the CPU",
}
_PARENTHESISED = frozenset({Fate.RECEIVER, Fate.ATTRIBUTE, Fate.CALLED})
_BLANKS = b" \t\f\n\r\\"
_UNUSED = frozenset({Fate.DISCARDED, Fate.TESTED})
_SHOWN = re.compile(rb"[^'\"{}#\n]*?(?<![=!<>:])=\s*(?:![ars])?\s*[:}]")
"""What follows an expression in `f"{f(x) = }"`, which prints its source, and follows none elsewhere."""
_THREADS = {"asyncio": "to_thread", "anyio": "to_thread.run_sync", "trio": "to_thread.run_sync"}


def report(ctx: FileContext, blocked: Blocked, fix: tuple[Fix | None, str]) -> None:
    """Report the visited call, or say why it is none."""
    if blocked.reason:
        ctx.silent(blocked.reason)
        return
    name = shown_api(ctx, blocked.api)
    verb = f"leaving {name}()" if blocked.leaving else f"{name}()"
    what = "until somebody answers at the terminal" if blocked.console else WHAT[blocked.kind]
    message = f"{verb} {'may block' if blocked.may else 'blocks'} the event loop {what}"
    traits = ["may"] if blocked.may else []
    if blocked.place is Place.START_UP:
        traits.append("start-up")
        message += ", at start-up"
    if blocked.console:
        traits.append("console")
    if blocked.kind == "stat":
        traits.append("quick")
    call = ctx.call
    ctx.report(Span(call.start, call.end), message, fix=fix[0], no_fix=fix[1], traits=tuple(traits))


def to_thread(ctx: FileContext, blocked: Blocked) -> tuple[Fix | None, str]:
    """Return the fix that hands the visited call to a thread and awaits it, or why there is none."""
    reason = why_not(ctx) or _why_no_thread(ctx, blocked)
    if reason:
        return None, reason
    library = ctx.library_of(ctx.call.scope, "sleeps-async")
    if library == "asyncio" and _is_before_3_9(ctx.config.target_version):
        return None, "asyncio has no `to_thread` before Python 3.9"
    needs_partial = library != "asyncio" and bool(ctx.call.keywords)
    threads = ctx.import_of(library, ctx.call.scope)
    partial = ctx.import_of("functools", ctx.call.scope) if needs_partial else ("", ())
    if threads is None or partial is None:
        return None, "a name that the fix needs is taken"
    if threads[1] and partial[1]:
        return None, f"{library} takes keyword arguments by `functools.partial`, which is not imported"
    function = f"{threads[0]}.{_THREADS[library]}"
    start = f"{function}({partial[0]}.partial(" if needs_partial else f"{function}("
    edits = (*threads[1], *partial[1], *_handed_over(ctx, start))
    return Fix(title=f"Run it in a thread with `{function}`", safety=Safety.UNSAFE, edits=edits), ""


def _is_before_3_9(version: str | None) -> bool:
    return version is not None and int(version.removeprefix("py3")) < 9


def why_not(ctx: FileContext) -> str:
    """Return why the visited call can't be awaited where it stands, `""` where it can."""
    call = ctx.call
    if ctx.scope(ctx.function_of(call.scope)).kind is not ScopeKind.ASYNC:
        return "the function is not async"
    if ctx.scope(call.scope).kind is ScopeKind.COMPREHENSION:
        return "`await` can't stand in this comprehension"
    if _SHOWN.match(ctx.data, call.end):
        return "an f-string prints how it is written"
    if ctx.held_lock():
        return "a lock is held here, and would be held across the await"
    return ""


def _why_no_thread(ctx: FileContext, blocked: Blocked) -> str:
    call = ctx.call
    if blocked.lazy or blocked.leaving:
        return "what it waits for comes later, not in this call"
    if blocked.bound_to_thread:
        return "its object belongs to the thread that uses it"
    if blocked.may:
        return "not everything that it can call blocks"
    if blocked.gives and call.use.fate not in _UNUSED:
        return "what is done with it later would still block"
    between = ctx.data[call.func_end : _opening(ctx)].strip(_BLANKS)
    if between or ctx.data.startswith(b"(", call.start) or not call.chain[-1].isidentifier():
        return "what it calls is not plain"
    if any(isinstance(value, Container) and value.kind == "generatorexp" for value in call.args):
        return "the generator that it takes would run in the thread"
    return ""


def _opening(ctx: FileContext) -> int:
    """Return where the parenthesis before the arguments stands; a comment before it can hold another one."""
    return ctx.data.find(b"(", ctx.call.func_end)


def _handed_over(ctx: FileContext, start: str) -> tuple[Edit, ...]:
    """Return the edits that make `f(a, b=c)` into `await to_thread(f, a, b=c)`; `start` ends where `f` goes."""
    call = ctx.call
    opening = _opening(ctx)
    is_part = call.use.fate in _PARENTHESISED
    is_empty = not call.args and not call.keywords
    closing = ")" * (start.count("(") - 1 + is_part)
    comma = "," if ctx.data[opening + 1] in _BLANKS else ", "
    return (
        Edit(span=Span(call.start, call.start), text=f"{'(' if is_part else ''}await {start}"),
        Edit(span=Span(call.func_end, opening + 1), text="" if is_empty else comma),
        *((Edit(span=Span(call.end, call.end), text=closing),) if closing else ()),
    )
