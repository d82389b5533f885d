"""`svclint explain`: what is known at one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import is_item
from svclint.program.link.refs import (
    ApiRef,
    ClassRef,
    CoroutineRef,
    FunctionRef,
    InstanceRef,
    MethodRef,
    ModuleRef,
    Ref,
    Targets,
)
from svclint.source.discovery import absolute
from svclint.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.engine.session import Run
    from svclint.program.program import Program


def explain(run: Run, path: str, line: int) -> tuple[str, ...]:
    """Return what the program knows of the calls on a line, and what each rule says of its candidates there."""
    known = absolute(path)
    if known not in run.loaded:
        reasons = [each.reason for each in run.problems if each.path == known]
        return (f"{path}:{line}", f"  not analysed: {reasons[0] if reasons else 'it is excluded'}")
    program, linted = run.lint(run.loaded, [known])
    key = run.key(known)
    lines = LineIndex(run.loaded[known].source.data)
    found = [f"{path}:{line}  {lines.line_text(line).strip()}", ""]
    found.extend(_names(program, key, lines, line))
    found.extend(_calls(program, key, lines, line))
    verdicts = [each for each in linted[known].judged if lines.line_number(each.span.start) == line]
    found.append("verdicts:" if verdicts else "verdicts: no rule has a candidate here")
    for each in verdicts:
        column = lines.position(each.span.start)[1]
        reason = f": {each.reason}" if each.reason else ""
        found.append(f"  {each.code} at column {column}: {each.verdict}{reason}")
    return tuple(found)


def _names(program: Program, key: str, lines: LineIndex, line: int) -> Iterator[str]:
    module = program.modules[key]
    reads = [
        (read.offset, name, scope)
        for scope, data in enumerate(module.index.scopes)
        for name, found in data.reads.items()
        for read in found
        if lines.line_number(read.offset) == line
    ]
    if not reads:
        return
    yield "names:"
    shown = set()
    for offset, name, scope in sorted(reads):
        text = f"  {name}  ->  {shown_targets(program, program.names.resolve(key, scope, (name,), offset))}"
        if text not in shown:
            shown.add(text)
            yield text
    yield ""


def _calls(program: Program, key: str, lines: LineIndex, line: int) -> Iterator[str]:
    module = program.modules[key]
    calls = [
        (position, call) for position, call in enumerate(module.index.calls) if lines.line_number(call.start) == line
    ]
    if not calls:
        return
    yield "calls:"
    for position, call in calls:
        targets = program.names.callee(key, position)
        yield f"  {shown_chain(call.chain)}()  ->  {shown_targets(program, targets)}"
    yield ""


def shown_chain(chain: tuple[str, ...]) -> str:
    """Return an access path as it is written: `self.pool[].get()`."""
    text = ""
    for step in chain:
        if step == "()" or is_item(step):
            text += step
        else:
            text += f".{step}" if text else step or "<expression>"
    return text


def shown_targets(program: Program, targets: Targets) -> str:
    """Return what an expression can be, in words."""
    parts = [_shown(program, ref) for ref in targets.refs]
    if targets.open:
        parts.append("something unknown" if not parts else "or something unknown")
    return ", ".join(parts) or "nothing"


def _shown(program: Program, ref: Ref) -> str:
    match ref:
        case ModuleRef(module=module):
            return f"module {module}"
        case FunctionRef() | ClassRef():
            scope = program.scope(ref)
            kind = "class" if isinstance(ref, ClassRef) else scope.kind.value
            return f"{kind} {program.layout.name(ref.module)}.{scope.qualname}"
        case ApiRef(name=name):
            return name
        case MethodRef():
            return f"{ref.api} (method)"
        case InstanceRef(cls=cls):
            return f"an instance of {_shown(program, cls)}"
        case CoroutineRef(function=function):
            return f"a coroutine of {_shown(program, function)}"
        case _:
            return "unknown"
