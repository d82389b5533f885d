"""
How long a call waits for the network, and who says so.

One model for all rules: the argument of the call, what `partial` has given, the object whose method it is, what stands
around it in the same function, the process's default for sockets, the library's own.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from svclint.index.values import Container, Fate, Literal, Name
from svclint.program.link.arguments import arguments
from svclint.program.link.refs import ApiRef, ClassRef, InstanceRef, MethodRef, Ref, called_name
from svclint.program.waiting.around import Around
from svclint.program.waiting.model import Bounded, Unbounded, Unknown, Wait
from svclint.program.waiting.values import Placed, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.catalogue.model import Api, Timeout
    from svclint.index.model import Call
    from svclint.index.values import Value
    from svclint.program.link.module import Module
    from svclint.program.program import Program


_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """
    How long a call waits, by the API `api` that it calls.

    `keyword` is the argument that bounds it, `""` where it has none. `may` says that it can call something else, too,
    that is bounded. `streams` says that it is meant to last, once it has begun.
    """

    api: str
    wait: Wait
    keyword: str = ""
    may: bool = False
    streams: bool = False


class Timeouts:
    """Answers how long calls wait."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self.values = Values(program)
        self.around = Around(program, self.values)
        self._known: dict[tuple[str, int], Waiting | None] = {}

    def of(self, module: Module, position: int) -> Waiting | None:
        """Return how long a call waits for the network, None where it is not known to."""
        key = (module.path, position)
        if key not in self._known:
            self._known[key] = self._waiting(module, position)
        return self._known[key]

    def _waiting(self, module: Module, position: int) -> Waiting | None:
        call = module.index.calls[position]
        targets = self.names.callee(module.path, position)
        found = [(ref, row) for ref in targets.refs if (row := self._row(ref)) is not None]
        if not found:
            return None
        waits = [(row, self._wait(module, position, call, ref, row)) for ref, row in found]
        unbounded = [each for each in waits if isinstance(each[1], Unbounded)]
        row, wait = min(unbounded or waits, key=lambda each: (type(each[1]).__name__, each[0].name))
        if any(isinstance(each, Unknown) for _, each in waits) and unbounded and len(unbounded) < len(waits):
            wait = next(each for _, each in waits if isinstance(each, Unknown))
        ref = next(ref for (ref, each), pair in zip(found, waits, strict=True) if pair == (row, wait) or each is row)
        known = [each for each in targets.refs if not called_name(each) or self.catalogue.get(called_name(each))]
        return Waiting(
            api=row.name if isinstance(ref, ClassRef) else called_name(ref),
            wait=wait,
            keyword=row.timeout.keyword if row.timeout is not None else "",
            may=len(unbounded) < len(known),
            streams=self._streams(call, row),
        )

    def _row(self, ref: Ref) -> Api | None:
        """Return the row that says how long a target waits; a class of the project waits as its library base does."""
        name = called_name(ref)
        if isinstance(ref, MethodRef) and ref.name == "__init__":
            name = ref.cls.name
        if isinstance(ref, ClassRef):
            name = self._base_constructor(ref)
        row = self.catalogue.get(name)
        if row is None or row.timeout is None or not (row.network or row.kind == "class"):
            return None
        return None if "bounds" in row.effects else row

    def _base_constructor(self, ref: ClassRef) -> str:
        """Return the library class whose constructor making an instance calls, `""` where the project has its own."""
        for ancestor in self.program.members.mro(ref)[0]:
            if isinstance(ancestor, ApiRef):
                return ancestor.name
            if "__init__" in self.program.scope(ancestor).bindings:
                return ""
        return ""

    @staticmethod
    def _streams(call: Call, row: Api) -> bool:
        asked = any(name == "stream" and getattr(value, "text", "True") != "False" for name, value in call.keywords)
        return asked or row.name.rpartition(".")[2] in {"stream", "sse"}

    # --- the sources, nearest first ---

    def _wait(self, module: Module, position: int, call: Call, ref: Ref, row: Api) -> Wait:
        timeout = row.timeout
        if timeout is None:
            return Unknown("nothing is known of its timeout")
        given = self._given(module, call, ref, timeout)
        if given is None and self._is_local(call):
            given = Unknown("the other side is on this machine")
        if given is None:
            given = self._default(ref, row, timeout)
        if isinstance(given, Unbounded) and row.coroutine:
            around = self.around.of(module, position)
            if around is not None:
                return around
        return given

    @staticmethod
    def _is_local(call: Call) -> bool:
        """Whether a call names this machine as its peer: nothing gets lost on the way there."""
        values = [part for each in call.args[:1] for part in (each.items if isinstance(each, Container) else (each,))]
        return any(isinstance(each, Literal) and each.text in _THIS_MACHINE for each in values)

    def _given(self, module: Module, call: Call, ref: Ref, timeout: Timeout) -> Wait | None:
        """Return what the call's own arguments say, None where they say nothing."""
        slots = [timeout.keyword, *timeout.others]
        if timeout.position >= 0:
            slots.append(str(timeout.position))
        found = self._arguments(module, call, ref)
        values = [(slot, placed) for slot, placed in found if slot in slots]
        waits = [self.values.wait(placed, timeout.disabled) for _, placed in values]
        bounded = next((each for each in waits if isinstance(each, Bounded)), None)
        if bounded is not None or waits:
            return bounded or waits[0]
        for slot, placed in found:
            if slot == "*" and timeout.position >= 0:
                return Unknown("it may be among the starred arguments")
            if slot == "**":
                return Unknown("it may be among the keyword arguments")
            if slot in timeout.carriers and not self._carries_nothing(placed, timeout):
                return Unknown(f"`{slot}` may bring it")
        return None

    def _arguments(self, module: Module, call: Call, ref: Ref) -> list[tuple[str, Placed]]:
        """Return a call's arguments, those that `partial` has bound before them, and those in known dictionaries."""
        calls = []
        for path, made in getattr(ref, "given", ()):
            record = self.names.modules[path].index.calls[made]
            rest = msgspec.structs.replace(record, args=record.args[1:])
            calls.append((path, rest))
        calls.append((module.path, call))
        found: list[tuple[str, Placed]] = []
        shift = 0
        for path, record in calls:
            for slot, value in arguments(record):
                name = str(int(slot) + shift) if slot.isdigit() else slot
                if slot == "**":
                    found.extend(self._spread(path, record.scope, value))
                else:
                    found.append((name, (path, record.scope, value)))
            shift += len(record.args)
        last = dict(found)  # a later keyword of a partial replaces an earlier one
        return list(last.items())

    def _spread(self, path: str, scope: int, value: Value) -> Iterator[tuple[str, Placed]]:
        """Yield what `**value` passes: the entries of a dictionary that is written out and not changed later."""
        written = self.names.written.values(path, scope, value) or []
        if len(written) == 1 and not self._is_changed(path, value):
            owner, home, table = written[0]
            entries = _entries(table)
            if entries is not None:
                yield from ((name, (owner, home, item)) for name, item in entries)
                return
        yield "**", (path, scope, value)

    def _is_changed(self, path: str, value: Value) -> bool:
        """Whether anything is put into a dictionary behind its display."""
        if not isinstance(value, Name):
            return False
        name = value.chain[-1]
        index = self.names.modules[path].index
        stored = any(
            isinstance(target, Name) and name in target.chain[:-1] for stmt in index.stmts for target in stmt.targets
        )
        return stored or any(
            name in call.chain[:-1] for call in index.calls if call.chain[-1] in {"update", "setdefault"}
        )

    def _carries_nothing(self, placed: Placed, timeout: Timeout) -> bool:
        module, scope, value = placed
        behind = self.names.written.values(module, scope, value) or []
        texts = [each.text for _, _, each in behind if isinstance(each, Literal)]
        return bool(texts) and len(texts) == len(behind) and not any(timeout.keyword in text for text in texts)

    # --- nothing is given ---

    def _default(self, ref: Ref, row: Api, timeout: Timeout) -> Wait:
        if timeout.default == "object":
            return Unknown("its object says, and is judged where it is made")
        if timeout.default != "none":
            return Bounded("the library's default", float(timeout.default))
        owner = ref.owner if isinstance(ref, MethodRef) else ref if isinstance(ref, InstanceRef) else None
        if owner is not None:
            reason = self._set_by_object(owner)
            if reason:
                return Unknown(reason)
        if "socket-default" in row.effects and self._process_wide is not None:
            return self._process_wide
        return Unbounded("no timeout is given")

    def _set_by_object(self, owner: InstanceRef) -> str:
        """Return why the object may bound its calls itself, `""` where it surely does not."""
        if isinstance(owner.cls, ClassRef):
            return self._set_by_class(owner.cls)
        row = self.catalogue.get(owner.cls.name)
        if row is None or not row.bounded_by:
            return ""
        if owner.call < 0:
            return "" if owner.exact else "who made its object is not known"
        return self._set_later(owner, row)

    def _set_by_class(self, cls: ClassRef) -> str:
        """Return whether a subclass of the project says how long its requests wait."""
        for ancestor in self.program.members.mro(cls)[0]:
            row = self.catalogue.get(ancestor.name) if isinstance(ancestor, ApiRef) else None
            for name in row.bounded_by if row is not None else ():
                if self.program.members.classes.defines(cls, name):
                    return f"its class defines `{name}`"
        return ""

    def _set_later(self, owner: InstanceRef, row: Api) -> str:
        """Return what is set on an object after it was made: `session.mount(...)`, `sock.settimeout(5)`."""
        made = self.names.modules[owner.module]
        call = made.index.calls[owner.call]
        for each in made.index.calls:
            if each.chain[-1] in row.bounded_by and len(each.chain) > 1 and each.start > call.start:
                return f"`{each.chain[-1]}` may set it"
        for stmt in made.index.stmts:
            for target in stmt.targets:
                if isinstance(target, Name) and len(target.chain) > 1 and target.chain[-1] in row.bounded_by:
                    return f"`{target.chain[-1]}` may set it"
        handed_on = call.use.fate is Fate.BOUND and any(
            read.use.fate is Fate.ARGUMENT for read in made.reads(made.function_of(call.scope), call.use.slot)
        )
        return "its object is handed to others, who may set it" if handed_on and row.kind != "class" else ""

    # --- process-wide ---

    @cached_property
    def _process_wide(self) -> Wait | None:
        """The default timeout that the program gives to all sockets, None where it gives none."""
        lasts = self.catalogue.last_names("bounds-sockets")
        for path, module in self.program.modules.items():
            for position, call in enumerate(module.index.calls):
                if call.chain[-1] in lasts and call.args and not self.program.is_test(path):
                    names = self.names.callee(path, position).apis
                    if any(self.catalogue.has(name, "bounds-sockets") for name in names):
                        return self.values.wait((path, call.scope, call.args[0]))
        return None


def _entries(value: Value) -> list[tuple[str, Value]] | None:
    """Return the entries of a dictionary that is written out; None for anything else."""
    if not isinstance(value, Container) or value.kind != "dict" or len(value.keys) != len(value.items):
        return None
    found = [(key.text, item) for key, item in zip(value.keys, value.items, strict=True) if isinstance(key, Literal)]
    return found if len(found) == len(value.items) else None
