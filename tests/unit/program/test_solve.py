"""The engine finds the least fixpoint, whoever asks first."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from svclint.program.solve import Fact, Solver

SIZE = 7
EFFECT = "effect"


def fact(number: int) -> Fact:
    """Return the fact about function `number`."""
    return Fact(EFFECT, "m.py", number)


def solver(edges: list[list[int]], seeds: list[int]) -> Solver:
    """Return an engine in which a function has what it seeds, and the bits of all that it reads."""
    engine: Solver

    def equation(of: Fact) -> int:
        value = seeds[of.scope]
        for other in edges[of.scope]:
            value |= engine.get(fact(other))
        return value

    engine = Solver({EFFECT: equation})
    return engine


def by_reachability(edges: list[list[int]], seeds: list[int], start: int) -> int:
    """Return the least solution: the seeds of all that can be reached."""
    seen = {start}
    pending = [start]
    while pending:
        for other in edges[pending.pop()]:
            if other not in seen:
                seen.add(other)
                pending.append(other)
    value = 0
    for each in seen:
        value |= seeds[each]
    return value


NUMBERS = st.integers(0, SIZE - 1)
GRAPHS = st.lists(st.lists(NUMBERS, max_size=3), min_size=SIZE, max_size=SIZE)
SEEDS = st.lists(st.sampled_from([0, 0, 1, 2, 4, 8]), min_size=SIZE, max_size=SIZE)


@given(GRAPHS, SEEDS, st.permutations(range(SIZE)))
def test_the_least_fixpoint_is_found_in_any_order(edges: list[list[int]], seeds: list[int], order: list[int]) -> None:
    """Each fact has what can be reached from it, whatever was asked before."""
    engine = solver(edges, seeds)
    found = {number: engine.get(fact(number)) for number in order}

    assert {number: by_reachability(edges, seeds, number) for number in range(SIZE)} == found
    assert found == {number: engine.get(fact(number)) for number in range(SIZE)}


def test_a_circle_without_a_seed_has_nothing() -> None:
    """Least: nobody has an effect only because the other would have it."""
    engine = solver([[1], [0], [], [], [], [], []], [0] * SIZE)

    assert 0 == engine.get(fact(0))


def test_a_settled_fact_is_not_computed_again() -> None:
    """Each equation runs once more only where what it read has grown."""
    runs: list[int] = []
    engine: Solver

    def equation(of: Fact) -> int:
        runs.append(of.scope)
        return 1 if of.scope == 3 else engine.get(fact(of.scope + 1))

    engine = Solver({EFFECT: equation})

    assert 1 == engine.get(fact(0))
    first = len(runs)
    assert 1 == engine.get(fact(1)) == engine.get(fact(0))
    assert first == len(runs)
    assert 2 * 4 > first


def test_a_long_chain_needs_no_deep_stack() -> None:
    """Ten thousand functions that call one another."""
    engine: Solver

    def equation(of: Fact) -> int:
        return 1 if of.scope == 10_000 else engine.get(fact(of.scope + 1))

    engine = Solver({EFFECT: equation})

    assert 1 == engine.get(fact(0))


def test_an_equation_that_fails_leaves_the_engine_usable() -> None:
    """The error reaches who asked; the next question is answered."""
    engine: Solver
    broken = [True]

    def equation(of: Fact) -> int:
        if of.scope == 1 and broken:
            broken.pop()
            raise LookupError
        return 1 if of.scope == 1 else engine.get(fact(1))

    engine = Solver({EFFECT: equation})
    with contextlib.suppress(LookupError):
        engine.get(fact(0))

    assert 1 == engine.get(fact(0))
