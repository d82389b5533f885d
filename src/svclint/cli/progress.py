"""A bar on the terminal while a run takes its time."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.progress import Progress, TaskID

_PATIENCE = 0.5  # seconds before a bar appears: most runs are over by then
_INTERVAL = 0.1  # seconds between two drawings


@contextlib.contextmanager
def progress(*, wanted: bool) -> Generator[Callable[[str, int, int], None] | None]:
    """Give a function that draws (stage, done, total) on stderr, or None where nobody would see it."""
    if not wanted or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    """Draws only when it is called: a thread that draws by itself would be copied half-way into forked workers."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PATIENCE
        self._drawn: tuple[Progress, TaskID] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL
        if self._drawn is None:
            self._drawn = _start(total)
        bar, task = self._drawn
        bar.update(task, description=stage, completed=done, total=total or None)
        bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._drawn is not None:
            self._drawn[0].stop()


def _start(total: int) -> tuple[Progress, TaskID]:
    from rich.console import Console  # noqa: PLC0415 - rich costs 0.1 s, and quick runs draw nothing
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
    bar.start()
    return bar, bar.add_task("", total=total or None)
