"""The access path of a LibCST expression, the same as the index's for `ast`."""

from __future__ import annotations

import libcst as cst

from svclint.index.model import AWAIT, CALL, ITEM, OPAQUE_ROOT, TEXT_ROOT, Chain


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
            case cst.Name(value=name):
                return (name, *reversed(steps))
            case cst.SimpleString(value=text) if not text.lower().lstrip("ru").startswith("b"):
                return (TEXT_ROOT, *reversed(steps))
            case cst.ConcatenatedString() | cst.FormattedString():
                return (TEXT_ROOT, *reversed(steps))
            case _:
                return (OPAQUE_ROOT, *reversed(steps))
        node = value
