"""Calls that hold up the thread they run in: what they wait for, by what they call and with which arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.catalogue.model import Api
from svclint.index.values import AWAIT, CallOf, Fate, Name, Operator
from svclint.program.link.arguments import arguments
from svclint.program.link.refs import ApiRef, InstanceRef, MethodRef, called_name
from svclint.program.loop.places import Place

if TYPE_CHECKING:
    from svclint.index.model import Binding, Call
    from svclint.index.values import Value
    from svclint.program.link.module import Module
    from svclint.program.link.refs import Ref
    from svclint.program.program import Program

_ORDER = ("sleep", "subprocess", "cpu", "wait", "database", "network", "file", "stat")
"""Of several kinds at one call the first one is told."""
_DUNDERS = {Fate.ITERATED: "__iter__", Fate.ENTERED: "__enter__"}
_LOCK_WAITS = "whether another holder blocks is not known"


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a call waits for: the `kind` of the catalogue, and the API that does.

    `may` says that it can call something else as well that does not wait. Where `reason` is set, the call is no
    finding, and that is why. `console` says that somebody at a terminal is asked, `lazy` that the work is done later,
    while its result is iterated, `gives` that what the call gives blocks in turn.
    """

    kind: str
    api: str
    place: Place
    may: bool = False
    lazy: bool = False
    bound_to_thread: bool = False
    console: bool = False
    gives: bool = False
    leaving: bool = False
    reason: str = ""


class _Effect(msgspec.Struct, frozen=True):
    """What one possible target of a call does; nothing is `known` of a library's function without a row."""

    kind: str
    api: str
    row: Api | None
    leaving: bool = False
    known: bool = True


