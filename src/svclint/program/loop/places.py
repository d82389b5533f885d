"""
Where code runs: on the event loop, in a thread, once at start-up.

Answered for a function by itself: an `async def`, what frameworks run on the loop, callbacks that stay on it, and
lambdas and inner functions by what the function around them does with them. What its callers make of a sync function
is not followed: its place is unknown.
"""

from __future__ import annotations

import enum
from functools import cached_property
from typing import TYPE_CHECKING

from svclint.index.model import ScopeKind
from svclint.index.values import CALL, CallOf, Fate, Lambda, Literal, Name
from svclint.program.link.arguments import arguments
from svclint.program.link.refs import ApiRef, ClassRef, CoroutineRef, FunctionRef, InstanceRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclint.catalogue.model import Api
    from svclint.index.model import Call, Read
    from svclint.index.values import Value
    from svclint.program.link.module import Module
    from svclint.program.program import Program


class Place(enum.StrEnum):
    """Where a function's body runs."""

    LOOP = "on the event loop"
    START_UP = "at start-up"
    THREAD = "in a thread"
    PROCESS = "in another process"
    IMPORT = "at import"
    UNKNOWN = "where its callers run it"

    @property
    def is_loop(self) -> bool:
        """Whether what blocks there holds up the loop."""
        return self in {Place.LOOP, Place.START_UP}


_PLACES = {"loop": Place.LOOP, "thread": Place.THREAD, "process": Place.PROCESS, "start-up": Place.START_UP}
_ORDER = (Place.LOOP, Place.START_UP, Place.THREAD, Place.PROCESS)
Function = tuple[str, int]


