"""`svclint catalogue` and the rows of the user in `svclint config`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import get_args

import msgspec
import pytest

from svclint.catalogue.load import builtin_catalogue
from svclint.catalogue.meanings import BLOCKING, EFFECTS, PLACES
from svclint.catalogue.model import Api, Blocking, Bound, Callback, Effect, Facts, Log, Methods, Place, Timeout
from svclint.catalogue.wording import in_words

ACME = """\
catalogue = ["lint/queue.toml"]

[[api]]
name = "acme_http.get"
aliases = ["acme_http.calls.get"]
blocks = "network"
network = true
timeout = { keyword = "deadline", position = 1, default = 30, before = [{ version = "2", default = "none" }] }
runs = [{ slot = "on_error", where = "inline" }]

[[api]]
name = "acme_http.Cache"
kind = "class"
bases = ["redis.Redis"]

[[api]]
name = "requests.api.get"
source = "the team's handbook"
"""
QUEUE = """\
library = "acme_queue"
source = "acme_queue 3.2 as installed"

[[api]]
name = "acme_queue.Queue"
kind = "class"

[[group]]
owner = "acme_queue.Queue"
names = ["put", "take"]
effects = ["drops"]
"""


@pytest.fixture
def acme(folder):
    """The working directory, with rows of its own."""
    (folder / "svclint.toml").write_text(ACME)
    (folder / "lint").mkdir()
    (folder / "lint/queue.toml").write_text(QUEUE)
    return folder


def shown(text):
    """Return the lines of a command without what is only there to align them."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_row_in_words(svclint, acme):
    """All that a row says is told in words, with its file and line."""
    assert shown(svclint("catalogue", "acme_http.get").out) == [
        "acme_http.get",
        "aliases acme_http.calls.get",
        "kind function",
        "blocks network: the calling thread waits for another machine",
        "network it waits for another machine",
        "timeout `deadline` bounds the wait",
        "it may also be the 2nd positional argument",
        "without: 30 s",
        "before version 2: it waits for ever",
        "for ever with: None",
        "runs `on_error` is called in the caller, before the call returns",
        "source svclint.toml",
        "file svclint.toml:4",
    ]


def test_another_name(svclint, acme):
    """An alias is told to be one; the call's parentheses may stand behind a name."""
    out = shown(svclint("catalogue", "acme_http.calls.get()").out)

    assert out[:2] == ["acme_http.calls.get", "name acme_http.get, of which this is another name"]
    assert out[-1] == "file svclint.toml:4"


def test_inherited_and_covered(svclint, acme):
    """A name without a row of its own is told which one speaks for it."""
    stands = "which stands for all that have no row of their own"

    assert f"row redis.Redis.*, inherited, {stands}" in shown(svclint("catalogue", "acme_http.Cache.hset").out)
    assert f"row redis.Redis.*, {stands}" in shown(svclint("catalogue", "redis.client.Redis.hset").out)
    assert "row redis.Redis.blpop, inherited" in shown(svclint("catalogue", "acme_http.Cache.blpop").out)
    out = shown(svclint("catalogue", "redis.Redis.blpop").out)
    assert not [line for line in out if line.startswith("row ")]
    assert "kind method" in out


def test_the_file_that_says_it(svclint, acme):
    """Rows of svclint, of the configuration, and of its files are told apart; so is what a row replaces."""
    builtin = builtin_catalogue().files["requests.get"]

    assert f"file {builtin_catalogue().files['requests.post']}, which comes with svclint" in shown(
        svclint("catalogue", "requests.post").out
    )
    out = shown(svclint("catalogue", "requests.get").out)
    assert out[-3:] == [
        "source the team's handbook",
        "file svclint.toml:17",
        f"instead of what svclint says itself, in {builtin}",
    ]
    assert shown(svclint("catalogue", "acme_queue.Queue.take").out)[-3:] == [
        "effects drops: keeps nothing of its arguments",
        "source acme_queue 3.2 as installed",
        "file lint/queue.toml:10",
    ]


def test_what_is_below(svclint, acme):
    """A module has no row: what is known below it is listed. A class has both."""
    assert shown(svclint("catalogue", "acme_queue").out) == [
        "acme_queue",
        "3 names below:",
        "acme_queue.Queue class",
        "acme_queue.Queue.put drops",
        "acme_queue.Queue.take drops",
    ]
    out = shown(svclint("catalogue", "acme_queue.Queue").out)
    assert "kind class" in out
    assert out[-3:] == ["2 names below:", "acme_queue.Queue.put drops", "acme_queue.Queue.take drops"]
    assert "acme_http.calls.get = acme_http.get" in shown(svclint("catalogue", "acme_http").out)


def test_long_lists(svclint, folder):
    """Of much only the next level is listed, and how much stands below; --all lists everything."""
    short = shown(svclint("catalogue", "asyncio").out)
    long = shown(svclint("catalogue", "asyncio", "--all").out)

    known = [name for name in builtin_catalogue().names() if name.startswith("asyncio.")]
    assert len(known) > 100
    assert len(long) == len(known) + 2
    assert len(short) <= 43
    assert short[-1].endswith(f"all {len(known)} with --all)")
    assert not [line for line in short if line.startswith("asyncio.Event.wait")]
    assert [line for line in short if line.startswith("asyncio.Event ") and line.endswith("below")]
    assert [line for line in long if line.startswith("asyncio.Event.wait ")]


