"""The fix of SVC901: it takes out what allows nothing and leaves the rest of the comment."""

from __future__ import annotations

import ast
import io
import tokenize
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclint.fixing.converge import Converged, converge
from svclint.text import LineIndex
from tests.unit.triage.samples import finding, triage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.finding import Edit


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1  # svclint: allow[SVC401] why\n", "x = 1\n"),
        ("x = 1\t# svclint: allow[SVC401]  \r\ny = 1\r\n", "x = 1\r\ny = 1\r\n"),
        ("x = 1  # svclint: allow[SVC401]", "x = 1"),
        ("x = 1  # type: ignore # svclint: allow[SVC401] why\n", "x = 1  # type: ignore\n"),
        ("x = 1  # svclint: allow[SVC401] why # type: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1  # svclint: allow[SVC401]  # svclint: allow[SVC405]\n", "x = 1\n"),
        ("x = 1  # a # svclint: allow[SVC401] why #12 # b\n", "x = 1  # a # b\n"),
        ("x = 'ü'  # ß # svclint: allow[SVC401] é # noqa: E501\n", "x = 'ü'  # ß # noqa: E501\n"),
        ("bad401  # svclint: allow[SVC401, SVC405]\n", "bad401  # svclint: allow[SVC401]\n"),
        ("bad401  # svclint: allow[SVC405, SVC401] why\n", "bad401  # svclint: allow[SVC401] why\n"),
        ("bad401  # svclint: allow[SVC405,SVC402 , SVC401 , SVC103]\n", "bad401  # svclint: allow[SVC401]\n"),
        ("x = 1  # svclint: allow[SVC405, SVC999, SVC401]\n", "x = 1  # svclint: allow[SVC999]\n"),
        ("bad401  # svclint: allow[SVC401, SVC401,]\n", "bad401  # svclint: allow[SVC401,]\n"),
        ("x = 1\n    # svclint: allow[SVC401]\ny = 1\n", "x = 1\ny = 1\n"),
        ("x = 1\n# svclint: allow-file[SVC401]", "x = 1\n"),
        ("x = 1\r# svclint: allow-file[SVC401]\ry = 1\r", "x = 1\ry = 1\r"),
        ("# svclint: allow-file[SVC401] # words\nx = 1\n", "# words\nx = 1\n"),
        ("f(\n    1,\n    # svclint: allow[SVC401]\n)\n", "f(\n    1,\n)\n"),
        ("\f# svclint: allow[SVC401]\nx = 1\n", "x = 1\n"),
        ("x = 1\\\n# svclint: allow[SVC401]\ny = 1\n", "x = 1\\\n# svclint: allow[SVC401]\ny = 1\n"),
        ("# svclint: allow[SVC401]\nbad401\n", "# svclint: allow[SVC401]\nbad401\n"),
        ("x = 1  # svclint: allow[SVC999]\n", "x = 1  # svclint: allow[SVC999]\n"),
        ("x = 1  # noqa: SVC401\n", "x = 1  # noqa: SVC401\n"),
    ],
)
def test_what_allows_nothing_goes(source: str, expected: str) -> None:
    """
    The directive goes with its reason and the space before it, or only the code that is too many.
    """
    assert expected == _fixed(source).data.decode()