class Blocking:
    """Answers which calls block, and whether that holds up the loop."""

    def __init__(self, program: Program) -> None:
        """Share the program's names and places."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self._known: dict[tuple[str, int], Blocked | None] = {}
        self._by_module: dict[str, list[tuple[int, Blocked]]] = {}

    def of(self, module: Module, position: int) -> Blocked | None:
        """Return what a call waits for, None where nothing is known to."""
        key = (module.path, position)
        if key not in self._known:
            self._known[key] = self._blocked(module, position)
        return self._known[key]

    def in_module(self, module: Module) -> list[tuple[int, Blocked]]:
        """Return the calls of a module that block, by position, and what they wait for."""
        if module.path not in self._by_module:
            found = [(position, self.of(module, position)) for position in range(len(module.index.calls))]
            self._by_module[module.path] = [(position, each) for position, each in found if each is not None]
        return self._by_module[module.path]

    def _blocked(self, module: Module, position: int) -> Blocked | None:
        call = module.index.calls[position]
        effects = [self._effect(module, call, ref) for ref in self.names.callee(module.path, position).refs]
        if not any(each.kind for each in effects):
            effects = self._of_result(module, position, call)
        kinds = {each.kind for each in effects}
        kind = next((each for each in _ORDER if each in kinds), "")
        if not kind:
            return None
        chosen = min((each for each in effects if each.kind == kind), key=lambda each: each.api)
        place = self.program.places.of(module, call.scope)
        reason = self._excuse(module, position, call, chosen) if place.is_loop else f"runs {place}"
        row = chosen.row
        return Blocked(
            kind=kind,
            api=chosen.api,
            place=place,
            may=any(not each.kind and each.known for each in effects),
            console=row is not None and "console" in row.effects,
            lazy=row is not None and "lazy" in row.effects,
            bound_to_thread=self._is_thread_bound(module, position),
            gives=row is not None and self.catalogue.blocks_later(row.name if row.kind == "class" else row.returns),
            leaving=chosen.leaving,
            reason=reason,
        )

    # --- what is called ---

    def _effect(self, module: Module, call: Call, ref: Ref) -> _Effect:
        name = called_name(ref)
        row = self.catalogue.get(name) if name else None
        if row is None:
            return _Effect("", name, row, known=not name)
        if self.program.places.excused(module, row, call):
            return _Effect("", name, row)
        if row.blocks:
            return _Effect(self._in_memory(module, call, row, ref) or row.blocks, name, row)
        if row.leaving and call.use.fate is Fate.ENTERED and not self._is_async_with(module, call):
            return _Effect(row.leaving, name, row, leaving=True)
        return _Effect("", name, row)

    def _of_result(self, module: Module, position: int, call: Call) -> list[_Effect]:
        """Return what iterating or entering what a call gives does: `for row in query(...)`, `with FileLock(path):`."""
        method = "__iter__" if self._is_iterated_by(module, call) else _DUNDERS.get(call.use.fate)
        if method is None or self._is_async_use(module, position, call):
            return []
        found = []
        for ref in self.names.call_result(module.path, position).refs:
            if isinstance(ref, InstanceRef) and isinstance(ref.cls, ApiRef):
                name = f"{ref.cls.name}.{method}"
                row = self.catalogue.get(name)
                own = row is not None and row.name.endswith(method)
                found.append(_Effect(row.blocks if row is not None and own else "", name, row))
        return found

    def _is_iterated_by(self, module: Module, call: Call) -> bool:
        """Whether a call's result is given to a function that iterates it: `list(session.query(Order))`."""
        use = call.use
        if use.fate is not Fate.ARGUMENT or use.slot != "0":
            return False
        return any(self.catalogue.has(name, "iterates") for name in self.program.apis(module.path)[use.ref])

    def _is_async_use(self, module: Module, position: int, call: Call) -> bool:
        if call.use.fate is Fate.ENTERED:
            return self._is_async_with(module, call)
        return any(
            each.kind == "for" and each.value == CallOf(position)
            for each in module.awaits_between(module.index.stmts[call.stmt].start, module.index.stmts[call.stmt].end)
        )

    def _in_memory(self, module: Module, call: Call, row: Api, ref: Ref) -> str:
        """Return what a call costs that uses a buffer in memory instead of a file, `""` where it uses no buffer."""
        if row.blocks != "file":
            return ""
        if row.in_memory and not call.args and not call.keywords:  # `frame.to_csv()` gives a text
            return row.in_memory
        if any(self._is_buffer(module, call, value) for _, value in arguments(call)):
            return row.in_memory or "none"
        owner = ref.owner if isinstance(ref, MethodRef) else None
        if owner is not None and owner.call >= 0:  # an archive over a buffer
            made = self.names.modules[owner.module]
            opened = made.index.calls[owner.call]
            if any(self._is_buffer(made, opened, value) for _, value in arguments(opened)):
                return row.in_memory or "none"
        return ""

    def _is_buffer(self, module: Module, call: Call, value: Value) -> bool:
        refs = self.names.value(module.path, call.scope, value).refs
        classes = [ref.cls for ref in refs if isinstance(ref, InstanceRef)]
        return any(isinstance(cls, ApiRef) and self.catalogue.has(cls.name, "in-memory") for cls in classes)

    @staticmethod
    def _is_async_with(module: Module, call: Call) -> bool:
        stmt = module.index.stmts[call.stmt]
        return stmt.ref >= 0 and stmt.ref < len(module.index.withs) and module.index.withs[stmt.ref].is_async

    def _is_thread_bound(self, module: Module, position: int) -> bool:
        for ref in self.names.callee(module.path, position).refs:
            if isinstance(ref, MethodRef) and self.catalogue.has(ref.cls.name, "thread-bound"):
                return True
        return False

    # --- why a call that blocks is no finding ---

    def _excuse(self, module: Module, position: int, call: Call, effect: _Effect) -> str:
        if call.use.fate is Fate.AWAITED or (call.use.fate is Fate.ENTERED and self._is_async_with(module, call)):
            return "what it gives is awaited: it is no blocking call"
        if call.use.fate is Fate.ARGUMENT and self._is_awaited_by(module, call.use.ref):
            return "what it gives is awaited by what takes it"
        if effect.row is not None and "lazy" in effect.row.effects and not self._is_consumed(module, call):
            return "does nothing before it is iterated"
        if effect.kind == "wait" and self._is_lock(module, position):
            return _LOCK_WAITS
        if effect.kind == "wait" and self._is_done(module, call):
            return "what it waits for is done"
        if effect.row is not None and "when-bounded" in effect.row.effects and not self._is_bounded(module, position):
            return "nothing says that its queue is bounded"
        if effect.leaving and self._is_waited_for_inside(module, call):
            return "what it would wait for is waited for inside"
        if effect.kind == "file" and self._is_opened_here(module, call):
            return "the finding stands at the call that opened it"
        return ""

    def _is_awaited_by(self, module: Module, taker: int) -> bool:
        names = self.names.callee(module.path, taker).apis
        return any(not {"awaits", "spawns"}.isdisjoint(self.catalogue.effects(name)) for name in names)

    def _is_bounded(self, module: Module, position: int) -> bool:
        """Whether the queue whose method is called was made with a size."""
        for ref in self.names.callee(module.path, position).refs:
            owner = ref.owner if isinstance(ref, MethodRef) else None
            if owner is not None and owner.call >= 0:
                made = self.names.modules[owner.module].index.calls[owner.call]
                sizes = [value for slot, value in arguments(made) if slot in {"0", "maxsize"}]
                if any(getattr(value, "text", "1") not in {"0", "-1"} for value in sizes):
                    return True
        return False

    def _is_waited_for_inside(self, module: Module, call: Call) -> bool:
        """Whether the body of a `with` over an executor already waits for its work by another call that blocks."""
        stmt = module.index.stmts[call.stmt]
        body = module.index.blocks[stmt.blocks[0]]
        inside = [module.calls_by_span[each.start, each.end] for each in module.calls_between(body.start, body.end)]
        found = [self.of(module, position) for position in inside]
        return any(each is not None and each.kind == "wait" and not each.leaving for each in found)

    def _is_consumed(self, module: Module, call: Call) -> bool:
        """Whether the function iterates over what a call gives, or hands it on to what may."""
        use = call.use
        if use.fate is not Fate.BOUND:
            return use.fate not in {Fate.DISCARDED, Fate.RETURNED, Fate.STORED, Fate.YIELDED}
        reads = module.reads(module.function_of(call.scope), use.slot) if use.slot else []
        return not use.slot or any(read.use.fate in {Fate.ITERATED, Fate.ARGUMENT} for read in reads)

    def _is_lock(self, module: Module, position: int) -> bool:
        for ref in self.names.callee(module.path, position).refs:
            is_wait = isinstance(ref, MethodRef) and ref.name == "acquire"
            if is_wait and self.catalogue.has(ref.cls.name, "locks"):
                return True
        return False

    def _is_done(self, module: Module, call: Call) -> bool:
        """Whether a future was asked before whether it is done, or comes out of those that are."""
        receiver = call.chain[:-1]
        own = module.calls_in(module.function_of(call.scope))
        if any(each.chain == (*receiver, "done") and each.start < call.start for each in own):
            return True
        if call.conditional and any(each.chain == (*receiver, "done") and each.stmt == call.stmt for each in own):
            return True
        return len(receiver) == 1 and any(self._is_done_item(module, each) for each in self._bindings(module, call))

    def _bindings(self, module: Module, call: Call) -> list[Binding]:
        home = module.home(call.scope, call.chain[0])
        if home < 0:
            return []
        return [each for _, each in module.reaching(call.scope, call.chain[0], home, call.start)]

    def _is_done_item(self, module: Module, binding: Binding) -> bool:
        value = binding.value
        while isinstance(value, Operator) and value.kind in {"item", "await"}:
            value = value.operands[0]
        if not isinstance(value, CallOf):
            return False
        return any(self.catalogue.has(name, "gives-done") for name in self.names.callee(module.path, value.call).apis)

    def _is_opened_here(self, module: Module, call: Call) -> bool:
        """Whether a file is used that the same function has opened with a call that is a finding itself."""
        home = module.function_of(call.scope)
        for value in (Name(call.chain[:-1], call.start), *(value for _, value in arguments(call))):
            if isinstance(value, Name) and value.chain and AWAIT not in value.chain:
                refs = self.names.value(module.path, call.scope, value).refs
                if any(self._is_finding(module, home, self._opening(module, ref)) for ref in refs):
                    return True
        return False

    def _opening(self, module: Module, ref: Ref) -> int:
        """Return the call of a module that opened a file or archive, -1 for what is none or came from elsewhere."""
        if not isinstance(ref, InstanceRef) or not isinstance(ref.cls, ApiRef) or ref.module != module.path:
            return -1
        return ref.call if self.catalogue.has(ref.cls.name, "handle") else -1

    def _is_finding(self, module: Module, home: int, position: int) -> bool:
        if position < 0 or module.function_of(module.index.calls[position].scope) != home:
            return False
        opened = self.of(module, position)
        return opened is not None and opened.kind == "file" and not opened.reason
