"""
svclint beside its peers: what each of them finds of calls that block the event loop and of calls without a timeout.

`uv run benchmarks/peers.py measure TREES --blocking FILE --timeouts FILE` runs all tools over the same trees (the
folders in TREES) and prints a Markdown table. The two lists name places that are known to be wrong: tab-separated, with
a header that has at least `service` (the tree), `path` (in the tree), `line`, `call`, and `kind` or `library`. A row
whose last column starts with `[doubtful` is left out. A place is found if a tool reports a code that is meant for such
places on its line or on another line of the same call.

`uv run benchmarks/peers.py sample TOOL --seed N` then prints findings drawn by chance, to be read by hand: how many
findings a tool has says little without how many of them are true.

Each peer runs by `uvx` in an environment of its own, on the Python that runs this script, without the configuration
of the tree, without regard to comments that suppress findings (if it has an option for that), and on as many
processors as it can use.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import csv
import functools
import itertools
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CONTEXT = 12  # lines before and behind a drawn finding
SVCLINT = "svclint"
LINE = re.compile(r"(?P<path>/.+?\.py):(?P<line>\d+):(?:\d+:)? ?(?P<code>[A-Z]+\d+)\W+(?P<message>.*)")


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a tool says of a line."""

    path: str
    line: int
    code: str
    message: str


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool, pinned, and its codes (or how they begin) for each list."""

    name: str
    # What uvx installs: the tool itself first. Nothing for svclint, which is this checkout.
    needs: tuple[str, ...] = ()
    # The tree comes behind it. It prints a line for each finding.
    command: str
    blocking: tuple[str, ...] = ()
    timeouts: tuple[str, ...] = ()

    def codes(self, group: str) -> tuple[str, ...]:
        """Return the codes that are meant for the places of a list."""
        return self.blocking if group == "blocking" else self.timeouts


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a list: a call that is known to be wrong."""

    group: str
    service: str
    path: str
    line: int
    kind: str
    call: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One tool over one tree."""

    tool: str
    service: str
    seconds: float
    failure: str = ""
    findings: tuple[Finding, ...] = ()


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What `measure` keeps for `sample`."""

    trees: str
    runs: tuple[Run, ...] = ()


BLOCKING = tuple(f"SVC10{number}" for number in range(1, 10))
TIMEOUTS = ("SVC201", "SVC202")
TOOLS = (
    Tool(
        name=SVCLINT,
        command="svclint check --isolated --output-format concise --color never --quiet --exit-zero --select "
        + ",".join(BLOCKING + TIMEOUTS),
        blocking=BLOCKING,
        timeouts=TIMEOUTS,
    ),
    Tool(
        name="ruff",
        needs=("ruff==0.17.6",),
        command="ruff check --isolated --preview --select S113,ASYNC --ignore-noqa --no-cache --no-respect-gitignore "
        "--output-format json-lines --quiet --exit-zero",
        blocking=("ASYNC2",),
        timeouts=("S113",),
    ),
    Tool(
        name="flake8-async",
        needs=("flake8==7.5.0", "flake8-async==26.8.1"),
        # It leaves out what is not selected, which saves it time.
        command="flake8 --isolated --select ASYNC2 --disable-noqa --color never --exit-zero",
        blocking=("ASYNC2",),
    ),
    Tool(
        name="pylint",
        # It asks the installed library what `requests.get` is, and is silent without it.
        needs=("pylint==4.1.4", "requests==2.34.2"),
        command=f"pylint --rcfile {os.devnull} --disable all --enable missing-timeout --recursive yes --jobs 0 "
        "--msg-template {abspath}:{line}:{msg_id}:{msg} --exit-zero",
        timeouts=("W3101",),
    ),
    Tool(
        name="bandit",
        needs=("bandit==1.9.4",),
        command="bandit --tests B113 --ignore-nosec --quiet --exit-zero --format custom "
        "--msg-template {abspath}:{line}:{test_id}:{msg} -r",
        timeouts=("B113",),
    ),
)
GROUPS = ("blocking", "timeouts")


def command(tool: Tool) -> list[str]:
    """Return a tool's command, without a tree."""
    if not tool.needs:
        return [sys.executable, "-m", *tool.command.split()]
    first, *others = tool.needs
    extra = [word for each in others for word in ("--with", each)]
    return ["uvx", "--quiet", "--no-config", "--python", sys.executable, "--from", first, *extra, *tool.command.split()]


def run(tool: Tool, tree: Path, limit: float) -> Run:
    """Run a tool over a tree, in a folder without configuration; beyond the limit (seconds) it is stopped."""
    start = time.perf_counter()
    words = [*command(tool), str(tree)]
    with (
        tempfile.TemporaryDirectory() as empty,
        subprocess.Popen(words, cwd=empty, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True) as process,
    ):
        try:
            output, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            return Run(tool=tool.name, service=tree.name, seconds=limit, failure="limit")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # its workers too
    seconds = time.perf_counter() - start
    if process.returncode:
        print(errors, file=sys.stderr)
        return Run(tool=tool.name, service=tree.name, seconds=seconds, failure=f"exit code {process.returncode}")
    findings = tuple(_in_tree(tool, tree, output))
    return Run(tool=tool.name, service=tree.name, seconds=seconds, findings=findings)


