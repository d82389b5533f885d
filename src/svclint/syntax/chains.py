"""The access path of a LibCST expression, the same as the index's for `ast`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from svclint.index.values import AWAIT, CALL, ITEM, OPAQUE_ROOT, TEXT_ROOT, Chain

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_POSITION = 1_000
_CONSTANTS = frozenset({"None", "True", "False"})


def chain(node: cst.BaseExpression) -> Chain:
    """Return the access path of an expression; it starts at an opaque root where that is no name."""
    steps: list[str] = []
    while True:
        match node:
            case cst.Attribute(value=value, attr=attr):
                steps.append(attr.value)
            case cst.Call(func=value):
                steps.append(CALL)
            case cst.Subscript(value=value, slice=subscripts):
                steps.append(_item(subscripts))
            case cst.Await(expression=value):
                steps.append(AWAIT)
            case cst.NamedExpr(value=value):
                pass
            case cst.Name(value=name) if name not in _CONSTANTS:
                return (name, *reversed(steps))
            case cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString() if _is_text(node):
                return (TEXT_ROOT, *reversed(steps))
            case _:
                return (OPAQUE_ROOT, *reversed(steps))
        node = value


def _item(subscripts: Sequence[cst.SubscriptElement]) -> str:
    """Return the step that a subscript is: a whole number is kept."""
    index = subscripts[0].slice
    if len(subscripts) > 1 or isinstance(subscripts[0].comma, cst.Comma) or not isinstance(index, cst.Index):
        return ITEM
    value, sign = index.value, ""
    if index.star is None and isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        value, sign = value.expression, "-"
    if not isinstance(value, cst.Integer) or value.evaluated_value >= _MAX_POSITION:
        return ITEM
    return f"[{sign}{value.evaluated_value}]"


def _is_text(node: cst.BaseExpression) -> bool:
    """Whether a string literal is one of text: all parts of a concatenation are of one kind."""
    while isinstance(node, cst.ConcatenatedString):
        node = node.left
    return not isinstance(node, cst.SimpleString) or "b" not in node.prefix
