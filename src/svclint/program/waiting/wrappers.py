"""What nobody passes to a function: its `**kwargs`, or a parameter whose default is None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import Name
from svclint.program.link.arguments import parameter_of
from svclint.program.link.refs import FunctionRef
from svclint.program.waiting.passed import is_only_read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.program.program import Program
    from svclint.program.waiting.passed import Passed
    from svclint.program.waiting.values import Placed

_DEPTH = 4


class Wrappers:
    """Answers by all callers of a function: there is one at least, and none that could not be known."""

    def __init__(self, program: Program, passed: Passed) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.passed = passed

    def brings_none(self, placed: Placed, names: Iterable[str], depth: int = _DEPTH) -> bool:
        """Whether `**value` are the keyword arguments of a function to which no caller passes one of these names."""
        module, scope, value = placed
        data = self.names.modules[module]
        if not isinstance(value, Name) or len(value.chain) != 1 or depth == 0:
            return False
        name = value.chain[0]
        home = data.home(scope, name)
        if home <= 0 or self.passed.changes(module, home, name):
            return False
        function = data.index.scopes[home]
        is_own = any(each.name == name and each.kind == "kwargs" for each in function.parameters)
        if not is_own or len(function.bindings[name]) != 1:
            return False
        if not is_only_read(data, home, name):
            return False
        return self._omit(module, home, frozenset(names), -1, depth)

    def omit(self, module: str, scope: int, name: str) -> bool:
        """Whether no caller of a function gives the parameter of this name."""
        parameters = self.names.modules[module].index.scopes[scope].parameters
        position = next((at for at, each in enumerate(parameters) if each.name == name), -1)
        return position >= 0 and self._omit(module, scope, frozenset({name}), position, _DEPTH)

    def _omit(self, module: str, scope: int, names: frozenset[str], position: int, depth: int) -> bool:
        function = self.names.modules[module].index.scopes[scope]
        callers = self.names.callers.all_of(module, scope)
        for each in callers:
            caller = self.names.modules[each.module]
            for slot, placed in self.passed.of(caller, caller.index.calls[each.position], FunctionRef(module, scope)):
                if slot in names or (slot == "**" and not self.brings_none(placed, names, depth - 1)):
                    return False
                if position >= 0 and (slot == "*" or parameter_of(function, each.bound, slot) == position):
                    return False
        return bool(callers)
