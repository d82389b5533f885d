"""
Expressions: calls, reads and values, in one recursion.

Each visitor takes what becomes of the expression's value (a `Use`) and returns the small `Value` that is kept of it.
Visitors of chains return without building anything where nothing asks for it: this is the hottest code of svclint.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from svclint.index.annotations import quoted
from svclint.index.displays import AWAITED, MAX_ITEMS, TESTED, Displays
from svclint.index.model import BindingKind, Call, Read, ScopeKind
from svclint.index.scopes import USED
from svclint.index.state import MAX_CHAIN, MAX_OPERANDS, RESERVED, TooDeep
from svclint.index.values import (
    AWAIT,
    CALL,
    ITEM,
    OPAQUE,
    OPAQUE_ROOT,
    TEXT_ROOT,
    CallOf,
    Chain,
    Conditional,
    Fate,
    Literal,
    Name,
    Operator,
    Use,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATTED = Use(Fate.FORMATTED)
ATTRIBUTE = Use(Fate.ATTRIBUTE)
CALLED = Use(Fate.CALLED)
ENTERED = Use(Fate.ENTERED)
YIELDED = Use(Fate.YIELDED)
STORED = Use(Fate.STORED)

_NUMBERS = frozenset({"int", "float", "complex"})
_TEXT_KINDS = frozenset({"str", "format"})
_NO_PATH = (OPAQUE_ROOT,)
_MAX_TEXT = 120
_MAX_POSITION = 1_000
_WORD = re.compile(r"[^\W\d]\w*")
_NONE = Literal("none", "None")
_TRUE = Literal("bool", "True")
_FALSE = Literal("bool", "False")
_ELLIPSIS = Literal("ellipsis", "...")
_COMPARE = {ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.Eq: "==", ast.NotEq: "!="}


class Expressions(Displays):
    """Visits expressions."""

    def expr(self, node: ast.expr, use: Use) -> Value:
        """Visit an expression whose value has the fate `use`."""
        return _VISITORS[node.__class__](self, node, use)

    def chain_of(self, value: Value) -> Chain:
        """Return the access path of a value, starting at an opaque root where it has none."""
        if isinstance(value, Name):
            return value.chain
        if isinstance(value, CallOf):
            return (*self.chains[value.call], CALL)
        if isinstance(value, Operator) and value.kind == "await":
            return (*self.chain_of(value.operands[0]), AWAIT)
        if isinstance(value, Literal | Operator) and value.kind in _TEXT_KINDS:
            return (TEXT_ROOT,)
        return (OPAQUE_ROOT,)

    # --- names and access paths ---

    def _name(self, node: ast.Name, use: Use) -> Value:
        start = self.starts[node.lineno] + node.col_offset
        self.scope.reads.setdefault(node.id, []).append(Read(start, self.stmt, use))
        return Name((node.id,), start)

    def _attribute(self, node: ast.Attribute, use: Use) -> Value:
        if use.fate is Fate.CALLED:
            inner = Use(Fate.RECEIVER, use.ref, node.attr)
        else:
            inner = Use(Fate.ATTRIBUTE, -1, node.attr)
        value = self.expr(node.value, inner)
        chain = self.chain_of(value)
        if len(chain) > MAX_CHAIN:
            raise TooDeep
        if value.__class__ is Name:
            return Name((*chain, node.attr), value.start)
        if chain == _NO_PATH:
            self.root = value
        return Name((*chain, node.attr), self.starts[node.lineno] + node.col_offset)

    def _subscript(self, node: ast.Subscript, use: Use) -> Value:
        value = self.expr(node.value, ATTRIBUTE)
        if self.annotating:
            parts = node.slice.elts if node.slice.__class__ is ast.Tuple else (node.slice,)
            return Operator("subscript", (value, *(self.expr(part, USED) for part in parts[:MAX_ITEMS])))
        self.expr(node.slice, USED)
        chain = self.chain_of(value)
        if len(chain) > MAX_CHAIN:
            raise TooDeep
        start = value.start if value.__class__ is Name else self.starts[node.lineno] + node.col_offset
        return Name((*chain, _item(node.slice)), start)

    # --- calls ---

    def _call(self, node: ast.Call, use: Use) -> Value:
        calls = self.calls
        position = len(calls)
        calls.append(RESERVED)
        self.chains.append(())
        func = self.expr(node.func, Use(Fate.CALLED, position))
        chain = self.chain_of(func)
        if len(chain) > MAX_CHAIN:
            raise TooDeep
        self.chains[position] = chain
        receiver = self._receiver(node.func, position)
        args = tuple(self._argument(arg, position, str(slot)) for slot, arg in enumerate(node.args))
        keywords = tuple(
            (word.arg or "**", self.expr(word.value, Use(Fate.ARGUMENT, position, word.arg or "**")))
            for word in node.keywords
        )
        starts = self.starts
        calls[position] = Call(
            starts[node.lineno] + node.col_offset,
            starts[node.end_lineno] + node.end_col_offset,  # ty: ignore[invalid-argument-type, unsupported-operator]
            self.end_of(node.func),
            chain,
            args,
            keywords,
            self.scope.position,
            self.block,
            self.stmt,
            self.handler,
            receiver,
            use,
            self.conditional,
            self._without_path(func, chain),
        )
        return CallOf(position)

    def _without_path(self, func: Value, chain: Chain) -> Value | None:
        """Return what is called where no access path says so: `(a if x else b)()`, `(folder / name).read_text()`."""
        if chain[0] != OPAQUE_ROOT or CALL in chain or AWAIT in chain:
            return None
        if len(chain) == 1:
            return None if func.__class__ is Name else func
        return Operator("member", (self.root, *(Literal("str", step) for step in chain[1:])))

    def _argument(self, node: ast.expr, call: int, slot: str) -> Value:
        if node.__class__ is ast.Starred:
            return Operator("starred", (self.expr(node.value, Use(Fate.ARGUMENT, call, "*")),))
        return self.expr(node, Use(Fate.ARGUMENT, call, slot))

    def _receiver(self, func: ast.expr, position: int) -> int:
        """Return the call that the callee is taken from: visited last before this call's arguments."""
        while isinstance(func, ast.Attribute | ast.Subscript | ast.Await):
            func = func.value
        if not isinstance(func, ast.Call):
            return -1
        return position + 1

    def _await(self, node: ast.Await, use: Use) -> Value:
        value = self.expr(node.value, AWAITED)
        self.await_(node, "await", value, use)
        return Operator("await", (value,))

    # --- leaves ---

    def _constant(self, node: ast.Constant, use: Use) -> Value:
        value = node.value
        if value.__class__ is str:
            if self.annotating:
                self.read_words(node, value)
                return quoted(value, self.size)
            text = value[:_MAX_TEXT]
            if not text.isascii():  # a literal may hold half a character, which UTF-8 can't
                text = text.encode("utf-8", "replace").decode()
            return Literal("str", text)
        if value is None:
            return _NONE
        if value is True:
            return _TRUE
        if value is False:
            return _FALSE
        if value is Ellipsis:
            return _ELLIPSIS
        if value.__class__ is bytes:
            return Literal("bytes", "")
        if value.__class__ is int and value.bit_length() > 256:
            return Literal("int", "")
        return Literal(value.__class__.__name__, repr(value))

    def _format(self, node: ast.JoinedStr, use: Use) -> Value:
        operands = tuple(
            self.expr(part.value, FORMATTED) for part in node.values if part.__class__ is ast.FormattedValue
        )
        for part in node.values:
            if part.__class__ is ast.FormattedValue and part.format_spec is not None:
                self.expr(part.format_spec, FORMATTED)
        return Operator("format", operands)

    def _template(self, node: ast.expr, use: Use) -> Value:
        """A t-string (Python 3.14): the same as an f-string, its parts being `Interpolation`s."""
        parts = [part.value for part in getattr(node, "values", ()) if part.__class__.__name__ == "Interpolation"]
        return Operator("format", tuple(self.expr(part, FORMATTED) for part in parts))

    # --- operators ---

    def _binary(self, node: ast.BinOp, use: Use) -> Value:
        """Walk the left spine in a loop: long sums and concatenations are common in generated code."""
        operands = [node]
        while operands[-1].left.__class__ is ast.BinOp:
            operands.append(operands[-1].left)
        inner = FORMATTED if operands[-1].left.__class__ in _TEXTS or node.op.__class__ is ast.Mod else USED
        if len(operands) > MAX_OPERANDS:
            raise TooDeep
        values = [self.expr(operands[-1].left, inner)]
        self.deeper()
        values.extend(self.expr(each.right, inner) for each in reversed(operands))
        self.depth -= 1
        return Operator("binary", tuple(values))

    def _boolean(self, node: ast.BoolOp, use: Use) -> Value:
        if len(node.values) > MAX_OPERANDS:
            raise TooDeep
        outer = self.conditional
        values = []
        for operand in node.values:
            values.append(self.expr(operand, use if use.fate is not Fate.DISCARDED or values else TESTED))
            self.conditional = True
        self.conditional = outer
        return Operator("and" if node.op.__class__ is ast.And else "or", tuple(values))

    def _unary(self, node: ast.UnaryOp, use: Use) -> Value:
        self.deeper()
        value = self.expr(node.operand, TESTED if node.op.__class__ is ast.Not else USED)
        self.depth -= 1
        if node.op.__class__ is ast.Not:
            return Operator("not", (value,))
        if isinstance(value, Literal) and value.kind in _NUMBERS and node.op.__class__ is ast.USub:
            return Literal(value.kind, "-" + value.text)
        return Operator("unary", (value,))

    def _compare(self, node: ast.Compare, use: Use) -> Value:
        values = [self.expr(node.left, TESTED)]
        values.extend(self.expr(other, TESTED) for other in node.comparators)
        kind = _COMPARE.get(node.ops[0].__class__, "compare") if len(node.ops) == 1 else "compare"
        return Operator(kind, tuple(values))

    def _conditional(self, node: ast.IfExp, use: Use) -> Value:
        test = self.expr(node.test, TESTED)
        outer = self.conditional
        self.conditional = True
        then = self.expr(node.body, use)
        self.deeper()
        orelse = self.expr(node.orelse, use)
        self.depth -= 1
        self.conditional = outer
        return Conditional(test, then, orelse)

    def _starred(self, node: ast.Starred, use: Use) -> Value:
        return Operator("starred", (self.expr(node.value, use),))

    def _yield(self, node: ast.Yield, use: Use) -> Value:
        self.scope.yields = True
        return Operator("yield", (self.expr(node.value, YIELDED),) if node.value is not None else ())

    def _yield_from(self, node: ast.YieldFrom, use: Use) -> Value:
        self.scope.yields = True
        return Operator("yield", (self.expr(node.value, YIELDED),))

    def _walrus(self, node: ast.NamedExpr, use: Use) -> Value:
        name = node.target.id
        value = self.expr(node.value, Use(Fate.BOUND, self.stmt, name))
        start = self.start_of(node)
        home = self.scope
        if home.kind is ScopeKind.COMPREHENSION:  # PEP 572: binds in the function around the comprehension
            home = self.function_scope
        self.scope, inner = home, self.scope
        self.bind(name, BindingKind.ASSIGNMENT, start, self.end_of(node), value)
        self.scope = inner
        self.read(name, start, use)
        return value

    def _slice(self, node: ast.Slice, use: Use) -> Value:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.expr(part, USED)
        return OPAQUE


