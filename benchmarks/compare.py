"""
What svclint costs, stage by stage, in multiples of what `ast.parse` costs for the same files in the same run.

`uv run benchmarks/compare.py PATH`. Stages are CPU time in this process. Rounds take turns, so that a busy machine
slows both sides alike; the tables show medians. The wall time of several workers means something only on an idle
machine. Memory is measured in runs of its own (on Linux only), because to look at it takes time.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import os
import platform
import resource
import statistics
import subprocess
import sys
import threading
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from svclint.catalogue.load import builtin_catalogue
from svclint.config.load import load as load_config
from svclint.engine import work
from svclint.engine.linting import Task, lint
from svclint.engine.loading import module_path
from svclint.engine.session import Request, Session
from svclint.index.build import build_index
from svclint.index.model import decode, encode
from svclint.program.program import Program
from svclint.source.masking import parse
from svclint.source.model import Construct, Parsed, Source
from svclint.source.reading import read
from svclint.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from svclint.config.model import Config

STAGES = (
    "read + decode",
    "ast.parse",
    "ast.parse refuses: mask + parse (wall)",
    "index",
    "index: encode",
    "index: decode",
    "link",
    "resolve every call",
    "slices: LibCST parse",
    "slices: positions",
    "select, rules",
    "triage",
)
BASELINE = "ast.parse"
ONLY_PARSE = """
import ast, gc, sys, time, warnings
from svclint.source.reading import read
warnings.simplefilter("ignore")
gc.disable()
wall = cpu = 0.0
for path in sys.stdin.read().splitlines():
    text = getattr(read(path), "text", "")
    start, before = time.perf_counter(), time.process_time()
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        pass
    wall += time.perf_counter() - start
    cpu += time.process_time() - before
