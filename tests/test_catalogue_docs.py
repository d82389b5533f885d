"""The examples of docs/catalogue.md are true: with the rows of each, svclint says what its comments say."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from svclint.catalogue.model import Api, Facts, Library, Timeout
from svclint.config.load import load
from tests.expectations import case_of, differences

PAGE = (Path(__file__).parent.parent / "docs/catalogue.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n([^`]+)```\n\n```python\n([^`]+)```", PAGE)


def test_there_are_examples():
    """A client, a wrapper, and a client with a timeout of its own."""
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(("rows", "code"), EXAMPLES)
def test_an_example_holds(rows, code, tmp_path):
    """Under the rows of an example its code is judged as its comments say."""
    case = case_of("docs", {"svclint.toml": rows.encode(), "app.py": code.encode()})

    assert case.expected
    assert differences(case.expected, case.check(tmp_path)) == ""


@pytest.mark.parametrize(("rows", "code"), EXAMPLES)
def test_nothing_is_known_without_the_rows(rows, code, tmp_path):
    """It is the rows that make the difference: without them nothing is said of these libraries."""
    files = {"svclint.toml": b"", "app.py": code.encode()}

    said = case_of("docs", files).check(tmp_path)

    assert [] == [each for each in said if "acme" in each.message]


def test_the_files_shown_can_be_read(tmp_path):
    """The configuration that names a file, and that file, are as the page shows them."""
    blocks = dict(re.findall(r"```toml\n# (\S+)\n([^`]+)```", PAGE))
    for name, text in blocks.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    config = load([str(tmp_path)])

    assert {"svclint.toml", "lint/acme.toml"} == blocks.keys()
    assert ["acme.http.Client", *(f"acme.http.Client.{name}" for name in ("get", "post", "delete"))] == [
        row.name for _, row in config.own_rows
    ]
    assert msgspec.toml.decode(blocks["lint/acme.toml"], type=Library).version == "3.2"


def test_every_field_is_described():
    """The tables have all fields of a row and of a timeout, and no others."""
    cells = re.findall(r"^\| (`[^|]+`) \|", PAGE, flags=re.MULTILINE)
    described = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]

    assert sorted({*Facts.__struct_fields__, *Api.__struct_fields__, *Timeout.__struct_fields__}) == sorted(described)
