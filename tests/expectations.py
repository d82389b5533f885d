"""
Small projects and what svclint must say about them, read from the comments in their own files.

A comment `# error: [column] [CODE] "substring"` stands at the end of the line of the finding, or alone on a line above
it; several stack. The comments are taken out before svclint sees a file, because a comment can be what a rule judges.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from svclint.config.load import load
from svclint.config.model import Config
from svclint.engine.session import Request, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svclint.finding import Finding

FIXTURES = Path(__file__).parent / "fixtures"

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_START = b"# error:"
_EXPECTATION = re.compile(
    rb"# error:(?: (?P<column>\d+))? \[(?P<code>SVC\d{3})\](?: \"(?P<text>[^\"]*)\")?[ ]*",
)


class MalformedExpectationError(ValueError):
    """A comment starts like an expectation and is none."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One finding that must be there; a column of 0 and an empty text match any."""

    path: str
    line: int
    code: str
    column: int = 0
    text: str = ""

    def matches(self, said: Said) -> bool:
        """Return whether the finding is the expected one."""
        return (
            (self.path, self.line, self.code) == (said.path, said.line, said.code)
            and self.column in {0, said.column}
            and self.text in said.message
        )

    def shown(self) -> str:
        """Return the expectation as one readable line."""
        column = f":{self.column}" if self.column else ""
        return f'{self.path}:{self.line}{column} [{self.code}] "{self.text}"'