def _in_tree(tool: Tool, tree: Path, text: str) -> Iterator[Finding]:
    """Yield the findings that count, with paths relative to the tree."""
    for path, line, code, message in filter(None, map(_read, text.splitlines())):
        if code.startswith(tool.blocking + tool.timeouts):
            yield Finding(path=Path(path).relative_to(tree).as_posix(), line=int(line), code=code, message=message)


def _read(line: str) -> Sequence[str] | None:
    """Return path, line, code and message, if the line has them."""
    if line.startswith("{"):  # only in JSON does ruff's preview print codes
        each = json.loads(line)
        line = f"{each['filename']}:{each['location']['row']}:{each['code']}:{each['message']}"
    match = LINE.fullmatch(line)
    return match and match.group("path", "line", "code", "message")


def is_test(path: str) -> bool:
    """Whether a file is a test, by its path in the tree."""
    *folders, name = path.split("/")
    named = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"
    return named or not {"test", "tests"}.isdisjoint(folders)


def read_places(group: str, path: Path) -> list[Place]:
    """Read a list of places."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        msgspec.convert({"group": group, "kind": row.get("library"), **row}, Place, strict=False)
        for row in rows
        if not (list(row.values())[-1] or "").startswith("[doubtful")
    ]


def _tree(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return None  # most likely newer than this Python


@functools.cache
def _calls(path: Path) -> tuple[ast.Call, ...]:
    tree = _tree(path)
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Call)) if tree else ()


def lines(trees: Path, place: Place) -> range:
    """Return the lines of the call that a place names: the whole chain, if more calls follow on its result."""
    calls = [
        each
        for each in _calls(trees / place.service / place.path)
        if each.lineno <= place.line <= (each.end_lineno or each.lineno)
    ]
    head = re.match(r"(?:(?:async )?with )?([\w.]+)\(", place.call)
    named = [each for each in calls if head and ast.unparse(each.func).startswith(head[1])]
    one = min(named or calls, key=lambda each: (each.end_lineno or 0) - each.lineno, default=None)  # the innermost
    if one is None:
        return range(place.line, place.line + 1)
    chain = [each for each in calls if (each.lineno, each.col_offset) == (one.lineno, one.col_offset)]
    return range(one.lineno, max(each.end_lineno or 0 for each in chain) + 1)


def is_found(trees: Path, place: Place, tool: Tool, runs: Iterable[Run]) -> bool:
    """Whether a tool reports a place."""
    where, codes = lines(trees, place), tool.codes(place.group)
    return any(
        each.path == place.path and each.line in where and each.code.startswith(codes)
        for one in runs
        if (one.tool, one.service) == (tool.name, place.service)
        for each in one.findings
    )


class Table:
    """The table of all runs."""

    def __init__(self, trees: Path, places: Sequence[Place], runs: Sequence[Run]) -> None:
        """Look up which tool has finished which tree."""
        self.trees, self.places, self.runs = trees, places, runs
        self.tools = [tool for tool in TOOLS if any(each.tool == tool.name for each in runs)]
        self.finished = {(each.tool, each.service): each.seconds for each in runs if not each.failure}

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each row: its name, and a cell for each tool."""
        for group in GROUPS:
            places = [each for each in self.places if each.group == group]
            for kind in sorted({each.kind for each in places}):
                some = [each for each in places if each.kind == kind]
                yield f"{group}: {kind}", [self._found(tool, group, some) for tool in self.tools]
            yield f"**{group}: all places**", [self._found(tool, group, places) for tool in self.tools]
        for group in GROUPS:
            yield f"{group}: findings outside of tests", [self._count(tool, group) for tool in self.tools]
        yield "wall time, x svclint", [self._time(tool) for tool in self.tools]
        yield "trees finished", [self._finished(tool) for tool in self.tools]

    def _found(self, tool: Tool, group: str, places: Sequence[Place]) -> str:
        if not tool.codes(group):
            return "-"
        seen = [each for each in places if (tool.name, each.service) in self.finished]
        return f"{sum(is_found(self.trees, each, tool, self.runs) for each in seen)} / {len(seen)}"

    def _count(self, tool: Tool, group: str) -> str:
        if not (codes := tool.codes(group)):
            return "-"
        found = [each for run in self.runs if run.tool == tool.name for each in run.findings]
        return str(sum(each.code.startswith(codes) and not is_test(each.path) for each in found))

    def _time(self, tool: Tool) -> str:
        """Compare the trees that both have finished."""
        both = [service for name, service in self.finished if name == tool.name and (SVCLINT, service) in self.finished]
        own, base = (sum(self.finished[name, each] for each in both) for name in (tool.name, SVCLINT))
        return f"{own / base:.2f}" if base else "-"

    def _finished(self, tool: Tool) -> str:
        mine = [each for each in self.runs if each.tool == tool.name]
        failed = [f"{each.service}: {each.failure}" for each in mine if each.failure]
        text = f"{len(mine) - len(failed)} / {len(mine)}"
        return f"{text} ({', '.join(failed)})" if failed else text

    def print(self) -> None:
        """Print the table."""
        print(f"| | {' | '.join(tool.name for tool in self.tools)} |\n|---|{'---:|' * len(self.tools)}")
        for name, cells in self.rows():
            print(f"| {name} | {' | '.join(cells)} |")


