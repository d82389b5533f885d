"""One module of the program: its index, and where things stand in it."""

from __future__ import annotations

import posixpath
from bisect import bisect_left, bisect_right
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from svclint.index.model import Binding, BindingKind, ScopeKind, StmtKind
from svclint.index.values import Lambda, Operator, Value
from svclint.program.link.writes import AttributeWrite, attribute_writes, name_fills

if TYPE_CHECKING:
    from svclint.index.model import Await, Call, Handler, ModuleIndex, Raise, Read, Scope, Stmt

_EXCLUSIVE = frozenset({StmtKind.IF, StmtKind.MATCH})


class Module:
    """Questions about one `ModuleIndex` that need no other module."""

    def __init__(self, index: ModuleIndex) -> None:
        """Wrap an index; nothing is computed before it is asked for."""
        self.index = index
        self.path = index.path
        self.is_stub = index.path.endswith(".pyi")
        self.is_test = _is_test(index.path)
        self._paths: dict[int, tuple[int, ...]] = {}

    # --- places ---

    @cached_property
    def _stmt_starts(self) -> list[int]:
        return [stmt.start for stmt in self.index.stmts]

    def stmt_at(self, offset: int) -> int:
        """Return the innermost statement around an offset, -1 outside of all (in a comment, between statements)."""
        position = bisect_right(self._stmt_starts, offset) - 1
        while position >= 0:
            stmt = self.index.stmts[position]
            if offset < stmt.end:
                return position
            position = self._owner(stmt)
        return -1

    def _owner(self, stmt: Stmt) -> int:
        return self.index.blocks[stmt.block].owner

    def enclosing_blocks(self, block: int) -> tuple[int, ...]:
        """Return a block and the blocks around it, innermost first, up to the module's."""
        found = self._paths.get(block)
        if found is None:
            parent = self.index.blocks[block].parent if block >= 0 else -1
            found = () if block < 0 else (block, *(self.enclosing_blocks(parent) if parent >= 0 else ()))
            self._paths[block] = found
        return found

    @cached_property
    def calls_by_span(self) -> dict[tuple[int, int], int]:
        """The calls by where they stand."""
        return {(call.start, call.end): position for position, call in enumerate(self.index.calls)}

    @cached_property
    def calls_by_start(self) -> dict[int, list[int]]:
        """The calls by the offset of their first name: `a().b()` has two."""
        found: dict[int, list[int]] = {}
        for position, call in enumerate(self.index.calls):
            found.setdefault(call.start, []).append(position)
        return found

    @cached_property
    def handlers_by_start(self) -> dict[int, int]:
        """The handlers by the offset of their `except`."""
        return {handler.start: position for position, handler in enumerate(self.index.handlers)}

    @cached_property
    def raises_by_start(self) -> dict[int, int]:
        """The raises by the offset of their `raise`."""
        return {each.start: position for position, each in enumerate(self.index.raises)}

    @cached_property
    def _await_starts(self) -> list[int]:
        return sorted(each.start for each in self.index.awaits)

    @cached_property
    def _awaits_sorted(self) -> list[Await]:
        return sorted(self.index.awaits, key=lambda each: each.start)

    def awaits_between(self, start: int, end: int) -> list[Await]:
        """Return the awaits that stand in a range of the text."""
        first, last = bisect_left(self._await_starts, start), bisect_left(self._await_starts, end)
        return self._awaits_sorted[first:last]

    @cached_property
    def lambda_takers(self) -> dict[int, int]:
        """The call that takes each lambda as an argument."""
        found = {}
        for position, call in enumerate(self.index.calls):
            for value in (*call.args, *(value for _, value in call.keywords)):
                if isinstance(value, Lambda):
                    found[value.scope] = position
        return found

    @cached_property
    def _calls_by_function(self) -> dict[int, list[Call]]:
        found: dict[int, list[Call]] = {}
        for call in self.index.calls:
            found.setdefault(self.function_of(call.scope), []).append(call)
        return found

    def calls_between(self, start: int, end: int) -> list[Call]:
        """Return the calls that start in a range of the text."""
        starts = self._call_starts
        return [self._calls_sorted[at] for at in range(bisect_left(starts, start), bisect_left(starts, end))]

    @cached_property
    def _calls_sorted(self) -> list[Call]:
        return sorted(self.index.calls, key=lambda call: call.start)

    @cached_property
    def _call_starts(self) -> list[int]:
        return [call.start for call in self._calls_sorted]

    def try_span(self, handler: Handler) -> tuple[int, int]:
        """Return the span of the suite whose errors a handler catches."""
        block = self.index.blocks[self.index.tries[self.index.stmts[handler.stmt].ref].body]
        return block.start, block.end

    def calls_in(self, function: int) -> list[Call]:
        """Return the calls that a function's own body makes."""
        return self._calls_by_function.get(function, [])

    # --- scopes ---

    def function_of(self, scope: int) -> int:
        """Return the function, module or class whose body runs a scope's code: comprehensions run in place."""
        while self.index.scopes[scope].kind is ScopeKind.COMPREHENSION:
            scope = self.index.scopes[scope].parent
        return scope

    def scope_at(self, stmt: int, offset: int) -> int:
        """Return the innermost scope of a statement's own expressions around an offset: a lambda, a comprehension."""
        scope = self.index.stmts[stmt].scope
        while True:
            below = [each for each in self.inner_scopes.get(scope, ()) if self._is_around(each, offset)]
            if not below:
                return scope
            scope = below[0]

    def _is_around(self, scope: int, offset: int) -> bool:
        data = self.index.scopes[scope]
        return data.body < 0 and data.start <= offset < data.end

    def class_of(self, scope: int) -> int:
        """Return the class that a function is a method of, -1 for others."""
        parent = self.index.scopes[scope].parent
        return parent if parent >= 0 and self.index.scopes[parent].kind is ScopeKind.CLASS else -1

    def qualname(self, scope: int) -> str:
        """Return the qualified name of the function around a scope, `""` at module level."""
        return self.index.scopes[self.function_of(scope)].qualname

    @cached_property
    def inner_scopes(self) -> dict[int, list[int]]:
        """The scopes that each scope contains directly."""
        found: dict[int, list[int]] = {}
        for position, scope in enumerate(self.index.scopes):
            found.setdefault(scope.parent, []).append(position)
        return found

    def scopes_below(self, scope: int) -> list[int]:
        """Return a scope and all scopes inside it."""
        found = [scope]
        for each in found:
            found.extend(self.inner_scopes.get(each, ()))
        return found

    @cached_property
    def returns_by_scope(self) -> dict[int, list[Stmt]]:
        """The `return` statements of each function."""
        found: dict[int, list[Stmt]] = {}
        for stmt in self.index.stmts:
            if stmt.kind is StmtKind.RETURN:
                found.setdefault(stmt.scope, []).append(stmt)
        return found

    @cached_property
    def yields_by_scope(self) -> dict[int, list[Value]]:
        """What each generator yields, where that is a statement or an assigned value."""
        found: dict[int, list[Value]] = {}
        for stmt in self.index.stmts:
            if isinstance(stmt.value, Operator) and stmt.value.kind == "yield" and stmt.value.operands:
                found.setdefault(stmt.scope, []).append(stmt.value.operands[0])
        return found

    @cached_property
    def _attribute_writes(self) -> dict[int, list[tuple[str, AttributeWrite]]]:
        return attribute_writes(self.index, self.function_of)

    @cached_property
    def _name_fills(self) -> dict[str, list[tuple[int, Value]]]:
        return name_fills(self.index)

    def fills(self, home: int, name: str) -> list[tuple[int, Value]]:
        """Return what is put into the container behind a name that belongs to the scope `home`: (scope, value)."""
        return [each for each in self._name_fills.get(name, ()) if self.home(each[0], name) == home]

    def attribute_writes(self, function: int, receiver: str) -> list[AttributeWrite]:
        """Return what a method assigns to attributes of its receiver."""
        return [write for root, write in self._attribute_writes.get(function, ()) if root == receiver]

    # --- bindings ---

    @cached_property
    def outer_writes(self) -> dict[tuple[int, str], list[tuple[int, Binding]]]:
        """Bindings made from inside through `global` and `nonlocal`: (home scope, name) -> (scope, binding)."""
        found: dict[tuple[int, str], list[tuple[int, Binding]]] = {}
        for position, scope in enumerate(self.index.scopes):
            for name in scope.global_names:
                for binding in scope.bindings.get(name, ()):
                    found.setdefault((0, name), []).append((position, binding))
            for name in scope.nonlocal_names:
                home = self.home(scope.parent, name)
                for binding in scope.bindings.get(name, ()):
                    found.setdefault((home, name), []).append((position, binding))
        return found

    def home(self, scope: int, name: str) -> int:
        """Return the scope that a name read in `scope` belongs to, -1 for a builtin or unknown one."""
        first = scope
        while scope >= 0:
            data = self.index.scopes[scope]
            if name in data.global_names:
                return 0
            if scope == first or data.kind is not ScopeKind.CLASS:
                if name in data.bindings and name not in data.nonlocal_names:
                    return scope
                if scope == 0 and (0, name) in self._module_writes:
                    return 0
            scope = data.parent
        return -1

    @cached_property
    def _module_writes(self) -> frozenset[tuple[int, str]]:
        return frozenset((0, name) for scope in self.index.scopes for name in scope.global_names)

    def reaching(self, scope: int, name: str, home: int, offset: int) -> list[tuple[int, Binding]]:
        """
        Return the bindings of a name that a read at `offset` can see, each with its scope.

        In the scope of the bindings themselves, those that a later one overwrites on every path are left out; from
        inner functions, which run at any time, the last unconditional one and all after it count.
        """
        own = list(self.index.scopes[home].bindings.get(name, ()))
        if self.index.scopes[home].kind is ScopeKind.COMPREHENSION:
            return [(home, binding) for binding in own]  # its targets stand behind what is made of them
        written = self.outer_writes.get((home, name), [])
        if self.sees_flow(scope, home):
            own = self._visible(own, self.block_of(scope, offset), offset)
        else:
            own = self._final(own, home)
        return [*((home, binding) for binding in own), *written]

    def sees_flow(self, scope: int, home: int) -> bool:
        """Whether code of a scope runs where the names of `home` are bound, so that the order of statements counts."""
        return scope == home or (
            self.index.scopes[scope].kind is ScopeKind.COMPREHENSION and self.function_of(scope) == home
        )

    def block_of(self, scope: int, offset: int) -> int:
        """Return the block that the code at `offset` runs in."""
        stmt = self.stmt_at(offset)
        while stmt >= 0:
            found = self.index.stmts[stmt]
            for block in found.blocks:
                data = self.index.blocks[block]
                if data.start <= offset < data.end and data.scope == self.function_of(scope):
                    return block
            return found.block
        return self.index.scopes[scope].body

    def _final(self, bindings: list[Binding], home: int) -> list[Binding]:
        body = self.index.scopes[home].body
        last = max((at for at, each in enumerate(bindings) if each.block == body and _settles(each)), default=0)
        return [each for each in bindings[last:] if each.kind is not BindingKind.DELETION]

    def _visible(self, bindings: list[Binding], block: int, offset: int) -> list[Binding]:
        path = self.enclosing_blocks(block)
        around = set(path)
        own_stmt = self.stmt_at(offset)
        skipped = own_stmt if self._binds_last(own_stmt) else -2
        loops = [each for each in path if self.index.blocks[each].role == "loop"]
        found: list[Binding] = []
        settled_in = -1
        branches: dict[int, set[int]] = {}
        split = bisect_left(bindings, offset, key=attrgetter("start"))
        for each in reversed(bindings[:split]):
            if each.stmt == skipped or self._excluded(each.block, path):
                continue
            found.append(each)
            settled = self._settled_block(each.block, branches) if _settles(each) else -1
            if settled in around:
                settled_in = settled
                break
        found.reverse()
        for each in bindings[split:] if loops else ():  # what a later part of the loop binds reaches the next round
            shared = next((loop for loop in loops if loop in self.enclosing_blocks(each.block)), -1)
            # What settles the name in that loop, or in one inside it, does so again on the way back to the use.
            again = settled_in >= 0 and shared in self.enclosing_blocks(settled_in)
            if shared >= 0 and each.stmt != skipped and not again:
                found.append(each)
        return [each for each in found if each.kind is not BindingKind.DELETION]

    def _settled_block(self, block: int, branches: dict[int, set[int]]) -> int:
        """
        Return the outermost block in which a name is surely bound once it is bound in this one.

        `branches` notes in which branches of an `if` a later binding was met: where all of them bind, the `if` does.
        """
        while True:
            owner = self.index.blocks[block].owner
            stmt = self.index.stmts[owner] if owner >= 0 else None
            if stmt is None or stmt.kind is not StmtKind.IF or len(stmt.blocks) < 2:
                return block
            seen = branches.setdefault(owner, set())
            seen.add(block)
            if len(seen) < len(stmt.blocks):
                return block
            block = stmt.block

    def _binds_last(self, stmt: int) -> bool:
        """Whether a statement binds only after all of its expressions were evaluated: `x = f(x)`."""
        return stmt >= 0 and self.index.stmts[stmt].kind in {StmtKind.ASSIGN, StmtKind.AUGMENT}

    def _excluded(self, block: int, path: tuple[int, ...]) -> bool:
        """Whether a binding's block can't run before a use, being another branch of the same `if` or `match`."""
        around = set(path)
        while block >= 0 and block not in around:
            data = self.index.blocks[block]
            if data.owner >= 0 and self.index.stmts[data.owner].kind in _EXCLUSIVE:
                siblings = set(self.index.stmts[data.owner].blocks)
                if siblings & around:
                    return not any(self.index.blocks[each].role == "loop" for each in path)
            block = data.parent
        return False

    # --- reads ---

    def reads(self, scope: int, name: str) -> list[Read]:
        """Return all reads of a scope's own name, in it and in the scopes inside it."""
        found = []
        for each in self.scopes_below(scope):
            data = self.index.scopes[each]
            if name in data.reads and self.home(each, name) == scope:
                found.extend(data.reads[name])
        return found

    def raises_in(self, handler: int) -> list[Raise]:
        """Return the raises that stand in a handler, those of inner handlers included."""
        data = self.index.handlers[handler]
        return [each for each in self.index.raises if data.start <= each.start < data.end]

    def scope(self, position: int) -> Scope:
        """Return a scope's record."""
        return self.index.scopes[position]


def _is_test(path: str) -> bool:
    """Whether a file is a test: below a folder `tests` or `test`, or named like one."""
    folder, name = posixpath.split(path)
    if not {"tests", "test"}.isdisjoint(folder.split("/")):
        return True
    return name.startswith("test_") or name.endswith(("_test.py", "_test.pyi")) or name == "conftest.py"


def _settles(binding: Binding) -> bool:
    """Whether a binding surely replaces what the name was before; a bare annotation binds nothing."""
    return binding.kind not in {BindingKind.ANNOTATION, BindingKind.AUGMENTED}
