"""What users add to the catalogue: which rows hold, and what is said of those that can't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svclint.catalogue.load import builtin_catalogue, catalogue_with
from svclint.catalogue.model import Api, Timeout
from svclint.config.apis import place_of_row
from svclint.config.load import load, with_nested
from svclint.errors import ConfigError

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


def wrong(text: str, project: Path) -> list[str]:
    """Return what loading a pyproject.toml complains of."""
    write(project / "pyproject.toml", text)
    with pytest.raises(ConfigError) as error:
        load(["."])
    return str(error.value).splitlines()


CLIENT = """\
[tool.svclint]
preview = true

[[tool.svclint.api]]
name = "acme_http.get"
aliases = ["acme_http.client.get"]
blocks = "network"
network = true
timeout = { keyword = "deadline", position = 1 }

[[tool.svclint.api]]
name = "acme_http.wait"
source = "the team's handbook"
[tool.svclint.api.timeout]
default = 3
"""
LIBRARY = """\
library = "acme_queue"
version = "4"
source = "its README"

[[api]]
name = "acme_queue.Queue"
kind = "class"

[[group]]
owner = "acme_queue.Queue"
names = [
  "put",
  "take",
]
blocks = "network"
"""


def test_rows_of_pyproject(project):
    """Tables `[[tool.svclint.api]]` are rows; where they say nothing of their source, it is the file."""
    file = write(project / "pyproject.toml", CLIENT)

    config = load(["."])

    get = Api(
        name="acme_http.get",
        aliases=("acme_http.client.get",),
        blocks="network",
        network=True,
        timeout=Timeout(keyword="deadline", position=1),
        source="pyproject.toml",
    )
    wait = Api(name="acme_http.wait", source="the team's handbook", timeout=Timeout(default=3))
    assert ((file.as_posix(), get), (file.as_posix(), wait)) == config.own_rows
    assert place_of_row(file.as_posix(), "acme_http.wait") == "pyproject.toml:12"


def test_rows_of_svclint_toml(project):
    """In svclint.toml the tables are `[[api]]`."""
    write(project / "svclint.toml", '[[api]]\nname = "acme.f"\nblocks = "wait"\n')

    assert load(["."]).api == (Api(name="acme.f", blocks="wait", source="svclint.toml"),)


def test_files_of_rows(project):
    """`catalogue` names files from the folder of the configuration; their groups are spelled out."""
    write(project / "pyproject.toml", '[tool.svclint]\ncatalogue = ["lint/queue.toml"]\n')
    file = write(project / "lint/queue.toml", LIBRARY)
    write(project / "app/x.py", "")

    config = load(["app"])

    assert (file.as_posix(),) == config.catalogue
    assert ["acme_queue.Queue", "acme_queue.Queue.put", "acme_queue.Queue.take"] == [
        row.name for _, row in config.own_rows
    ]
    assert {(file.as_posix(), "its README")} == {(each, row.source) for each, row in config.own_rows}
    assert place_of_row(file.as_posix(), "acme_queue.Queue.take") == "lint/queue.toml:13"


def test_rows_on_the_command_line(project):
    """A pair on the command line goes before the file's, as with every key; its files are those of the folder."""
    write(project / "svclint.toml", 'catalogue = ["none.toml"]\n[[api]]\nname = "acme.f"\n')
    file = write(project / "queue.toml", LIBRARY)
    pairs = ['catalogue = ["queue.toml"]', 'api = [{ name = "acme.g" }]']
    (project / "none.toml").write_text('library = "none"\nsource = "none"\n')

    config = load(["."], configs=pairs)

    assert config.own_rows[0] == ("command line", Api(name="acme.g", source="command line"))
    assert {file.as_posix()} == {each for each, _ in config.own_rows[1:]}


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        ('name = "acme.f"\nblcks = "network"', ['3: acme.f: unknown field "blcks"; did you mean "blocks"?']),
        (
            'name = "acme.f"\nblocks = "netwrok"',
            ['3: acme.f: "blocks" must be one of cpu, database, file, network, sleep, stat, subprocess, wait, not "ne'],
        ),
        ('name = "acme.f"\nbounded-by = ["x"]', ['3: acme.f: unknown field "bounded-by"; did you mean "bounded_by"?']),
        ('name = "acme.f"\ncoroutine = "yes"', ['3: acme.f: "coroutine" must be true or false, not a string']),
        ('name = "acme.f"\naliases = "acme.g"', ['3: acme.f: "aliases" must be an array, not a string']),
        ('name = "acme.f"\naliases = [\n"acme.g",\n4]', ['3: acme.f: item 2 of "aliases" must be a string, not']),
        (
            'name = "acme.f"\ntimeout = { keywrd = "t", default = "nune", position = 1.5 }',
            [
                '3: acme.f: unknown field "keywrd" in "timeout"; did you mean "keyword"?',
                '3: acme.f: "timeout.default" must be a number, or one of none, object, not "nune"; did you mean "n',
                '3: acme.f: "timeout.position" must be an integer, not a number',
            ],
        ),
        (
            'name = "acme.f"\n[tool.svclint.api.timeout]\nkeyword = 1',
            ['4: acme.f: "timeout.keyword" must be a string, not an integer'],
        ),
        (
            'name = "acme.f"\nruns = [\n  { slot = "0", where = "thread" },\n  { slot = 1 },\n]',
            [
                '4: acme.f: "runs.slot" must be a string, not an integer',
                '3: acme.f: "where" is missing in "runs"',
            ],
        ),
        ('blocks = "network"', ['1: table 1 of "api": "name" is missing']),
        ('name = "acme"', ['2: acme: "name" must be a dotted name such as package.function or package.Class.*']),
        ('name = "acme.f"\naliases = ["acme.*.f"]', ['3: acme.f: "aliases" must be a dotted name']),
    ],
)
def test_wrong_rows(project, row, messages):
    """All that is wrong with a row is told, each with its line, and what was meant."""
    found = wrong(f"[[tool.svclint.api]]\n{row}\n", project)

    assert len(messages) == len(found)
    for message, line in zip(messages, found, strict=True):
        assert line.startswith(f"pyproject.toml:{message}")


