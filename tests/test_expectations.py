"""The grammar of expectation comments, and how findings are compared with them."""

from __future__ import annotations

import pytest

from tests.expectations import Expectation, MalformedExpectationError, Said, case_of, differences


def _said(line: int, code: str = "SVC401", column: int = 1, message: str = "raise loses the cause") -> Said:
    return Said(path="a.py", line=line, column=column, code=code, message=message)


def test_a_comment_at_the_line_end_is_taken_out_and_expects_that_line() -> None:
    """
    The comment and the space before it go; the line break and other comments stay.
    """
    case = case_of("x", {"a.py": b'x = 1\r\nraise E  # keep  # error: 5 [SVC401] "cause"\r\n'})

    assert case.files == {"a.py": b"x = 1\r\nraise E  # keep\r\n"}
    assert case.expected == (Expectation(path="a.py", line=2, code="SVC401", column=5, text="cause"),)


def test_comments_on_lines_of_their_own_go_with_their_lines() -> None:
    """
    They expect the next line that stays, counted in the file as svclint sees it; several stack.
    """
    case = case_of("x", {"a.py": b"x = 1\n    # error: [SVC404]\n    # error: [SVC401]\n    raise E\n"})

    assert case.files == {"a.py": b"x = 1\n    raise E\n"}
    assert [(one.line, one.code) for one in case.expected] == [(2, "SVC401"), (2, "SVC404")]


def test_two_comments_can_share_a_line() -> None:
    """
    Each is an expectation of its own.
    """
    case = case_of("x", {"a.py": b"raise E  # error: [SVC401]  # error: [SVC404]\n"})

    assert case.files == {"a.py": b"raise E\n"}
    assert [one.code for one in case.expected] == ["SVC401", "SVC404"]


@pytest.mark.parametrize(
    "line", [b"x  # error: SVC401", b"x  # error: [SVC4]", b"x  # error: [SVC401] text", b"# error: [SVC401]"]
)
def test_a_comment_that_only_looks_like_an_expectation_is_refused(line: bytes) -> None:
    """
    A typing error must not turn an expectation into silence.
    """
    with pytest.raises(MalformedExpectationError):
        case_of("x", {"a.py": line})


def test_a_fixed_twin_is_no_file_of_the_project() -> None:
    """
    It is what the file is after the fixes, and its comments are what remains then.
    """
    case = case_of("x", {"a.py": b"one  # error: [SVC402]\n", "a.fixed.py": b"two  # error: [SVC405]\n"})

    assert case.files == {"a.py": b"one\n"}
    assert case.fixed_files == {"a.py": b"two\n"}
    assert [one.code for one in case.remaining] == ["SVC405"]


def test_findings_without_expectation_and_expectations_without_finding_are_told() -> None:
    """
    Line, code, column and a part of the message decide.
    """
    expected = [
        Expectation(path="a.py", line=1, code="SVC401"),
        Expectation(path="a.py", line=2, code="SVC401", text="other"),
    ]

    assert differences(expected[:1], [_said(1)]) == ""
    assert len(differences(expected, [_said(1), _said(2)]).splitlines()) == 2


def test_a_narrow_expectation_takes_its_finding_first() -> None:
    """
    Two findings on one line match in any order of the comments.
    """
    expected = [
        Expectation(path="a.py", line=1, code="SVC401"),
        Expectation(path="a.py", line=1, code="SVC401", text="second"),
    ]

    assert differences(expected, [_said(1, message="second"), _said(1, message="first")]) == ""


def test_the_suppressed_project_allows_each_line_once() -> None:
    """
    All codes of a line share one directive, before the line break.
    """
    case = case_of("x", {"a.py": b"raise E  # error: [SVC404]  # error: [SVC401]\r\nx = 1\r\n"}).suppressed()

    assert case.files == {"a.py": b"raise E  # svclint: allow[SVC401, SVC404]\r\nx = 1\r\n"}
    assert case.expected == ()
