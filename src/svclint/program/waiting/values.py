"""What a value is worth as a timeout: a number, None, a constant, a setting, an object made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import BindingKind
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

_NUMBERS = frozenset({"int", "float"})
_DEPTH = 8

Placed = tuple[str, int, "Value"]
"""A value with the module and the scope that it stands in."""


class Values:
    """Evaluates what is given for a timeout."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program
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
            case Conditional(then=then, orelse=orelse):
                return weakest([self.wait((module, scope, each), disabled, depth - 1) for each in (then, orelse)])
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
        return weakest([self.wait((function.module, each.scope, each.value), disabled, depth - 1) for each in made])

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
            is_setting = len(value.chain) > 1 and isinstance(wait, Unbounded)
            return msgspec.structs.replace(wait, perhaps=True) if is_setting else wait
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
        home = data.home(scope, value.chain[0])
        if home < 0:
            return []
        found: list[Placed] = []
        for owner, binding in data.reaching(scope, value.chain[0], home, value.start):
            behind = self._binding(module, owner, binding, value.chain[0])
            if behind is None:
                return []
            found.append(behind)
        return found

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
            # Whether a default of None is ever used depends on the callers, and they are not followed.
            if default is not None and default != NONE:
                return module, self.names.modules[module].index.scopes[scope].parent, default
        return None


def is_none(placed: Placed) -> bool:
    """Whether a value is surely None."""
    return placed[2] == NONE
