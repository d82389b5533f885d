"""What the schema cannot say of the catalogue: its rows fit each other."""

from __future__ import annotations

import builtins
import re
from collections import Counter

from svclint.catalogue.load import builtin_catalogue

CATALOGUE = builtin_catalogue()
ROWS = CATALOGUE.rows.values()
DOTTED = re.compile(r"\w+(?:\.\w+)+")
"""A type in what a call gives; a name without a dot says which argument it comes from (`item of 0`)."""


def test_types_have_rows() -> None:
    """What a call gives, what a class holds and what it inherits from is itself described, or builtin."""
    named = {
        (row.name, each)
        for row in ROWS
        for text in (row.returns, row.item, row.entered, row.twin, *row.bases)
        for each in DOTTED.findall(text)
    }

    assert [] == sorted((row, each) for row, each in named if not _is_known(each))


def _is_known(name: str) -> bool:
    module, _, last = name.rpartition(".")
    return CATALOGUE.canonical(name) in CATALOGUE.rows or (module == "builtins" and hasattr(builtins, last))


def test_types_are_types() -> None:
    """What a call gives is a class and no function: nothing is known of the methods of another thing."""
    named = {(row.name, each) for row in ROWS for each in DOTTED.findall(row.returns)}
    kinds = {(row, each): CATALOGUE.rows.get(CATALOGUE.canonical(each)) for row, each in named}

    assert [] == sorted(pair for pair, row in kinds.items() if row is not None and row.kind == "function")


def test_sources() -> None:
    """Every row says where its facts come from."""
    assert [] == [row.name for row in ROWS if not row.source.strip()]


def test_owners_of_all_methods() -> None:
    """What stands for all methods of a class stands for those of a class that has a row."""
    owners = {row.name.removesuffix(".*") for row in ROWS if row.name.endswith(".*")}
    kinds = {owner: getattr(CATALOGUE.rows.get(owner), "kind", "missing") for owner in owners}

    assert {} == {owner: kind for owner, kind in kinds.items() if kind != "class"}


def test_coroutines_do_not_block() -> None:
    """A call that waits when its result is awaited does not hold up its thread."""
    assert [] == [row.name for row in ROWS if row.coroutine and row.blocks]


def test_aliases_are_unique() -> None:
    """An API goes by its other names alone: none of them has a row, or belongs to two."""
    aliases = Counter(alias for row in ROWS for alias in row.aliases)

    assert [] == sorted(aliases.keys() & CATALOGUE.rows.keys())
    assert [] == sorted(alias for alias, times in aliases.items() if times > 1)
