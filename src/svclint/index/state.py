"""What the walk over one module carries: the tables it fills, and where it stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from svclint.index.model import Binding, BindingKind, Block, Parameter, Read, ScopeKind, StmtKind
from svclint.index.values import OPAQUE, Use
from svclint.text import Span

if TYPE_CHECKING:
    import ast

    from svclint.index.model import Await, Call, Comment, Handler, Raise, Scope, Stmt, Try, With
    from svclint.index.values import Chain, Value

MAX_CHAIN = 300
"""Longer access paths are not kept: a file that chains thousands of calls is generated, and costs LibCST seconds."""
MAX_OPERANDS = 400
"""Longer chains of one operator are walked but not kept, for the same reason."""


RESERVED: Any = None
"""Keeps a place in a table until the record's inner parts have been walked."""


class TooDeep(Exception):  # noqa: N818 - it ends one statement, and is no error of the file
    """A statement nests deeper than LibCST can bear."""


class OpenScope:
    """A scope while it is being filled."""

    __slots__ = ("bindings", "global_names", "kind", "nonlocal_names", "position", "reads", "yields")

    def __init__(self, kind: ScopeKind, position: int) -> None:
        self.kind = kind
        self.position = position
        self.bindings: dict[str, list[Binding]] = {}
        self.reads: dict[str, list[Read]] = {}
        self.global_names: list[str] = []
        self.nonlocal_names: list[str] = []
        self.yields = False


class State(ABC):
    """The tables of a `ModuleIndex` while they are filled, and the walk's position."""

    def __init__(self, data: bytes, starts: list[int], comments: tuple[Comment, ...]) -> None:
        self.data = data
        self.comment_spans = [each.span for each in comments]
        self.starts = starts
        self.size = len(data)
        self.scopes: list[Scope] = []
        self.blocks: list[Block] = []
        self.stmts: list[Stmt] = []
        self.calls: list[Call] = []
        self.chains: list[Chain] = []
        self.raises: list[Raise] = []
        self.tries: list[Try] = []
        self.handlers: list[Handler] = []
        self.withs: list[With] = []
        self.awaits: list[Await] = []
        self.scope = OpenScope(ScopeKind.MODULE, 0)
        self.function_scope = self.scope
        self.qualname = ""
        self.block = -1
        self.stmt = -1
        self.handler = -1
        self.conditional = False
        self.awaiting = False
        self.annotating = False
        self.root: Value = OPAQUE
        self.depth = 0
        self.too_deep = 0
        self.open_scopes: set[int] = {0}

    def start_of(self, node: Any) -> int:
        """Return the byte offset where an `ast` node starts."""
        return self.starts[node.lineno] + node.col_offset

    def end_of(self, node: Any) -> int:
        """Return the byte offset where an `ast` node ends."""
        return self.starts[node.end_lineno] + node.end_col_offset

    def in_comment(self, offset: int) -> bool:
        """Whether an offset is in a comment."""
        at = bisect_right(self.comment_spans, Span(offset, self.size)) - 1
        return at >= 0 and offset < self.comment_spans[at].end

    def deeper(self) -> None:
        """
        Go one level down in an expression that may nest without brackets: `not not x`, `a if b else c if d else e`.

        Python's own limit bounds all brackets. Raises `TooDeep`.
        """
        self.depth += 1
        if self.depth > MAX_OPERANDS:
            raise TooDeep

    def bind(
        self,
        name: str,
        kind: BindingKind,
        start: int,
        end: int,
        value: Value = OPAQUE,
        target: str = "",
        ref: int = -1,
        annotation: Value | None = None,
    ) -> None:
        """Note that the current statement binds `name` in the current scope."""
        binding = Binding(kind, start, end, self.block, self.stmt, value, target, ref, annotation)
        self.scope.bindings.setdefault(name, []).append(binding)

    def read(self, name: str, offset: int, use: Use) -> None:
        """Note that `name` is read at `offset`."""
        self.scope.reads.setdefault(name, []).append(Read(offset, self.stmt, use))

    def is_outer_name(self, name: str) -> bool:
        """Whether `name` was declared to belong to an outer scope, so that binding it stores it there."""
        return name in self.scope.global_names or name in self.scope.nonlocal_names

    def open_scope(self, kind: ScopeKind) -> OpenScope:
        """Reserve a place in the table of scopes; the caller makes it current and restores the old one."""
        self.scopes.append(RESERVED)
        return OpenScope(kind, len(self.scopes) - 1)

    def suite(self, body: list[ast.stmt], role: str, owner: int) -> int:
        """Walk a suite and return its block."""
        position = len(self.blocks)
        self.blocks.append(RESERVED)
        outer = self.block
        self.block = position
        stmts = []
        for node in body:
            stmts.append(len(self.stmts))
            self.statement(node)
        self.block = outer
        start = self.start_of(body[0]) if body else 0
        decorators = getattr(body[0], "decorator_list", None) if body else None
        if decorators:
            start = self.start_of(decorators[0]) - 1
        end = self.end_of(body[-1]) if body else 0
        self.blocks[position] = Block(role, owner, self.scope.position, outer, start, end, tuple(stmts))
        return position

    @abstractmethod
    def statement(self, node: ast.stmt) -> None:
        """Walk one statement; `index.statements` gives the body."""

    @abstractmethod
    def expr(self, node: ast.expr, use: Use) -> Value:
        """Visit an expression whose value has the fate `use`; `index.expressions` gives the body."""

    def placeholder(self) -> int:
        """Reserve a place in the table of statements and make it current."""
        self.stmts.append(RESERVED)
        return len(self.stmts) - 1


__all__ = ["MAX_CHAIN", "MAX_OPERANDS", "OpenScope", "Parameter", "State", "StmtKind", "TooDeep"]
