"""
An engine of a few lines, behind the seam that the command line knows: words of a file are its findings.

`bad`, `warn` and `info` are findings of these levels, each `bad` has a safe fix and each `warn` an unsafe one; `broken`
breaks a rule, `crash` the engine, `interrupt` is Ctrl-C. Run as a module, it is `svclint` with this engine.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from svclint.errors import UsageError
from svclint.finding import Edit, Finding, Fix, Place, Safety, Severity
from svclint.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclint.config.model import Config

_LEVELS = {"bad": Severity.ERROR, "warn": Severity.WARNING, "info": Severity.INFO}
_CODES = {"bad": "SVC401", "warn": "SVC110", "info": "SVC116"}
_SAFETY = {"bad": Safety.SAFE, "warn": Safety.UNSAFE}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    paths: tuple[str, ...]
    stdin: bytes | None = None
    stdin_filename: str | None = None
    jobs: int = 0
    whole_files: bool = False


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    files: int
    not_analysed: int = 0
    functions: int = 0
    calls: int = 0
    resolved: int = 0
    unsure: tuple[tuple[str, str, int], ...] = ()
    unresolved: int = 0
    notes: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    findings: tuple[Finding, ...]
    sources: Mapping[str, bytes]
    summary: Summary
    broken: bool


class Change(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    before: bytes
    after: bytes
    applied: tuple[tuple[str, str, int], ...]


class FixOutcome(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    changes: tuple[Change, ...]
    failed: tuple[str, ...]


class Session:
    def __init__(self, config: Config, progress: Callable[[str, int, int], None] | None = None) -> None:
        self.config = config
        self.progress = progress

    def check(self, request: Request) -> Outcome:
        return _outcome(_texts(request))

    def fix(self, request: Request, *, unsafe: bool, write: bool) -> FixOutcome:
        texts = _texts(request)
        changes, failed = [], []
        for path, before in texts.items():
            after = before.replace(b"bad", b"good")
            if unsafe:
                after = after.replace(b"warn", b"calm")
            if after == before:
                continue
            if b"locked" in before:
                failed.append(f"{path}: is locked")
                continue
            applied = (("SVC401", "Chain the cause", before.count(b"bad")),)
            changes.append(Change(path=path, before=before, after=after, applied=applied))
            texts[path] = after
            if write:
                Path(path).write_bytes(after)
        return FixOutcome(outcome=_outcome(texts), changes=tuple(changes), failed=tuple(failed))

    def explain(self, path: str, line: int) -> tuple[str, ...]:
        return (f"{path}:{line}: nothing is known",)

    def roots(self) -> tuple[str, ...]:
        return (f"{self.config.root}/src",)


def _texts(request: Request) -> dict[str, bytes]:
    if request.stdin is not None:
        return {request.stdin_filename or "stdin.py": request.stdin}
    files = (file for path in request.paths for file in sorted([Path(path), *Path(path).glob("**/*.py")]))
    return {file.as_posix(): file.read_bytes() for file in files if file.is_file()}


def _outcome(texts: Mapping[str, bytes]) -> Outcome:
    findings = []
    for path, data in texts.items():
        if b"crash" in data:
            raise RuntimeError("boom")
        if b"interrupt" in data:
            raise KeyboardInterrupt
        index = LineIndex(data)
        findings += [_finding(path, index, match) for match in re.finditer(rb"bad|warn|info", data)]
    summary = Summary(
        files=len(texts),
        functions=1200,
        calls=4,
        resolved=3,
        unresolved=1,
        unsure=(("SVC401", "unknown callee", 7),),
        notes=("no loop is entered",),
    )
    broken = any(b"broken" in data for data in texts.values())
    return Outcome(findings=tuple(findings), sources=texts, summary=summary, broken=broken)


def _finding(path: str, index: LineIndex, match: re.Match[bytes]) -> Finding:
    word = match[0].decode()
    (line, column), (end_line, end_column) = index.position(match.start()), index.position(match.end())
    span = Span(match.start(), match.end())
    fix = None
    if word in _SAFETY:
        fix = Fix(title=f"Mend {word}", safety=_SAFETY[word], edits=(Edit(span=span, text="good"),))
    return Finding(
        code=_CODES[word],
        name=f"{word}-word",
        severity=_LEVELS[word],
        place=Place(path=path, span=span, line=line, column=column, end_line=end_line, end_column=end_column),
        message=f"this is {word}",
        fix=fix,
    )


class _Meta(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: str
    severity: Severity
    fix: Safety | None = None
    preview: bool = False
    since: str = "0.1.0"


class _RaiseWithoutFrom:
    meta = _Meta(code="SVC401", name="raise-without-from", severity=Severity.ERROR, fix=Safety.SAFE)


class _BusyWait:
    meta = _Meta(code="SVC116", name="busy-wait", severity=Severity.INFO, preview=True)


def _find(word: str) -> type:
    for rule in (_RaiseWithoutFrom, _BusyWait):
        if word in {rule.meta.code, rule.meta.name}:
            return rule
    raise UsageError(f'unknown rule "{word}"')


def modules() -> dict[str, types.ModuleType]:
    """Return the modules that take the place of the engine and the rules."""
    session = types.ModuleType("svclint.engine.session")
    session.__dict__.update(
        Request=Request, Summary=Summary, Outcome=Outcome, Change=Change, FixOutcome=FixOutcome, Session=Session
    )
    rules = types.ModuleType("svclint.rules")
    registry = types.ModuleType("svclint.rules.registry")
    registry.__dict__.update(RULES=(_BusyWait, _RaiseWithoutFrom), find=_find)
    docs = types.ModuleType("svclint.rules.docs")
    docs.__dict__.update(page=lambda rule: f"# {rule.meta.code}\n", markdown=lambda: "# Rules é\n")
    rules.__dict__.update(registry=registry, docs=docs)
    made = (session, rules, registry, docs)
    return {module.__name__: module for module in made}


if __name__ == "__main__":
    from svclint.cli.main import main

    sys.modules.update(modules())
    main()
