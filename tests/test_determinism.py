"""The same input gives the same bytes, and a partial list of files changes only what is reported."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.expectations import find_cases
from tests.runs import svclint

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOP = Path(__file__).parent.parent / "examples" / "shop"


@pytest.fixture(scope="module", name="project")
def _project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with something of everything: the shop and cases of every rule, enough for several workers."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(SHOP, root / "shop")
    (root / "shop" / "pyproject.toml").unlink(missing_ok=True)
    for case in find_cases()[::3]:
        case.write(_folder(root, case.name))
    for config in (*root.rglob("svclint.toml"), *root.rglob("pyproject.toml")):
        config.unlink()
    (root / "pyproject.toml").write_text("")  # marks the root: what is known does not depend on what is asked for
    return root


def _folder(root: Path, name: str) -> Path:
    folder = root / "cases" / name.replace("-", "_")
    folder.mkdir(parents=True)
    return folder


def _check(
    root: Path, *paths: object, jobs: int = 1, seed: str = "0", output: str = "json", fix: bool = False
) -> bytes:
    """Return the report, and what is said beside it."""
    done = svclint(
        ["check", "--isolated", "--preview", f"--output-format={output}", f"--jobs={jobs}", "-v",
         *(["--unsafe-fixes", "--diff"] if fix else []), *paths],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout + done.stderr


def test_workers_seeds_and_the_order_of_arguments_change_nothing(project: Path) -> None:
    """The report and the counts are the same bytes, for one worker or two, other hash seeds, and shuffled arguments."""
    names = sorted(path.name for path in project.iterdir()) + sorted(
        f"cases/{p.name}" for p in (project / "cases").iterdir()
    )
    names.remove("cases")
    shuffled = random.Random(1).sample(names, len(names))
    expected = _check(project, *names)

    assert 40 < len(_findings(expected))
    assert expected == _check(project, *names, jobs=2, seed="1")
    assert expected == _check(project, *shuffled, jobs=2, seed="2")


def test_fixes_are_the_same_bytes(project: Path) -> None:
    """Their order does not depend on seed or workers either."""
    expected = _check(project, ".", fix=True, seed="3")

    assert b"\n+" in expected
    assert expected == _check(project, ".", fix=True, jobs=2, seed="4")


def _findings(output: bytes) -> list[dict[str, object]]:
    found, _ = json.JSONDecoder().raw_decode(output.decode())
    return found["findings"]


def _touching(findings: Iterable[dict], files: set[str]) -> list[dict]:
    """Return the findings whose place, or any step of whose path, lies in one of the files."""
    return [each for each in findings if {each["path"], *(step["path"] for step in each["related"])} & files]


def test_a_part_of_the_files_is_told_as_in_the_whole(project: Path) -> None:
    """What a hook names is reported exactly as a full run reports it: the rest of the program is known all the same."""
    whole = _findings(_check(project, "."))
    files = sorted({str(each["path"]) for each in whole})
    chosen = random.Random(1).sample(files, 8)

    assert _touching(whole, set(chosen)) == _findings(_check(project, *chosen))


def test_a_file_outside_of_the_folder_given_is_still_known(tmp_path: Path) -> None:
    """A helper elsewhere in the project that always raises answers for the handler that calls it."""
    (tmp_path / "svclint.toml").write_text("")
    (tmp_path / "app").mkdir()
    (tmp_path / "lib").mkdir()
    for folder in ("app", "lib"):
        (tmp_path / folder / "__init__.py").write_text("")
    (tmp_path / "lib" / "errors.py").write_text("def give_up():\n    raise SystemError('x')\n")
    (tmp_path / "app" / "main.py").write_text(
        "from lib.errors import give_up\n\n\ndef f(load):\n"
        "    try:\n        load()\n    except Exception:\n        give_up()\n"
    )
    known = svclint(["check", "--output-format=json", "app/main.py"], cwd=tmp_path)
    (tmp_path / "lib" / "errors.py").write_text("def give_up():\n    return [].copy()\n")
    changed = svclint(["check", "--output-format=json", "app/main.py"], cwd=tmp_path)

    assert [] == _findings(known.stdout)
    assert ["SVC405"] == [each["code"] for each in _findings(changed.stdout)]
