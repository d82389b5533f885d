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
    "awaitable",  # what it holds comes out when it is awaited
    "container",  # gives what was put into it
    "mapping",  # a container that gives its keys when it is iterated
    "holds-first",  # as a type, names what it gives in its first argument: Generator[int, None, None]
    "generator",  # gives what a function yields
    "makes-context",  # a decorator that makes a context manager of a generator
    "injects",  # as a parameter's default or metadata: a framework calls its argument, and gives what that returns
    "handle",  # an open file or archive: what is done with it belongs to its opening
    "iterates",  # takes all that its first argument gives
    "passes-keywords",  # passes keyword arguments on to what it calls
    "streams",  # gives an answer piece by piece, which is meant to last
    "console",  # asks whoever sits at the terminal
    "when-bounded",  # a method that waits only where its object was made with a size
    "in-memory",  # a file that is none: a buffer
    "lazy",  # what it does, it does while its result is iterated
    "thread-bound",  # an object that must stay in the thread that uses it
    "gives-done",  # gives futures that are done
    "re-enters-loop",  # starts a loop, and must not be called while one runs
    "allows-reentry",  # a library that makes loops enter themselves
    "field",  # declares a field of a class, with its default
    "reads-setting",  # gives a setting of the environment, None or its second argument where it is missing
    "bounds-sockets",  # sets the timeout that new sockets have
    "socket-default",  # waits on sockets that have the default timeout of the process
    "boundary",  # a base class or decorator whose functions stand between the program and its users
]


Blocking = Literal["network", "database", "sleep", "subprocess", "file", "stat", "wait", "cpu"]
"""What a thread waits for, or is busy with, in a call; `stat` is one quick look at a local path."""

Place = Literal["loop", "thread", "process", "inline", "start-up"]
"""Where a callback runs: `inline` in the caller, before the call returns; `start-up` on the loop, once."""


class Before(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The default of versions before `version`, where it was another one."""

    version: str
    default: float | Literal["none", "object"]


class Timeout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How the wait of a call, or of all calls of an object that it makes, is bounded.

    `keyword` is the argument that bounds the wait and `position` its place among the positional ones, where it has
    one. `others` are further arguments that bound it as well. `default` says what holds without: so many seconds,
    "none" for ever, "object" what the object says whose method it is. `disabled` are literals that mean for ever.
    `carriers` are arguments that may bring a bound in with other settings: who gives one is not judged. `connects`
    says that the argument bounds opening the connection, and nothing bounds what is asked over it later.
    """

    keyword: str = ""
    position: int = -1
    others: tuple[str, ...] = ()
    default: float | Literal["none", "object"] = "none"
    before: tuple[Before, ...] = ()
    disabled: tuple[str, ...] = ("None",)
    carriers: tuple[str, ...] = ()
    connects: bool = False


class Bound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How an object that stands for a timeout (`httpx.Timeout(5, read=None)`) bounds reading.

    `slots` are its arguments (keywords, or positions as digits) that can. With `first`, the first one that is given
    decides; else any one that is not None suffices. Without any of them it is worth `default` seconds, or "none".
    """

    slots: tuple[str, ...]
    first: bool = False
    default: float | Literal["none"] = "none"


class Callback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An argument (`slot`: keyword, or position as digits) that is called, and where it runs."""

    slot: str
    where: Place


class Methods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Methods of subclasses that a framework calls, and where it runs those that are not async."""

    names: tuple[str, ...]
    where: Place


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


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is known of an API, apart from its name.

    `returns` names what a call gives, or what an attribute of kind `object` is: a class, `self` for the receiver, or
    a class with what it holds (`builtins.list[redis.Redis]`, `contextlib.AbstractContextManager[redis.Redis]`).
    `coroutine` says that nothing happens until the call's result is awaited.

    `blocks` says what the calling thread waits for; not where an argument of `unless` has the value (`block=False`,
    `0=False` for the first positional one), nor, where `without` names arguments, without any of them. `leaving` says
    the same of the end of a `with` over what it makes.
    `network` says that it waits for another machine, whether it blocks the thread or not; `timeout` how long.
    `twin` is an async function, or a class with async methods, that takes the same arguments.

    Of a class: `item` is what iterating or indexing an instance gives, `entered` what `with` binds (without: itself),
    `bounded_by` are attributes and methods that set a bound on an instance later, `through` is the class of the object
    that carries its calls (a subclass in the project may bound them), `bound` says how it bounds as a value, `methods`
    which of its subclasses' methods a framework calls. `runs` are arguments that are called back, `decorated` is where
    a function runs that it decorates.
    """

    kind: Literal["function", "class", "exception", "object"] = "function"
    effects: tuple[Effect, ...] = ()
    returns: str = ""
    coroutine: bool = False
    log: Log | None = None
    bases: tuple[str, ...] = ()
    blocks: Blocking | Literal[""] = ""
    unless: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    leaving: Blocking | Literal[""] = ""
    in_memory: Blocking | Literal[""] = ""
    network: bool = False
    timeout: Timeout | None = None
    twin: str = ""
    item: str = ""
    entered: str = ""
    bounded_by: tuple[str, ...] = ()
    through: str = ""
    bound: Bound | None = None
    runs: tuple[Callback, ...] = ()
    decorated: Place | Literal[""] = ""
    methods: tuple[Methods, ...] = ()
    source: str = ""


class Api(Facts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is known of one function, class, method, attribute or exception.

    `name` is canonical: the shortest public path; a method is `package.Class.method`, and `package.Class.*` stands
    for all its methods that have no row of their own. `aliases` are other paths to the same object. `source` overrides
    the file's.
    """

    name: str
    aliases: tuple[str, ...] = ()


class Group(Facts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many names of one owner (a module or class) that share everything but their name."""

    owner: str
    names: tuple[str, ...]


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
