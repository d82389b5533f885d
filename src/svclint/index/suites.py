"""Compound statements: branches, loops, `with`, `match`, and `try` with its handlers."""

from __future__ import annotations

import ast
import re
from typing import Any

from svclint.index.displays import ITERATED, TESTED
from svclint.index.expressions import ENTERED, USED, Expressions
from svclint.index.model import BindingKind, Handler, Stmt, StmtKind, Try, With, WithItem
from svclint.index.state import RESERVED
from svclint.index.values import OPAQUE, CallOf, Container, Name, Operator, Value

_HEADER_TAIL = re.compile(rb"(?P<close>(?:\s|\\\r?\n|#[^\r\n]*[\r\n]|\))*)(?:as\s+(?P<name>\w+)(?:\s|\\\r?\n)*)?:")
_BARE_TAIL = re.compile(rb"except\s*:")
_OPEN, _CLOSE = 0x28, 0x29


class Suites(Expressions):
    """Visits compound statements."""

    def record(
        self,
        position: int,
        kind: StmtKind,
        node: ast.stmt,
        first: int,
        *,
        head: int = -1,
        last: int = -1,
        value: Value = OPAQUE,
        targets: tuple[Value, ...] = (),
        blocks: tuple[int, ...] = (),
        ref: int = -1,
        start: int = -1,
        annotation: Value | None = None,
    ) -> None:
        """Fill the reserved place of a statement."""
        end = self.end_of(node)
        self.stmts[position] = Stmt(
            kind,
            self.start_of(node) if start < 0 else start,
            end if head < 0 else head,
            end,
            self.scope.position,
            self.block,
            first,
            len(self.calls) if last < 0 else last,
            value,
            targets,
            blocks,
            ref,
            self.awaiting,
            annotation,
        )

    def _head_end(self, node: Any) -> int:
        """Return where a compound statement's header ends: the last line before its body, or the body's own start."""
        body = node.cases[0] if node.__class__ is ast.Match else node.body[0]
        start = self.start_of(body if node.__class__ is not ast.Match else body.pattern)
        decorators = getattr(body, "decorator_list", None)
        if decorators:
            start = self.start_of(decorators[0])
        colon = self.data.rfind(b":", self.start_of(node), start)
        while colon >= 0 and self.in_comment(colon):
            colon = self.data.rfind(b":", self.start_of(node), colon)
        return colon + 1 if colon >= 0 else start

    # --- control flow ---

    def _if(self, node: ast.If, position: int, first: int) -> None:
        test = self.expr(node.test, TESTED)
        last, awaiting = len(self.calls), self.awaiting
        blocks = [self.suite(node.body, "then", position)]
        if node.orelse:
            blocks.append(self.suite(node.orelse, "else", position))
        self.awaiting = awaiting
        self.record(
            position, StmtKind.IF, node, first,
            head=self._head_end(node), last=last, value=test, blocks=tuple(blocks),
        )  # fmt: skip

    def _while(self, node: ast.While, position: int, first: int) -> None:
        test = self.expr(node.test, TESTED)
        last, awaiting = len(self.calls), self.awaiting
        blocks = self._loop_blocks(node, position)
        self.awaiting = awaiting
        self.record(
            position, StmtKind.WHILE, node, first, head=self._head_end(node), last=last, value=test, blocks=blocks
        )

    def _for(self, node: ast.For | ast.AsyncFor, position: int, first: int) -> None:
        iterable = self.expr(node.iter, ITERATED)
        if node.__class__ is ast.AsyncFor:
            self.await_(node, "for", iterable)
        target = self.target(node.target, BindingKind.LOOP, Operator("item", (iterable,)))
        last, awaiting = len(self.calls), self.awaiting
        blocks = self._loop_blocks(node, position)
        self.awaiting = awaiting
        self.record(
            position, StmtKind.FOR, node, first,
            head=self._head_end(node), last=last, value=iterable, targets=(target,), blocks=blocks,
        )  # fmt: skip

    def _loop_blocks(self, node: ast.While | ast.For | ast.AsyncFor, position: int) -> tuple[int, ...]:
        body = self.suite(node.body, "loop", position)
        return (body, self.suite(node.orelse, "else", position)) if node.orelse else (body,)

    def _with(self, node: ast.With | ast.AsyncWith, position: int, first: int) -> None:
        is_async = node.__class__ is ast.AsyncWith
        items = []
        for item in node.items:
            value = self.expr(item.context_expr, ENTERED)
            if is_async:
                self.await_(item.context_expr, "with", value)
            target = None
            if item.optional_vars is not None:
                target = self.target(item.optional_vars, BindingKind.CONTEXT, Operator("enter", (value,)))
            items.append(WithItem(value, target, value.call if value.__class__ is CallOf else -1))
        ref = len(self.withs)
        self.withs.append(With(position, is_async, tuple(items)))
        last, awaiting = len(self.calls), self.awaiting
        body = self.suite(node.body, "with", position)
        self.awaiting = awaiting
        self.record(position, StmtKind.WITH, node, first, head=self._head_end(node), last=last, blocks=(body,), ref=ref)

    def _match(self, node: ast.Match, position: int, first: int) -> None:
        subject = self.expr(node.subject, USED)
        last, awaiting = len(self.calls), self.awaiting
        blocks, classes = [], []
        for case in node.cases:
            pattern = self._pattern(case.pattern)
            if case.guard is not None:
                self.expr(case.guard, TESTED)
                pattern = OPAQUE  # nothing surely matches it
            classes.append(pattern)
            blocks.append(self.suite(case.body, "case", position))
        self.awaiting = awaiting
        self.record(
            position, StmtKind.MATCH, node, first,
            head=self._head_end(node), last=last, value=subject, targets=tuple(classes), blocks=tuple(blocks),
        )  # fmt: skip

    def _pattern(self, node: ast.pattern) -> Value:
        """Bind a pattern's captures; return the class it matches, `_` for an irrefutable one, else OPAQUE."""
        for part in ast.walk(node):
            name = getattr(part, "name", None) if part.__class__ in {ast.MatchAs, ast.MatchStar} else None
            if part.__class__ is ast.MatchMapping:
                name = part.rest
            if name:
                self.bind(name, BindingKind.PATTERN, self.start_of(part), self.end_of(part))
            for field in ("cls", "value"):
                expression = getattr(part, field, None)
                if isinstance(expression, ast.expr):
                    self.expr(expression, TESTED)
        inner = node.pattern if node.__class__ is ast.MatchAs else node
        if inner is None:
            return Name(("_",), self.start_of(node))
        if isinstance(inner, ast.MatchClass):
            return self.expr(inner.cls, TESTED)
        if isinstance(inner, ast.MatchOr):
            classes = [each.cls for each in inner.patterns if isinstance(each, ast.MatchClass)]
            if len(classes) == len(inner.patterns):
                return Container("tuple", tuple(self.expr(each, TESTED) for each in classes))
        return OPAQUE

    # --- exceptions ---

    def _try(self, node: ast.Try, position: int, first: int) -> None:
        ref = len(self.tries)
        self.tries.append(RESERVED)
        awaiting = self.awaiting
        body = self.suite(node.body, "try", position)
        first_handler = len(self.handlers)
        self.handlers.extend([RESERVED] * len(node.handlers))
        star = node.__class__ is not ast.Try
        for slot, handler in enumerate(node.handlers, first_handler):
            self._handler(handler, slot, position, star=star)
        orelse = self.suite(node.orelse, "else", position) if node.orelse else -1
        final = self.suite(node.finalbody, "final", position) if node.finalbody else -1
        handlers = tuple(range(first_handler, first_handler + len(node.handlers)))
        self.tries[ref] = Try(position, body, handlers, orelse, final)
        blocks = [body, *(self.handlers[each].block for each in handlers), orelse, final]
        self.awaiting = awaiting
        self.record(
            position, StmtKind.TRY, node, first,
            head=self._head_end(node), last=first, blocks=tuple(each for each in blocks if each >= 0), ref=ref,
        )  # fmt: skip

    def _handler(self, node: ast.ExceptHandler, slot: int, owner: int, *, star: bool) -> None:
        start, end = self.start_of(node), self.end_of(node)
        types = None if node.type is None else self.expr(node.type, USED)
        first, last, colon = self._handler_header(node, start)
        if isinstance(types, Operator) and types.kind == "binary":  # `except A, B:` (PEP 758), masked as `A| B`
            types = Container("tuple", types.operands)
        loose = isinstance(types, Container) and not _is_wrapped(self.data[first:last])
        if node.name:
            self.bind(node.name, BindingKind.EXCEPTION, start, last, value=types or OPAQUE, ref=slot)
        outer, self.handler = self.handler, slot
        block = self.suite(node.body, "handler", owner)
        self.handler = outer
        self.handlers[slot] = Handler(
            start, colon, end, types, first, last, node.name or "", self.scope.position,
            block, owner, outer, False, star, loose,
        )  # fmt: skip

    def _handler_header(self, node: ast.ExceptHandler, start: int) -> tuple[int, int, int]:
        """Return where the types start and end, with their parentheses, and where the header's colon is."""
        if node.type is None:
            found = _BARE_TAIL.match(self.data, start)
            colon = found.end() - 1 if found else start + 6
            return start + 6, start + 6, colon
        end = self.end_of(node.type)
        found = _HEADER_TAIL.match(self.data, end)
        first = self.start_of(node.type)
        if not found:
            return first, end, self.data.find(b":", end)
        close = found.group("close").rstrip()
        if close.endswith(b")"):
            end += len(close)
            first = self.data.index(b"(", start, first)
        return first, end, found.end() - 1


def _is_wrapped(text: bytes) -> bool:
    """Whether one pair of parentheses is around a whole expression: `(A, B)`, but not `(A), (B)`."""
    depth = 0
    for at, byte in enumerate(text):
        depth += (byte == _OPEN) - (byte == _CLOSE)
        if depth == 0:
            return at == len(text) - 1 and at > 0
    return False
