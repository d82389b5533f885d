"""LibCST reads slices; that it would say the same of whole files is what makes slices right."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import runs
from tests.corpus import trees
from tests.expectations import find_cases

if TYPE_CHECKING:
    from svclint.engine.session import FixOutcome, Outcome

SHOP = Path(__file__).parent.parent / "examples" / "shop"
# Blanks that LibCST forgets move what stands behind them: between two such places a slice is cut anew.
FORGETFUL = """
import asyncio

async def f(x):
    try:
        await x
    except ValueError   :
        try:
            g(x)
            raise KeyError(x)
        except KeyError   as e   :
            raise OSError(x)
        asyncio.create_task(g())
        raise OSError(x)
    except   (  TypeError  )  :
        raise OSError
"""


def _same(outcome: Outcome, other: Outcome) -> None:
    assert outcome.findings == other.findings
    assert outcome.summary == other.summary


def _same_fixes(one: FixOutcome, other: FixOutcome) -> None:
    _same(one.outcome, other.outcome)
    assert one.changes == other.changes
    assert one.failed == other.failed


def _compare(root: Path) -> None:
    _same(runs.check(root), runs.check(root, whole_files=True))


def _compare_fixes(root: Path) -> None:
    _compare(root)
    _same_fixes(runs.fix(root), runs.fix(root, whole_files=True))


def test_the_shop_says_the_same(tmp_path: Path) -> None:
    """Findings, fixes and counts are equal."""
    shutil.copytree(SHOP, tmp_path / "shop")

    assert runs.check(tmp_path / "shop").findings
    _compare_fixes(tmp_path / "shop")


@pytest.mark.parametrize("folder", sorted({case.name.partition("/")[0] for case in find_cases()}))
def test_every_fixture_says_the_same(folder: str, tmp_path: Path) -> None:
    """All projects of a rule's folder, each below a folder of its own."""
    for case in find_cases():
        if case.name.partition("/")[0] == folder:
            root = tmp_path / case.name
            root.mkdir(parents=True)
            case.write(root)
            (_compare_fixes if case.goldens else _compare)(root)


def test_what_libcst_forgets_changes_nothing(tmp_path: Path) -> None:
    """Everything is found at its place in both ways, also where the generated code is not the text."""
    (tmp_path / "m.py").write_text(FORGETFUL.lstrip("\n"), encoding="utf-8")
    outcome = runs.check(tmp_path)

    places = {(each.code, each.place.line) for each in outcome.findings}

    assert {("SVC401", 9), ("SVC401", 11), ("SVC401", 13), ("SVC401", 15), ("SVC110", 12)} <= places
    _compare_fixes(tmp_path)


@pytest.mark.corpus
@pytest.mark.parametrize("tree", trees(), ids=lambda path: path.name)
def test_real_services_say_the_same(tree: Path) -> None:
    """Over the trees that SVCLINT_CORPUS names; nothing is written."""
    _compare_fixes(tree)