_TEXTS = frozenset({ast.JoinedStr})


def _item(node: ast.expr) -> str:
    """Return the step of a chain that a subscript is."""
    sign = "-" if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else ""
    inner = node.operand if sign and isinstance(node, ast.UnaryOp) else node
    is_number = isinstance(inner, ast.Constant) and inner.value.__class__ is int and inner.value < _MAX_POSITION
    return f"[{sign}{inner.value}]" if is_number else ITEM


_VISITORS: dict[type, Callable[[Expressions, ast.expr, Use], Value]] = {  # ty: ignore[invalid-assignment]
    ast.Name: Expressions._name,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.Call: Expressions._call,
    ast.Await: Expressions._await,
    ast.Constant: Expressions._constant,
    ast.JoinedStr: Expressions._format,
    ast.BinOp: Expressions._binary,
    ast.BoolOp: Expressions._boolean,
    ast.UnaryOp: Expressions._unary,
    ast.Compare: Expressions._compare,
    ast.IfExp: Expressions._conditional,
    ast.Starred: Expressions._starred,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
    ast.NamedExpr: Expressions._walrus,
    ast.Slice: Expressions._slice,
    ast.List: Expressions._sequence,
    ast.Tuple: Expressions._sequence,
    ast.Set: Expressions._sequence,
    ast.Dict: Expressions._dict,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._comprehension,
    ast.Lambda: Expressions._lambda,
}
if hasattr(ast, "TemplateStr"):
    _VISITORS[ast.TemplateStr] = Expressions._template
