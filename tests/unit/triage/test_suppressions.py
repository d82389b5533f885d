"""Which findings a comment allows, and what is said of comments that allow nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclint.index.model import Comment
from svclint.text import LineIndex, Span
from svclint.triage import directives
from tests.unit.triage.samples import ALL, kept, notes, triage


@pytest.mark.parametrize(
    "comment",
    [
        "# svclint: allow[SVC401] because",
        "# svclint: allow[raise-without-from]",
        "# svclint: allow[SVC103, SVC401]",
        "# svclint: allow[SVC401,]",
        "# svclint: allow [ svc401 ]",
        "#svclint:allow[SVC4]",
        "# SVClint: Allow[SVC]",
        "# type: ignore # svclint: allow[SVC401] why",
        "# type: ignore[name-defined]  # svclint: allow[SVC401] why  # more",
        "# why it is so #12 # svclint: allow[SVC401]",
        "# noqa",
        "# NoQA",
        "#noqa",
        "# noqa because",
        "# noqa: SVC401",
        "# noqa:svc401",
        "# noqa : E501,SVC401 because",
        "# noqa: E501 SVC401",
        "# noqa: SVC4",
        "# pragma: no cover # noqa",
    ],
)
def test_a_comment_on_the_line_allows(comment: str) -> None:
    """
    Codes, names and families select, in any case, beside other comments.
    """
    assert [] == kept(f"x = bad401  {comment}\n")


@pytest.mark.parametrize(
    "comment",
    [
        "# svclint: allow[SVC405] because",
        "# svclint: allow[SVC402_]",
        "# svclint: allow SVC401",
        "# svclint: allow[SVC401",
        "# svclint: allow[]",
        "# svclint: allow-next-line[SVC401]",
        "# the form is svclint: allow[SVC401]",
        "# noqa: E501",
        "# noqa: because",
        "# noqa:",
        "# noqa: SVC401because",
        "# noqa: raise-without-from",
        "# ruff: noqa",
        "# noqas",
    ],
)
def test_any_other_comment_does_not(comment: str) -> None:
    """
    Other codes, broken directives and what ruff would not honour either allow nothing.
    """
    assert ["SVC401"] == kept(f"x = bad401  {comment}\n")


@pytest.mark.parametrize(
    "source",
    [
        "f(\n    bad401,\n)  # svclint: allow[SVC401]\n",
        "f(  # svclint: allow[SVC401]\n    bad401,\n)\n",
        "f(\n    bad401,\n    # svclint: allow[SVC401]\n)\n",
        'f(bad401, """\n""")  # svclint: allow[SVC401]\n',
        "x = bad401 + \\\n    1  # svclint: allow[SVC401]\n",
        "@a\n@b  # svclint: allow[SVC401]\ndef bad401(): ...\n",
        "@a  # svclint: allow[SVC401]\ndef f(\n    x=bad401,\n):\n    pass\n",
        "@a\n# svclint: allow[SVC401]\ndef bad401(): ...\n",
        "# svclint: allow-next-line[SVC401]\nf(\n    1,\n    bad401,\n)\n",
        "# svclint: allow-next-line[SVC401]\n# svclint: allow-next-line[SVC402]\n# words\nbad401, bad402\n",
        "# svclint: allow-next-line[SVC401]\n@a\ndef bad401(): ...\n",
        "x = 1  # svclint: allow-next-line[SVC401]\nbad401\n",
        "f(\n    # svclint: allow-next-line[SVC401]\n    bad401,\n)\n",
        "bad401\nbad401\n# svclint: allow-file[SVC401]\n",
        "'''text'''\n\n# svclint: allow-file[raise-without-from] generated\n\nbad401\n",
        "bad401  # svclint: allow[SVC401]\r\nx = 1\r\n",
        "é = 'ü', bad401  # svclint: allow[SVC401] ß",
    ],
)
def test_reach(source: str) -> None:
    """
    A directive speaks for its whole logical line, for the next one, or for the file.
    """
    assert ([], []) == (kept(source), notes(source))


@pytest.mark.parametrize(
    "source",
    [
        "x = 1  # svclint: allow[SVC401]\nbad401\n",
        "if bad401:\n    x = 1  # svclint: allow[SVC401]\n",
        "# svclint: allow-next-line[SVC401]\n\nbad401\n",
        "# svclint: allow-next-line[SVC401]\nx = 1\nbad401\n",
        "# svclint: allow[SVC401]\nbad401\n",
        "'# svclint: allow[SVC401]', bad401\n",
    ],
)
def test_out_of_reach(source: str) -> None:
    """
    Neither the block below a header nor the statement after next belongs to a line.
    """
    assert ["SVC401"] == kept(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1  # svclint: allow[SVC401]\n", ["no SVC401 here to allow"]),
        ("x = 1  # svclint: allow[SVC401, SVC405] so\n", ["no SVC401 or SVC405 here to allow"]),
        ("bad401  # svclint: allow[SVC401, SVC405]\n", ["no SVC405 here to allow"]),
        ("bad401  # svclint: allow[SVC401, raise-without-from]\n", ["raise-without-from is allowed twice"]),
        ("x = 1  # svclint: allow[SVC405, SVC405]\n", ["no SVC405 here to allow, SVC405 is allowed twice"]),
        ("x = 1\n# svclint: allow-file[SVC4]\n", ["no SVC4 in this file to allow"]),
        ("# svclint: allow-next-line[SVC401]\nx = 1\n", ["no SVC401 on the next line to allow"]),
        ("# svclint: allow[SVC401]\nbad401\n", ["no SVC401 here to allow; allow-next-line would"]),
        ("x = 1  # svclint: allow[SVC999]\n", ["unknown code SVC999"]),
        ("x = 1  # svclint: allow[SVC0401]\n", ["unknown code SVC0401, did you mean SVC401?"]),
        (
            "x = 1  # svclint: allow[raise-witout-from]\n",
            ["unknown code raise-witout-from, did you mean raise-without-from?"],
        ),
        ("x = 1  # svclint: allow[SVC8]\n", ["unknown code SVC8"]),
        ("x = 1  # svclint: allow\n", ["allow names no code, as allow[SVC401] would"]),
        ("x = 1  # svclint: allow[SVC401\n", ["allow[ is never closed"]),
        ("x = 1  # svclint: allow[ , ]\n", ["allow[] names no code"]),
        ("x = 1  # svclint: alow[SVC401]\n", ["unknown directive alow, did you mean allow?"]),
        ("x = 1  # svclint: ignore[SVC401]\n", ["unknown directive ignore, did you mean allow?"]),
        ("x = 1  # svclint: disable\n", ["unknown directive disable, did you mean allow?"]),
        ("x = 1  # svclint: next SVC401\n", ["unknown directive next, did you mean allow?"]),
        ("x = 1  # svclint:\n", ["svclint: names no directive"]),
        ("x = 1  # svclint: reads this file as text\n", []),
        ("x = 1  # noqa: SVC401\n", []),
        ("x = 1  # noqa\n", []),
    ],
)
def test_what_allows_nothing_is_told(source: str, expected: list[str]) -> None:
    """
    SVC901 speaks of svclint's own directives only, once for each directive and each unknown code.
    """
    assert [("SVC901", message) for message in expected] == notes(source)


def test_only_rules_that_ran_make_a_directive_unused() -> None:
    """
    A code or family that was not looked for, wholly, may have something to allow.
    """
    source = "x = 1  # svclint: allow[SVC401]\ny = 1  # svclint: allow[SVC4]\n"

    assert [] == notes(source, ran=ALL - {"SVC401"})
    assert ["no SVC401 here to allow"] == [text for _, text in notes(source, ran=ALL - {"SVC405"})]


def test_without_svc901_nothing_is_said() -> None:
    """
    Housekeeping runs like any rule: only where it is switched on.
    """
    assert [] == notes("x = 1  # svclint: allow[SVC401, nonsense\n", ran=ALL - {"SVC901"})


@pytest.mark.parametrize("comment", ["allow[SVC402, SVC405]", "allow[SVC405]"])
def test_a_code_that_gave_way_counts_as_used(comment: str) -> None:
    """
    Who names the rule that would have spoken next is not told that it is unused.
    """
    assert [] == notes(f"bad402_also405  # svclint: {comment}\n")


def test_a_code_that_gave_way_does_not_allow_the_winner() -> None:
    """
    The winner is allowed by its own code.
    """
    assert ["SVC402"] == kept("bad402_also405  # svclint: allow[SVC405]\n")


def test_both_of_two_directives_for_one_finding_are_used() -> None:
    """
    Neither can be called unused while the other stands.
    """
    source = "bad401  # svclint: allow[SVC401]\n# svclint: allow-file[SVC401]\n"

    assert ([], []) == (kept(source), notes(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("bad900  # noqa\n", ["SVC900"]),
        ("bad900  # noqa: SVC900\n", []),
        ("bad900  # svclint: allow[SVC900]\n", []),
    ],
)
def test_a_bare_noqa_does_not_reach_housekeeping(source: str, expected: list[str]) -> None:
    """
    Who means svclint's own findings must name them.
    """
    assert expected == kept(source)


def test_svc901_is_allowed_for_a_file_only() -> None:
    """
    A line's directive for SVC901 is itself unused.
    """
    source = "x = 1  # svclint: allow[SVC401, SVC901]\n"

    assert [("SVC901", "no SVC401 or SVC901 here to allow")] == notes(source)
    assert [("SVC901", "no SVC401 here to allow")] == notes("x = 1  # svclint: allow[SVC401] # noqa: SVC901\n")
    assert [] == notes(f"{source}# svclint: allow-file[SVC901] generated\n")
    assert [] == notes(f"{source}# svclint: allow-file[SVC9] generated\n")


def test_an_allowed_svc901_that_never_comes_is_unused() -> None:
    """
    A directive can't hide itself.
    """
    assert [("SVC901", "no SVC901 in this file to allow")] == notes("x = 1\n# svclint: allow-file[SVC901]\n")


def test_reasons_are_asked_for_only_on_demand() -> None:
    """
    SVC902 speaks of svclint's own directives without a word of reason, and can be allowed.
    """
    lines = (
        "bad401  # svclint: allow[SVC401]\n"
        "bad401  # svclint: allow[SVC401] --\n"
        "bad401  # svclint: allow[SVC401] - legacy\n"
        "bad401  # svclint: allow[SVC401] # legacy\n"
        "bad401  # svclint: allow[SVC401, SVC902]\n"
        "bad401  # noqa: SVC401\n"
    )

    assert [] == notes(lines, ran=ALL - {"SVC902"}, require_reason=True)
    assert [("SVC902", "allow gives no reason")] * 3 == notes(lines, require_reason=True)
    assert [] == notes(lines.replace(", SVC902", ""))


def test_order_is_kept() -> None:
    """
    Findings come out as they went in, whichever side they land on.
    """
    result = triage("bad401\nbad402  # noqa\nbad405\nbad401  # noqa\n")

    assert [1, 3] == [hit.place.line for hit, _ in result.kept]
    assert [2, 4] == [hit.place.line for hit, _ in result.suppressed]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa;",
        "# noqa-free",
        "# noqa: E501 # noqa: SVC401",
        "# noqa: E501; noqa: SVC401",
        "# noqa(SVC401)",
    ],
)
def test_noqa_is_read_as_ruff_reads_it(comment: str) -> None:
    """
    The first noqa of a comment decides, and only as a word of its own.
    """
    assert ["SVC401"] == kept(f"x = bad401  {comment}\n")


_FRAGMENTS = st.sampled_from(
    [
        *"#[]:, \té",
        "svclint",
        "allow",
        "allow-file",
        "noqa",
        "SVC401",
        "svclint:",
        "# svclint: allow[",
        "# noqa: ",
        "\x00",
    ]
)


@given(st.lists(_FRAGMENTS, max_size=12).map("".join))
def test_any_comment_can_be_read(words: str) -> None:
    """
    Whatever it says: spans lie inside the comment, and selectors where their text is.
    """
    data = f"é  #{words}".encode()
    comment = Comment(span=Span(4, len(data)), text=f"#{words}", own_line=False)
    result = directives.read([comment], LineIndex(data))

    for part in (*result.read, *result.malformed):
        assert 4 <= part.span.start < part.span.end <= len(data)
        assert data[part.span.start : part.span.start + 1] == b"#"
    for directive in result.read:
        assert all(data[one.span.start : one.span.end].decode() == one.text for one in directive.selectors)
