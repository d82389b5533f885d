"""The schema of a catalogue file."""

from __future__ import annotations

from typing import Literal

import msgspec

Effect = Literal[
    "spawns",  # starts a task that nothing but its caller keeps alive
    "sleeps",  # blocks the thread for a time that the caller gave
    "sleeps-async",  # waits for a time without blocking the loop
    "exits",  # ends the process; as an exception: asks for it
    "raises",  # never returns
    "sink",  # takes an exception and reports it
    "trace",  # leaves a trace for a reader, without the exception
    "traceback",  # writes or returns the traceback of the current exception
    "formats",  # returns a text or a copy of its arguments
    "parses",  # turns text into a value; as an exception: says that the text is none
    "asks",  # raises only to say no
    "cleans",  # tidies up and tells nobody
    "drops",  # keeps nothing of its arguments
    "discards-result",  # calls back and throws the result away
    "runs-main",  # runs a process's top-level coroutine
    "awaits",  # ends with its arguments, and hands their errors on
    "tells-cancellation",  # asking it means that the code tells its own cancellation from others'
    "suppresses",  # a context manager that ends the exceptions of the types given
    "enters",  # takes a context manager and stands for it
    "partial",  # returns its first argument with arguments bound
    "decorates-plainly",  # a decorator after which the function is called as before
    "task-group",  # owns the tasks it starts
    "locks",  # while it is held, other threads wait
    "weak",  # a collection that does not keep its items alive
    "sorts-done",  # gives two collections, the first of tasks that are done
    "bounds",  # ends a wait after a given time
    "bounded",  # an exception that says that a wait was ended by a bound
    "cancellation",  # an exception: the task is cancelled
    "expected",  # an exception that is an answer rather than an error
    "generic",  # an exception that says nothing by its type
    "attribute",  # an exception: there is no such attribute
    "passes-tasks",  # gives a task back that it is given; only of a coroutine it makes one
    "not-an-error",  # an exception that asks the program to stop
    "boundary",  # a base class or decorator whose functions stand between the program and its users
]


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    How a call writes a log line.

    `level` is the numeric level of `logging`, or "argument" where the first argument gives it. `traceback` says that
    the current exception's traceback is written; `keyword` is the argument that asks for it elsewhere ("" where there
    is none).
    """

    level: int | Literal["argument"]
    traceback: bool = False
    keyword: str = "exc_info"


class Api(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is known of one function, class, method or exception.

    `name` is canonical: the shortest public path; a method is `package.Class.method`. `aliases` are other paths to the
    same object. `returns` names the class whose instance a call gives (`self` for the receiver). `coroutine` says that
    nothing happens until the call's result is awaited. `source` overrides the file's.
    """

    name: str
    kind: Literal["function", "class", "exception", "object"] = "function"
    effects: tuple[Effect, ...] = ()
    returns: str = ""
    coroutine: bool = False
    log: Log | None = None
    bases: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    source: str = ""


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many names of one owner that share everything but their name."""

    owner: str
    names: tuple[str, ...]
    effects: tuple[Effect, ...] = ()
    returns: str = ""
    coroutine: bool = False
    log: Log | None = None
    kind: Literal["function", "class", "exception", "object"] = "function"
    bases: tuple[str, ...] = ()


class Library(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: a library, where its facts come from, and its APIs."""

    library: str
    source: str
    version: str = ""
    api: tuple[Api, ...] = ()
    group: tuple[Group, ...] = ()


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What names alone suggest, for callees that could not be resolved (`words.toml`)."""

    reports: tuple[str, ...]
    tells: tuple[str, ...]
    parses: tuple[str, ...]
    readings: tuple[str, ...]
    answers: tuple[str, ...]
    refusals: tuple[str, ...]
    signals: tuple[str, ...]
    polls: tuple[str, ...]
    texts: tuple[str, ...]
    takes_back: tuple[str, ...]
    predicates: tuple[str, ...]
    permissions: tuple[str, ...]
    hears: tuple[str, ...]
    looks: tuple[str, ...]
    commands: tuple[str, ...]
    fills: tuple[str, ...]
    failures: tuple[str, ...]
    closes: tuple[str, ...]
    cleans: tuple[str, ...]
    log_methods: dict[str, Log]
    loggers: tuple[str, ...]
