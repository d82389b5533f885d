"""Discovery finds what ruff finds; what the program knows and what is reported are two things."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclint.errors import ConfigError
from svclint.source.discovery import DEFAULT_EXCLUDE, Discovery, FileSettings, discover
from svclint.source.globs import Globs

RUFF = shutil.which("ruff", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
GIT = {".git/HEAD": "ref: refs/heads/main\n"}


def build(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def relative(paths: tuple[str, ...], root: Path) -> list[str]:
    return [os.path.relpath(path, root) for path in paths]


def found(root: Path, *arguments: str, **options) -> tuple[list[str], list[str]]:
    result = run(root, *arguments, **options)
    return relative(result.known, root), relative(result.reported, root)


def run(root: Path, *arguments: str, **options) -> Discovery:
    return discover(root, [str(root / argument) for argument in arguments], FileSettings(**options))


def test_a_file_list_changes_what_is_reported_not_what_is_known(tmp_path) -> None:
    """The program knows all of the project, also when a hook names one file."""
    build(tmp_path, {"app/a.py": "", "app/b.pyi": "", "app/c.txt": "", "d.py": ""})

    known, reported = found(tmp_path, "app/a.py")

    assert known == ["app/a.py", "app/b.pyi", "d.py"]
    assert reported == ["app/a.py"]
    assert found(tmp_path, ".")[1] == known
    assert found(tmp_path, "app")[1] == ["app/a.py", "app/b.pyi"]
    assert found(tmp_path)[1] == []


def test_paths_are_absolute_sorted_and_unique(tmp_path, monkeypatch) -> None:
    """However the arguments spell them."""
    build(tmp_path, {"b.py": "", "a/x.py": ""})
    monkeypatch.chdir(tmp_path / "a")

    result = discover(tmp_path, ["..", "x.py", "./x.py", "../a/../b.py"], FileSettings())

    assert result.known == result.reported == (f"{tmp_path}/a/x.py", f"{tmp_path}/b.py")


def test_a_named_file_is_read_although_it_is_excluded(tmp_path) -> None:
    """And then it is known; with force_exclude it is neither."""
    build(tmp_path, {"dist/a.py": "", "dist/b.py": "", "c.py": "", "tool": ""})

    assert found(tmp_path, ".") == (["c.py"], ["c.py"])
    assert found(tmp_path, "dist/a.py") == (["c.py", "dist/a.py"], ["dist/a.py"])
    assert found(tmp_path, "dist") == (["c.py", "dist/a.py", "dist/b.py"], ["dist/a.py", "dist/b.py"])
    assert found(tmp_path, "tool") == (["c.py", "tool"], ["tool"])
    for argument in ("dist", "dist/a.py"):
        assert found(tmp_path, argument, force_exclude=True) == (["c.py"], [])
    assert found(tmp_path, "c.py", force_exclude=True, extend_exclude=("c.py",)) == ([], [])


def test_files_outside_of_the_root_are_known_when_named(tmp_path) -> None:
    """A path that is asked for is answered."""
    build(tmp_path, {"project/a.py": "", "other/b.py": "", "other/c.py": ""})

    known, reported = found(tmp_path / "project", "../other/b.py", "a.py")

    assert known == ["../other/b.py", "a.py"]
    assert reported == known


def test_odd_entries(tmp_path) -> None:
    """Links to folders are not followed, loops end, sockets and pipes are no code, a folder may be called x.py."""
    build(tmp_path, {"x.py/inner.py": "", "a/k.py": ""})
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/link.py").symlink_to("k.py")
    (tmp_path / "a/folder.py").symlink_to(tmp_path / "x.py")
    (tmp_path / "a/broken.py").symlink_to("nowhere.py")
    (tmp_path / "a/.#k.py").symlink_to("me@host.1:2")
    os.mkfifo(tmp_path / "a/fifo.py")

    result = run(tmp_path, ".", "nope.py", "a/fifo.py")

    assert relative(result.known, tmp_path) == ["a/k.py", "a/link.py", "x.py/inner.py"]
    assert [(os.path.relpath(problem.path, tmp_path), problem.reason) for problem in result.problems] == [
        ("a/broken.py", "broken symbolic link"),
        ("a/fifo.py", "not a regular file"),
        ("nope.py", "no such file"),
    ]
    assert run(tmp_path, "x.py").problems == ()
    assert found(tmp_path, "a/loop/x.py")[1] == ["a/loop/x.py/inner.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_a_problem(tmp_path) -> None:
    """Not silence: what is in it was not analysed."""
    build(tmp_path, {"a.py": "", "secret/b.py": ""})
    (tmp_path / "secret").chmod(0)
    try:
        result = run(tmp_path, ".")
    finally:
        (tmp_path / "secret").chmod(0o755)

    assert [problem.reason for problem in result.problems] == ["permission denied"]


def test_git_ignores_only_inside_of_a_repository(tmp_path) -> None:
    """As ruff: a .gitignore that no repository reads says nothing."""
    files = {".gitignore": "gen/\n*_pb2.py\n", "gen/a.py": "", "b_pb2.py": "", "c.py": ""}
    build(tmp_path / "plain", files)
    build(tmp_path / "repo", files | GIT)

    assert found(tmp_path / "plain", ".")[0] == ["b_pb2.py", "c.py", "gen/a.py"]
    assert found(tmp_path / "repo", ".")[0] == ["c.py"]
    assert found(tmp_path / "repo", "gen")[1] == ["gen/a.py"]


def test_nested_ignore_files_negation_and_the_repository_s_own_excludes(tmp_path) -> None:
    """The nearest file decides, within a file the last line; a nested repository starts afresh."""
    build(
        tmp_path,
        GIT
        | {
            ".git/info/exclude": "local.py\n",
            ".gitignore": "*.py\n!keep*.py\n!/sub/\n",
            "keep.py": "",
            "drop.py": "",
            "local.py": "",
            "sub/.gitignore": "!drop.py\nkeep2.py\n",
            "sub/drop.py": "",
            "sub/keep2.py": "",
            "sub/keep3.py": "",
            "vendor/.git/HEAD": "",
            "vendor/drop.py": "",
        },
    )

    assert found(tmp_path, ".")[0] == ["keep.py", "sub/drop.py", "sub/keep3.py", "vendor/drop.py"]


def test_ignore_files_above_the_root_hold(tmp_path) -> None:
    """The repository may be larger than the project; if it ignores the project as a whole, that was asked for."""
    build(
        tmp_path,
        GIT
        | {
            ".gitignore": "*_gen.py\n/scratch/\n",
            "services/a/x_gen.py": "",
            "services/a/x.py": "",
            "scratch/b/y_gen.py": "",
        },
    )

    assert found(tmp_path / "services/a", ".")[0] == ["x.py"]
    assert found(tmp_path / "scratch/b", ".")[0] == ["y_gen.py"]


def test_a_worktree_reads_the_excludes_of_its_repository(tmp_path) -> None:
    """Its .git is a file that points there."""
    build(tmp_path / "main", {".git/info/exclude": "a.py\n", ".git/worktrees/w/commondir": "../..\n"})
    build(tmp_path / "w", {".git": f"gitdir: {tmp_path}/main/.git/worktrees/w\n", "a.py": "", "b.py": ""})

    assert found(tmp_path / "w", ".")[0] == ["b.py"]


def test_lines_of_an_ignore_file_that_make_no_sense_are_skipped(tmp_path) -> None:
    """The others hold."""
    build(
        tmp_path,
        GIT | {".gitignore": "!\n\\\na.py\n[\n\udcff\n".encode("utf-8", "replace").decode(), "a.py": "", "b.py": ""},
    )

    assert found(tmp_path, ".")[0] == ["b.py"]


@pytest.mark.parametrize("glob", ["a[b", "{a,b", "x/{y"])
def test_a_glob_that_can_not_be_read_is_a_configuration_error(glob: str, tmp_path) -> None:
    """With the glob in the message."""
    with pytest.raises(ConfigError, match="unclosed"):
        Globs((glob,), str(tmp_path))


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("tests", "/p/tests", True),
        ("tests", "/p/a/tests", True),
        ("tests", "/p/mytests", False),
        ("app/*.py", "/p/app/x/y.py", True),
        ("./app/", "/p/app", True),
        ("app/**/x.py", "/p/app/x.py", True),
        ("app/**/x.py", "/p/app/a/b/x.py", True),
        ("**/x.py", "/p/x.py", True),
        ("app/**", "/p/app/x", True),
        ("app/**", "/p/app", False),
        ("{a,b}.py", "/p/b.py", True),
        ("[!a].py", "/p/a.py", False),
        ("[!a].py", "/p/b.py", True),
        ("[]].py", "/p/].py", True),
        ("x?.py", "/p/xy.py", True),
        ("x.py", "/p/xxpy", False),
        ("!a.py", "/p/a.py", False),
        (r"\*.py", "/p/*.py", True),
        ("/q/a.py", "/q/a.py", True),
        ("a,b", "/p/a,b", True),
        ("a}", "/p/a}", True),
    ],
)
def test_globs(glob: str, path: str, *, expected: bool) -> None:
    """They mean what they mean to ruff."""
    assert Globs((glob,), "/p").match(path, path.rsplit("/", 1)[1]) is expected


def test_a_root_with_characters_of_globs() -> None:
    """Only the patterns are patterns."""
    assert Globs(("a/b.py",), "/p[1]*").match("/p[1]*/a/b.py", "b.py")
    assert Globs(("a/b.py",), "/").match("/a/b.py", "b.py")


NAMES = st.sampled_from(["a", "b", "dist", "x.py", "y.py", "z.pyi", "n.txt", ".venv", "éé.py"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
LINES = st.sampled_from(
    [
        "a",
        "/a",
        "a/",
        "b/*",
        "*.py",
        "!x.py",
        "!a/",
        "**/x.py",
        "a/**",
        "/dist",
        "# a",
        "",
        "y.*",
        "[xy].py",
        "b/a",
        "\\!a",
    ]
)
GLOBS = st.sampled_from(["a", "b/*", "*.pyi", "a/**", "**/y.py", "[!x].py", "a/b", "b/", "?.py", "./a", "*/x.py"])


@pytest.mark.skipif(RUFF is None, reason="ruff is not installed")
@settings(max_examples=25, deadline=None)
@given(
    paths=st.lists(PATHS, min_size=1, max_size=8),
    ignore_files=st.dictionaries(st.sampled_from(["", "a/", "b/", "a/b/"]), st.lists(LINES, max_size=4), max_size=2),
    exclude=st.lists(GLOBS, max_size=2),
    argument=st.sampled_from([".", ".", "a", "b", "dist"]),
    repository=st.booleans(),
    force=st.booleans(),
)
def test_finds_what_ruff_finds(*, paths, ignore_files, exclude, argument, repository, force) -> None:
    """
    On any tree, with any ignore files and excludes.

    Apart from one thing: in a folder that is ignored and named all the same, ruff still asks the files around it.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "a").mkdir()
        for path in paths:
            if not (root / path).exists() and all(not parent.is_file() for parent in (root / path).parents):
                build(root, {path: ""})
        if not (root / argument).is_dir():
            argument = "."
        for where, lines in ignore_files.items():
            if argument != "." and not where:
                continue
            if not (root / where).exists() or (root / where).is_dir():
                build(root, {f"{where}.gitignore": "\n".join(lines)})
        if repository:
            build(root, GIT | {".git/objects/.keep": "", ".git/refs/.keep": ""})

        known, reported = found(
            root, argument, exclude=(*DEFAULT_EXCLUDE, *exclude), force_exclude=force, include=("*.py", "*.pyi")
        )

        assert set(reported) <= set(known)
        assert ruff_finds(root, argument, exclude, force=force) == reported


def ruff_finds(root: Path, argument: str, exclude: list[str], *, force: bool) -> list[str]:
    assert RUFF is not None
    quoted = ", ".join(f'"{glob}"' for glob in exclude)
    config = root.parent / f"{root.name}.toml"
    config.write_text(
        f'extend-exclude = [{quoted}]\ninclude = ["*.py", "*.pyi"]\nforce-exclude = {str(force).lower()}\n'
    )
    try:
        output = subprocess.run(
            [RUFF, "check", "--no-cache", "--config", config, "--show-files", argument],
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    finally:
        config.unlink()
    return sorted(os.path.relpath(line, root) for line in output.splitlines() if line.endswith((".py", ".pyi")))