def test_an_unknown_effect_is_told_with_all_that_there_are(project):
    """The words that an effect can be are many: they are listed, and the nearest is named."""
    [message] = wrong('[[tool.svclint.api]]\nname = "acme.f"\neffects = [\n  "sleeps",\n  "spawn",\n]\n', project)

    assert message.startswith('pyproject.toml:5: acme.f: item 2 of "effects" must be one of allows-reentry, ')
    assert message.endswith(', not "spawn"; did you mean "spawns"?')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[tool.svclint]\napi = "acme"\n', '2: "api" must be an array of tables, not a string'),
        ("[tool.svclint]\napi = [3]\n", '2: table 1 of "api": this must be a table, not an integer'),
        ('[tool.svclint]\ncatalogue = "x.toml"\n', '2: "catalogue" must be an array of strings, not a string'),
        ('[tool.svclint]\ncatalogue = [\n"no.toml"]\n', '3: "catalogue": there is no file no.toml'),
        ('[[tool.svclint.apis]]\nname = "a.b"\n', '1: unknown key "apis"; did you mean "api"?'),
    ],
)
def test_wrong_keys(project, text, message):
    """The keys themselves are checked like all others."""
    assert [f"pyproject.toml:{message}"] == wrong(text, project)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'kind = "class"',
            'kind = "clas"',
            '7: acme_queue.Queue: "kind" must be one of class, exception, function, object',
        ),
        ('blocks = "network"', "blcks = 1", '15: acme_queue.Queue: unknown field "blcks"; did you mean "blocks"?'),
        ('"take"', '"take "', '13: acme_queue.Queue: "names" must be a name, not "take "'),
        ('version = "4"', "version = 4", '2: "version" must be a string, not an integer'),
        ('library = "acme_queue"', "libary = 4", '1: unknown field "libary"; did you mean "library"?'),
        ("names = [", "name = [", '11: acme_queue.Queue: unknown field "name"; did you mean "names"?'),
        ('source = "its README"', "source =", "3:9: not valid TOML"),
    ],
)
def test_wrong_files(project, old, new, message):
    """A file is checked by the same schema, and told by its own lines."""
    write(project / "queue.toml", LIBRARY.replace(old, new))

    messages = wrong('[tool.svclint]\ncatalogue = ["queue.toml"]\n', project)

    assert messages[0].startswith(f"queue.toml:{message}")


