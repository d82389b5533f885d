"""How the arguments of a call bind to the parameters of a function, computed in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import Operator

if TYPE_CHECKING:
    from svclint.index.model import Call, Scope
    from svclint.index.values import Value


def parameter_of(function: Scope, bound: int, slot: str) -> int:
    """
    Return the position in `function.parameters` that an argument binds to, -1 where that can't be known.

    `slot` is the argument's position, its keyword, or `*`/`**`; `bound` leading parameters are given already.
    """
    if slot in {"*", "**"}:
        return -1
    parameters = function.parameters
    if slot.isdigit():
        position = int(slot) + bound
        plain = [at for at, each in enumerate(parameters) if each.kind in {"positional", "plain"}]
        if position < len(plain):
            return plain[position]
        return next((at for at, each in enumerate(parameters) if each.kind == "args"), -1)
    for at, each in enumerate(parameters):
        if each.name == slot and each.kind in {"plain", "keyword"}:
            return at
    return next((at for at, each in enumerate(parameters) if each.kind == "kwargs"), -1)


def arguments(call: Call) -> list[tuple[str, Value]]:
    """Return a call's arguments with their slots: position, keyword, `*` or `**`."""
    found: list[tuple[str, Value]] = []
    for position, value in enumerate(call.args):
        if isinstance(value, Operator) and value.kind == "starred":
            found.append(("*", value.operands[0]))
        else:
            found.append((str(position), value))
    found.extend(call.keywords)
    return found


def argument(call: Call, keyword: str) -> Value | None:
    """Return the value that a call gives for a keyword, None where it gives none."""
    return next((value for name, value in call.keywords if name == keyword), None)
