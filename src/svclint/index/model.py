"""
The index of one module: what stands in it, as plain, sorted, serialisable data.

It knows no rule, no configuration and no catalogue. Offsets are UTF-8 bytes (see `svclint.text`). Records refer to each
other by their position in the tables of `ModuleIndex`; -1 means none.
"""

from __future__ import annotations

import enum

import msgspec

from svclint.index.values import (
    OPAQUE,
    Chain,
    Data,
    Use,
    Value,
)
from svclint.text import Span  # noqa: TC001 - msgspec reads it at run time, through `Data`

SCHEMA = 2
"""Raised whenever the meaning of a field changes, so that stored indexes of another version are not read."""

# --- scopes and bindings ---------------------------------------------------------------------------------------------


class ScopeKind(enum.StrEnum):
    """What opens a scope."""

    MODULE = "module"
    FUNCTION = "function"
    ASYNC = "async"
    CLASS = "class"
    LAMBDA = "lambda"
    COMPREHENSION = "comprehension"


class BindingKind(enum.StrEnum):
    """How a name is bound."""

    IMPORT = "import"
    DEFINITION = "definition"
    ASSIGNMENT = "assignment"
    ANNOTATION = "annotation"
    AUGMENTED = "augmented"
    UNPACKED = "unpacked"
    PARAMETER = "parameter"
    LOOP = "loop"
    CONTEXT = "context"
    EXCEPTION = "exception"
    PATTERN = "pattern"
    DELETION = "deletion"
    TYPE = "type"


class Binding(Data, frozen=True):
    """
    One binding of one name in one scope.

    `target` of an import is `module` or `module:name`, with leading dots for a relative one. `ref` is the scope of a
    definition, or the handler of an exception. `span` covers the statement's part that binds, for imports the alias.
    `annotation` is the declared type of an assignment.
    """

    kind: BindingKind
    start: int
    end: int
    block: int
    stmt: int
    value: Value = OPAQUE
    target: str = ""
    ref: int = -1
    annotation: Value | None = None


class Read(Data, frozen=True):
    """One read of a name, and what becomes of it."""

    offset: int
    stmt: int
    use: Use


class Parameter(Data, frozen=True):
    """A parameter; `kind` is positional, plain, keyword, args or kwargs."""

    name: str
    kind: str
    annotation: Value | None
    default: Value | None


class Scope(Data, frozen=True):
    """
    A module, function, class, lambda or comprehension.

    `start` is the `def`, `class` or `lambda` keyword (decorators stand before it), `end` the end of its body. `chosen`
    names were declared `global` or `nonlocal`: they belong to an outer scope.
    """

    kind: ScopeKind
    name: str
    qualname: str
    parent: int
    start: int
    end: int
    body: int
    stmt: int
    parameters: tuple[Parameter, ...]
    decorators: tuple[Value, ...]
    bases: tuple[Value, ...]
    returns: Value | None
    bindings: dict[str, tuple[Binding, ...]]
    reads: dict[str, tuple[Read, ...]]
    global_names: tuple[str, ...]
    nonlocal_names: tuple[str, ...]
    yields: bool
    result: Value | None = None

    @property
    def is_function(self) -> bool:
        """Whether calling it runs its body."""
        return self.kind in _FUNCTIONS


_FUNCTIONS = frozenset({ScopeKind.FUNCTION, ScopeKind.ASYNC, ScopeKind.LAMBDA})


# --- statements and flow ---------------------------------------------------------------------------------------------


class StmtKind(enum.StrEnum):
    """The kinds of statement that flow analysis tells apart."""

    EXPR = "expr"
    ASSIGN = "assign"
    AUGMENT = "augment"
    RETURN = "return"
    RAISE = "raise"
    IF = "if"
    WHILE = "while"
    FOR = "for"
    TRY = "try"
    WITH = "with"
    MATCH = "match"
    BREAK = "break"
    CONTINUE = "continue"
    PASS = "pass"  # noqa: S105 - a statement, not a password
    DEFINE = "define"
    IMPORT = "import"
    DELETE = "delete"
    ASSERT = "assert"
    OTHER = "other"
    TOO_DEEP = "too-deep"