def _title(trees: Sequence[Path], limit: float) -> str:
    paths = [path for tree in trees for path in _files(tree)]
    newer = sum(_tree(path) is None for path in paths)
    needs = ", ".join([f"{SVCLINT} {version(SVCLINT)}", *(each for tool in TOOLS for each in tool.needs)])
    return (
        f"{len(trees)} trees, {len(paths):,} files, {sum(map(_size, paths)) / 1e6:.1f} MB; "
        f"{newer} do not parse on Python {platform.python_version()}, on which all tools run\n"
        f"{time.strftime('%Y-%m-%d')}, {needs}; at most {limit:.0f} s for a tool and a tree, "
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
    )


def measure(options: argparse.Namespace) -> None:
    """Run the tools tree by tree, the smallest tree first, and print the table; interrupted, that of what is done."""
    root = Path(options.trees).resolve()
    names = options.only.split(",") if options.only else [each.name for each in root.iterdir() if each.is_dir()]
    trees = sorted((root / name for name in sorted(names)), key=lambda tree: sum(map(_size, _files(tree))))
    wanted = options.tools.split(",") if options.tools else [tool.name for tool in TOOLS]
    tools = [tool for tool in TOOLS if tool.name in wanted]
    lists = {"blocking": options.blocking, "timeouts": options.timeouts}
    places = [place for group in GROUPS for place in read_places(group, Path(lists[group])) if place.service in names]
    for tool in tools:  # install them before their time is taken
        subprocess.run([*command(tool), "--help"], check=True, stdout=subprocess.DEVNULL)
    title, results = _title(trees, options.limit), Results(trees=str(root))
    with contextlib.suppress(KeyboardInterrupt):
        for tree, tool in itertools.product(trees, tools):
            one = run(tool, tree, options.limit)
            print(f"{tree.name}: {tool.name}, {one.seconds:.1f} s, {len(one.findings)} findings", file=sys.stderr)
            results = msgspec.structs.replace(results, runs=(*results.runs, one))
            Path(options.results).write_bytes(msgspec.json.encode(results))
    print(title)
    Table(root, places, results.runs).print()


def _files(tree: Path) -> list[Path]:
    return [path for path in tree.rglob("*.py") if path.is_file()]


def _size(path: Path) -> int:
    return path.stat().st_size


def sample(options: argparse.Namespace) -> None:
    """Print findings of a tool, drawn by chance, each with the lines around it."""
    results = msgspec.json.decode(Path(options.results).read_bytes(), type=Results)
    found = [
        (run.service, each.path, each.line, each.code, each.message)
        for run in results.runs
        if run.tool == options.tool
        for each in run.findings
        if not is_test(each.path)
    ]
    drawn = random.Random(options.seed).sample(sorted(found), min(options.count, len(found)))
    print(f"{len(drawn)} of {len(found)} findings of {options.tool}, seed {options.seed}")
    for number, (service, path, line, code, message) in enumerate(sorted(drawn), 1):
        print(f"\n--- {number}. {service} {path}:{line} {code} {message}")
        text = Path(results.trees, service, path).read_text(encoding="utf-8", errors="replace").split("\n")
        for position in range(max(1, line - CONTEXT), min(len(text), line + CONTEXT) + 1):
            print(f"{'>' if position == line else ' '}{position:6} {text[position - 1]}")


def main() -> None:
    """Measure, or draw a sample of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands: Any = parser.add_subparsers(required=True)
    first = commands.add_parser("measure", help="run all tools, and print the table")
    first.add_argument("trees", help="a folder whose folders are the trees")
    first.add_argument("--blocking", required=True, help="the list of calls that block the event loop")
    first.add_argument("--timeouts", required=True, help="the list of calls without a timeout")
    first.add_argument("--only", help="trees to take instead of all; with commas")
    first.add_argument("--tools", help="tools to run instead of all; with commas")
    first.add_argument("--limit", type=float, default=600, help="seconds that a tool may take for a tree (600)")
    first.set_defaults(command=measure)
    second = commands.add_parser("sample", help="print findings of the last measurement, drawn by chance")
    second.add_argument("tool", choices=[tool.name for tool in TOOLS])
    second.add_argument("--seed", type=int, required=True)
    second.add_argument("--count", type=int, default=30, help="how many (30)")
    second.set_defaults(command=sample)
    kept = Path(tempfile.gettempdir(), "svclint-peers.json")
    for each in (first, second):
        each.add_argument("--results", default=kept, help=f"the file of the measurement ({kept})")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    options.command(options)


if __name__ == "__main__":
    main()
