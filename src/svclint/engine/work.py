"""
Splits work over processes, and survives the death of one.

The work is a function of (shared state, item). A pool of forked processes inherits the state without copying it; where
there is no fork, or little work, it runs in this process. A worker that dies takes its pool with it: the items that
were in flight are tried again, each alone, and the one that kills its process is told by name.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

RECURSION_LIMIT = 10_000
"""Enough for expressions that nest as deep as LibCST is allowed to read; frames of Python functions take no C stack."""

_FEW = 16
_CHUNKS_PER_WORKER = 8

_state: Any = None
_function: Any = None


class Died(Generic[Item]):
    """Stands for the result of an item whose worker died."""

    def __init__(self, item: Item) -> None:
        """Name the item."""
        self.item = item


def processors(jobs: int) -> int:
    """Return how many workers to use; 0 means one for each processor that this process may use."""
    if jobs > 0:
        return jobs
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def each(
    function: Callable[[Any, Item], Result],
    state: object,
    items: Sequence[Item],
    *,
    jobs: int,
    executor: Executor | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> list[Result | Died[Item]]:
    """
    Return `function(state, item)` for every item, in order.

    `executor` is somebody else's pool (a cluster's): it is sent function, state and chunk. `done` hears how many items
    are ready.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    if executor is not None:
        return _through(executor, function, state, items)
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if jobs < 2 or len(items) < _FEW or not can_fork or multiprocessing.current_process().daemon:
        return list(_here(function, state, items, done))
    return _forked(function, state, items, jobs, done)


def _here(
    function: Callable[[Any, Item], Result], state: object, items: Sequence[Item], done: Callable[[int], None]
) -> Iterator[Result]:
    """Run in this process, without the garbage collector: the index is data without cycles, and there is much of it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        for position, item in enumerate(items, 1):
            yield function(state, item)
            done(position)
    finally:
        if collecting:
            gc.enable()


def _through(
    executor: Executor, function: Callable[[Any, Item], Result], state: object, items: Sequence[Item]
) -> list[Any]:
    futures = [executor.submit(function, state, item) for item in items]
    return [future.result() for future in futures]


def _forked(
    function: Callable[[Any, Item], Result],
    state: object,
    items: Sequence[Item],
    jobs: int,
    done: Callable[[int], None],
) -> list[Result | Died[Item]]:
    size = max(1, min(50, len(items) // (jobs * _CHUNKS_PER_WORKER) or 1))
    chunks = [items[at : at + size] for at in range(0, len(items), size)]
    results: list[list[Result | Died[Item]] | None] = [None] * len(chunks)
    finished = 0
    with _pool(function, state, jobs) as pool, _dropped_when_interrupted(pool):
        futures = [pool.submit(_run_chunk, chunk) for chunk in chunks]
        for position, future in enumerate(futures):
            try:
                results[position] = future.result()
            except BrokenProcessPool:
                continue  # its items are tried again below, each alone
            finished += len(chunks[position])
            done(finished)
    for position, chunk in enumerate(chunks):
        if results[position] is None:
            results[position] = [_alone(function, state, item) for item in chunk]
    return [result for chunk in results for result in chunk or ()]


def _alone(function: Callable[[Any, Item], Result], state: object, item: Item) -> Result | Died[Item]:
    with _pool(function, state, 1) as pool:
        try:
            return pool.submit(_run_chunk, [item]).result()[0]
        except BrokenProcessPool:
            return Died(item)


@contextlib.contextmanager
def _dropped_when_interrupted(pool: ProcessPoolExecutor) -> Generator[None]:
    """Leave the work that has not begun: a user who interrupts does not want to wait for it."""
    try:
        yield
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _pool(function: Callable[[Any, Item], Result], state: object, jobs: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(function, state))


def _begin(function: object, state: object) -> None:
    global _function, _state
    _function, _state = function, state
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends a worker without a word: the parent says it
    gc.disable()
    sys.setrecursionlimit(RECURSION_LIMIT)


def _run_chunk(items: Sequence[Any]) -> list[Any]:
    return [_function(_state, item) for item in items]
