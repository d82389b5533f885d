"""Which versions a project uses, by its own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svclint.config.pins import is_before, read_pins

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("==7.1.0", True),
        ("==8.0", False),
        ("<8", True),
        ("<8.1", False),
        ("<=7.9", True),
        (">=4.5,<5", True),
        ("~=7.0", True),
        ("~=7.4.1", True),
        ("~=8.0", False),
        (">=5", False),
        ("!=7", False),
        ("nonsense", False),
    ],
)
def test_a_version_is_older_only_where_no_newer_one_can_be(specifier: str, *, expected: bool) -> None:
    """An open range may well be the newest version."""
    assert is_before((("redis", specifier),), "redis", "8") is expected


def test_a_library_that_is_not_named_is_the_newest() -> None:
    """Nothing is known of it."""
    assert not is_before((), "redis", "8")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("uv.lock", '[[package]]\nname = "Redis"\nversion = "7.1"\n', "==7.1"),
        ("poetry.lock", '[[package]]\nname = "redis"\nversion = "4.6"\ndescription = ""\n', "==4.6"),
        ("requirements.txt", "# all\nredis<5  # old\n-r more.txt\n???\n", "<5"),
        ("pyproject.toml", '[project]\ndependencies = ["redis[hiredis] >=4, <5", "httpx"]\n', "<5,>=4"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nredis = "^4.5.3"\n', ">=4.5.3,<5"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nredis = {version = "~4.5"}\n', ">=4.5,<4.6"),
        ("pyproject.toml", '[tool.poetry.dependencies]\nredis = "^0.3"\n', ">=0.3,<0.4"),
        ("pyproject.toml", "[project\n", ""),
        ("pyproject.toml", "project = 1\ntool = 2\n", ""),
    ],
)
def test_files_say_what_is_used(file: str, text: str, expected: str, tmp_path: Path) -> None:
    """In the forms of all common tools; what can't be read says nothing."""
    (tmp_path / file).write_text(text)

    assert ((("redis", expected),) if expected else ()) == read_pins(tmp_path)


def test_a_lock_goes_before_a_range(tmp_path: Path) -> None:
    """It is what is installed."""
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["redis>=4"]\n')
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "redis"\nversion = "5.0.1"\n')

    assert (("redis", "==5.0.1"),) == read_pins(tmp_path)