def test_unknown(svclint, acme):
    """What is not known ends with exit code 2, and with what was probably meant."""
    for wrong, meant in (("requests.gett", "requests.get"), ("acme_http.gat", "acme_http.get")):
        result = svclint("catalogue", wrong)

        assert result.code == 2
        assert result.out == ""
        assert f'nothing is known of {wrong}; did you mean "{meant}"?' in result.err
    assert "a table [[tool.svclint.api]]" in svclint("catalogue", "zzz.qqq").err


def test_isolated(svclint, acme):
    """--isolated shows what svclint knows itself."""
    assert svclint("catalogue", "acme_http.get", "--isolated").code == 2
    assert "which comes with svclint" in svclint("catalogue", "requests.get", "--isolated").out


def test_wrong_rows(svclint, acme):
    """A mistake in a row ends every command with exit code 2, and with its line."""
    (acme / "svclint.toml").write_text(ACME.replace("blocks", "blocking"))

    for command in (["catalogue", "asyncio"], ["config"], ["check"]):
        result = svclint(*command)

        assert result.code == 2
        assert (
            result.err == 'svclint: svclint.toml:6: acme_http.get: unknown field "blocking"; did you mean "blocks"?\n'
        )


def test_config_shows_rows(svclint, acme):
    """What `config` shows is a file that says the same, and where each row comes from."""
    out = svclint("config").out

    assert 'catalogue = ["lint/queue.toml"]  # svclint.toml:1\n' in out
    assert '[[api]]  # svclint.toml:4\nname = "acme_http.get"\n' in out
    assert '[[api]]  # svclint.toml:17\nname = "requests.api.get"\n' in out
    assert "# lint/queue.toml describes 3 APIs\n" in out
    table = tomllib.loads(out)
    said = [msgspec.convert(row, Api) for row in table["api"]]
    expected = [msgspec.convert(row, Api) for row in tomllib.loads(ACME)["api"]]
    assert said == [row if row.source else msgspec.structs.replace(row, source="svclint.toml") for row in expected]
    assert svclint("config", "--isolated").out.count("[[api]]") == 0
    assert "api = []  # default\n" in svclint("config", "--isolated").out


def test_every_word_of_the_schema_has_a_meaning():
    """What an effect, a kind of blocking or a place means can be told for each of them."""
    assert set(get_args(Effect)) == EFFECTS.keys()
    assert set(get_args(Blocking)) == BLOCKING.keys()
    assert set(get_args(Place)) == PLACES.keys()


def test_every_fact_is_told():
    """No field of a row is left out, and each is told in words."""
    row = Api(
        name="acme.Thing",
        kind="class",
        effects=("locks",),
        returns="self",
        coroutine=True,
        log=Log(level=40),
        bases=("acme.Base",),
        blocks="database",
        unless=("block=False",),
        without=("wait", "0"),
        leaving="file",
        in_memory="cpu",
        network=True,
        timeout=Timeout(keyword="t", others=("u",), default="object", carriers=("1", "pool"), connects=True),
        twin="acme.aio.Thing",
        item="acme.Row",
        entered="acme.Session",
        bounded_by=("settimeout",),
        through="acme.Transport",
        bound=Bound(slots=("read", "0"), first=True, default=5),
        runs=(Callback(slot="2", where="process"),),
        decorated="loop",
        methods=(Methods(names=("get", "post"), where="thread"),),
        source="here",
    )
    assert [] == [field.name for field in msgspec.structs.fields(Facts) if getattr(row, field.name) == field.default]

    told = list(in_words(row))

    assert told == [
        ("effects", "locks: while it is held, other threads wait"),
        ("returns", "the object that it belongs to"),
        ("coroutine", "nothing happens until its result is awaited"),
        ("log", "writes a line of level 40, with the traceback if `exc_info` asks for it"),
        ("bases", "acme.Base"),
        ("blocks", "database: the calling thread waits for a database or a broker"),
        ("unless", "it does not block with block=False"),
        ("without", "it does not block without one of `wait`, the 1st argument"),
        ("leaving", "at the end of its `with`: the calling thread reads or writes files"),
        ("in memory", "the same on a buffer: the calling thread is busy"),
        ("network", "it waits for another machine"),
        ("timeout", "`t` bounds opening the connection, and nothing that is asked over it later"),
        ("", "`u` bounds opening the connection, and nothing that is asked over it later"),
        ("", "without: what the object says whose method it is"),
        ("", "for ever with: None"),
        ("", "not judged where one of these is given: the 2nd argument, `pool`"),
        ("twin", "acme.aio.Thing takes the same arguments and does not block"),
        ("item", "iterating or indexing gives acme.Row"),
        ("entered", "`with` binds acme.Session"),
        ("bounded by", "these set a bound later: settimeout"),
        ("through", "its calls go through acme.Transport"),
        ("bound", "as a value it stands for a timeout: `read`, the 1st argument; the first that is given decides"),
        ("", "without any: 5 s"),
        ("runs", "the 3rd argument is called in another process"),
        ("decorated", "the function that it decorates runs on the event loop"),
        ("methods", "a framework calls get, post of subclasses in another thread"),
    ]


def test_every_row_can_be_told():
    """Whatever the catalogue says can be said in words."""
    for row in builtin_catalogue().rows.values():
        for _, text in in_words(row):
            assert text, row.name


def test_the_catalogue_needs_no_libcst(acme):
    """The command reads data only."""
    program = (
        "import sys\n"
        "from svclint.cli.main import run\n"
        "assert run(['catalogue', 'acme_http.get']) == 0\n"
        "assert not {'libcst', 'svclint.engine', 'svclint.program', 'rich'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=acme)

    assert done.returncode == 0, done.stderr