class Stmt(Data, frozen=True):
    """
    One statement.

    `head` is the end of a compound statement's header (equal to `end` for a simple one); `start` includes decorators.
    The calls that its own expressions make are `calls[first_call:last_call]`. `value` is the expression, test, subject,
    iterable or returned value; `targets` are assigned values, or a `match`'s class patterns, one for each case. `ref`
    is the raise, try or with. `blocks` are in source order. `annotation` is the declared type of an assignment, or of a
    target that gets no value yet.
    """

    kind: StmtKind
    start: int
    head: int
    end: int
    scope: int
    block: int
    first_call: int
    last_call: int
    value: Value
    targets: tuple[Value, ...]
    blocks: tuple[int, ...]
    ref: int
    awaits: bool
    annotation: Value | None = None


class Block(Data, frozen=True):
    """
    A suite.

    `role` says of what: body (module, function, class), then, else, loop, try, handler, final, with or case.
    """

    role: str
    owner: int
    scope: int
    parent: int
    start: int
    end: int
    stmts: tuple[int, ...]


class Raise(Data, frozen=True):
    """A `raise`; `handler` is the innermost one of the same function around it, `exc_end` where the value ends."""

    start: int
    end: int
    exc: Value | None
    exc_end: int
    cause: Value | None
    scope: int
    block: int
    stmt: int
    handler: int


class Handler(Data, frozen=True):
    """
    An `except` clause.

    `types` is None for a bare one; `types_start`/`types_end` bound its expression (parentheses included), `colon` is
    the offset of the colon that ends the header. `unparenthesised` types are several without parentheses (PEP 758).
    `commented` says that words stand in a comment on its line or in its body.
    """

    start: int
    colon: int
    end: int
    types: Value | None
    types_start: int
    types_end: int
    name: str
    scope: int
    block: int
    stmt: int
    outer: int
    commented: bool
    star: bool
    unparenthesised: bool


class Try(Data, frozen=True):
    """A `try`; `handlers` index `ModuleIndex.handlers`, blocks are -1 where missing."""

    stmt: int
    body: int
    handlers: tuple[int, ...]
    orelse: int
    final: int


class WithItem(Data, frozen=True):
    """One context manager of a `with`; `call` is the call that made it, or -1."""

    value: Value
    target: Value | None
    call: int


class With(Data, frozen=True):
    """A `with` or `async with`."""

    stmt: int
    is_async: bool
    items: tuple[WithItem, ...]


class Call(Data, frozen=True):
    """
    A call.

    `chain` is the callee's access path, `func_end` the end of the callee, `receiver` the call whose result the callee
    is taken from. `conditional` says that an expression (`and`, `or`, `if else`) may skip it. `callee` is what is
    called where that is no access path: `(a if x else b)()`.
    """

    start: int
    end: int
    func_end: int
    chain: Chain
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    scope: int
    block: int
    stmt: int
    handler: int
    receiver: int
    use: Use
    conditional: bool
    callee: Value | None = None


class Await(Data, frozen=True):
    """An `await`, `async for` or `async with` (`kind`), what it waits for, and what becomes of its result."""

    kind: str
    start: int
    value: Value
    scope: int
    block: int
    stmt: int
    use: Use


class Comment(Data, frozen=True):
    """A comment, from its `#`; `own_line` says that nothing else stands on its line."""

    span: Span
    text: str
    own_line: bool


class ModuleIndex(Data, frozen=True):
    """Everything that svclint keeps of one file; `path` is relative to the project root."""

    path: str
    scopes: tuple[Scope, ...]
    blocks: tuple[Block, ...]
    stmts: tuple[Stmt, ...]
    calls: tuple[Call, ...]
    raises: tuple[Raise, ...]
    tries: tuple[Try, ...]
    handlers: tuple[Handler, ...]
    withs: tuple[With, ...]
    awaits: tuple[Await, ...]
    comments: tuple[Comment, ...]
    exports: tuple[str, ...] | None
    import_anchor: int
    too_deep: int
    schema: int = SCHEMA


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ModuleIndex)


def encode(index: ModuleIndex) -> bytes:
    """Return the index as bytes, the same on every run."""
    return _ENCODER.encode(index)


def decode(data: bytes) -> ModuleIndex:
    """Return the index that `encode` wrote; raise `msgspec.DecodeError` for anything else."""
    return _DECODER.decode(data)