_ITEMS = st.lists(
    st.sampled_from(
        ["SVC401", "SVC405", "SVC4", "raise-without-from", "svc401", "SVC402", "SVC999", "SVC901", "SVC902"]
    ),
    min_size=1,
    max_size=4,
)
_PARTS = st.one_of(
    st.builds(
        lambda word, items, comma, reason: f"# svclint: {word}[{comma.join(items)}]{reason}",
        st.sampled_from(["allow", "allow", "allow-next-line", "allow-file"]),
        _ITEMS,
        st.sampled_from([",", ", ", " , "]),
        st.sampled_from(["", " why", " see #12", " \u2013 é"]),
    ),
    st.sampled_from(
        ["# type: ignore", "# noqa", "# noqa: E501, SVC401", "# ü", "#: doc", "# svclint: allow SVC401", "#"]
    ),
)
_COMMENTS = st.builds(
    lambda parts, gap: gap.join(parts), st.lists(_PARTS, max_size=3), st.sampled_from([" ", "  ", "\t"])
)
_STATEMENTS = st.sampled_from(
    [
        ("x = 1{}",),
        ("bad401{}",),
        ("bad402_also405{}", "{}"),
        ("if bad401:{}", "    {}", "    bad405{}"),
        ("@bad401{}", "{}", "def f():{}", "    pass{}"),
        ("f({}", "    'é',{}", "    {}", "    bad401{}", "){}"),
        ("x = bad405 + \\", "    1{}"),
        ("'''", "# svclint: allow[SVC401]", "'''{}"),
        ("{}",),
        ("",),
    ]
)


@st.composite
def _sources(draw: st.DrawFn) -> str:
    lines = []
    for template in draw(st.lists(_STATEMENTS, min_size=1, max_size=5)):
        for line in template:
            comment = draw(_COMMENTS) if "{}" in line else ""
            gap = "  " if comment and line.strip("{} ") else ""
            lines.append(line.format(gap + comment))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    return newline.join(lines) + draw(st.sampled_from(["", newline]))


@settings(max_examples=120, deadline=None)
@given(_sources())
def test_fixing_is_complete_and_touches_nothing_else(source: str) -> None:
    """
    Afterwards nothing is left to fix, the same findings are allowed, and the code and all other words are the same.
    """
    before, after = triage(source), _fixed(source)
    text = after.data.decode()
    again = triage(text)

    assert ("", ()) == (after.failure, after.dropped)
    assert [] == [note for note in again.notes if note.fix]
    assert _codes(before.kept) == _codes(again.kept)
    assert _codes(before.suppressed) == _codes(again.suppressed)
    assert _code_tokens(source) == _code_tokens(text)
    assert _other_words(source) == _other_words(text)


@settings(max_examples=60, deadline=None)
@given(_sources())
def test_each_fix_alone_changes_no_verdict(source: str) -> None:
    """
    A user who takes one fix of several gets what that fix promised.
    """
    before = triage(source)
    for note in before.notes:
        if note.fix is not None:
            after = triage(_edited(source, note.fix.edits))

            assert _codes(before.kept) == _codes(after.kept)


def _edited(source: str, edits: tuple[Edit, ...]) -> str:
    data = source.encode()
    for edit in reversed(edits):
        data = data[: edit.span.start] + edit.text.encode() + data[edit.span.end :]
    return data.decode()


def _fixed(source: str) -> Converged:
    def check(data: bytes) -> list:
        result = triage(data.decode())
        lines = LineIndex(data)
        found = [finding(note.code, note.span, lines, message=note.message, fix=note.fix) for note in result.notes]
        return [*found, *(hit for hit, _ in result.kept)]

    return converge(source.encode(), check, _parses)


def _parses(data: bytes) -> bool:
    ast.parse(data)
    return True


def _codes(hits: tuple) -> list[str]:
    return [hit.code for hit, _ in hits]


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    """`tokenize` loses what follows a comment that a lone carriage return ends; CPython reads it as a line end."""
    return tokenize.generate_tokens(io.StringIO(source.replace("\r\n", "\n").replace("\r", "\n")).readline)


def _code_tokens(source: str) -> list[str]:
    skipped = (tokenize.COMMENT, tokenize.NL)
    return [token.string for token in _tokens(source) if token.type not in skipped and token.string.strip()]


def _other_words(source: str) -> list[str]:
    """Comments' words that belong to no directive which may go."""
    kept = ("# type: ignore", "# noqa", "# ü", "#: doc", "# svclint: allow SVC401", "SVC999")
    comments = [token.string for token in _tokens(source) if token.type == tokenize.COMMENT]
    return [word for comment, word in product(comments, kept) for _ in range(comment.count(word))]