def test_two_rows_for_one_name(project):
    """Two rows of the user for one API are an error that names both places."""
    write(project / "queue.toml", LIBRARY)
    file = 'catalogue = ["queue.toml"]'

    assert [
        "pyproject.toml:5: acme.f is described twice, also at pyproject.toml:2",
    ] == wrong('[[tool.svclint.api]]\nname = "acme.f"\n\n[[tool.svclint.api]]\nname = "acme.f"\n', project)
    assert [
        "queue.toml:13: acme_queue.Queue.take is described twice, also at pyproject.toml:4",
    ] == wrong(f'[tool.svclint]\n{file}\n[[tool.svclint.api]]\nname = "acme_queue.Queue.take"\n', project)
    assert [
        "queue.toml:6: acme_queue.Queue is described twice, also at pyproject.toml:4 as acme.Queue",
    ] == wrong(
        f'[tool.svclint]\n{file}\n[[tool.svclint.api]]\nname = "acme.Queue"\naliases = ["acme_queue.Queue"]', project
    )


def test_two_names_of_one_library_function(project):
    """Whoever describes an API of a known library by two of its names describes it twice."""
    rows = ["requests.get", "requests.api.get"]
    text = "".join(f'[[tool.svclint.api]]\nname = "{name}"\n' for name in rows)

    assert [
        "pyproject.toml:4: requests.api.get is described twice, also at pyproject.toml:2 as requests.get",
    ] == wrong(text, project)


def test_rows_in_arrays_and_in_texts_have_their_lines(project):
    """A row is found also where the array is written in brackets, and beside a text that looks like a header."""
    text = """\
[project]
description = '''
[[tool.svclint.api]]
'''
[[tool.svclint.api]]
name = "acme.f"
[[tool.svclint.api]]
name = "acme.g"
nmae = 1
"""
    assert ['pyproject.toml:9: acme.g: unknown field "nmae"; did you mean "name"?'] == wrong(text, project)

    text = '[tool.svclint]\napi = [\n  { name = "acme.f" },\n  { name = "acme.g", aliases = ["acme.f"] },\n]\n'
    assert ["pyproject.toml:4: acme.f is described twice, also at pyproject.toml:3"] == wrong(text, project)


def test_nested_configurations_add_no_rows(project):
    """Rows stand in the root's configuration only; others are named in a note, and their files are not read."""
    write(project / "svclint.toml", "")
    write(project / "a/svclint.toml", 'catalogue = ["none.toml"]\n[[api]]\nname = "acme.f"\n')

    config, notes = with_nested(load(["."]), [(project / "a").as_posix()])

    assert () == config.own_rows
    assert 'a/svclint.toml: "catalogue", "api" not read' in notes[0]


# --- the catalogue with them ---


def test_no_rows_no_copy():
    """Without rows of the user the catalogue is the one that all share."""
    assert catalogue_with(()) is builtin_catalogue()


def test_a_row_takes_the_place_of_a_known_one():
    """A row for a known API replaces it under all of its names, and leaves the catalogue that ships alone."""
    before = builtin_catalogue().get("requests.get")
    row = Api(name="requests.api.get", aliases=("acme.get",), blocks="wait")

    catalogue = catalogue_with((("/p/pyproject.toml", row),))

    assert {"requests.get"} == catalogue.own
    found = catalogue.get("requests.get")
    assert found is not None
    assert (found.blocks, found.timeout) == ("wait", None)
    for name in ("requests.api.get", "acme.get"):
        assert catalogue.canonical(name) == "requests.get"
    assert catalogue.files["requests.get"] == "/p/pyproject.toml"
    assert builtin_catalogue().get("requests.get") is before
    assert builtin_catalogue().canonical("acme.get") == "acme.get"


def test_an_alias_that_was_an_api_of_its_own():
    """A known API that the user calls another name of theirs is theirs, under all of its names."""
    row = Api(name="acme.get", aliases=("requests.get",), blocks="wait")

    catalogue = catalogue_with((("/p/pyproject.toml", row),))

    for name in ("requests.get", "requests.api.get"):
        assert catalogue.canonical(name) == "acme.get"
    assert catalogue.get("requests.get") is None


def test_a_method_of_a_known_class():
    """A row for one method stands beside what stands for all others; a class of the user may inherit them."""
    rows = (
        Api(name="redis.client.Redis.get", effects=("asks",)),
        Api(name="acme.Cache", kind="class", bases=("redis.Redis",)),
    )

    catalogue = catalogue_with(tuple(("/p/pyproject.toml", row) for row in rows))

    for name in ("redis.Redis.get", "acme.Cache.get"):
        assert catalogue.has(name, "asks"), name
    for name in ("redis.Redis.set", "acme.Cache.set"):
        found = catalogue.get(name)
        assert found is not None
        assert found.blocks == "database"
