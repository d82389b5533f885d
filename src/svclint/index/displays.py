"""Displays, comprehensions and lambdas: expressions that hold others, or run them in a scope of their own."""

from __future__ import annotations

import ast

from svclint.index.model import Await, BindingKind, ScopeKind
from svclint.index.scopes import USED, Scopes
from svclint.index.values import OPAQUE, Container, Fate, Lambda, Operator, Use, Value

TESTED = Use(Fate.TESTED)
ITERATED = Use(Fate.ITERATED)
RETURNED = Use(Fate.RETURNED)
AWAITED = Use(Fate.AWAITED)

MAX_ITEMS = 64
"""So many items of a display are kept."""


def held(use: Use) -> Use:
    """Return the same fate, with a container between the value and it."""
    return use if use.held else Use(use.fate, use.ref, use.slot, held=True)


class Displays(Scopes):
    """Visits displays, comprehensions and lambdas."""

    def await_(self, node: ast.AST, kind: str, value: Value, use: Use = USED) -> None:
        """Note that the current function waits here."""
        self.awaiting = True
        self.awaits.append(Await(kind, self.start_of(node), value, self.scope.position, self.block, self.stmt, use))

    # --- containers ---

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, use: Use) -> Value:
        inner = held(use)
        items = [self.expr(item, inner) for item in node.elts]
        return Container(node.__class__.__name__.lower(), tuple(items[:MAX_ITEMS]))

    def _dict(self, node: ast.Dict, use: Use) -> Value:
        inner = held(use)
        keys = tuple(self.expr(key, USED) if key is not None else OPAQUE for key in node.keys)
        items = tuple(self.expr(item, inner) for item in node.values)
        return Container("dict", items[:MAX_ITEMS], keys[:MAX_ITEMS])

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, use: Use) -> Value:
        first, *others = node.generators
        iterable = self.expr(first.iter, ITERATED)  # evaluated outside, before anything else
        scope = self.open_scope(ScopeKind.COMPREHENSION)
        outer, self.scope = self.scope, scope
        if outer.kind is not ScopeKind.COMPREHENSION:
            enclosing, self.function_scope = self.function_scope, outer
        else:
            enclosing = self.function_scope
        skipped, self.conditional = self.conditional, True
        self._generator(first, iterable)
        for other in others:
            self._generator(other, self.expr(other.iter, ITERATED))
        inner = held(use)
        if isinstance(node, ast.DictComp):
            self.expr(node.key, USED)
            items = (self.expr(node.value, inner),)
        else:
            items = (self.expr(node.elt, inner),)
        self.conditional = skipped
        self.scope, self.function_scope = outer, enclosing
        self.close_scope(scope, node, "<comprehension>", body=-1)
        return Container(node.__class__.__name__.lower(), items)

    def _generator(self, node: ast.comprehension, iterable: Value) -> None:
        if node.is_async:
            self.await_(node.target, "for", iterable)
        self.target(node.target, BindingKind.LOOP, Operator("item", (iterable,)))
        for test in node.ifs:
            self.expr(test, TESTED)

    def _lambda(self, node: ast.Lambda, use: Use) -> Value:
        parameters = self.parameters(node.args)
        scope = self.open_scope(ScopeKind.LAMBDA)
        outer, self.scope = self.scope, scope
        enclosing, self.function_scope = self.function_scope, scope
        handler, self.handler = self.handler, -1
        skipped, self.conditional = self.conditional, False
        awaiting = self.awaiting
        self.bind_parameters(node.args)
        self.deeper()
        result = self.expr(node.body, RETURNED)
        self.depth -= 1
        self.scope, self.function_scope, self.handler = outer, enclosing, handler
        self.conditional, self.awaiting = skipped, awaiting
        self.close_scope(scope, node, "<lambda>", body=-1, parameters=parameters, result=result)
        return Lambda(scope.position)
