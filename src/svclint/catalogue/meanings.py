"""What the words of the schema mean, for readers of `svclint catalogue`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svclint.catalogue.model import Blocking, Effect, Place

EFFECTS: dict[Effect, str] = {
    "spawns": "starts a task that nothing but its caller keeps alive",
    "sleeps": "blocks the thread for a time that the caller gave",
    "sleeps-async": "waits for a time without blocking the loop",
    "exits": "ends the process; as an exception: asks for it",
    "raises": "never returns",
    "sink": "takes an exception and reports it",
    "trace": "leaves a trace for a reader, without the exception",
    "traceback": "writes or returns the traceback of the current exception",
    "formats": "returns a text or a copy of its arguments",
    "parses": "turns text into a value; as an exception: says that the text is none",
    "asks": "raises only to say no",
    "cleans": "tidies up and tells nobody",
    "drops": "keeps nothing of its arguments",
    "discards-result": "calls back and throws the result away",
    "runs-main": "runs a process's top-level coroutine",
    "awaits": "ends with its arguments, and hands their errors on",
    "tells-cancellation": "asking it means that the code tells its own cancellation from others'",
    "suppresses": "a context manager that ends the exceptions of the types given",
    "enters": "takes a context manager and stands for it",
    "partial": "returns its first argument with arguments bound",
    "decorates-plainly": "a decorator after which the function is called as before",
    "task-group": "owns the tasks it starts",
    "locks": "while it is held, other threads wait",
    "weak": "a collection that does not keep its items alive",
    "sorts-done": "gives two collections, the first of tasks that are done",
    "bounds": "ends a wait after a given time",
    "bounded": "an exception that says that a wait was ended by a bound",
    "cancellation": "an exception: the task is cancelled",
    "expected": "an exception that is an answer rather than an error",
    "generic": "an exception that says nothing by its type",
    "attribute": "an exception: there is no such attribute",
    "passes-tasks": "gives a task back that it is given; only of a coroutine it makes one",
    "not-an-error": "an exception that asks the program to stop",
    "awaitable": "what it holds comes out when it is awaited",
    "container": "gives what was put into it",
    "mapping": "a container that gives its keys when it is iterated",
    "holds-first": "as a type, names what it gives in its first argument",
    "generator": "gives what a function yields",
    "makes-context": "a decorator that makes a context manager of a generator",
    "injects": "as a parameter's default or metadata: a framework calls its argument, and gives what that returns",
    "handle": "an open file or archive: what is done with it belongs to its opening",
    "iterates": "takes all that its first argument gives",
    "passes-keywords": "passes keyword arguments on to what it calls",
    "streams": "gives an answer piece by piece, which is meant to last",
    "console": "asks whoever sits at the terminal",
    "when-bounded": "a method that waits only where its object was made with a size",
    "in-memory": "a file that is none: a buffer",
    "lazy": "what it does, it does while its result is iterated",
    "thread-bound": "an object that must stay in the thread that uses it",
    "gives-done": "gives futures that are done",
    "re-enters-loop": "starts a loop, and must not be called while one runs",
    "allows-reentry": "a library that makes loops enter themselves",
    "field": "declares a field of a class, with its default",
    "reads-setting": "gives a setting of the environment, None or its second argument where it is missing",
    "bounds-sockets": "sets the timeout that new sockets have",
    "socket-default": "waits on sockets that have the default timeout of the process",
    "boundary": "a base class or decorator whose functions stand between the program and its users",
}

BLOCKING: dict[Blocking, str] = {
    "network": "the calling thread waits for another machine",
    "database": "the calling thread waits for a database or a broker",
    "sleep": "the calling thread sleeps",
    "subprocess": "the calling thread waits for another process",
    "file": "the calling thread reads or writes files",
    "stat": "the calling thread has one quick look at a local path",
    "wait": "the calling thread waits for another thread or task",
    "cpu": "the calling thread is busy",
}

PLACES: dict[Place, str] = {
    "loop": "on the event loop",
    "thread": "in another thread",
    "process": "in another process",
    "inline": "in the caller, before the call returns",
    "start-up": "on the event loop, once, at the start",
}
