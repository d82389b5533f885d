"""The access path of a LibCST expression, the same as the index's for `ast`."""

from __future__ import annotations

import libcst as cst

from svclint.index.values import AWAIT, CALL, ITEM, OPAQUE_ROOT, TEXT_ROOT, Chain

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
            case cst.Subscript(value=value):
                steps.append(ITEM)
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


def _is_text(node: cst.BaseExpression) -> bool:
    """Whether a string literal is one of text: all parts of a concatenation are of one kind."""
    while isinstance(node, cst.ConcatenatedString):
        node = node.left
    return not isinstance(node, cst.SimpleString) or "b" not in node.prefix