print(wall, cpu)
"""
MEGABYTE = 1024 * 1024


class Clock:
    """Adds up CPU time by stage."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.seconds = dict.fromkeys(STAGES, 0.0)

    @contextlib.contextmanager
    def stage(self, name: str, now: Callable[[], float] = time.process_time) -> Iterator[None]:
        """Count what happens inside for a stage."""
        start = now()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + now() - start

    def around(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        """Return a function that is counted for a stage wherever it is called."""

        def counted(*args: object) -> object:
            with self.stage(name):
                return function(*args)

        return counted


# --- stages ---


def stages(config: Config, paths: Sequence[str]) -> tuple[dict[str, float], int, int]:
    """Return the seconds of each stage over all files, the bytes of the files, and those that LibCST read."""
    clock = Clock()
    sources: dict[str, Source] = {}
    encoded = []
    for path in paths:
        with clock.stage("read + decode"):
            source = read(path)
        if isinstance(source, Source):
            sources[path] = source
            encoded.append(_index(clock, module_path(config.root, path), source))
    indexes = []
    for each in encoded:
        with clock.stage("index: decode"):
            if each:
                indexes.append(decode(each))
    size = sum(len(source.data) for source in sources.values())
    texts = {module_path(config.root, path): source.data for path, source in sources.items()}
    return clock.seconds, size, _judge(clock, config, indexes, texts)


def _index(clock: Clock, key: str, source: Source) -> bytes:
    """Parse and index one file; nothing where it can't be read."""
    tree = None
    with clock.stage(BASELINE), contextlib.suppress(SyntaxError, ValueError):
        tree = ast.parse(source.text)
    parsed = Parsed(tree=tree, data=source.data) if tree is not None else None
    if parsed is None:
        with clock.stage("ast.parse refuses: mask + parse (wall)", time.perf_counter):
            parsed = parse(source)
        if not isinstance(parsed, Parsed):
            return b""
    formats = [each.span for each in parsed.masked if each.construct in {Construct.F_STRING, Construct.T_STRING}]
    with clock.stage("index"):
        index = build_index(key, source.data, parsed.tree, formats)
    with clock.stage("index: encode"):
        return encode(index)


def _judge(clock: Clock, config: Config, indexes: Sequence, texts: dict[str, bytes]) -> int:
    """Run everything that comes after the index; return how many bytes LibCST has read."""
    session = Session(config)
    with clock.stage("link"):
        program = Program(indexes, config, builtin_catalogue())
    with clock.stage("resolve every call"):
        for key, module in program.modules.items():
            for position in range(len(module.index.calls)):
                program.names.callee(key, position)
    task = Task(program=program, texts=texts, codes=dict.fromkeys(program.modules, session.enabled))
    read_by_libcst = []

    def parse_module(text: str) -> cst.Module:
        read_by_libcst.append(len(text.encode()))
        return cst_parse(text)

    cst_parse, positions = cst.parse_module, walk.Positions
    cst.parse_module = clock.around("slices: LibCST parse", parse_module)
    walk.Positions = clock.around("slices: parse and positions", positions)
    try:
        with clock.stage("select, rules"):
            linted = {key: lint(task, key) for key in program.modules}
    finally:
        cst.parse_module, walk.Positions = cst_parse, positions
    both = clock.seconds.pop("slices: parse and positions", 0.0)
    clock.seconds["slices: positions"] = both - clock.seconds["slices: LibCST parse"]
    clock.seconds["select, rules"] -= both
    with clock.stage("triage"):
        for key, result in linted.items():
            session.reporter.module(key, program.modules[key], texts[key], result, session.enabled)
    return sum(read_by_libcst)


# --- whole commands ---


def only_parse(paths: Sequence[str]) -> tuple[float, float]:
    """Return the seconds that `ast.parse` takes in a process that does nothing else: by the clock, and CPU time."""
    result = subprocess.run(
        [sys.executable, "-c", ONLY_PARSE], input="\n".join(paths), capture_output=True, text=True, check=True
    )
    wall, used = result.stdout.split()
    return float(wall), float(used)


def check_command(path: str, jobs: int) -> list[str]:
    """Return the command whose time is taken."""
    return [
        sys.executable,
        "-m",
        "svclint",
        "check",
        path,
        "--quiet",
        "--exit-zero",
        "--jobs",
        str(jobs),
        "-o",
        os.devnull,
    ]


def timed(command: list[str]) -> tuple[float, float]:
    """Return how many seconds a command takes: by the clock, and of all processors together."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, used


# --- memory ---


class Peak:
    """The peak memory of a process, of its largest descendant, and of all of them together, in bytes."""

    def __init__(self, command: list[str], stdin: bytes = b"") -> None:
        """Run the command and watch it."""
        self.main = self.child = self.together = 0
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            watcher = threading.Thread(target=self._watch, args=(process,))
            watcher.start()
            process.communicate(stdin)
            watcher.join()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            children = _descendants(process.pid)
            self.main = max(self.main, _memory(process.pid, "status", b"VmHWM:"))
            self.child = max([self.child, *(_memory(each, "status", b"VmHWM:") for each in children)])
            # Forked workers share most of their pages; a page's proportional size counts it once for all of them.
            proportional = sum(_memory(each, "smaps_rollup", b"Pss:") for each in (process.pid, *children))
            self.together = max(self.together, proportional)
            time.sleep(0.05)


def _memory(pid: int, file: str, key: bytes) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_bytes().splitlines()
    except OSError:
        return 0  # the process has ended
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(key)), 0)


def _descendants(pid: int) -> list[int]:
    try:
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []  # the process has ended
    return [*children, *(each for child in children for each in _descendants(child))]


# --- the table ---


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--jobs", type=int, default=2, help="workers of the parallel run (2)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median counts (3)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(work.RECURSION_LIMIT)
    gc.disable()  # as in svclint's workers
    config = load_config([options.path])
    paths = sorted(Session(config).begin(Request(paths=(options.path,))).loaded)
    print(_title(options.path, config, paths), flush=True)
    _print_stages(config, paths, options.rounds)
    _print_commands(options.path, paths, options.jobs, options.rounds)
    if Path("/proc/self/smaps_rollup").exists():
        _print_memory(options.path, paths, options.jobs)


def _title(path: str, config: Config, paths: Sequence[str]) -> str:
    date = time.strftime("%Y-%m-%d")
    versions = ", ".join(f"{name} {version(name)}" for name in ("svclint", "libcst", "msgspec"))
    return (
        f"{path}: {len(paths):,} files known below {config.root}\n"
        f"{date}, {platform.python_implementation()} {platform.python_version()}, {versions}, "
        f"{platform.system()} {platform.machine()}, {work.processors(0)} processors, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )


def _print_stages(config: Config, paths: Sequence[str], rounds: int) -> None:
    runs, size, sliced = [], 0, 0
    for _ in range(rounds):
        seconds, size, sliced = stages(config, paths)
        runs.append(seconds)
        gc.collect()
    baseline = statistics.median(run[BASELINE] for run in runs)
    print(f"| stage, in one process | x ast.parse ({baseline:.2f} s, {size / 1e6:.1f} MB) |\n|---|---:|")
    for name in STAGES:
        print(f"| {name} | {statistics.median(run[name] / run[BASELINE] for run in runs):.2f} |")
    total = statistics.median(sum(run.values()) / run[BASELINE] for run in runs)
    print(f"| together | {total:.2f} |\n\nLibCST read {100 * sliced / size:.1f} % of the bytes.\n", flush=True)


def _print_commands(path: str, paths: Sequence[str], jobs: int, rounds: int) -> None:
    commands = {1: check_command(path, 1), jobs: check_command(path, jobs)}
    ratios: dict[int, list[tuple[float, float]]] = {number: [] for number in commands}
    for _ in range(rounds):
        for number, command in commands.items():
            before, took, after = only_parse(paths), timed(command), only_parse(paths)
            wall, used = (2 * each / (first + second) for first, each, second in zip(before, took, after, strict=True))
            ratios[number].append((wall, used))
    print("| whole command, cold | x ast.parse, wall | x ast.parse, CPU |\n|---|---:|---:|")
    for number, found in ratios.items():
        wall, used = (statistics.median(each) for each in zip(*found, strict=True))
        print(f"| svclint check, {number} worker{'s' * (number > 1)} | {wall:.2f} | {used:.2f} |")
    print(flush=True)


def _print_memory(path: str, paths: Sequence[str], jobs: int) -> None:
    listed = "\n".join(paths).encode()
    print("| peak memory, MB | main | largest child | all together |\n|---|---:|---:|---:|")
    for name, peak in (
        ("only ast.parse", Peak([sys.executable, "-c", ONLY_PARSE], listed)),
        ("svclint check, 1 worker", Peak(check_command(path, 1))),
        (f"svclint check, {jobs} workers", Peak(check_command(path, jobs))),
    ):
        print(f"| {name} | {peak.main / MEGABYTE:.0f} | {peak.child / MEGABYTE:.0f} | {peak.together / MEGABYTE:.0f} |")


if __name__ == "__main__":
    main()
