"""Which file decides, what it says, and what the command line lays over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svclint.config.load import load, locate, with_nested
from svclint.config.model import Config
from svclint.config.settings import Settings
from svclint.errors import ConfigError, UsageError
from svclint.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory and marks a root, so that nothing above it is found."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_defaults(project):
    """Without a file, the configuration is the default one."""
    assert Config(root=project.as_posix()) == load(["."])


def test_pyproject(project):
    """Every key of pyproject.toml arrives, and its origin with it."""
    file = write(
        project / "pyproject.toml",
        """\
[tool.svclint]
select = ["SVC1", "raise-without-from"]
extend-select = ["SVC902"]
ignore = ["SVC103"]
preview = true
target-version = "py310"
exclude = ["legacy"]
extend-exclude = ["vendored/**"]
include = ["*.py"]
force-exclude = true
src = ["lib"]
error-sinks = ["app.errors.report", "app.*.capture"]
boundaries = ["app.jobs.run"]
require-reason = true

[tool.svclint.per-file-ignores]
"tests/**" = ["SVC4"]

[tool.svclint.severity]
SVC110 = "error"
""",
    )

    config = load(["."])

    assert config.select == ("SVC1", "raise-without-from")
    assert config.extend_select == ("SVC902",)
    assert config.ignore == ("SVC103",)
    assert config.preview
    assert config.target_version == "py310"
    assert config.exclude == ("legacy",)
    assert config.extend_exclude == ("vendored/**",)
    assert config.include == ("*.py",)
    assert config.force_exclude
    assert config.src == ("lib",)
    assert config.error_sinks == ("app.errors.report", "app.*.capture")
    assert config.boundaries == ("app.jobs.run",)
    assert config.require_reason
    assert config.per_file_ignores == (("tests/**", ("SVC4",)),)
    assert config.severity == (("SVC110", Severity.ERROR),)
    assert (file.as_posix(),) == config.origins_of("severity")


def test_svclint_toml_goes_first(project):
    """svclint.toml decides where both files stand in one folder."""
    write(project / "pyproject.toml", "[tool.svclint]\npreview = true\n")
    write(project / "svclint.toml", 'ignore = ["SVC4"]\n')

    config = load(["."])

    assert config.ignore == ("SVC4",)
    assert not config.preview


def test_nearest_configured_folder_above_all_paths(project):
    """One root: a nested configuration does not become it when another path lies outside of its folder."""
    write(project / "svclint.toml", "")
    write(project / "a/svclint.toml", "preview = true\n")
    write(project / "a/x.py", "")
    write(project / "b/y.py", "")

    assert (project / "a").as_posix() == load(["a/x.py"]).root
    assert project.as_posix() == load(["a/x.py", "b"]).root


def test_git_root_then_pyproject_then_working_directory(tmp_path, monkeypatch):
    """Where nothing configures svclint, the git root is the root, else the nearest pyproject.toml's folder."""
    deep = tmp_path / "a/b/c"
    deep.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a")

    assert (tmp_path / "a").as_posix() == load(["b/c"]).root

    write(tmp_path / "a/b/pyproject.toml", "[project]\n")
    assert (tmp_path / "a/b").as_posix() == load(["b/c"]).root

    write(tmp_path / "a/.git", "gitdir: elsewhere\n")
    assert (tmp_path / "a").as_posix() == load(["b/c"]).root


def test_missing_path_has_the_root_of_its_folder(project):
    """A path that does not exist is no reason to fail here: the run tells it."""
    assert project.as_posix() == load(["no/such/file.py"]).root


def test_isolated_reads_nothing(project):
    """--isolated looks at no file, not even at a broken one."""
    write(project / "svclint.toml", "preview = tru")

    assert Config(root=project.as_posix(), isolated=True) == load(["."], isolated=True)


def test_requires_python_is_the_target(project):
    """The oldest Python that the project promises is the target, unless it is configured."""
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.9, <4"\n')

    assert load(["."]).target_version == "py39"
    assert load(["."], configs=['target-version = "py312"']).target_version == "py312"


def test_command_line_selection(project):
    """A selection on the command line starts afresh; what is only added or ignored is laid over the file's."""
    write(project / "svclint.toml", 'select = ["SVC401", "SVC1"]\nignore = ["SVC103", "SVC2"]\n')

    fresh = load(["."], overrides=Settings(select=("SVC4",)))
    added = load(["."], overrides=Settings(extend_select=("SVC103",), ignore=("SVC4",)))

    assert fresh.select == ("SVC4",)
    assert fresh.ignore == ()
    assert fresh.origins_of("select") == ("command line",)
    assert fresh.origins_of("ignore") == ("default",)
    assert added.select == ("SVC1",), "a later selector beats a finer one of an earlier source"
    assert added.ignore == ("SVC2", "SVC4")
    assert ((project / "svclint.toml").as_posix(), "command line") == added.origins_of("ignore")


def test_config_option(project):
    """--config takes a file, which replaces what is found, and pairs, which go before it."""
    write(project / "svclint.toml", "require-reason = true\n")
    write(project / "conf/strict.toml", 'preview = true\nignore = ["SVC1"]\n')

    config = load(["."], configs=["conf/strict.toml", "preview = false"])

    assert project.as_posix() == config.root
    assert not config.preview
    assert not config.require_reason
    assert config.ignore == ("SVC1",)