class Said(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One finding as far as expectations can tell; its path is relative to the case."""

    path: str
    line: int
    column: int
    code: str
    message: str

    def shown(self) -> str:
        """Return the finding as one readable line."""
        return f'{self.path}:{self.line}:{self.column} [{self.code}] "{self.message}"'


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """
    One project, its expected findings, and what its files are after every fix, safe and unsafe.

    `files` and `goldens` are free of expectation comments. `remaining` is what is still found after the fixes.
    """

    name: str
    files: Mapping[str, bytes]
    expected: tuple[Expectation, ...]
    goldens: Mapping[str, bytes]
    remaining: tuple[Expectation, ...]

    @property
    def fixed_files(self) -> Mapping[str, bytes]:
        """Every file of the case after the fixes; a file without a golden twin must stay as it is."""
        return {**self.files, **self.goldens}

    def write(self, root: Path) -> None:
        """Write the project into the empty folder `root`."""
        for path, data in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def read(self, root: Path) -> Mapping[str, bytes]:
        """Return what the files of the project hold by now."""
        return {path: (root / path).read_bytes() for path in self.files}

    def check(self, root: Path) -> tuple[Said, ...]:
        """Write the project into `root` and return what svclint says about it."""
        self.write(root)
        return check(root)

    def suppressed(self) -> Case:
        """Return the same project with each expected finding allowed where it stands."""
        codes: dict[tuple[str, int], set[str]] = defaultdict(set)
        for expectation in self.expected:
            codes[expectation.path, expectation.line].add(expectation.code)
        files = {path: _allow(data, codes, path) for path, data in self.files.items()}
        return msgspec.structs.replace(self, files=files, expected=(), goldens={}, remaining=())


def find_cases(*, with_fixes: bool = False) -> list[Case]:
    """Return the cases `fixtures/<CODE>-<name>/<case>/`, or only those with a `*.fixed.py`."""
    folders = sorted(folder for folder in FIXTURES.glob("SVC*/*") if folder.is_dir())
    cases = [_case_in(folder) for folder in folders]
    return [case for case in cases if case.goldens or not with_fixes]


def case_of(name: str, files: Mapping[str, bytes]) -> Case:
    """
    Return the case that annotated files make up; `x.fixed.py` is the golden twin of `x.py`.

    Raises MalformedExpectationError for a comment that only looks like an expectation.
    """
    clean: dict[str, bytes] = {}
    goldens: dict[str, bytes] = {}
    expected: list[Expectation] = []
    rest: dict[str, list[Expectation]] = {}
    for path, raw in sorted(files.items()):
        is_golden = path.endswith(".fixed.py")
        target = path.removesuffix(".fixed.py") + ".py" if is_golden else path
        data, found = _split(target, raw)
        if is_golden:
            goldens[target] = data
            rest[target] = found
        else:
            clean[target] = data
            expected += found
            rest.setdefault(target, found)
    if missing := sorted(goldens.keys() - clean.keys()):
        raise MalformedExpectationError(f"{name}: fixed twins of no file: {missing}")
    remaining = tuple(sorted(expectation for found in rest.values() for expectation in found))
    return Case(name=name, files=clean, expected=tuple(sorted(expected)), goldens=goldens, remaining=remaining)


def differences(expected: Iterable[Expectation], said: Iterable[Said]) -> str:
    """Return a line for each expectation without a finding and each finding without an expectation; none is ""."""
    unmatched = list(said)
    missing = []
    # The narrowest expectation chooses first, so that a wide one can't take its finding.
    for expectation in sorted(expected, key=lambda one: (one.text == "", one.column == 0, one)):
        match = next((finding for finding in unmatched if expectation.matches(finding)), None)
        if match is None:
            missing.append(expectation)
        else:
            unmatched.remove(match)
    lines = [(one.path, one.line, f"missing: {one.shown()}") for one in missing]
    lines += [(one.path, one.line, f"not expected: {one.shown()}") for one in unmatched]
    return "\n".join(text for _path, _line, text in sorted(lines))


def check(root: Path) -> tuple[Said, ...]:
    """Return what svclint says about the project in `root`, all rules on."""
    outcome = Session(_config(root)).check(Request(paths=(str(root),)))
    assert not outcome.broken, outcome.findings
    return _said(outcome.findings, root)


def fix(root: Path) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """Fix the project in `root`, unsafe fixes too; return the remaining findings and the changed files."""
    fixed = Session(_config(root)).fix(Request(paths=(str(root),)), unsafe=True, write=True)
    assert not fixed.failed, fixed.failed
    assert not fixed.outcome.broken, fixed.outcome.findings
    return _said(fixed.outcome.findings, root), tuple(change.path for change in fixed.changes)


def _config(root: Path) -> Config:
    # Without a file of its own a case must not find one in a folder above the temporary one.
    has_file = any((root / name).is_file() for name in ("svclint.toml", "pyproject.toml"))
    config = load((str(root),)) if has_file else Config(root=root.as_posix())
    return msgspec.structs.replace(config, preview=True)


def _said(findings: Sequence[Finding], root: Path) -> tuple[Said, ...]:
    return tuple(
        Said(
            path=(Path.cwd() / finding.place.path).relative_to(root).as_posix(),
            line=finding.place.line,
            column=finding.place.column,
            code=finding.code,
            message=finding.message,
        )
        for finding in findings
    )


def _case_in(folder: Path) -> Case:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return case_of(folder.relative_to(FIXTURES).as_posix(), files)


def _split(path: str, raw: bytes) -> tuple[bytes, list[Expectation]]:
    """Return the file without its expectation comments, and them with the lines of that file."""
    kept: list[bytes] = []
    found: list[Expectation] = []
    above: list[re.Match[bytes]] = []
    for number, line in enumerate(_LINE.findall(raw), 1):
        start = line.find(_START)
        if start == -1:
            kept.append(line)
            here: list[re.Match[bytes]] = []
        else:
            comments = line[start:].rstrip(b"\r\n")
            here = list(_parse(comments, f"{path}:{number}"))
            before = line[:start].rstrip(b" \t")
            if not before:
                above += here
                continue
            kept.append(before + line[start + len(comments) :])
        found += [_expectation(path, len(kept), match) for match in above + here]
        above = []
    if above:
        raise MalformedExpectationError(f"{path}: an expectation stands above nothing")
    return b"".join(kept), found


def _parse(comments: bytes, where: str) -> Iterator[re.Match[bytes]]:
    position = 0
    while position < len(comments):
        match = _EXPECTATION.match(comments, position)
        if match is None:
            text = comments[position:].decode("utf-8", "replace")
            raise MalformedExpectationError(f"{where}: can't read the expectation {text!r}")
        yield match
        position = match.end()


def _expectation(path: str, line: int, match: re.Match[bytes]) -> Expectation:
    return Expectation(
        path=path,
        line=line,
        code=match["code"].decode(),
        column=int(match["column"] or 0),
        text=(match["text"] or b"").decode(),
    )


def _allow(data: bytes, codes: Mapping[tuple[str, int], set[str]], path: str) -> bytes:
    lines = _LINE.findall(data)
    for (owner, number), allowed in codes.items():
        if owner == path:
            line = lines[number - 1]
            text = line.rstrip(b"\r\n")
            comment = f"  # svclint: allow[{', '.join(sorted(allowed))}]".encode()
            lines[number - 1] = text + comment + line[len(text) :]
    return b"".join(lines)
