"""What becomes of a value that somebody must keep: a task that dies unheld, a coroutine that nobody awaits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import BindingKind, ScopeKind
from svclint.index.values import CallOf, Container, Fate, Name, Use
from svclint.program.flow import Exit
from svclint.program.link.arguments import parameter_of
from svclint.program.link.refs import ApiRef, CoroutineRef, FunctionRef, MethodRef, Ref
from svclint.program.solve import Fact

if TYPE_CHECKING:
    from svclint.index.model import Call, Read
    from svclint.program.link.module import Module
    from svclint.program.program import Program

_KEEPS = frozenset({Fate.STORED, Fate.RETURNED, Fate.YIELDED, Fate.AWAITED, Fate.ITERATED, Fate.ENTERED, Fate.RAISED})
_COLLECTIONS = frozenset({"builtins.set", "builtins.list", "collections.deque"})
_FILLS = frozenset({"add", "append", "discard", "remove", "insert", "appendleft"})


class Tasks:
    """Follows values to where they end."""

    def __init__(self, program: Program) -> None:
        """Share the program's names and engine."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue

    # --- who makes a task ---

    def spawns(self, module: str, call: int) -> str:
        """Return the API through which a call starts a task that its caller must keep, `""` for other calls."""
        targets = self.names.callee(module, call)
        found = []
        for ref in targets.refs:
            if isinstance(ref, ApiRef | MethodRef):
                name = ref.name if isinstance(ref, ApiRef) else ref.api
                found.append(name if self.catalogue.has(name, "spawns") and self._makes_one(module, call, name) else "")
            elif isinstance(ref, FunctionRef) and self._passes_on(module, call, ref):
                found.append(self.program.scope(ref).qualname)
            else:
                found.append("")
        return found[0] if found and all(found) else ""

    def _makes_one(self, module: str, call: int, name: str) -> bool:
        """Whether an API that gives tasks back makes one here: it is given a call, or a name that is a coroutine."""
        data = self.program.modules[module].index.calls[call]
        if not self.catalogue.has(name, "passes-tasks") or not data.args or isinstance(data.args[0], CallOf):
            return True
        given = self.names.value(module, data.scope, data.args[0])
        return bool(given.refs) and all(isinstance(ref, CoroutineRef) for ref in given.refs)

    def _passes_on(self, module: str, call: int, ref: FunctionRef) -> bool:
        """Whether a function gives a task that it started to its caller; an async one does when it is awaited."""
        is_async = self.program.scope(ref).kind is ScopeKind.ASYNC
        use = self.program.modules[module].index.calls[call].use
        if is_async and use.fate is not Fate.AWAITED:
            return False
        return bool(self.program.solver.get(Fact.of("spawns", ref)))

    def returns_task(self, fact: Fact) -> int:
        """The equation of `spawns`: a function that returns a task it has started, and has not kept it itself."""
        module = self.program.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        if scope.kind is ScopeKind.LAMBDA:
            return 0
        returns = [stmt for stmt in module.returns_by_scope.get(fact.scope, ()) if stmt.ref > 0]
        return int(bool(returns) and all(self._is_started(module, fact.scope, stmt.value) for stmt in returns))

    def _is_started(self, module: Module, scope: int, value: object) -> bool:
        if isinstance(value, CallOf):
            return bool(self.spawns(module.path, value.call))
        if not isinstance(value, Name) or len(value.chain) != 1:
            return False
        name = value.chain[0]
        bindings = module.index.scopes[scope].bindings.get(name, ())
        started = [
            each.kind is BindingKind.ASSIGNMENT
            and isinstance(each.value, CallOf)
            and bool(self.spawns(module.path, each.value.call))
            for each in bindings
        ]
        others = [read for read in module.reads(scope, name) if read.use.fate is not Fate.RETURNED]
        if not started or not all(started):
            return False
        return not self.program.solver.aside(lambda: any(self.keeps_by(module, scope, read) for read in others))

    # --- who makes a coroutine ---

    def makes_coroutine(self, module: str, call: int) -> bool:
        """Whether a call may give a coroutine: some known target does, and none replaces it by a decorator."""
        return any(self.coroutine_targets(module, call))

    def coroutine_targets(self, module: str, call: int) -> list[bool]:
        """Return for each target of a call whether its result must be awaited; nothing where a decorator hides it."""
        targets = self.names.callee(module, call)
        return [self._gives_coroutine(ref) for ref in targets.refs] if not targets.open else []

    def _gives_coroutine(self, ref: Ref) -> bool:
        if isinstance(ref, ApiRef | MethodRef):
            row = self.catalogue.get(ref.name if isinstance(ref, ApiRef) else ref.api)
            return row is not None and row.coroutine
        if not isinstance(ref, FunctionRef):
            return False
        result = self.program.members.result(ref)
        if not result.refs or result.open or not all(isinstance(each, CoroutineRef) for each in result.refs):
            return False
        kind = self.program.scope(ref).kind
        return kind in {ScopeKind.ASYNC, ScopeKind.LAMBDA} or self._always_returns(ref)

    def _always_returns(self, ref: FunctionRef) -> bool:
        """Whether a sync function gives a value on every path that ends."""
        module = self.program.modules[ref.module]
        body = module.index.scopes[ref.scope].body
        returns = module.returns_by_scope.get(ref.scope, ())
        return (
            body >= 0
            and not self.program.flow(module).block(body) & Exit.FALL
            and all(each.ref > 0 for each in returns)
        )

    # --- what becomes of it ---

    def dropped(self, module: Module, scope: int, use: Use, *, depth: int = 8) -> bool:
        """Whether nobody keeps a value with this fate; what is unknown keeps it."""
        match use.fate:
            case Fate.DISCARDED:
                return True
            case Fate.BOUND:
                return bool(use.slot) and self._name_is_dropped(module, scope, use.slot)
            case Fate.ARGUMENT:
                return not self._argument_kept(module, use, depth)
            case Fate.RECEIVER:
                return self._drops_by_name(use.slot)
            case Fate.RETURNED:
                return self._lambda_is_dropped(module, scope)
            case _:
                return False

    def call_dropped(self, module: Module, position: int) -> bool:
        """Whether nobody keeps what a call gives; of an awaited call, what the `await` gives."""
        call = module.index.calls[position]
        if call.use.fate is not Fate.AWAITED:
            return self.dropped(module, call.scope, call.use)
        refs = self.names.callee(module.path, position).refs
        if not all(isinstance(ref, FunctionRef) and self.program.scope(ref).kind is ScopeKind.ASYNC for ref in refs):
            return False  # the task itself is awaited
        uses = [each.use for each in module.index.awaits if each.value == CallOf(position)]
        return bool(uses) and all(self.dropped(module, call.scope, use) for use in uses)

    def _drops_by_name(self, method: str) -> bool:
        """Whether a task's method leaves it as unkept as it was."""
        return self.catalogue.has(f"asyncio.Task.{method}", "drops")

    def _name_is_dropped(self, module: Module, scope: int, name: str) -> bool:
        home = module.function_of(scope)
        if self._runs_the_loop(module, home):
            return False  # its frame holds the task while the loop runs
        if name in module.index.scopes[home].bindings or home == scope:
            return not any(self.keeps_by(module, home, read) for read in module.reads(home, name))
        return False

    def _runs_the_loop(self, module: Module, home: int) -> bool:
        calls = [module.calls_by_span[call.start, call.end] for call in module.calls_in(home)]
        names = {name for position in calls for name in self.names.callee(module.path, position).apis}
        return any(self.catalogue.has(name, "runs-main") for name in names)

    def keeps_by(self, module: Module, scope: int, read: Read) -> bool:
        """Whether one read of a name keeps, or hands on, what the name holds."""
        use = read.use
        if read.stmt >= 0 and module.function_of(module.index.stmts[read.stmt].scope) != scope:
            return True  # a closure lives as long as somebody holds it
        match use.fate:
            case Fate.FORMATTED | Fate.DISCARDED:
                return False
            case Fate.ARGUMENT:
                return self._argument_kept(module, use, 8)
            case Fate.RECEIVER:
                return not self._leaves_unkept(use.slot)
            case _:
                return True

    def _leaves_unkept(self, method: str) -> bool:
        """Reading a name only to hang a callback on the task, or to name it, keeps nothing; `cancel()` later does."""
        return self._drops_by_name(method) and method in {"add_done_callback", "set_name", "get_name"}

    def _argument_kept(self, module: Module, use: Use, depth: int) -> bool:
        call = module.index.calls[use.ref]
        targets = self.names.callee(module.path, use.ref)
        if targets.open or not targets.refs or depth == 0:
            return not self._fills_lost_collection(module, call)
        return any(self._kept_by(module, call, ref, use) for ref in targets.refs)

    def _kept_by(self, module: Module, call: Call, ref: Ref, use: Use) -> bool:
        if isinstance(ref, FunctionRef):
            parameter = parameter_of(self.program.scope(ref), ref.bound, use.slot)
            if parameter < 0 or use.held or self.program.is_placeholder(ref):
                return True
            return bool(self.program.solver.get(Fact.of("keeps", ref, parameter)))
        if isinstance(ref, ApiRef | MethodRef):
            name = ref.name if isinstance(ref, ApiRef) else ref.api
            row = self.catalogue.get(name)
            if row is not None and ("drops" in row.effects or row.log is not None):
                return False
            if isinstance(ref, MethodRef) and self.catalogue.has(ref.cls.name, "weak"):
                return False
            return not self._fills_lost_collection(module, call)
        return True

    def keeps(self, fact: Fact) -> int:
        """The equation of `keeps(i)`: the function stores, returns, awaits or hands on its parameter on some path."""
        module = self.program.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        parameter = scope.parameters[fact.parameter]
        if module.is_stub or parameter.kind in {"args", "kwargs"}:
            return 1
        reads = module.reads(fact.scope, parameter.name)
        return int(any(self.keeps_by(module, fact.scope, read) for read in reads))

    # --- collections and lambdas ---

    def _fills_lost_collection(self, module: Module, call: Call) -> bool:
        """Whether a call puts a value into a collection of this function that nobody uses and that ends with it."""
        if len(call.chain) != 2 or call.chain[1] not in _FILLS:
            return False
        scope = module.function_of(call.scope)
        name = call.chain[0]
        data = module.index.scopes[scope]
        if not data.is_function or module.home(call.scope, name) != scope or name in data.global_names:
            return False
        bindings = data.bindings.get(name, ())
        if not all(each.kind is BindingKind.ASSIGNMENT and self._is_empty(module, each.value) for each in bindings):
            return False
        if any(self._uses_collection(module, scope, read) for read in module.reads(scope, name)):
            return False
        return data.body < 0 or bool(self.program.flow(module).block(data.body) & (Exit.FALL | Exit.RETURN))

    def _is_empty(self, module: Module, value: object) -> bool:
        if isinstance(value, Container):
            return not value.items
        if isinstance(value, CallOf):
            names = self.names.callee(module.path, value.call).apis
            return bool(names) and _COLLECTIONS.issuperset(names) and not module.index.calls[value.call].args
        return False

    def _uses_collection(self, module: Module, scope: int, read: Read) -> bool:
        """Whether a read of a collection does more than fill or thin it."""
        if read.stmt >= 0 and module.function_of(module.index.stmts[read.stmt].scope) != scope:
            return True
        if read.use.fate is Fate.RECEIVER:
            return read.use.slot not in _FILLS
        return not (read.use.fate is Fate.ATTRIBUTE and read.use.slot in _FILLS)

    def _lambda_is_dropped(self, module: Module, scope: int) -> bool:
        """Whether a value is the result of a lambda that is handed to somebody who throws results away."""
        home = module.function_of(scope)
        if module.index.scopes[home].kind is not ScopeKind.LAMBDA:
            return False
        taker = module.lambda_takers.get(home)
        if taker is None:
            return False
        targets = self.names.callee(module.path, taker)
        names = targets.apis
        return (
            not targets.open
            and bool(names)
            and len(names) == len(targets.refs)
            and all(self.catalogue.has(name, "discards-result") for name in names)
        )
