"""One line a finding, JSON, GitHub's commands, statistics."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from svclint.finding import Related, Severity
from svclint.report import concise, github, statistics
from svclint.report import json as json_report
from svclint.report.model import Report
from tests.unit.report.made import fix, marked, report

REPOSITORY = Path(__file__).parents[3]


def test_concise():
    """The line starts with the place, as editors and grep expect."""
    made = report("x = «a»\n", fix=fix((0, 0, "x")), severity=Severity.INFO)

    assert concise.render(made) == "app/x.py:1:5: SVC401 raise-without-from (info): [*] no cause is kept\n"


def test_json():
    """JSON gives lines and columns in code points, for edits too."""
    _, place = marked("y.py", "«z»")
    made = report("é = «a»\n", fix=fix((3, 5, "="), (6, 6, "?")), related=(Related(place=place, message="see"),))

    assert json.loads(json_report.render(made)) == {
        "version": 1,
        "findings": [
            {
                "code": "SVC401",
                "name": "raise-without-from",
                "severity": "error",
                "path": "app/x.py",
                "line": 1,
                "column": 5,
                "end_line": 1,
                "end_column": 6,
                "message": "no cause is kept",
                "related": [{"path": "y.py", "line": 1, "column": 1, "message": "see"}],
                "fix": {
                    "title": "Chain the cause",
                    "safety": "safe",
                    "edits": [
                        {"start": {"line": 1, "column": 3}, "end": {"line": 1, "column": 5}, "text": "="},
                        {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 6}, "text": "?"},
                    ],
                },
                "no_fix": None,
                "fingerprint": "0123456789abcdef",
            }
        ],
    }


def test_json_without_findings():
    """An empty report is an object, too."""
    assert json.loads(json_report.render(Report(findings=()))) == {"version": 1, "findings": []}


def test_json_of_a_path_that_is_not_utf8():
    """A file name of raw bytes still gives valid JSON, GitHub commands and lines."""
    made = report("«a»\n", path="b\udcff.py")

    assert json.loads(json_report.render(made))["findings"][0]["path"] == "b?.py"
    assert "b?.py" in github.render(made)
    assert "b\ufffd.py" in concise.render(made)


def test_json_is_documented():
    """docs/json.md names every field."""
    page = (REPOSITORY / "docs/json.md").read_text()
    _, components = msgspec.json.schema_components(
        [json_report.JsonReport, statistics.JsonStatistics], ref_template="{name}"
    )

    for name, schema in components.items():
        for field in schema.get("properties", {}):
            assert f"`{field}`" in page, f"{name}.{field} is not in docs/json.md"


def test_github():
    """Workflow commands are escaped, and levels are GitHub's."""
    made = report("x = «a»\n", path="a,b:c.py", message="100 %\nof it", severity=Severity.INFO)

    assert github.render(made) == (
        f"::notice title=svclint (SVC401),file={Path.cwd()}/a%2Cb%3Ac.py,line=1,col=5,endLine=1,endColumn=6"
        "::a,b:c.py:1:5: SVC401 raise-without-from: 100 %25%0Aof it\n"
    )


def test_github_leaves_columns_out_over_lines():
    """GitHub takes columns only within one line."""
    command = github.render(report("«a(\n)»\n"))

    assert "col" not in command
    assert ",line=1,endLine=2::" in command


def test_statistics():
    """The most frequent rule comes first; a mark says whether all or some can be fixed."""
    (first,) = report("«a»\n", fix=fix((0, 0, "x"))).findings
    (second,) = report("«a»\n").findings
    other = type(second)(**{**{name: getattr(second, name) for name in second.__struct_fields__}, "code": "SVC405"})
    made = Report(findings=(other, *[first] * 9, second))

    assert statistics.render(made) == "10  SVC401  [-] raise-without-from\n 1  SVC405  [ ] raise-without-from\n"
    assert json.loads(statistics.render_json(made))["statistics"][0] == {
        "code": "SVC401",
        "name": "raise-without-from",
        "count": 10,
        "safe_fixes": 9,
        "unsafe_fixes": 0,
    }
