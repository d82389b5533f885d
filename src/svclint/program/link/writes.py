"""Where attributes get their values: assignments, `with ... as self.x`, and what is put into containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import StmtKind
from svclint.index.values import Container, Literal, Name, Operator, Value, is_item

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclint.index.model import ModuleIndex

_FILLS = frozenset({"append", "appendleft", "add", "insert", "setdefault"})
"""Methods by which a container gets an item: their last argument."""


class AttributeWrite(msgspec.Struct, frozen=True):
    """
    An assignment to an attribute: of `value`, None where the type is only declared.

    `name` is the attribute's, with `[]` behind it where an item of it is set.
    """

    name: str
    value: Value | None
    annotation: Value | None


def attribute_writes(
    index: ModuleIndex, function_of: Callable[[int], int]
) -> dict[int, list[tuple[str, AttributeWrite]]]:
    """Return what each function writes into attributes of names: (name, write)."""
    found: dict[int, list[tuple[str, AttributeWrite]]] = {}
    for stmt in index.stmts:
        if stmt.kind is StmtKind.ASSIGN:
            for target in stmt.targets:
                found.setdefault(stmt.scope, []).extend(_writes(target, stmt.value, stmt.annotation))
        elif stmt.annotation is not None:
            for target in stmt.targets:
                found.setdefault(stmt.scope, []).extend(_writes(target, None, stmt.annotation))
    for call in index.calls:
        if len(call.chain) == 3 and call.chain[2] in _FILLS and call.args:
            write = AttributeWrite(f"{call.chain[1]}[]", call.args[-1], None)
            found.setdefault(function_of(call.scope), []).append((call.chain[0], write))
    for statement in index.withs:
        for item in statement.items:
            if item.target is not None:
                scope = index.stmts[statement.stmt].scope
                found.setdefault(scope, []).extend(_writes(item.target, Operator("enter", (item.value,)), None))
    return found


def _writes(target: Value, value: Value | None, annotation: Value | None) -> list[tuple[str, AttributeWrite]]:
    """Return what an assignment writes into attributes of names: (name, write)."""
    if isinstance(target, Name):
        root, *steps = target.chain
        if len(steps) == 1 and not is_item(steps[0]):
            return [(root, AttributeWrite(steps[0], value, annotation))]
        if len(steps) == 2 and is_item(steps[1]):
            return [(root, AttributeWrite(f"{steps[0]}[]", value, annotation))]
    elif isinstance(target, Container) and value is not None:
        return [
            each
            for position, part in enumerate(target.items)
            for each in _writes(part, _part(value, position, len(target.items)), None)
        ]
    return []


def name_fills(index: ModuleIndex) -> dict[str, list[tuple[int, Value]]]:
    """Return what is put into containers by their names, anywhere in the module: (scope, value)."""
    found: dict[str, list[tuple[int, Value]]] = {}
    for stmt in index.stmts:
        for target in stmt.targets if stmt.kind is StmtKind.ASSIGN else ():
            if isinstance(target, Name) and len(target.chain) == 2 and is_item(target.chain[1]):
                found.setdefault(target.chain[0], []).append((stmt.scope, stmt.value))
    for call in index.calls:
        if len(call.chain) == 2 and call.chain[1] in _FILLS and call.args:
            found.setdefault(call.chain[0], []).append((call.scope, call.args[-1]))
    return found


def _part(value: Value, position: int, count: int) -> Value:
    """Return what the target at a position gets of an unpacked value."""
    if isinstance(value, Container) and value.kind in {"tuple", "list"} and len(value.items) == count:
        return value.items[position]
    return Operator("item", (value, Literal("int", str(position))))
