"""What a call passes: its own arguments, those that `partial` has bound, those in dictionaries that are written out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from svclint.index.values import ITEM, Container, Fate, Literal, Name
from svclint.program.link.arguments import arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclint.index.model import Call
    from svclint.index.values import Chain, Value
    from svclint.program.link.module import Module
    from svclint.program.link.refs import Ref
    from svclint.program.program import Program
    from svclint.program.waiting.values import Placed

_READS = frozenset({Fate.RECEIVER, Fate.ATTRIBUTE, Fate.TESTED, Fate.ITERATED, Fate.FORMATTED})
_CHANGES = frozenset({"clear", "pop", "popitem", "setdefault", "update"})


class Passed:
    """Finds the arguments of calls."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names

    def of(self, module: Module, call: Call, ref: Ref) -> list[tuple[str, Placed]]:
        """Return what a call of a target passes, by slots; `**` stands for what can't be known."""
        calls = []
        for path, made in getattr(ref, "given", ()):
            record = self.names.modules[path].index.calls[made]
            calls.append((path, msgspec.structs.replace(record, args=record.args[1:])))
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
        last = {slot: placed for slot, placed in found if slot != "**"}  # a later keyword of a partial replaces one
        return [*last.items(), *(each for each in found if each[0] == "**")]

    def _spread(self, path: str, scope: int, value: Value) -> Iterator[tuple[str, Placed]]:
        """Yield what `**value` passes: the entries of a dictionary that is written out and not changed later."""
        written = self.names.written.values(path, scope, value) or []
        if len(written) == 1:
            owner, home, table = written[0]
            entries = _entries(table)
            changed = isinstance(value, Name) and (
                self._is_changed(value, owner, home, table) or not self._is_only_read(path, scope, value.chain)
            )
            if entries is not None and not changed:
                yield from ((name, (owner, home, item)) for name, item in entries)
                return
        yield "**", (path, scope, value)

    def _is_changed(self, value: Name, module: str, scope: int, table: Value) -> bool:
        """Whether anything may be put into a dictionary that a name stands for, behind its display."""
        data = self.names.modules[module]
        function = data.function_of(scope)
        if function > 0:
            return self.changes(module, function, value.chain[-1])
        names = {
            target.chain[-1]
            for stmt in data.index.stmts
            if stmt.value == table
            for target in stmt.targets
            if isinstance(target, Name)
        }
        # What a module holds can be changed from every other one, under the name that it has there.
        return not names or any((names | {value.chain[-1]}) & changed.keys() for changed in self._changed.values())

    def changes(self, module: str, function: int, name: str) -> bool:
        """Whether a function changes the dictionary behind one of its names."""
        scope = self.names.modules[module].index.scopes[function]
        return any(scope.start <= each < scope.end for each in self._changed[module].get(name, ()))

    def _is_only_read(self, module: str, scope: int, chain: Chain) -> bool:
        data = self.names.modules[module]
        home = data.home(scope, chain[0])
        return len(chain) > 1 or home < 0 or is_only_read(data, home, chain[0])

    @cached_property
    def _changed(self) -> dict[str, dict[str, list[int]]]:
        """Where in each module items of a name are set, or a method of it is called that changes a dictionary."""
        found: dict[str, dict[str, list[int]]] = {}
        for path, module in self.program.modules.items():
            changed = found[path] = {}
            for call in module.index.calls:
                if call.chain[-1] in _CHANGES and len(call.chain) > 1:
                    changed.setdefault(call.chain[-2], []).append(call.start)
            for stmt in module.index.stmts:
                for target in stmt.targets:
                    if isinstance(target, Name) and target.chain[-1] == ITEM:
                        changed.setdefault(target.chain[-2], []).append(stmt.start)
        return found


def is_only_read(module: Module, home: int, name: str) -> bool:
    """Whether a dictionary is not handed, under one name, to anybody who could change it."""
    return all(each.use.fate in _READS or each.use.slot == "**" for each in module.reads(home, name))


def _entries(value: Value) -> list[tuple[str, Value]] | None:
    """Return the entries of a dictionary that is written out; None for anything else."""
    if not isinstance(value, Container) or value.kind != "dict" or len(value.keys) != len(value.items):
        return None
    found = [(key.text, item) for key, item in zip(value.keys, value.items, strict=True) if isinstance(key, Literal)]
    return found if len(found) == len(value.items) else None
