"""Statements: simple ones, definitions, and which visitor takes which."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from svclint.index.annotations import is_alias, is_type_expression
from svclint.index.displays import RETURNED, TESTED
from svclint.index.expressions import STORED, USED
from svclint.index.model import BindingKind, Call, Handler, Raise, ScopeKind, StmtKind, Try
from svclint.index.state import RESERVED, OpenScope, TooDeep
from svclint.index.suites import Suites
from svclint.index.values import OPAQUE, Fate, Name, Use, Value

if TYPE_CHECKING:
    from collections.abc import Callable

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

DISCARDED = Use(Fate.DISCARDED)
RAISED = Use(Fate.RAISED)

_CLOSING = re.compile(rb"(?:\s|\\\r?\n|#[^\r\n]*[\r\n])*\)")


class Statements(Suites):
    """Visits statements."""

    def statement(self, node: ast.stmt) -> None:
        """
        Visit one statement; a statement that is too deep is kept as one of unknown content.

        Raises `RecursionError` where it is the statements that nest too deeply (an `elif` stands in the one before).
        """
        position = self.placeholder()
        outer, self.stmt = self.stmt, position
        awaiting, self.awaiting = self.awaiting, False
        first, suites, tries, handlers = len(self.calls), len(self.blocks), len(self.tries), len(self.handlers)
        self.annotating, self.depth = False, 0
        place = (self.scope, self.function_scope, self.handler, self.conditional, self.block, self.qualname)
        try:
            _VISITORS[node.__class__](self, node, position, first)
        except (TooDeep, RecursionError) as e:
            if isinstance(e, RecursionError) and len(self.blocks) > suites:
                raise
            self.scope, self.function_scope, self.handler, self.conditional, self.block, self.qualname = place
            self.depth = 0
            self._give_up(node, position, first)
            self._give_up_handlers(node, position, tries, handlers)
        self.stmt = outer
        self.awaiting = awaiting

    def _give_up(self, node: ast.stmt, position: int, first: int) -> None:
        """Keep the statement, but nothing of what it says: its calls become calls of the unknown."""
        self.too_deep += 1
        for index in range(first, len(self.calls)):
            if self.calls[index] is RESERVED:
                self.calls[index] = Call(
                    self.start_of(node), self.start_of(node), 0, ("",), (), (), self.scope.position,
                    self.block, position, -1, -1, USED, True,
                )  # fmt: skip
        for index, scope in enumerate(self.scopes):
            if scope is RESERVED and index != self.scope.position and index not in self.open_scopes:
                unfinished = self.open_scope(ScopeKind.COMPREHENSION)
                self.scopes.pop()
                unfinished.position = index
                self.close_scope(unfinished, node, "<too deep>", body=-1)
        self.record(position, StmtKind.TOO_DEEP, node, first)

    def _give_up_handlers(self, node: ast.stmt, position: int, tries: int, handlers: int) -> None:
        """Fill what a `try` has reserved that names types which are too deep."""
        start, end = self.start_of(node), self.end_of(node)
        for index in range(tries, len(self.tries)):
            if self.tries[index] is RESERVED:
                self.tries[index] = Try(position, self.block, (), -1, -1)
        for index in range(handlers, len(self.handlers)):
            if self.handlers[index] is RESERVED:
                self.handlers[index] = Handler(
                    start, end, end, OPAQUE, start, start, "", self.scope.position,
                    self.block, position, -1, False, False, False,
                )  # fmt: skip

    # --- simple statements ---

    def _expr(self, node: ast.Expr, position: int, first: int) -> None:
        self.record(position, StmtKind.EXPR, node, first, value=self.expr(node.value, DISCARDED))

    def _assign(self, node: ast.Assign, position: int, first: int) -> None:
        use = self._binding_use(node.targets, position)
        if self.function_scope.kind is ScopeKind.MODULE and is_type_expression(node.value):
            value = self.type_expr(node.value)
        else:
            value = self.expr(node.value, use)
        targets = tuple(self.target(each, BindingKind.ASSIGNMENT, value) for each in node.targets)
        self.record(position, StmtKind.ASSIGN, node, first, value=value, targets=targets)

    def _binding_use(self, targets: list[ast.expr], position: int) -> Use:
        """Return what an assignment does with its value: storing wins over binding."""
        names = [each.id for each in targets if each.__class__ is ast.Name]
        if len(names) < len(targets):
            if all(each.__class__ in {ast.Tuple, ast.List, ast.Name} for each in targets):
                return Use(Fate.BOUND, position, "")
            return STORED
        if any(self.is_outer_name(name) for name in names) or self.scope.kind in {
            ScopeKind.MODULE,
            ScopeKind.CLASS,
        }:
            return Use(Fate.STORED, position, names[0])
        return Use(Fate.BOUND, position, names[0])

    def _annotated(self, node: ast.AnnAssign, position: int, first: int) -> None:
        annotation = self.type_expr(node.annotation)
        if node.value is None:
            if node.target.__class__ is ast.Name:
                start = self.start_of(node.target)
                self.bind(node.target.id, BindingKind.ANNOTATION, start, self.end_of(node), annotation)
                declared: tuple[Value, ...] = ()
            else:
                declared = (self.expr(node.target, USED),)
            self.record(position, StmtKind.OTHER, node, first, targets=declared, annotation=annotation)
            return
        if is_alias(node.annotation):
            value = self.type_expr(node.value)
        else:
            value = self.expr(node.value, self._binding_use([node.target], position))
        target = self.target(node.target, BindingKind.ASSIGNMENT, value, annotation)
        self.record(position, StmtKind.ASSIGN, node, first, value=value, targets=(target,), annotation=annotation)

    def _augmented(self, node: ast.AugAssign, position: int, first: int) -> None:
        value = self.expr(node.value, USED if node.target.__class__ is ast.Name else STORED)
        if node.target.__class__ is ast.Name:
            start = self.start_of(node.target)
            self.read(node.target.id, start, USED)
            self.bind(node.target.id, BindingKind.AUGMENTED, start, self.end_of(node.target), value)
            target: Value = Name((node.target.id,), start)
        else:
            target = self.expr(node.target, USED)
        self.record(position, StmtKind.AUGMENT, node, first, value=value, targets=(target,))

    def _return(self, node: ast.Return, position: int, first: int) -> None:
        value = OPAQUE if node.value is None else self.expr(node.value, RETURNED)
        self.record(position, StmtKind.RETURN, node, first, value=value, ref=-1 if node.value is None else 1)

    def _raise(self, node: ast.Raise, position: int, first: int) -> None:
        exc = None if node.exc is None else self.expr(node.exc, RAISED)
        cause = None if node.cause is None else self.expr(node.cause, Use(Fate.RAISED, -1, "cause"))
        self.raises.append(
            Raise(
                self.start_of(node),
                self.end_of(node),
                exc,
                self._end_with_parentheses(node.exc) if node.exc is not None else -1,
                cause,
                self.scope.position,
                self.block,
                position,
                self.handler,
            ),
        )
        self.record(position, StmtKind.RAISE, node, first, value=exc or OPAQUE, ref=len(self.raises) - 1)

    def _end_with_parentheses(self, node: ast.expr) -> int:
        """Return the end of a statement's last expression with the parentheses around it, which `ast` leaves out."""
        end = self.end_of(node)
        while found := _CLOSING.match(self.data, end):
            end = found.end()
        return end

    def _delete(self, node: ast.Delete, position: int, first: int) -> None:
        for target in node.targets:
            if target.__class__ is ast.Name:
                self.bind(target.id, BindingKind.DELETION, self.start_of(target), self.end_of(target))
            else:
                self.expr(target, USED)
        self.record(position, StmtKind.DELETE, node, first)

    def _assert(self, node: ast.Assert, position: int, first: int) -> None:
        test = self.expr(node.test, TESTED)
        if node.msg is not None:
            self.expr(node.msg, USED)
        self.record(position, StmtKind.ASSERT, node, first, value=test)

    def _import(self, node: ast.Import, position: int, first: int) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            self.bind(name, BindingKind.IMPORT, self.start_of(alias), self.end_of(alias), target=target)
        self.record(position, StmtKind.IMPORT, node, first)

    def _import_from(self, node: ast.ImportFrom, position: int, first: int) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            name = alias.asname or alias.name
            start, end = self.start_of(alias), self.end_of(alias)
            self.bind(name, BindingKind.IMPORT, start, end, target=f"{module}:{alias.name}")
        self.record(position, StmtKind.IMPORT, node, first, value=OPAQUE)

    def _scope_names(self, node: ast.Global | ast.Nonlocal, position: int, first: int) -> None:
        names = self.scope.global_names if node.__class__ is ast.Global else self.scope.nonlocal_names
        names.extend(node.names)
        self.record(position, StmtKind.OTHER, node, first)

    def _type_alias(self, node: Any, position: int, first: int) -> None:
        """`type X = ...` (Python 3.12)."""
        name = node.name
        value = self.type_expr(node.value)
        self.bind(name.id, BindingKind.TYPE, self.start_of(name), self.end_of(name), value)
        self.type_parameters(node)
        self.record(position, StmtKind.OTHER, node, first)

    def type_parameters(self, node: ast.stmt) -> None:
        """Visit the bounds and defaults of type parameters (Python 3.12 and later; masked before)."""
        for parameter in getattr(node, "type_params", ()):
            for field in ("bound", "default_value"):
                expression = getattr(parameter, field, None)
                if expression is not None:
                    self.type_expr(expression)

    def _plain(self, node: ast.Break | ast.Continue | ast.Pass, position: int, first: int) -> None:
        self.record(position, _PLAIN[node.__class__], node, first)

    # --- definitions ---

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, position: int, first: int) -> None:
        decorators = tuple(self.expr(each, USED) for each in node.decorator_list)
        self.type_parameters(node)
        parameters = self.parameters(node.args)
        returns = None if node.returns is None else self.type_expr(node.returns)
        last = len(self.calls)
        kind = ScopeKind.ASYNC if node.__class__ is ast.AsyncFunctionDef else ScopeKind.FUNCTION
        scope = self.open_scope(kind)
        self.bind(node.name, BindingKind.DEFINITION, self.start_of(node), self.end_of(node), ref=scope.position)
        body = self._enter(scope, node, node.name, lambda: self.bind_parameters(node.args))
        self.close_scope(
            scope, node, node.name, body=body, parameters=parameters, decorators=decorators, returns=returns
        )
        self._record_definition(node, position, first, last, body)

    def _class(self, node: ast.ClassDef, position: int, first: int) -> None:
        decorators = tuple(self.expr(each, USED) for each in node.decorator_list)
        self.type_parameters(node)
        bases = tuple(self.expr(each, USED) for each in node.bases)
        for keyword in node.keywords:
            self.expr(keyword.value, USED)
        last = len(self.calls)
        scope = self.open_scope(ScopeKind.CLASS)
        self.bind(node.name, BindingKind.DEFINITION, self.start_of(node), self.end_of(node), ref=scope.position)
        body = self._enter(scope, node, node.name, lambda: None)
        self.close_scope(scope, node, node.name, body=body, decorators=decorators, bases=bases)
        self._record_definition(node, position, first, last, body)

    def _enter(self, scope: OpenScope, node: Definition, name: str, prepare: Callable[[], None]) -> int:
        """Walk the body of a definition in its own scope and return its block."""
        outer = (self.scope, self.function_scope, self.handler, self.conditional, self.qualname, self.block)
        self.open_scopes.add(scope.position)
        self.scope, self.handler, self.conditional = scope, -1, False
        if scope.kind is not ScopeKind.CLASS:
            self.function_scope = scope
        self.qualname = f"{self.qualname}.{name}" if self.qualname else name
        prepare()
        body = self.suite(node.body, "body", self.stmt)
        self.scope, self.function_scope, self.handler, self.conditional, self.qualname, self.block = outer
        self.open_scopes.discard(scope.position)
        return body

    def _record_definition(self, node: Definition, position: int, first: int, last: int, body: int) -> None:
        start = self.start_of(node)
        if node.decorator_list:
            start = self.data.rfind(b"@", 0, self.start_of(node.decorator_list[0]))
        head = self._head_end(node)
        self.record(position, StmtKind.DEFINE, node, first, head=head, last=last, blocks=(body,), start=start)


_PLAIN: dict[type[ast.stmt], StmtKind] = {
    ast.Break: StmtKind.BREAK,
    ast.Continue: StmtKind.CONTINUE,
    ast.Pass: StmtKind.PASS,
}

_VISITORS: dict[type, Callable[[Statements, ast.stmt, int, int], None]] = {  # ty: ignore[invalid-assignment]
    ast.Expr: Statements._expr,
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Delete: Statements._delete,
    ast.Assert: Statements._assert,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    ast.Global: Statements._scope_names,
    ast.Nonlocal: Statements._scope_names,
    ast.Pass: Statements._plain,
    ast.Break: Statements._plain,
    ast.Continue: Statements._plain,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
    ast.ClassDef: Statements._class,
    ast.If: Statements._if,
    ast.While: Statements._while,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._for,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._with,
    ast.Match: Statements._match,
    ast.Try: Statements._try,
    ast.TryStar: Statements._try,
}
if hasattr(ast, "TypeAlias"):
    _VISITORS[ast.TypeAlias] = Statements._type_alias
