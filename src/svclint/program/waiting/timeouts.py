"""
How long a call waits for the network, and who says so.

One model for all rules: the argument of the call, what `partial` has given, the object whose method it is, what stands
around it in the same function, the process's default for sockets, the library's own.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from svclint.config.pins import is_before
from svclint.index.model import StmtKind
from svclint.index.values import CallOf, Container, Fate, Literal, Name
from svclint.program.link.refs import NOTHING, ApiRef, ClassRef, InstanceRef, MethodRef, Ref, Targets, called_name
from svclint.program.waiting.around import Around
from svclint.program.waiting.model import Bounded, Unbounded, Unknown, Wait
from svclint.program.waiting.objects import Objects
from svclint.program.waiting.passed import Passed
from svclint.program.waiting.values import Placed, Values, is_none
from svclint.program.waiting.wrappers import Wrappers

if TYPE_CHECKING:
    from svclint.catalogue.model import Api, Timeout
    from svclint.index.model import Call
    from svclint.program.link.module import Module
    from svclint.program.program import Program


_PEERS = frozenset({"address", "host", "hostname"})
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
        self.passed = Passed(program)
        self.wrappers = Wrappers(program, self.passed)
        self.values = Values(program, self.wrappers)
        self.objects = Objects(program, self.values)
        self.around = Around(program, self.values)
        self._known: dict[tuple[str, int], Waiting | None] = {}
        self._by_module: dict[str, list[tuple[int, Waiting]]] = {}

    def of(self, module: Module, position: int) -> Waiting | None:
        """Return how long a call waits for the network, None where it is not known to."""
        key = (module.path, position)
        if key not in self._known:
            self._known[key] = self._waiting(module, position)
        return self._known[key]

    def in_module(self, module: Module) -> list[tuple[int, Waiting]]:
        """Return the calls of a module that wait for the network, by position, and how long."""
        if module.path not in self._by_module:
            found = [(position, self.of(module, position)) for position in range(len(module.index.calls))]
            self._by_module[module.path] = [(position, each) for position, each in found if each is not None]
        return self._by_module[module.path]

    def _waiting(self, module: Module, position: int) -> Waiting | None:
        call = module.index.calls[position]
        targets = self.names.callee(module.path, position)
        found = [(ref, row) for ref in targets.refs if (row := self._row(ref)) is not None]
        takes_keywords = True
        if not found:
            call, targets, takes_keywords = self._handed_over(module, call, targets)
            found = [(ref, row) for ref in targets.refs if (row := self._row(ref)) is not None and row.blocks]
        if not found:
            return None
        waits = [(row, self._wait(module, position, call, ref, row)) for ref, row in found]
        unbounded = [each for each in waits if isinstance(each[1], Unbounded)]
        row, wait = min(unbounded or waits, key=lambda each: (type(each[1]).__name__, each[0].name))
        unknown = [each for _, each in waits if isinstance(each, Unknown) and not each.elsewhere]
        if unknown and unbounded:
            wait = unknown[0]
        ref = next(ref for (ref, each), pair in zip(found, waits, strict=True) if pair == (row, wait) or each is row)
        known = [each for each in targets.refs if not called_name(each) or self.catalogue.get(called_name(each))]
        return Waiting(
            api=row.name if isinstance(ref, ClassRef) else called_name(ref),
            wait=wait,
            keyword=row.timeout.keyword if row.timeout is not None and takes_keywords else "",
            may=len(unbounded) < len(known),
            streams=self._streams(module, call, row),
        )

    def _handed_over(self, module: Module, call: Call, targets: Targets) -> tuple[Call, Targets, bool]:
        """
        Return the call that a thread makes of what it is given (`to_thread(requests.get, url)`), and what it calls.

        The last part says whether keyword arguments are passed on.
        """
        for name in targets.apis:
            row = self.catalogue.get(name)
            slots = [each.slot for each in row.runs if each.where in {"thread", "process"}] if row is not None else []
            position = next((int(slot) for slot in slots if slot.isdigit()), len(call.args))
            calls_it_now = row is not None and (row.coroutine or "Future" in row.returns)
            if row is None or not calls_it_now or position >= len(call.args):
                continue  # `sync_to_async(f)` only makes a function
            takes_keywords = "passes-keywords" in row.effects
            inner = msgspec.structs.replace(
                call, args=call.args[position + 1 :], keywords=call.keywords if takes_keywords else ()
            )
            return inner, self.names.value(module.path, call.scope, call.args[position]), takes_keywords
        return call, NOTHING, False

    def _row(self, ref: Ref) -> Api | None:
        """Return the row that says how long a target waits; a class of the project waits as its library base does."""
        name = called_name(ref)
        if isinstance(ref, MethodRef) and ref.name == "__init__":
            name = ref.cls.name
        if isinstance(ref, ClassRef):
            name = self._base_constructor(ref)
        row = self.catalogue.get(name)
        if row is None or row.timeout is None:
            return None
        makes_client = row.kind == "class" or (row.returns and row.timeout.keyword)
        if not row.network and not makes_client:
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

    def _streams(self, module: Module, call: Call, row: Api) -> bool:
        """Whether an answer is meant to come piece by piece: it is asked for so, or a loop reads it so."""
        asked = any(name == "stream" and getattr(value, "text", "True") != "False" for name, value in call.keywords)
        return asked or "streams" in row.effects or (row.coroutine and _is_looped(module, call))

    # --- the sources, nearest first ---

    def _wait(self, module: Module, position: int, call: Call, ref: Ref, row: Api) -> Wait:
        timeout = row.timeout
        if timeout is None:
            return Unknown("nothing is known of its timeout")
        found = self.passed.of(module, call, ref)
        slots = _slots(timeout)
        given = self._given(found, timeout)
        if given is None and self._is_local(call):
            given = Unknown("the other side is on this machine")
        if given is None:
            given = self._default(module, position, ref, row, timeout)
            if isinstance(given, Unbounded) and any(slot in slots for slot, _ in found):
                given = Unbounded("its timeout is None", disabled=True)
        if isinstance(given, Unbounded) and row.coroutine:
            around = self.around.of(module, position)
            if around is not None:
                return around
        return given

    @staticmethod
    def _is_local(call: Call) -> bool:
        """Whether a call names this machine as its peer: nothing gets lost on the way there."""
        values = [part for each in call.args[:1] for part in (each.items if isinstance(each, Container) else (each,))]
        values.extend(value for name, value in call.keywords if name in _PEERS)
        return any(isinstance(each, Literal) and each.text in _THIS_MACHINE for each in values)

    def _given(self, found: list[tuple[str, Placed]], timeout: Timeout) -> Wait | None:
        """Return what the call's own arguments say, None where they say nothing."""
        slots = _slots(timeout)
        # None for a further one takes nothing from what bounds the wait without it.
        values = [each for slot, each in found if slot in slots and not (slot in timeout.others and is_none(each))]
        if "None" not in timeout.disabled:  # it stands for the default
            values = [each for each in values if not is_none(each)]
        waits = [self.values.wait(each, timeout.disabled) for each in values]
        if waits:
            return next((each for each in waits if isinstance(each, Bounded)), waits[0])
        for slot, placed in found:
            if slot == "*" and timeout.position >= 0:
                return Unknown("it may be among the starred arguments")
            if slot == "**" and not self.wrappers.brings_none(placed, slots):
                return Unknown("it may be among the keyword arguments")
            if slot in timeout.carriers and not self._carries_nothing(placed, timeout):
                return Unknown(f"`{slot}` may bring it")
        return None

    def _carries_nothing(self, placed: Placed, timeout: Timeout) -> bool:
        module, scope, value = placed
        behind = self.names.written.values(module, scope, value) or []
        texts = [each.text for _, _, each in behind if isinstance(each, Literal)]
        return bool(texts) and len(texts) == len(behind) and not any(timeout.keyword in text for text in texts)

    # --- nothing is given ---

    def _by_version(self, row: Api, timeout: Timeout) -> float | str:
        """Return the default of the version that the project uses; the newest one's where its files do not tell."""
        library = row.name.partition(".")[0]
        for each in timeout.before:
            if is_before(self.program.config.pins, library, each.version):
                return each.default
        return timeout.default

    def _default(self, module: Module, position: int, ref: Ref, row: Api, timeout: Timeout) -> Wait:
        default = self._by_version(row, timeout)
        if default == "object":
            made = self.catalogue.get(ref.cls.name) if isinstance(ref, MethodRef) else None
            elsewhere = made is not None and made.timeout is not None
            return Unknown("its object says, and is judged where it is made", elsewhere=elsewhere)
        if default != "none":
            return Bounded("the library's default", float(default))
        owner = self._object(ref, row, module, position)
        said = None if owner is None else self.objects.bound(owner, module.path) or self._brought(owner)
        if said is not None:
            return said
        if "socket-default" in row.effects and self._process_wide is not None:
            return self._process_wide
        return Unbounded("no timeout is given")

    @staticmethod
    def _object(ref: Ref, row: Api, module: Module, position: int) -> InstanceRef | None:
        """Return the object that a call uses, or makes."""
        if isinstance(ref, MethodRef) and ref.name != "__init__":
            return ref.owner
        if isinstance(ref, InstanceRef):
            return ref
        if row.kind == "class":
            cls = ref if isinstance(ref, ClassRef) else ApiRef(row.name)
            return InstanceRef(cls, exact=True, module=module.path, call=position)
        return None

    def _brought(self, owner: InstanceRef) -> Wait | None:
        """Return what the object brings that made the one whose method is called: the options of its channel."""
        if owner.call < 0:
            return None
        call = self.names.modules[owner.module].index.calls[owner.call]
        makers = (
            self.names.resolve(owner.module, call.scope, call.chain[:-1], call.start).refs if call.chain[1:] else ()
        )
        for maker in makers:
            if isinstance(maker, InstanceRef) and maker.call >= 0:
                module = self.names.modules[maker.module]
                for ref in self.names.callee(maker.module, maker.call).refs:
                    row = self.catalogue.get(called_name(ref))
                    if row is not None and row.timeout is not None:
                        found = self.passed.of(module, module.index.calls[maker.call], ref)
                        return self._given(found, row.timeout)
        return None

    # --- process-wide ---

    @cached_property
    def _process_wide(self) -> Wait | None:
        """The bound that the program gives to all sockets, None where it gives none."""
        lasts = self.catalogue.last_names("bounds-sockets")
        for path, module in self.program.modules.items():
            for position, call in enumerate(module.index.calls):
                if call.chain[-1] in lasts and call.args and not self.program.is_test(path):
                    names = self.names.callee(path, position).apis
                    if any(self.catalogue.has(name, "bounds-sockets") for name in names):
                        wait = self.values.wait((path, call.scope, call.args[0]))
                        if not isinstance(wait, Unbounded):
                            return wait
        return None


def _slots(timeout: Timeout) -> tuple[str, ...]:
    """Return where a call can give its timeout: keywords, and a position."""
    position = (str(timeout.position),) if timeout.position >= 0 else ()
    return (timeout.keyword, *timeout.others, *position)


def _is_looped(module: Module, call: Call) -> bool:
    """Whether a loop of the same function reads a call's result: `async for piece in answer.content`."""
    stmt = module.index.stmts[call.stmt]
    names = {call.use.slot} if call.use.fate is Fate.BOUND else set()
    if stmt.kind is StmtKind.WITH:
        items = module.index.withs[stmt.ref].items
        names = {each.target.chain[0] for each in items if isinstance(each.target, Name)}
    loops = [each for each in module.index.stmts if each.kind is StmtKind.FOR and each.scope == call.scope]
    iterated = [
        module.index.calls[each.value.call].chain
        if isinstance(each.value, CallOf)
        else getattr(each.value, "chain", ())
        for each in loops
    ]
    return any(len(chain) > 1 and chain[0] in names for chain in iterated)
