"""What a value is worth as a timeout: a number, None, a constant, a setting, an object made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import BindingKind, StmtKind
from svclint.index.values import NONE, CallOf, Conditional, Container, Literal, Name, Operator
from svclint.program.link.arguments import arguments
from svclint.program.link.refs import ClassRef, FunctionRef, InstanceRef, called_name
from svclint.program.waiting.model import Bounded, Unbounded, Unknown, weakest

if TYPE_CHECKING:
    from collections.abc import Collection

    from svclint.catalogue.model import Bound
    from svclint.index.model import Binding, Call
    from svclint.index.values import Value
    from svclint.program.program import Program
    from svclint.program.waiting.model import Wait
    from svclint.program.waiting.wrappers import Wrappers

_NUMBERS = frozenset({"int", "float"})
_DEPTH = 8

Placed = tuple[str, int, "Value"]
"""A value with the module and the scope that it stands in."""


class Values:
    """Evaluates what is given for a timeout."""

    def __init__(self, program: Program, wrappers: Wrappers) -> None:
        """Share the program's names, and what is known of the callers of functions."""
        self.program = program
        self.wrappers = wrappers
        self.names = program.names
        self.catalogue = program.catalogue

    def wait(self, placed: Placed, disabled: Collection[str] = ("None",), depth: int = _DEPTH) -> Wait:
        """Return how long something waits that is given this value; `disabled` are literals that mean for ever."""
        module, scope, value = placed
        if depth == 0:
            return Unknown("it is too far to follow")
        match value:
            case Literal():
                return self._literal(value, disabled)
            case Container(kind="tuple", items=items) if items:  # (connect, read): reading is what lasts
                return self.wait((module, scope, items[-1]), disabled, depth - 1)
            case Operator(kind="or", operands=operands):
                last = self.wait((module, scope, operands[-1]), disabled, depth - 1)
                return msgspec.structs.replace(last, perhaps=True) if isinstance(last, Unbounded) else last
            case Operator(kind="and", operands=operands):
                return weakest([self.wait((module, scope, each), disabled, depth - 1) for each in operands[1:]])
            case Conditional(test=Name() as test, then=then, orelse=Literal(kind="none")) if isinstance(
                self.wait((module, scope, test), disabled, depth - 1), Bounded
            ):  # `limit / 1000 if limit else None`, and there is a limit by default
                return self.wait((module, scope, then), disabled, depth - 1)
            case Conditional(test=test, then=then, orelse=orelse):
                # What the test itself asks for is no None where it is taken: `x if x is not None else 10`.
                parts = [each for each in (then, orelse) if not _asks_for(test, each)] or [then, orelse]
                return weakest([self.wait((module, scope, each), disabled, depth - 1) for each in parts])
            case Operator(kind="binary" | "unary"):
                return Bounded("is computed")
            case CallOf(call=call):
                return self._call(module, call, disabled, depth)
            case Name():
                return self._name(module, scope, value, disabled, depth)
            case _:
                return Unknown("its value is not known")

    @staticmethod
    def _literal(value: Literal, disabled: Collection[str]) -> Wait:
        text = value.text
        if value.kind in _NUMBERS and float(text or 1) == 0:
            text = "0"
        if text in disabled:
            return Unbounded(f"its timeout is {text}", disabled=True)
        if value.kind in _NUMBERS:
            return Bounded(f"its timeout is {text}", float(text or 0) or None)
        return Unknown(f"its timeout is {text}")

    # --- calls ---

    def _call(self, module: str, position: int, disabled: Collection[str], depth: int) -> Wait:
        call = self.names.modules[module].index.calls[position]
        for ref in self.names.callee(module, position).refs:
            if isinstance(ref, FunctionRef):
                return self._returned(ref, disabled, depth)
            row = self.catalogue.get(called_name(ref))
            if row is None:
                continue
            if row.bound is not None:
                return self._bound(module, call, row.bound, disabled, depth)
            if "field" in row.effects:
                return self._default(module, call, ("default", "0"), disabled, depth)
            if "reads-setting" in row.effects:
                if any(slot in {"default", "1"} for slot, _ in arguments(call)):
                    wait = self._default(module, call, ("default", "1"), disabled, depth)
                    return msgspec.structs.replace(wait, perhaps=True) if isinstance(wait, Unbounded) else wait
                return Unbounded("it is None where the setting is missing", disabled=True, perhaps=True)
            if "parses" in row.effects:
                return Bounded("is a number")
        return Unknown("what the call gives is not known")

    def _returned(self, function: FunctionRef, disabled: Collection[str], depth: int) -> Wait:
        """Return what the values are worth that a function of the project returns."""
        made = self.names.modules[function.module].returns_by_scope.get(function.scope, ())
        waits = [self.wait((function.module, each.scope, each.value), disabled, depth - 1) for each in made]
        if len({type(each) for each in waits}) > 1 and self.program.scope(function).parameters:
            return Unknown("it depends on what the function is given")
        return weakest(waits)

    def _default(self, module: str, call: Call, slots: tuple[str, ...], disabled: Collection[str], depth: int) -> Wait:
        value = next((each for slot, each in arguments(call) if slot in slots), None)
        return (
            Unknown("it has no default")
            if value is None
            else self.wait((module, call.scope, value), disabled, depth - 1)
        )

    def _bound(self, module: str, call: Call, bound: Bound, disabled: Collection[str], depth: int) -> Wait:
        """Return what an object for timeouts bounds: `httpx.Timeout(5, read=None)`, `ClientTimeout(connect=3)`."""
        given = dict(arguments(call))
        disabled = {"None", *disabled}  # also where None itself, in place of the object, is the default
        if "*" in given or "**" in given:
            return Unknown("its parts are not known")
        waits = [
            self.wait((module, call.scope, given[slot]), disabled, depth - 1) for slot in bound.slots if slot in given
        ]
        if bound.first and waits:
            return waits[0]
        found = next((each for each in waits if isinstance(each, Bounded)), None)
        if found is not None:
            return found
        if any(isinstance(each, Unknown) for each in waits):
            return Unknown("its parts are not known")
        if waits or bound.default == "none":
            perhaps = any(isinstance(each, Unbounded) and each.perhaps for each in waits)
            return Unbounded("its timeout leaves reading open", disabled=True, perhaps=perhaps)
        return Bounded("has a default", float(bound.default))

    # --- names ---

    def _name(self, module: str, scope: int, value: Name, disabled: Collection[str], depth: int) -> Wait:
        found = self.behind(module, scope, value)
        if found:
            wait = weakest([self.wait(each, disabled, depth - 1) for each in found])
            is_setting = len(value.chain) > 1 or self._is_parameter(module, scope, value.chain[0])
            return msgspec.structs.replace(wait, perhaps=True) if is_setting and isinstance(wait, Unbounded) else wait
        return Unknown("its value is not known")

    def behind(self, module: str, scope: int, value: Name) -> list[Placed]:
        """Return the values that are written out behind a name, defaults of parameters and of settings included."""
        if len(value.chain) == 1:
            return self._plain(module, scope, value)
        *owners, name = value.chain
        found: list[Placed] = []
        owner = self.names.resolve(module, scope, tuple(owners), value.start)
        for ref in owner.refs:
            cls = ref.cls if isinstance(ref, InstanceRef) else ref
            if isinstance(cls, ClassRef):
                found.extend(self.program.members.classes.values_of(cls, name))
        if found:
            return found
        written = self.names.written.values(module, scope, value)
        return [each for each in written or () if each[2] != value]

    def _plain(self, module: str, scope: int, value: Name) -> list[Placed]:
        data = self.names.modules[module]
        name = value.chain[0]
        home = data.home(scope, name)
        if home < 0:
            return []
        found: list[Placed] = []
        bindings = data.reaching(scope, name, home, value.start)
        for owner, binding in bindings:
            behind = self._binding(module, owner, binding, name)
            if behind is None and len(bindings) == 1 and binding.kind is BindingKind.PARAMETER:
                return [(module, owner, NONE)] if self._is_left_out(module, owner, value) else []
            if behind is None:
                return []
            found.append(behind)
        return found

    def _is_parameter(self, module: str, scope: int, name: str) -> bool:
        data = self.names.modules[module]
        home = data.home(scope, name)
        return home >= 0 and any(each.name == name for each in data.index.scopes[home].parameters)

    def _is_left_out(self, module: str, function: int, value: Name) -> bool:
        """Whether a parameter is None in every known call, and nothing around its use asks whether it is."""
        data = self.names.modules[module]
        parameters = data.index.scopes[function].parameters
        if not any(each.name == value.chain[0] and each.default == NONE for each in parameters):
            return False
        around = data.enclosing_blocks(data.index.stmts[data.stmt_at(value.start)].block)
        owners = [
            data.index.stmts[data.index.blocks[each].owner] for each in around if data.index.blocks[each].owner >= 0
        ]
        if any(each.kind is StmtKind.IF and _asks_for(each.value, value) for each in owners):
            return False
        return self.wrappers.omit(module, function, value.chain[0])

    def _binding(self, module: str, scope: int, binding: Binding, name: str) -> Placed | None:
        if binding.kind is BindingKind.ASSIGNMENT:
            return module, scope, binding.value
        if binding.kind is BindingKind.IMPORT and ":" in binding.target:
            path, _, original = binding.target.partition(":")
            source = self.names.module_path(module, path)
            return None if source is None else (source, 0, Name((original,), 1 << 60))
        if binding.kind is BindingKind.PARAMETER:
            parameters = self.names.modules[module].index.scopes[scope].parameters
            default = next((each.default for each in parameters if each.name == name), None)
            # Whether a default of None is ever used depends on the callers.
            if default is not None and default != NONE:
                return module, self.names.modules[module].index.scopes[scope].parent, default
        return None


def is_none(placed: Placed) -> bool:
    """Whether a value is surely None."""
    return placed[2] == NONE


def _asks_for(test: Value, value: Value) -> bool:
    """Whether a condition is about a name."""
    if isinstance(test, Operator):
        return any(_asks_for(each, value) for each in test.operands)
    return isinstance(test, Name) and isinstance(value, Name) and test.chain == value.chain
