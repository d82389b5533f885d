"""
The catalogue against the libraries: every name is there, every argument is taken.

Opt-in, since it needs them all: `uv run --python 3.11 --group catalogue pytest -m catalogue`. What is said here of
Python and its standard library is said of 3.11.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import typing
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

from svclint.catalogue.load import builtin_catalogue
from tests.installed import MissingError, OnInstances, Signature, find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.catalogue.model import Api, Timeout

CATALOGUE = builtin_catalogue()
FILES = sorted(set(CATALOGUE.files.values()))

NOT_INSTALLED = {
    "MySQLdb": "mysqlclient is compiled against the libraries of MySQL",
    "aiopath": "wants Python 3.12",
    "arq": "wants redis before 6, which rows of redis are newer than",
    "magic": "python-magic needs the library of file(1)",
    "pyodbc": "needs the library of unixODBC",
    "weasyprint": "needs the library of Pango",
}
"""Libraries that the dependency group leaves out, or that cannot be imported everywhere, and why."""

LOADED = (
    "openai.resources",
    "anthropic.resources",
    "kubernetes.dynamic",
    "twilio.rest.api.v2010.account.call",
    "twilio.rest.api.v2010.account.message",
    "twilio.rest.verify.v2.service",
)
"""Modules with subclasses: rows of their base classes tell of methods that only these have."""

BEHIND = {
    # Functions, and methods of a context, that programs use as if they were the classes of what they give.
    "multiprocessing.Barrier": "multiprocessing.synchronize.Barrier",
    "multiprocessing.BoundedSemaphore": "multiprocessing.synchronize.BoundedSemaphore",
    "multiprocessing.Condition": "multiprocessing.synchronize.Condition",
    "multiprocessing.Event": "multiprocessing.synchronize.Event",
    "multiprocessing.JoinableQueue": "multiprocessing.queues.JoinableQueue",
    "multiprocessing.Lock": "multiprocessing.synchronize.Lock",
    "multiprocessing.Pool": "multiprocessing.pool.Pool",
    "multiprocessing.Queue": "multiprocessing.queues.Queue",
    "multiprocessing.RLock": "multiprocessing.synchronize.RLock",
    "multiprocessing.Semaphore": "multiprocessing.synchronize.Semaphore",
    "multiprocessing.SimpleQueue": "multiprocessing.queues.SimpleQueue",
    "multiprocessing.dummy.Pool": "multiprocessing.pool.ThreadPool",
    "threading.Lock": "_thread.LockType",
    "threading.RLock": "_thread.RLock",
    # The stub names the class where there is only an instance.
    "loguru.Logger": "loguru._logger.Logger",
}
"""Names that stand for a class of another name."""

UNSEEN = {
    # Made at run time, from descriptions of the service or by names that are asked for.
    "aioboto3.resources.base.AIOBoto3ServiceResource.*": "made from the services' models",
    "boto3.resources.base.ServiceResource.*": "made from the services' models",
    "botocore.client.BaseClient.*": "made from the services' models",
    "aiobotocore.client.AioBaseClient.*": "made from the services' models",
    "django.db.backends.utils.CursorWrapper.fetch*": "handed on to the driver's cursor",
    "django.db.models.Model.objects": "set on every subclass",
    "hvac.api.AuthMethods.*": "handed on by name to the classes in hvac.api.auth_methods",
    "hvac.api.SecretsEngines.*": "handed on by name to the classes in hvac.api.secrets_engines",
    "kubernetes.dynamic.resource.Resource.*": "handed on by name to the client",
    "python_http_client.Client.*": "handed on by name: parts of a path, and methods of HTTP",
    "opensearchpy.AsyncOpenSearch.*": "plugins are set by name",
    "opensearchpy.OpenSearch.*": "plugins are set by name",
    "sqlalchemy.orm.DeclarativeBase.metadata": "set on every subclass",
    "stripe._stripe_service.StripeService.*": "services are imported when they are asked for",
    "stripe._v*_services.*": "services are imported when they are asked for",
    "structlog.stdlib.BoundLogger.*": "handed on by name to the wrapped logger",
    "transformers.AutoModel*": "without PyTorch there are only stand-ins",
    # Names of no object, by which annotations or results are known.
    "builtins.async_generator": "the interpreter's own name of a type",
    "builtins.generator": "the interpreter's own name of a type",
    "celery.utils.log.Logger": "for type checkers",
    "zlib._Compress*": "the stub's own name of a class",
    "zlib._Decompress*": "the stub's own name of a class",
    # Of other versions of Python than the oldest that svclint runs on.
    "asyncio.Task.get_context": "Python 3.12",
    "asyncio.ProactorEventLoop": "Windows",
    "asyncio.async": "Python before 3.7; a keyword since",
    "os.path.isjunction": "Python 3.12",
    "pathlib.Path.from_uri": "Python 3.13",
    "pathlib.Path.is_junction": "Python 3.12",
    "pathlib.Path.walk": "Python 3.12",
    "pathlib.PurePath.with_segments": "Python 3.12",
    "pathlib._local.*": "Python 3.13",
    "sys.last_value": "set by the interpreter after an error at its prompt",
    "typing.override": "Python 3.12",
    "warnings.deprecated": "Python 3.13",
    # Of older versions of a library, which services still have.
    "anyio.aopen": "anyio 1 and 2",
    "anyio.run_async_from_thread": "anyio 2",
    "anyio.run_in_thread": "anyio 1",
    "anyio.run_sync_from_thread": "anyio 2",
    "anyio.run_sync_in_worker_thread": "anyio 2",
    "anyio.start_blocking_portal": "anyio 2 and 3",
    "mcp.server.FastMCP": "mcp 1",
    "mcp.server.fastmcp.*": "mcp 1",
    "newrelic.agent.record_exception": "newrelic 8",
    "pandas.DataFrame.applymap": "pandas 2",
    "starlette.applications.Starlette.add_event_handler": "starlette 0",
    "starlette.applications.Starlette.route": "starlette 0",
    # Of a successor that goes by the same rows.
    "httpx.*.query": "httpx2",
    "httpx.*.sse": "httpx2",
}
"""Names that cannot be found here, as patterns, and why they are rows all the same."""

TAKEN_ELSEWHERE = {
    # Models of pydantic take a field's own name beside the alias that their signatures show.
    ("langchain_anthropic.ChatAnthropic", "default_request_timeout"): "an alias",
    ("langchain_openai.AzureChatOpenAI", "request_timeout"): "an alias",
    ("langchain_openai.AzureOpenAI", "request_timeout"): "an alias",
    ("langchain_openai.AzureOpenAIEmbeddings", "request_timeout"): "an alias",
    ("langchain_openai.ChatOpenAI", "request_timeout"): "an alias",
    ("langchain_openai.OpenAI", "request_timeout"): "an alias",
    ("langchain_openai.OpenAIEmbeddings", "request_timeout"): "an alias",
    ("starlette.applications.Starlette", "on_shutdown"): "starlette 0",
    ("starlette.applications.Starlette", "on_startup"): "starlette 0",
    ("starlette.routing.Router", "on_shutdown"): "starlette 0",
    ("starlette.routing.Router", "on_startup"): "starlette 0",
}
"""Arguments that a signature does not show, and why they are taken all the same."""

NO_CLASS = {
    "logging.root": "an instance, and the only one",
    "weakref.proxy": "a function, that gives instances of two classes",
}
"""What is no class here, though programs use it as one, as patterns, and why."""


@pytest.mark.catalogue
@pytest.mark.filterwarnings("ignore")  # of deprecated names, which are names still
@pytest.mark.parametrize("file", FILES)
def test_names_and_arguments_are_real(file: str) -> None:
    """What a file of the catalogue says of a library holds of the one that is installed."""
    _settle()
    rows = [row for row in CATALOGUE.rows.values() if CATALOGUE.files[row.name] == file]
    absent = {root for row in rows for root in map(_root, (row.name, *row.aliases)) if not _is_installed(root)}
    there = [row for row in rows if _root(row.name) not in absent]
    for name in (row.name for row in there if not _is_excused(row.name, UNSEEN)):
        with contextlib.suppress(
            MissingError
        ):  # all at first: subclasses must be there before their bases are looked at
            find(_real(name))

    wrong = [f"{row.name}: {problem}" for row in there for problem in _problems(row, absent)]

    assert [] == wrong
    assert absent <= NOT_INSTALLED.keys(), "neither installed (`uv sync --group catalogue`) nor excused"
    if absent:
        pytest.skip(f"not checked in {file}: {', '.join(f'{root} ({NOT_INSTALLED[root]})' for root in sorted(absent))}")


@pytest.mark.catalogue
def test_exceptions_are_needed() -> None:
    """No exception stands here for a row that is gone."""
    names = CATALOGUE.names()
    patterns = [*UNSEEN, *NO_CLASS, *(name for name, _ in TAKEN_ELSEWHERE)]

    assert [] == [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)]
    assert [] == sorted(BEHIND.keys() - set(names))
    assert [] == [root for root in NOT_INSTALLED if root not in map(_root, names)]


def _settle() -> None:
    """Import what rows need to have been imported, with what it asks of the process."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"])
        importlib.import_module("django").setup()
    for module in LOADED:
        importlib.import_module(module)


