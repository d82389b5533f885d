"""
The small values that the index keeps of expressions, and what becomes of them.

They are plain data: they refer to calls and scopes by their position in the tables of `ModuleIndex`.
"""

from __future__ import annotations

import enum

import msgspec

Chain = tuple[str, ...]
"""An access path from a name: `self.client.get(x).json` is `("self", "client", "get", CALL, "json")`."""

CALL = "()"
ITEM = "[]"
"""A subscript; with a whole number, that stands in it (`[0]`, `[-1]`)."""
AWAIT = "await"
TEXT_ROOT = "<str>"
"""The root of a chain that starts at a string literal."""
OPAQUE_ROOT = ""
"""The root of a chain that starts at an expression which is no name."""


def is_item(step: str) -> bool:
    """Whether a step of a chain is a subscript."""
    return step.startswith("[")


class Data(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The base of all records: immutable, compact when encoded."""


# --- values ----------------------------------------------------------------------------------------------------------


class Literal(Data, frozen=True, tag="l"):
    """A constant; `kind` is none, bool, int, float, str, bytes, complex or ellipsis, `text` its beginning."""

    kind: str
    text: str


class Name(Data, frozen=True, tag="n"):
    """A name or an access path that starts at one."""

    chain: Chain
    start: int


class CallOf(Data, frozen=True, tag="c"):
    """The result of the call with this position in `ModuleIndex.calls`."""

    call: int


class Container(Data, frozen=True, tag="k"):
    """A display or comprehension: list, tuple, set, dict (its values), listcomp, setcomp, dictcomp or genexp."""

    kind: str
    items: tuple[Value, ...]
    keys: tuple[Value, ...] = ()


class Operator(Data, frozen=True, tag="o"):
    """
    An operation over operands.

    It is `await`, `starred`, `format`, `binary`, `not`, `unary`, `yield`, `and`, `or`, a comparison, `item` and `enter`
    (what iterating, unpacking or `with` gives), `subscript` (of types), or `member` (of the first operand, by name).
    """

    kind: str
    operands: tuple[Value, ...]


class Conditional(Data, frozen=True, tag="i"):
    """`then if test else orelse`."""

    test: Value
    then: Value
    orelse: Value


class Lambda(Data, frozen=True, tag="f"):
    """A lambda; `scope` is its position in `ModuleIndex.scopes`."""

    scope: int


class Opaque(Data, frozen=True, tag="x"):
    """An expression whose shape is not kept."""


Value = Literal | Name | CallOf | Container | Operator | Conditional | Lambda | Opaque

OPAQUE = Opaque()
NONE = Literal("none", "None")


# --- what becomes of a value -----------------------------------------------------------------------------------------


class Fate(enum.IntEnum):
    """What the surrounding expression or statement does with a value."""

    USED = 0
    DISCARDED = 1
    BOUND = 2
    STORED = 3
    ARGUMENT = 4
    RETURNED = 5
    YIELDED = 6
    AWAITED = 7
    RECEIVER = 8
    ATTRIBUTE = 9
    ITERATED = 10
    ENTERED = 11
    TESTED = 12
    FORMATTED = 13
    RAISED = 14
    CALLED = 15


class Use(Data, frozen=True):
    """
    One fate of one value.

    `ref` is the call for ARGUMENT and RECEIVER. `slot` is the position (`"0"`), keyword, `*` or `**` of an argument,
    the name of a bound variable, or the attribute taken. `held` says that a container is between (`[task]`, a
    comprehension).
    """

    fate: Fate
    ref: int = -1
    slot: str = ""
    held: bool = False
