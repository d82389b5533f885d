"""Fingerprints stay where the finding does, and tell findings apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from svclint.triage.fingerprint import Mark, fingerprints


def _mark(code: str = "SVC401", qualified_name: str = "A.f", statement: str = "raise X()") -> Mark:
    return Mark(code=code, qualified_name=qualified_name, statement=statement)


def test_form_is_stable() -> None:
    """
    A baseline written by an older version stays valid: the hash is part of the format.
    """
    assert ("ca6842cb5f3908d7",) == fingerprints([_mark()])


def test_each_part_counts() -> None:
    """
    Rule, place and statement each make another fingerprint, and so does a second equal statement.
    """
    marks = [_mark(), _mark(code="SVC404"), _mark(qualified_name="A.g"), _mark(statement="raise Y()"), _mark()]

    assert len(marks) == len(set(fingerprints(marks)))


def test_layout_does_not_count() -> None:
    """
    A statement that is wrapped anew is the same.
    """
    assert fingerprints([_mark(statement="raise X(\n    1\n)")]) == fingerprints([_mark(statement=" raise  X( 1 )")])


@given(st.lists(st.builds(_mark, st.sampled_from("ab"), st.sampled_from("ab"), st.text(max_size=3)), max_size=8))
def test_they_are_unique_and_do_not_depend_on_what_follows(marks: list[Mark]) -> None:
    """
    No two findings of a file share one, and an addition below changes none above.
    """
    found = fingerprints(marks)

    assert len(marks) == len(set(found))
    assert found[:-1] == fingerprints(marks[:-1])
