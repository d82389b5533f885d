"""The examples in a rule's docstring are tests: Bad is found, Fixed is what the fix makes, Good is silent."""

from __future__ import annotations

import ast
import inspect
import re
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest

from svclint.rules.registry import RULES
from tests.expectations import Case, case_of, check, differences, fix

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEADINGS = (
    "Why is this bad?",
    "Bad",
    "Fixed",
    "Good",
    "Options",
    "Known limits",
    "Fix safety",
    "References",
)
_FENCE = re.compile(r"^```(py|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


def _sections(rule: type) -> dict[str, str]:
    """Return the text under each heading of a rule's page, in order; the summary is under the empty heading."""
    parts = re.split(r"^## (.+)\n", inspect.cleandoc(rule.__doc__ or ""), flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def _examples(section: str) -> list[dict[str, bytes]]:
    """Return the files of each example of a section; a `toml` fence is the configuration of the next `py` one."""
    examples: list[dict[str, bytes]] = []
    files: dict[str, bytes] = {}
    for language, text in _FENCE.findall(section):
        if language == "toml":
            files["svclint.toml"] = text.encode()
            continue
        # A `# file:` comment as the first line of each file splits one fence into a project.
        named = [str(part) for part in _FILE.split(text)[1:]] or ["example.py", text]
        sources = {path: content.encode() for path, content in zip(named[::2], named[1::2], strict=True)}
        examples.append({**files, **sources})
        files = {}
    return examples


def _cases(heading: str) -> list[Case]:
    """Return the examples of one heading over all rules, joined with their fixed twins."""
    cases = []
    for rule in RULES:
        sections = _sections(rule)
        fixed = _examples(sections.get("Fixed", "")) if heading == "Bad" else []
        for number, files in enumerate(_examples(sections.get(heading, "")), 1):
            twins = _twins(fixed[number - 1]) if number <= len(fixed) else {}
            cases.append(case_of(f"{rule.meta.code}-{heading}-{number}", files | twins))
    return cases


def _twins(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path.removesuffix(".py") + ".fixed.py": data for path, data in files.items() if path.endswith(".py")}


@pytest.mark.parametrize("case", _cases("Bad"), ids=attrgetter("name"))
def test_a_bad_example_is_found_as_its_comments_say(case: Case, tmp_path: Path) -> None:
    """
    Every bad example shows at least one finding of its rule, and no others than it says.
    """
    said = case.check(tmp_path)

    assert differences(case.expected, said) == ""
    assert case.name.partition("-")[0] in {one.code for one in said}


@pytest.mark.parametrize("case", [case for case in _cases("Bad") if case.goldens], ids=attrgetter("name"))
def test_the_fix_turns_bad_into_fixed(case: Case, tmp_path: Path) -> None:
    """
    The result is the fixed example, parses, is clean, and stays as it is.
    """
    case.write(tmp_path)
    remaining, _changed = fix(tmp_path)

    assert dict(case.fixed_files) == case.read(tmp_path)
    assert remaining == ()
    assert check(tmp_path) == ()

    _remaining, changed = fix(tmp_path)

    assert changed == ()
    for path, data in case.goldens.items():
        ast.parse(data, path)


@pytest.mark.parametrize("case", _cases("Good"), ids=attrgetter("name"))
def test_a_good_example_is_silent(case: Case, tmp_path: Path) -> None:
    """
    No rule says anything about it.
    """
    said = case.check(tmp_path)

    assert case.expected == ()
    assert differences((), said) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.code)
def test_a_page_is_complete(rule) -> None:
    """
    A short summary, known headings in their order, examples of both kinds, and a word on the fix if there is one.
    """
    sections = _sections(rule)
    summary = sections.pop("").strip()
    headings = list(sections)

    assert len(summary.splitlines()[0]) <= 80
    assert "`" not in summary.splitlines()[0]
    assert headings == [heading for heading in HEADINGS if heading in sections]
    assert {"Why is this bad?", "Bad", "Good"} <= set(headings)
    assert (rule.meta.fix is not None) == ("Fix safety" in headings)
    assert "Fixed" not in headings or rule.meta.fix is not None
    assert len(_examples(sections.get("Fixed", ""))) <= len(_examples(sections["Bad"]))
    assert _examples(sections["Good"])
