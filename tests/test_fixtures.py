"""Every folder fixtures/<CODE>-<name>/<case>/ is one project; comments state what svclint must say."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import pytest

from svclint.rules.registry import RULES
from tests.expectations import FIXTURES, Case, check, differences, find_cases, fix
from tests.renaming import renamed

if TYPE_CHECKING:
    from pathlib import Path

CASES = find_cases()
# Housekeeping judges suppressions and unreadable files themselves: allowing its findings is another question.
SUPPRESSIBLE = [
    case for case in CASES if case.expected and not any(one.code.startswith("SVC9") for one in case.expected)
]


@pytest.mark.parametrize("case", CASES, ids=attrgetter("name"))
def test_reports_exactly_what_the_comments_say(case: Case, tmp_path: Path) -> None:
    """
    Findings equal the expectation comments: none missing, none more.
    """
    said = case.check(tmp_path)

    assert differences(case.expected, said) == ""


@pytest.mark.parametrize("case", SUPPRESSIBLE, ids=attrgetter("name"))
def test_an_allowed_finding_is_silent_and_its_suppression_is_used(case: Case, tmp_path: Path) -> None:
    """
    With every expected finding allowed where it stands nothing is left, no unused suppression either.
    """
    said = case.suppressed().check(tmp_path)

    assert differences((), said) == ""


@pytest.mark.parametrize("case", [case for case in map(renamed, CASES) if case is not None], ids=attrgetter("name"))
def test_a_library_by_another_name_is_the_same_library(case: Case, tmp_path: Path) -> None:
    """
    `import x as x_` changes nothing of what is found.
    """
    said = case.check(tmp_path)

    assert differences(case.expected, said) == ""


@pytest.mark.parametrize("case", find_cases(with_fixes=True), ids=attrgetter("name"))
def test_fix_gives_the_golden_file_and_is_stable(case: Case, tmp_path: Path) -> None:
    """
    Fixing yields `*.fixed.py` and leaves what its comments say; fixing the result again changes nothing.
    """
    case.write(tmp_path)
    remaining, _changed = fix(tmp_path)
    fixed = case.read(tmp_path)

    assert {path: data.decode("utf-8", "surrogateescape") for path, data in case.fixed_files.items()} == {
        path: data.decode("utf-8", "surrogateescape") for path, data in fixed.items()
    }
    assert differences(case.remaining, remaining) == ""
    assert differences(case.remaining, check(tmp_path)) == ""

    _remaining, changed = fix(tmp_path)

    assert changed == ()
    assert case.read(tmp_path) == fixed


@pytest.mark.parametrize("case", [case for case in CASES if case.expected], ids=attrgetter("name"))
def test_a_case_is_about_the_rule_of_its_folder(case: Case) -> None:
    """
    A folder that expects findings expects one of the rule that it is named for.
    """
    code = case.name.partition("-")[0]

    assert code in {one.code for one in case.expected}


def test_every_rule_has_its_folder() -> None:
    """
    Code and name of a rule are the name of its folder, and every folder is a rule's.
    """
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}

    assert folders == {f"{rule.meta.code}-{rule.meta.name}" for rule in RULES}
