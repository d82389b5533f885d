"""Rounds of fixes, each proved, over a toy language in which some fixes do harm."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclint.finding import Edit, Finding, Fix, Safety
from svclint.fixing.converge import MAX_ROUNDS, Converged, converge, converge_all
from svclint.text import Span
from tests.unit.fixing.samples import in_text

# word -> (code, what its fix writes, safety); None stands for a finding without a fix.
_RULES = {
    b"bad": ("SVC1", "ok", Safety.SAFE),
    b"risky": ("SVC2", "ok", Safety.UNSAFE),
    b"hard": ("SVC3", None, Safety.SAFE),
    b"breaks": ("SVC4", "(((", Safety.SAFE),
    b"grows": ("SVC5", "ok hard", Safety.SAFE),
    b"stays": ("SVC6", "then stays", Safety.SAFE),
    b"still": ("SVC7", "still", Safety.SAFE),
    b"wakes": ("SVC8", "woken", Safety.SAFE),
    b"woken": ("SVC405", None, Safety.SAFE),
    b"frees": ("SVC9", "unused", Safety.SAFE),
    b"unused": ("SVC901", "ok", Safety.SAFE),
}
_HARMFUL = (b"breaks", b"grows", b"stays", b"still")


def _check(data: bytes) -> list[Finding]:
    findings = []
    for match in re.finditer(rb"\w+", data):
        if match[0] in _RULES:
            code, text, safety = _RULES[match[0]]
            span = Span(*match.span())
            fix = None if text is None else Fix(title="Mend", safety=safety, edits=(Edit(span=span, text=text),))
            findings.append(in_text(code, span, data, fix))
    return findings


def _parses(data: bytes) -> bool:
    return b"(((" not in data


def _also(finding: Finding) -> tuple[str, ...]:
    return ("SVC405",) if finding.code == "SVC8" else ()


def _converge(data: bytes, *, unsafe: bool = False) -> Converged:
    return converge(data, _check, _parses, unsafe=unsafe, also=_also)


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        (b"a bad b bad", b"a ok b ok", []),
        (b"risky", b"risky", []),
        (b"hard", b"hard", []),
        (b"bad breaks bad", b"ok breaks ok", ["the file would not parse any more"]),
        (b"bad grows bad", b"ok grows ok", ["its fix brings SVC3"]),
        (b"hard grows", b"hard grows", ["its fix brings SVC3"]),
        (b"bad stays", b"ok stays", ["its fix brings SVC6"]),
        (b"still bad", b"still ok", ["its fix changes nothing"]),
        (b"wakes", b"woken", []),
        (b"frees bad", b"ok ok", []),
        (
            b"breaks breaks grows bad",
            b"breaks breaks grows ok",
            ["the file would not parse any more"] * 2 + ["its fix brings SVC3"],
        ),
        (b"", b"", []),
    ],
)
def test_harmful_fixes_are_dropped_and_told(before: bytes, after: bytes, reasons: list[str]) -> None:
    """
    One that breaks the file or brings a finding stays away; the others are made.
    """
    result = _converge(before)

    assert (after, "") == (result.data, result.failure)
    assert reasons == [dropped.reason for dropped in result.dropped]


def test_unsafe_fixes_on_demand() -> None:
    """
    They are proved like the safe ones.
    """
    result = _converge(b"risky bad grows", unsafe=True)

    assert b"ok ok grows" == result.data
    assert (("SVC1", "Mend", 1), ("SVC2", "Mend", 1)) == result.applied


def test_a_clean_file_is_checked_once() -> None:
    """
    Most files need no fix: they cost one check, and files with harmless fixes two.
    """
    calls = []

    def check(data: bytes) -> list[Finding]:
        calls.append(data)
        return _check(data)

    converge(b"ok", check, _parses)
    converge(b"bad bad", check, _parses)

    assert [b"ok", b"bad bad", b"ok ok"] == calls


def test_fixes_that_collide_go_in_turn() -> None:
    """
    What waits is judged anew on the changed text.
    """

    def check(data: bytes) -> list[Finding]:
        edits = (Edit(span=Span(0, 0), text="+"),)
        fix = Fix(title="Mend", safety=Safety.SAFE, edits=edits)
        wrapped = Fix(title="Mend", safety=Safety.SAFE, edits=(Edit(span=Span(0, 0), text="-"),))
        found = [] if b"+" in data else [in_text("SVC1", Span(0, 1), data, fix)]
        return found if b"-" in data else [*found, in_text("SVC2", Span(0, 1), data, wrapped)]

    result = converge(b"x", check, lambda _: True)

    assert (b"-+x", 2) == (result.data, result.rounds)


def test_a_fix_that_fails_beside_others_gets_another_chance() -> None:
    """
    Two fixes that only together break the file are made one after the other if the second can then be had.
    """

    def check(data: bytes) -> list[Finding]:
        words = {b"one": "1" if b"two" in data else "I", b"two": "2" if b"one" in data else "II"}
        return [
            in_text(
                f"SVC{word[0]}",
                Span(at, at + 3),
                data,
                Fix(title="Mend", safety=Safety.SAFE, edits=(Edit(span=Span(at, at + 3), text=text),)),
            )
            for word, text in words.items()
            if (at := data.find(word)) >= 0
        ]

    result = converge(b"one two", check, lambda data: data != b"1 2")

    assert (b"1 II", 2, ()) == (result.data, result.rounds, result.dropped)


def test_endless_fixes_end() -> None:
    """
    After the last round the file keeps its last proved state, and the failure is told.
    """

    def check(data: bytes) -> list[Finding]:
        fix = Fix(title="Mend", safety=Safety.SAFE, edits=(Edit(span=Span(0, 0), text="x"),))
        return [in_text(f"SVC{len(data)}", Span(0, 1), data, fix)]

    result = converge(b"-", check, lambda _: True, also=lambda one: (f"SVC{int(one.code[3:]) + 1}",))

    assert (b"x" * MAX_ROUNDS + b"-", MAX_ROUNDS) == (result.data, result.rounds)
    assert "there still was something to fix after 10 rounds" == result.failure


def test_an_edit_outside_of_the_text_is_dropped() -> None:
    """
    A broken rule costs its own fix only.
    """

    def check(data: bytes) -> list[Finding]:
        broken = Fix(title="Mend", safety=Safety.SAFE, edits=(Edit(span=Span(90, 91), text="x"),))
        return [*_check(data), in_text("SVC0", Span(0, 1), data, broken)]

    result = converge(b"bad", check, _parses)

    assert (b"ok", ["SVC0"]) == (result.data, [dropped.finding.code for dropped in result.dropped])


@pytest.mark.parametrize(
    ("code", "safety", "text", "after"),
    [
        ("SVC1", Safety.SAFE, "y", b"f(x  # why\n)"),
        ("SVC1", Safety.SAFE, "y  # why", b"f(y  # why\n)"),
        ("SVC1", Safety.UNSAFE, "y", b"f(y\n)"),
        ("SVC901", Safety.SAFE, "y", b"f(y\n)"),
    ],
)
def test_a_safe_fix_keeps_comments(code: str, safety: Safety, text: str, after: bytes) -> None:
    """
    Whoever deletes the words of a person must say so: such a fix is unsafe, or removes nothing but a suppression.
    """

    def check(data: bytes) -> list[Finding]:
        span = Span(2, data.index(b"\n"))
        fix = Fix(title="Mend", safety=safety, edits=(Edit(span=span, text=text),))
        return [in_text(code, span, data, fix)] if b"x" in data else []

    assert after == converge(b"f(x  # why\n)", check, _parses, unsafe=True).data


def test_complaints_are_lines_for_the_user() -> None:
    """
    Each dropped fix with its place and reason.
    """
    assert ("line 2: SVC4 not fixed, the file would not parse any more",) == _converge(b"bad\nbreaks").complaints()
    assert () == _converge(b"bad").complaints()


def test_files_go_in_lockstep() -> None:
    """
    One check serves a round of all files.
    """
    calls = []

    def check(texts: dict[str, bytes]) -> dict[str, list[Finding]]:
        calls.append(texts)
        return {path: _check(text) for path, text in texts.items()}

    results = converge_all({"a": b"bad", "b": b"ok", "c": b"bad bad"}, check, lambda _, text: _parses(text))

    assert {"a": b"ok", "b": b"ok", "c": b"ok ok"} == {path: result.data for path, result in results.items()}
    assert 2 == len(calls)


@pytest.mark.parametrize(("first", "last"), [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("words", [b"bad", b"bad grows", b"bad breaks"])
def test_what_a_fix_wakes_in_another_file_is_fixed_too(first: str, last: str, words: bytes) -> None:
    """
    The last check sees all files as they end.
    """

    def check(texts: dict[str, bytes]) -> dict[str, list[Finding]]:
        found = {path: _check(text) for path, text in texts.items()}
        if b"bad" in texts[first]:
            found[last] = []
        return found

    results = converge_all({first: words, last: b"bad hard"}, check, lambda _, text: _parses(text))

    assert (words.replace(b"bad", b"ok"), b"ok hard") == (results[first].data, results[last].data)
    assert ["SVC3"] == [one.code for one in results[last].findings]


_WORDS = st.lists(st.sampled_from([*_RULES, b"ok", b"x"]), max_size=10)


@settings(max_examples=150, deadline=None)
@given(_WORDS, st.booleans())
def test_promises(words: list[bytes], unsafe: bool) -> None:  # noqa: FBT001
    """
    The file parses, no code has grown, harmless fixes are all made, harmful ones are all told, a second run is a no-op.
    """
    data = b" ".join(words)
    result = _converge(data, unsafe=unsafe)
    left = re.findall(rb"\w+", result.data)
    before, after = (Counter(one.code for one in _check(text)) for text in (data, result.data))

    assert _parses(result.data)
    assert tuple(_check(result.data)) == result.findings
    assert {"SVC405"} >= set(after - before)
    assert [word for word in words if word in _HARMFUL] == [word for word in left if word in _HARMFUL]
    assert not {b"bad", b"wakes", b"frees", b"unused"} & set(left)
    assert not unsafe or b"risky" not in left
    assert sum(word in _HARMFUL for word in words) == len(result.dropped)
    assert result.data == _converge(result.data, unsafe=unsafe).data


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), _WORDS))
def test_files_do_not_change_each_other(words: dict[str, list[bytes]]) -> None:
    """
    In lockstep each file ends as it would alone.
    """
    texts = {path: b" ".join(some) for path, some in words.items()}
    results = converge_all(
        texts,
        lambda texts: {path: _check(text) for path, text in texts.items()},
        lambda _, text: _parses(text),
        also=_also,
    )

    assert {path: _converge(text) for path, text in texts.items()} == results