def _root(name: str) -> str:
    return name.partition(".")[0]


def _is_installed(root: str) -> bool:
    try:
        importlib.import_module(root)
    except (ImportError, OSError):  # a package without the library that it wraps says either
        return False
    return True


def _problems(row: Api, absent: set[str]) -> Iterator[str]:
    """Yield what does not hold of a row, under each of its names."""
    for name in (row.name, *row.aliases):
        if _root(name) in absent or _is_excused(name, UNSEEN):
            continue
        try:
            found, owner = find(_real(name))
        except MissingError as e:
            yield f"there is no {name}: {e}"
            continue
        if name.endswith(".*") or found is OnInstances:
            continue
        yield from _misjudged(row, name, found)
        if row.kind == "object":
            continue
        try:
            signature = Signature(found, owner)
        except (ValueError, TypeError):
            continue  # written in C, without a text signature
        yield from _refused(row, signature)


def _real(name: str) -> str:
    """Return what a name of the catalogue is found under: the class for what stands for all its methods."""
    name = name.removesuffix(".*")
    owner, _, method = name.rpartition(".")
    return BEHIND.get(name) or (f"{BEHIND[owner]}.{method}" if owner in BEHIND else name)


def _is_excused(name: str, patterns: dict[str, str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _misjudged(row: Api, name: str, found: Any) -> Iterator[str]:
    """Yield how an object is of another kind than its row."""
    cls = typing.get_origin(found) or found
    if row.kind == "class" and not isinstance(cls, type) and not _is_excused(name, NO_CLASS):
        yield f"{name} is no class"
    if row.kind == "exception" and not (isinstance(cls, type) and issubclass(cls, BaseException)):
        yield f"{name} is no exception"
    if row.kind == "function" and not callable(found):
        yield f"{name} cannot be called"
    if row.kind == "function" and inspect.iscoroutinefunction(found) and not row.coroutine:
        yield f"{name} is a coroutine function"


def _refused(row: Api, signature: Signature) -> Iterator[str]:
    """Yield the arguments that a row speaks of and the signature has not, or has elsewhere."""
    slots = [each.slot for each in row.runs] + [each.partition("=")[0] for each in row.unless]
    slots += row.without
    if row.bound is not None:
        slots += row.bound.slots
    if row.timeout is not None:
        slots += [row.timeout.keyword, *row.timeout.others, *row.timeout.carriers]
        yield from _displaced(row.timeout, signature)
    for slot in filter(None, slots):
        if not signature.takes(slot) and (row.name, slot) not in TAKEN_ELSEWHERE:
            yield f"does not take {slot}"


def _displaced(timeout: Timeout, signature: Signature) -> Iterator[str]:
    """Yield how a timeout's place and default are others than those of the signature."""
    keyword = timeout.keyword
    place = signature.positional.index(keyword) if keyword in signature.positional else -1
    if place != timeout.position and not (place < 0 and signature.any_position):
        yield f"{keyword} is at {place}, not at {timeout.position}"
    default = signature.defaults.get(keyword)
    if (
        isinstance(default, int | float)
        and default >= 0
        and default != timeout.default
        and repr(default) not in timeout.disabled
    ):
        yield f"{keyword} is {default} by default, not {timeout.default}"
