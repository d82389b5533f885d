"""`rules.md` says what the rules' docstrings say."""

from __future__ import annotations

from pathlib import Path

from svclint.rules import docs

RULES_MD = Path(__file__).parent.parent / "rules.md"


def test_it_is_fresh() -> None:
    """After an edit of a rule's docstring, `uv run svclint rules --markdown > rules.md` must be run and committed."""
    expected = docs.markdown()

    assert expected.rstrip("\n") == RULES_MD.read_text(encoding="utf-8").rstrip("\n"), (
        "rules.md is stale: run `uv run svclint rules --markdown > rules.md`"
    )
