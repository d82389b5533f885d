"""Types as they are written: subscripts that name types, and annotations inside of strings."""

from __future__ import annotations

import ast

from svclint.index.values import NONE, OPAQUE, Literal, Name, Operator, Value

_BUILTIN_GENERICS = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})
_MAX_QUOTED = 500


def is_type_expression(node: ast.expr) -> bool:
    """Whether an assigned value reads as a type (`Annotated[...]`, `dict[...]`): by Python's convention for names."""
    if not isinstance(node, ast.Subscript):
        return False
    base = node.value
    name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
    return name in _BUILTIN_GENERICS or (name[:1].isupper() and not name.isupper())


def is_alias(annotation: ast.expr) -> bool:
    """Whether an annotation says that a name stands for a type: `Clients: TypeAlias = ...`."""
    name = annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    return name == "TypeAlias"


def quoted(text: str, end: int) -> Value:
    """
    Return the type that a string annotation spells; its names mean what they are at the end of the module (`end`).

    What is no expression, as the strings of `Literal["a b"]`, stays a literal.
    """
    literal = Literal("str", text[:120])
    if not text or len(text) > _MAX_QUOTED or not text.isascii():
        return literal
    try:
        parsed = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return literal
    return _spelled(parsed.body, end, literal)


def _spelled(node: ast.expr, end: int, other: Value = OPAQUE) -> Value:
    match node:
        case ast.Name(id=name):
            return Name((name,), end)
        case ast.Attribute(value=inner, attr=attr):
            owner = _spelled(inner, end)
            return Name((*owner.chain, attr), end) if isinstance(owner, Name) else other
        case ast.Subscript(value=base, slice=arguments):
            parts = arguments.elts if isinstance(arguments, ast.Tuple) else [arguments]
            return Operator("subscript", (_spelled(base, end), *(_spelled(each, end) for each in parts)))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return Operator("binary", (_spelled(left, end), _spelled(right, end)))
        case ast.Constant(value=None):
            return NONE
        case _:
            return other
