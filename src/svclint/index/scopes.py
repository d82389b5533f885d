"""Scopes, parameters and targets: everything that binds names."""

from __future__ import annotations

import ast
import re

from svclint.index.model import BindingKind, Parameter, Scope
from svclint.index.state import OpenScope, State
from svclint.index.values import OPAQUE, Container, Fate, Literal, Name, Operator, Use, Value

USED = Use(Fate.USED)

_WORD = re.compile(r"[^\W\d]\w*")


class Scopes(State):
    """Opens and closes scopes, and binds names in them."""

    # --- scopes ---

    def parameters(self, args: ast.arguments) -> tuple[Parameter, ...]:
        """Visit defaults and annotations, which belong to the scope outside, and return the parameters."""
        defaults: list[Value | None] = [self.expr(each, USED) for each in args.defaults]
        names = [*args.posonlyargs, *args.args]
        defaults = [None] * (len(names) - len(defaults)) + defaults
        found = [
            Parameter(arg.arg, "positional" if arg in args.posonlyargs else "plain", self.annotation(arg), default)
            for arg, default in zip(names, defaults, strict=True)
        ]
        if args.vararg is not None:
            found.append(Parameter(args.vararg.arg, "args", self.annotation(args.vararg), None))
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            value = None if default is None else self.expr(default, USED)
            found.append(Parameter(arg.arg, "keyword", self.annotation(arg), value))
        if args.kwarg is not None:
            found.append(Parameter(args.kwarg.arg, "kwargs", self.annotation(args.kwarg), None))
        return tuple(found)

    def annotation(self, arg: ast.arg) -> Value | None:
        """Visit a parameter's annotation."""
        return None if arg.annotation is None else self.type_expr(arg.annotation)

    def type_expr(self, node: ast.expr) -> Value:
        """Visit an annotation; the names in a string annotation count as read."""
        outer, self.annotating = self.annotating, True
        value = self.expr(node, USED)
        self.annotating = outer
        return value

    def read_words(self, node: ast.Constant, text: str) -> None:
        """Note that the names in a string annotation are read."""
        start = self.start_of(node)
        for word in _WORD.findall(text):
            self.read(word, start, USED)

    def bind_parameters(self, args: ast.arguments) -> None:
        """Bind the parameters in the current (inner) scope."""
        nodes = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        nodes.extend(each for each in (args.vararg, args.kwarg) if each is not None)
        for node in nodes:
            self.bind(node.arg, BindingKind.PARAMETER, self.start_of(node), self.end_of(node))

    def close_scope(
        self,
        scope: OpenScope,
        node: ast.AST,
        name: str,
        *,
        body: int,
        parameters: tuple[Parameter, ...] = (),
        decorators: tuple[Value, ...] = (),
        bases: tuple[Value, ...] = (),
        returns: Value | None = None,
        result: Value | None = None,
    ) -> None:
        """Freeze a scope into its reserved place; the outer scope is current again."""
        self.scopes[scope.position] = Scope(
            scope.kind,
            name,
            f"{self.qualname}.{name}" if self.qualname else name,
            self.scope.position if scope is not self.scope else -1,
            self.start_of(node) if scope.position else 0,
            self.end_of(node) if scope.position else self.size,
            body,
            self.stmt,
            parameters,
            decorators,
            bases,
            returns,
            {key: tuple(items) for key, items in sorted(scope.bindings.items())},
            {key: tuple(items) for key, items in sorted(scope.reads.items())},
            tuple(sorted(set(scope.global_names))),
            tuple(sorted(set(scope.nonlocal_names))),
            scope.yields,
            result,
        )

    # --- targets ---

    def target(self, node: ast.expr, kind: BindingKind, value: Value, annotation: Value | None = None) -> Value:
        """Bind or store into an assignment target and return what it is: a name, a path or a container."""
        if isinstance(node, ast.Name):
            start = self.start_of(node)
            self.bind(node.id, kind, start, self.end_of(node), value, annotation=annotation)
            return Name((node.id,), start)
        if isinstance(node, ast.Starred):
            return self.target(node.value, BindingKind.UNPACKED, OPAQUE)
        if isinstance(node, ast.Tuple | ast.List):
            unpacked = kind if kind is BindingKind.LOOP else BindingKind.UNPACKED
            items = _parts(value, len(node.elts))
            return Container(
                "tuple", tuple(self.target(item, unpacked, part) for item, part in zip(node.elts, items, strict=True))
            )
        return self.expr(node, USED)


def _parts(value: Value, count: int) -> tuple[Value, ...]:
    """Return what each of `count` unpacked targets gets, where that is plain."""
    if value.__class__ is Container and value.kind in {"tuple", "list"} and len(value.items) == count:
        return value.items
    return tuple(Operator("item", (value, Literal("int", str(at)))) for at in range(count))