@pytest.mark.parametrize(
    ("configs", "message"),
    [
        (["nothing.toml"], "--config nothing.toml: there is no such file"),
        (["target-version=py311"], "strings need quotes"),
        (["svclint.toml", "svclint2.toml"], "one file at most"),
    ],
)
def test_config_option_misused(project, configs, message):
    """What --config can't take is a usage error that says why."""
    write(project / "svclint.toml", "")
    write(project / "svclint2.toml", "")

    with pytest.raises(UsageError, match=message):
        load(["."], configs=configs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.svclint]\nignored = []\n", 'pyproject.toml:2: unknown key "ignored"; did you mean "ignore"?'),
        ("[tool.svclint]\nextend_select = []\n", 'unknown key "extend_select"; did you mean "extend-select"?'),
        ("[tool.svclint]\n\nselect = 'SVC4'\n", 'pyproject.toml:3: "select" must be an array of strings, not a string'),
        ("[tool.svclint]\nselect = [\n 1]\n", '2: "select" must be an array of strings, but item 1 is an integer'),
        ("[tool.svclint]\npreview = 1\n", '2: "preview" must be true or false, not an integer'),
        ('[tool.svclint]\ntarget-version = "3.11"\n', '"target-version" must be a version such as "py311", not "3.11"'),
        ("[tool.svclint]\ndefault-timeout = 0\n", '2: "default-timeout" must be a number of seconds above 0, not 0'),
        ('[tool.svclint]\ndefault-timeout = "5"\n', '2: "default-timeout" must be a number, not a string'),
        (
            '[tool.svclint.severity]\nSVC401 = "error"\nSVC110 = "eror"\n',
            '3: "severity.SVC110" must be one of error, warning, info, not "eror"; did you mean "error"?',
        ),
        (
            '[tool.svclint]\nper-file-ignores = { "a" = ["x"], "b" = "SVC4" }\n',
            '"per-file-ignores.b" must be an array of strings, not a string',
        ),
        ('[tool.svclint]\nerror-sinks = [\n  "a.b",\n  "c.d()",\n]\n', '4: "error-sinks" holds dotted names'),
        ("[tool]\nsvclint = 3\n", "2: [tool.svclint] must be a table"),
        ("[tool.svclint]\nselect = \n", "pyproject.toml:2:10: not valid TOML: invalid value"),
        ("[tool.svclint]\nselect = [", "pyproject.toml:2: not valid TOML: invalid value"),
    ],
)
def test_wrong_files(project, text, message):
    """Whatever is wrong with a file is told with its place and what was meant."""
    write(project / "pyproject.toml", text)

    with pytest.raises(ConfigError) as error:
        load(["."])

    assert message in str(error.value)


def test_all_that_is_wrong_at_once(project):
    """One run tells everything that is wrong with a file."""
    write(project / "svclint.toml", "selct = []\npreview = 3\n")

    with pytest.raises(ConfigError) as error:
        load(["."])

    assert str(error.value).splitlines() == [
        'svclint.toml:1: unknown key "selct"; did you mean "select"?',
        'svclint.toml:2: "preview" must be true or false, not an integer',
    ]


def test_not_utf8(project):
    """A file in another encoding is told with its line."""
    (project / "svclint.toml").write_bytes(b"# ok\n# \xe9\n")

    with pytest.raises(ConfigError, match=r"svclint.toml:2: not UTF-8"):
        load(["."])


def test_nested_configurations_only_ignore(project):
    """A nested configuration ignores for its own folder; what else it says is named in a note."""
    write(project / "svclint.toml", '[per-file-ignores]\n"x.py" = ["SVC1"]\n')
    write(project / "a/[b]/pyproject.toml", '[tool.svclint]\nignore = ["SVC4"]\nselect = ["SVC1"]\n')
    write(project / "c/pyproject.toml", "[project]\n")

    config, notes = with_nested(load(["."]), [(project / "a/[b]/deep").as_posix(), (project / "c").as_posix()])

    assert config.per_file_ignores == (("x.py", ("SVC1",)), ("a/[[]b]/**", ("SVC4",)))
    assert len(notes) == 1
    assert 'a/[b]/pyproject.toml: "select" not read' in notes[0]


def test_locate(project):
    """A value is found in its file, on its own line."""
    write(
        project / "pyproject.toml",
        """\
# ignore = ["SVC999"]
[project]
name = "ignore"
[tool.svclint]
select = [
  "SVC4",
  "SVC999",
]
ignore = ["SVC401"]
[tool.svclint.per-file-ignores]
"a.py" = ["SVC1"]
"b.py" = ["SVC777"]
[tool.svclint.severity]
SVC555 = "info"
""",
    )
    config = load(["."], overrides=Settings(ignore=("SVC888",)))

    assert locate(config, "select") == "pyproject.toml:5"
    assert locate(config, "select", "SVC999") == "pyproject.toml:7"
    assert locate(config, "ignore", "SVC401") == "pyproject.toml:9"
    assert locate(config, "ignore", "SVC888") == "command line"
    assert locate(config, "per-file-ignores", "SVC777") == "pyproject.toml:12"
    assert locate(config, "severity", "SVC555") == "pyproject.toml:14"
    assert locate(config, "boundaries") == "default"
