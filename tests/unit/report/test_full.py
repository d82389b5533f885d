"""Code frames, drawn as text."""

from __future__ import annotations

import pytest

from svclint.finding import Related, Safety, Severity
from svclint.report import full
from tests.unit.report.made import fix, marked, report


def drawn(text: str) -> str:
    """Return the golden text without the indentation of the test and the line breaks around it."""
    return "\n".join(line.removeprefix("    ") for line in text.strip("\n").split("\n")) + "\n\n"


def test_one_line():
    """The part that is meant is underlined, two lines around it are shown, and what to do stands below."""
    made = report(
        "import os\n\ntry:\n    f()\nexcept E:\n    «raise V()»\n\nx = 1\ny = 2\n",
        fix=fix((0, 0, "x"), safety=Safety.UNSAFE),
    )

    assert full.render(made) == drawn("""
    SVC401 raise-without-from: [*] no cause is kept
     --> app/x.py:6:5
      |
    4 |     f()
    5 | except E:
    6 |     raise V()
      |     ^^^^^^^^^
    7 |
    8 | x = 1
      |
    help: Chain the cause
    note: this fix is unsafe: it changes what the code does
""")


def test_why_there_is_no_fix_and_a_lower_level():
    """A finding without a fix says why; a level below error is named."""
    made = report("«a»\n", no_fix="a bare except has no name", severity=Severity.WARNING)

    assert full.render(made) == drawn("""
    SVC401 raise-without-from (warning): no cause is kept
     --> app/x.py:1:1
      |
    1 | a
      | ^
      |
    help: no fix: a bare except has no name
""")


def test_several_lines_from_the_start_of_a_line():
    """A place over several lines is bracketed."""
    made = report('def f():\n    try:\n        foo(1,\n            2)\n    «raise V(\n        "é",\n    )»\n')

    assert full.render(made) == drawn("""
    SVC401 raise-without-from: no cause is kept
     --> app/x.py:5:5
      |
    3 |           foo(1,
    4 |               2)
    5 | /     raise V(
    6 | |         "é",
    7 | |     )
      | |_____^
      |
""")


def test_several_lines_from_within_a_line():
    """The bracket starts under the first character that is meant."""
    made = report("x = «f(\n  1)»; y\n")

    assert full.render(made) == drawn("""
    SVC401 raise-without-from: no cause is kept
     --> app/x.py:1:5
      |
    1 |   x = f(
      |  _____^
    2 | |   1); y
      | |____^
      |
""")


def test_the_middle_of_a_long_place_is_left_out():
    """Twenty lines are not all shown."""
    made = report("«f(\n" + "".join(f"  {number},\n" for number in range(2, 20)) + ")»\n")

    assert full.render(made) == drawn("""
    SVC401 raise-without-from: no cause is kept
      --> app/x.py:1:1
       |
     1 | / f(
     2 | |   2,
     3 | |   3,
     4 | |   4,
       | | ...
    20 | | )
       | |_^
       |
""")


def test_what_explains_a_finding_has_its_own_frame():
    """A step of a path is shown with its line, also from another file; without its text, only its place."""
    data, place = marked("lib/y.py", "def g():\n    «time.sleep»(1)\n")
    _, unknown = marked("lib/gone.py", "«z»")
    steps = (Related(place=place, message="blocks here"), Related(place=unknown, message="or there"))
    made = report("«g()»\n", related=steps, **{"lib/y.py": data})

    assert full.render(made) == drawn("""
    SVC401 raise-without-from: no cause is kept
     --> app/x.py:1:1
      |
    1 | g()
      | ^^^
      |
    note: blocks here
     --> lib/y.py:2:5
      |
    2 |     time.sleep(1)
      |     ^^^^^^^^^^
      |
    note: or there
     --> lib/gone.py:1:1
""")


def test_widths_are_those_of_the_terminal():
    """Tabs are four cells wide, East Asian characters two, combining marks none."""
    made = report('\tx("日本é", «bad»)\n')

    _, _, _, code, carets, *_ = full.render(made).split("\n")
    assert code == '1 |     x("日本é", bad)'
    assert carets == "  |" + " " * 16 + "^^^"


def test_an_empty_place_has_one_mark():
    """The end of a file can be meant as well."""
    made = report("x = (\n«»")

    assert "  | ^\n" in full.render(made)


def test_a_place_behind_the_text_has_no_frame():
    """A file that changed since it was read does not break the report."""
    made = report("a\nb\n«c»\n")
    short = type(made)(findings=made.findings, sources={"app/x.py": b"a\n"})

    assert full.render(short) == drawn("""
    SVC401 raise-without-from: no cause is kept
     --> app/x.py:3:1
""")


def test_very_long_lines_are_cut_around_the_mark():
    """A line of a megabyte does not flood the terminal, and the mark stays under what is meant."""
    made = report("x" * 500_000 + "«bad»" + "y" * 500_000 + "\n")

    rows = full.render(made).split("\n")
    assert max(map(len, rows)) < 180
    assert rows[3].index("bad") == rows[4].index("^^^")


@pytest.mark.parametrize("bad", ["\x1b[31m", "\u202e", "\x00", "\x9b"])
def test_code_cannot_steer_the_terminal(bad):
    """Escape sequences and marks that turn the direction of text are shown, not obeyed."""
    made = report(f"«x»  # {bad}\n", message=f"m{bad}", path=f"a{bad}.py")

    assert bad not in full.render(made)


def test_colour():
    """With colour the words are the same."""
    made = report("«a»\n", fix=fix((0, 0, "x")))
    coloured = full.render(type(made)(findings=made.findings, sources=made.sources, color=True))

    assert "\x1b[31m\x1b[1mSVC401\x1b[0m" in coloured