class Places:
    """Answers where functions run."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self._known: dict[Function, Place] = {}

    def of(self, module: Module, scope: int) -> Place:
        """Return where the code of a scope runs."""
        home = module.function_of(scope)
        key = (module.path, home)
        if key not in self._known:
            self._known[key] = Place.UNKNOWN  # a lambda that is read in itself
            self._known[key] = self._place(module, home)
        return self._known[key]

    def _place(self, module: Module, home: int) -> Place:
        data = module.index.scopes[home]
        if data.kind is ScopeKind.MODULE:
            return Place.IMPORT
        if data.kind is ScopeKind.CLASS:
            return self.of(module, data.parent)
        told = self._told(module, home)
        if data.kind is ScopeKind.ASYNC:
            handed = self._handed_over.get((module.path, home), ())
            is_once = self.program.is_main(module.path, home) or Place.START_UP in (told, *handed)
            return Place.START_UP if is_once else Place.LOOP
        if data.yields:
            return Place.UNKNOWN  # where it is iterated
        if told is not None:
            return told
        found = (*self._handed_over.get((module.path, home), ()), self._by_uses(module, home))
        return next((place for place in _ORDER if place in found), Place.UNKNOWN)

    # --- what frameworks and libraries do with a function ---

    def _told(self, module: Module, scope: int) -> Place | None:
        """Return where a function runs by its decorators and its class, None where they tell nothing."""
        found = [*self._decorated(module, scope), *self._as_method(module, scope)]
        return next((place for place in _ORDER if place in found), None)

    def _decorated(self, module: Module, scope: int) -> Iterator[Place]:
        data = module.index.scopes[scope]
        for value in data.decorators:
            for name in self.program.members.decorator(module.path, data.parent, value).apis:
                row = self.catalogue.get(name)
                if row is not None and row.decorated in _PLACES:
                    call = module.index.calls[value.call] if isinstance(value, CallOf) else None
                    if call is None or not self.excused(module, row, call):
                        yield _PLACES[row.decorated]
                    else:
                        yield Place.THREAD

    def _as_method(self, module: Module, scope: int) -> Iterator[Place]:
        owner = module.class_of(scope)
        if owner < 0:
            return
        name = module.index.scopes[scope].name
        for ancestor in self.program.members.mro(ClassRef(module.path, owner))[0]:
            row = self.catalogue.get(ancestor.name) if isinstance(ancestor, ApiRef) else None
            for methods in row.methods if row is not None else ():
                if name in methods.names and methods.where in _PLACES:
                    yield _PLACES[methods.where]

    @cached_property
    def _handed_over(self) -> dict[Function, tuple[Place, ...]]:
        """The functions that are handed by name to something that calls them back, and where that runs them."""
        found: dict[Function, set[Place]] = {}
        lasts = self.catalogue.last_callers
        for path, module in self.program.modules.items():
            for position, call in enumerate(module.index.calls):
                if call.chain[-1] in lasts and (call.args or call.keywords):
                    for function, place in self._handed(path, call, position):
                        found.setdefault(function, set()).add(place)
        return {function: tuple(sorted(places)) for function, places in found.items()}

    def _handed(self, path: str, call: Call, position: int) -> Iterator[tuple[Function, Place]]:
        for slot, place in self._callbacks(path, call, self.names.callee(path, position).apis):
            value = next((each for name, each in arguments(call) if name == slot), None)
            for function in self._functions(path, call.scope, value):
                yield function, place

    def _callbacks(self, path: str, call: Call, apis: Iterable[str]) -> Iterator[tuple[str, Place]]:
        for name in apis:
            row = self.catalogue.get(name)
            if row is None:
                continue
            for each in row.runs:
                if each.where in _PLACES:
                    is_excused = self.excused(self.names.modules[path], row, call)
                    yield each.slot, Place.THREAD if is_excused else _PLACES[each.where]

    def _functions(self, path: str, scope: int, value: Value | None) -> Iterator[Function]:
        """Yield the functions that a value is: by name, called, or one of several in a list."""
        if value is None or isinstance(value, Lambda | Literal):
            return
        refs = self.names.value(path, scope, value).refs
        for ref in (*refs, *(item for each in refs if isinstance(each, InstanceRef) for item in each.items)):
            function = ref.function if isinstance(ref, CoroutineRef) else ref
            if isinstance(function, FunctionRef):
                yield function.module, function.scope

    # --- lambdas and inner functions ---

    def _by_uses(self, module: Module, scope: int) -> Place:
        """Return where an inner function runs by what the function around it does with it."""
        data = module.index.scopes[scope]
        around = module.function_of(data.parent)
        if module.index.scopes[around].kind not in {ScopeKind.ASYNC, ScopeKind.FUNCTION, ScopeKind.LAMBDA}:
            return Place.UNKNOWN
        found = [self._used(module, scope, read) for read in self._reads(module, scope)]
        taker = module.lambda_takers.get(scope)
        if taker is not None:
            call = module.index.calls[taker]
            slot = next((name for name, value in arguments(call) if value == Lambda(scope)), "")
            found.append(self._taken(module, taker, slot))
        elif any(call.callee == Lambda(scope) for call in module.calls_in(around)):
            found.append(self.of(module, around))
        return next((place for place in _ORDER if place in found), Place.UNKNOWN)

    @staticmethod
    def _reads(module: Module, scope: int) -> list[Read]:
        """Return the reads of the names that a function was given in the scope around it."""
        data = module.index.scopes[scope]
        home = data.parent
        if data.kind is not ScopeKind.LAMBDA:
            return module.reads(home, data.name) if module.index.scopes[home].kind is not ScopeKind.CLASS else []
        names = [
            name
            for name, bindings in module.index.scopes[home].bindings.items()
            if any(binding.value == Lambda(scope) for binding in bindings)
        ]
        return [read for name in names for read in module.reads(home, name)]

    def _used(self, module: Module, scope: int, read: Read) -> Place:
        use = read.use
        if use.fate is Fate.CALLED:
            caller = module.function_of(module.index.calls[use.ref].scope)
            return Place.UNKNOWN if caller == scope else self.of(module, caller)
        if use.fate is Fate.ARGUMENT:
            return self._taken(module, use.ref, use.slot)
        return Place.UNKNOWN

    def _taken(self, module: Module, position: int, slot: str) -> Place:
        """Return where a call runs what it is given as an argument."""
        call = module.index.calls[position]
        for name in self.names.callee(module.path, position).apis:
            row = self.catalogue.get(name)
            if row is not None and "partial" in row.effects and slot == "0":
                return self._partial(module, position)
            for each in row.runs if row is not None else ():
                if each.slot == slot and row is not None:
                    if each.where == "inline":
                        return self.of(module, call.scope)
                    return Place.THREAD if self.excused(module, row, call) else _PLACES[each.where]
        return Place.UNKNOWN

    def _partial(self, module: Module, position: int) -> Place:
        """Return where a function runs that was given to `partial`: where the partial is handed to."""
        use = module.index.calls[position].use
        return self._taken(module, use.ref, use.slot) if use.fate is Fate.ARGUMENT else Place.UNKNOWN

    # --- calls that don't do what they usually do ---

    def excused(self, module: Module, row: Api, call: Call) -> bool:
        """Whether a call's arguments say that it does not do what its row says: `block=False`, `os.WNOHANG`."""
        given = arguments(call)
        if row.without and not any(slot in row.without or slot in {"*", "**"} for slot, _ in given):
            return True
        if not row.unless:
            return False
        return any(f"{slot}={text}" in row.unless for slot, value in given for text in self._texts(module, call, value))

    def _texts(self, module: Module, call: Call, value: Value) -> list[str]:
        """Return how an argument is written in a row's `unless`."""
        match value:
            case Literal(kind="str", text=text):
                return [repr(text)]
            case Literal(kind="float" | "int", text=text):
                return ["0" if float(text or 1) == 0 else text]
            case Literal(text=text):
                return [text]
            case Name(chain=chain) if CALL not in chain:
                return list(self.names.value(module.path, call.scope, value).apis)
            case _:
                return []
