"""The whole program: its modules, and everything that can be asked about them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from svclint.index.model import BindingKind, ScopeKind, StmtKind
from svclint.index.values import Fate, Literal, Name
from svclint.program.flow import NEVER, THROWS, Exit, Flow
from svclint.program.guards import Guards
from svclint.program.handling.exceptions import Exceptions
from svclint.program.handling.handlers import Handlers
from svclint.program.handling.traces import Traces
from svclint.program.imports import Imports
from svclint.program.link.layout import Layout
from svclint.program.link.members import Members
from svclint.program.link.module import Module
from svclint.program.link.names import Names
from svclint.program.link.refs import ApiRef, ClassRef, CoroutineRef, FunctionRef, MethodRef, called_name
from svclint.program.loop.blocking import Blocking
from svclint.program.loop.held import HeldLocks
from svclint.program.loop.places import Places
from svclint.program.solve import Fact, Solver
from svclint.program.tasks.cancellation import Cancellation
from svclint.program.tasks.kept import Tasks
from svclint.program.waiting.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svclint.catalogue.load import Catalogue
    from svclint.config.model import Config
    from svclint.index.model import Call, ModuleIndex, Scope, Stmt


_ASYNC_PREFIXES = ("a", "async_")


class _Oracle:
    """Tells flow what calls do, by what they call."""

    def __init__(self, program: Program, module: Module) -> None:
        self.program = program
        self.module = module

    def ends(self, call: int) -> Exit:
        data = self.module.index.calls[call]
        targets = self.program.names.callee(self.module.path, call)
        if targets.open or not targets.refs:
            return NEVER
        total = NEVER
        for ref in targets.refs:
            found = self._ends(ref, awaited=data.use.fate is Fate.AWAITED)
            if not found:
                return NEVER
            total |= found
        return total

    def _ends(self, ref: object, *, awaited: bool) -> Exit:
        if isinstance(ref, FunctionRef):
            scope = self.program.scope(ref)
            if scope.yields or (scope.kind is ScopeKind.ASYNC and not awaited):
                return NEVER
            return Exit(self.program.solver.get(Fact.of("ends", ref)))
        if isinstance(ref, ApiRef | MethodRef):
            row = self.program.catalogue.get(ref.name if isinstance(ref, ApiRef) else ref.api)
            if row is not None and row.kind == "function":
                return Exit.QUIT if "exits" in row.effects else Exit.RAISE if "raises" in row.effects else NEVER
        return NEVER

    def raised(self, stmt: Stmt) -> Exit:
        del stmt
        return Exit.RAISE

    def suppresses(self, stmt: Stmt) -> bool:
        for item in self.module.index.withs[stmt.ref].items:
            if item.call >= 0:
                names = self.program.names.callee(self.module.path, item.call).apis
                if any(self.program.catalogue.has(name, "suppresses") for name in names):
                    return True
        return False

    def branch(self, stmt: Stmt) -> Iterable[int] | None:
        if stmt.kind is StmtKind.IF and isinstance(stmt.value, Literal) and stmt.value.kind == "bool":
            return (0,) if stmt.value.text == "True" else (1,)
        return None


class Program:
    """
    All modules of one project root, linked.

    Nothing is imported or run. Answers are computed when they are first asked for, and do not depend on the order of
    questions.
    """

    def __init__(self, indexes: Iterable[ModuleIndex], config: Config, catalogue: Catalogue) -> None:
        """Link the modules; `config` gives source roots, error sinks and boundaries."""
        self.config = config
        self.catalogue = catalogue
        self.modules = {index.path: Module(index) for index in sorted(indexes, key=lambda each: each.path)}
        self.layout = Layout(self.modules, config.src)
        self.names = Names(self.modules, self.layout, catalogue)
        self.members = Members(self.names)
        self.names.members = self.members
        self.exceptions = Exceptions(self.names, self.members)
        self.traces = Traces(self)
        self.tasks = Tasks(self)
        self.cancellation = Cancellation(self)
        self.handlers = Handlers(self)
        self.guards = Guards(self)
        self.imports = Imports(self)
        self.places = Places(self)
        self.blocking = Blocking(self)
        self.held_locks = HeldLocks(self)
        self.timeouts = Timeouts(self)
        self.solver = Solver(
            {
                "ends": self._ends,
                "leaves": self.traces.function,
                "keeps": self.tasks.keeps,
                "spawns": self.tasks.returns_task,
                "cancels": self.cancellation.own.cancels,
                "rethrows": self.cancellation.function,
            },
        )
        self._flows: dict[str, Flow] = {}
        self._apis: dict[str, list[tuple[str, ...]]] = {}
        self._by_effect: dict[str, dict[str, list[int]]] = {}

    # --- functions ---

    def scope(self, ref: FunctionRef | ClassRef) -> Scope:
        """Return the record of a function or class."""
        return self.modules[ref.module].index.scopes[ref.scope]

    def oracle(self, module: Module) -> _Oracle:
        """Return what tells flow about a module's calls."""
        return _Oracle(self, module)

    def flow(self, module: Module) -> Flow:
        """Return the flow of a module's suites."""
        if module.path not in self._flows:
            self._flows[module.path] = Flow(module, self.oracle(module))
        return self._flows[module.path]

    def _ends(self, fact: Fact) -> int:
        """The equation of `ends`: every path of the function raises or ends the process."""
        module = self.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        if scope.body < 0 or module.is_stub:
            return NEVER
        exits = self.flow(module).block(scope.body)
        return exits if exits and not exits & ~THROWS else NEVER

    def is_placeholder(self, ref: FunctionRef) -> bool:
        """Whether a function has no body of its own: `...`, `pass`, a docstring, `raise NotImplementedError`."""
        return self.members.classes.is_placeholder(ref)

    def is_inert(self, ref: FunctionRef) -> bool:
        """Whether a function does nothing that anybody else could notice: it calls and stores nothing."""
        module = self.modules[ref.module]
        if module.calls_in(ref.scope):
            return False
        scope = module.index.scopes[ref.scope]
        stored = any(
            isinstance(target, Name) and len(target.chain) > 1
            for stmt in module.index.stmts
            if stmt.scope == ref.scope
            for target in stmt.targets
        )
        return not stored and not scope.global_names and not scope.nonlocal_names

    def apis(self, module: str) -> list[tuple[str, ...]]:
        """Return for each call of a module the library names that it can call, `Class.__call__` for an instance."""
        if module not in self._apis:
            self._apis[module] = [
                tuple(name for name in map(called_name, self.names.callee(module, position).refs) if name)
                for position in range(len(self.modules[module].index.calls))
            ]
        return self._apis[module]

    def calls_with(self, module: Module, effect: str) -> list[int]:
        """Return the calls of a module that can call an API with an effect."""
        if module.path not in self._by_effect:
            found = self._by_effect[module.path] = {}
            for position, names in enumerate(self.apis(module.path)):
                for each in sorted({each for name in names for each in self.catalogue.effects(name)}):
                    found.setdefault(each, []).append(position)
        return self._by_effect[module.path].get(effect, [])

    @cached_property
    def allows_reentry(self) -> bool:
        """Whether the program makes loops enter themselves: nested runs are no error then."""
        lasts = self.catalogue.last_names("allows-reentry")
        return any(
            call.chain[-1] in lasts and any(self.catalogue.has(name, "allows-reentry") for name in self.apis(path)[at])
            for path, module in self.modules.items()
            for at, call in enumerate(module.index.calls)
        )

    def target_names(self, module: str, call: int) -> list[str]:
        """Return the dotted names of all that a call can call: of libraries, and of the project's functions."""
        targets = self.names.callee(module, call)
        own = [ref for ref in targets.refs if isinstance(ref, FunctionRef | ClassRef)]
        return [*targets.apis, *(f"{self.layout.name(ref.module)}.{self.scope(ref).qualname}" for ref in own)]

    # --- whole-program sets ---

    @cached_property
    def _runners(self) -> dict[tuple[str, int], frozenset[str]]:
        """The functions whose coroutine a process's entry runs (`asyncio.run(main())`), with the names of who does."""
        found: dict[tuple[str, int], frozenset[str]] = {}
        for path, module in self.modules.items():
            for position, call in enumerate(module.index.calls):
                if not call.args or not self._may_run_main(module, call) or not self._runs_main(path, position):
                    continue
                targets = self.names.value(path, call.scope, call.args[0])
                for ref in targets.refs:
                    function = ref.function if isinstance(ref, CoroutineRef) else ref
                    if isinstance(function, FunctionRef):
                        key = (function.module, function.scope)
                        runner = module.index.scopes[module.function_of(call.scope)].name
                        found[key] = found.get(key, frozenset()) | {runner}
        return found

    def _may_run_main(self, module: Module, call: Call) -> bool:
        """Whether a call could be one that runs a main function, by its name or by what its name was imported as."""
        lasts = self.catalogue.last_names("runs-main")
        if call.chain[-1] in lasts:
            return True
        bindings = module.index.scopes[0].bindings.get(call.chain[0], ()) if len(call.chain) == 1 else ()
        return any(binding.target.rpartition(":")[2] in lasts for binding in bindings)

    def _runs_main(self, path: str, call: int) -> bool:
        return any(self.catalogue.has(name, "runs-main") for name in self.names.callee(path, call).apis)

    def is_top_level(self, module: str, scope: int) -> bool:
        """Whether a function is what the process itself runs: given to the loop, or a command of its command line."""
        if (module, scope) in self._runners:
            return True
        decorators = self.members.decorators(FunctionRef(module, scope))
        return any(self.catalogue.has(name, "runs-main") for name in decorators)

    def is_main(self, module: str, scope: int) -> bool:
        """
        Whether a function is what the process itself runs, and nothing else uses it.

        The asynchronous half of a function that comes in both ways (`export` runs `aexport`) is called from loops, too.
        """
        name = self.modules[module].index.scopes[scope].name
        twins = {*(name.removeprefix(each) for each in _ASYNC_PREFIXES), name.removesuffix("_async")} - {name}
        return self.is_top_level(module, scope) and not twins & self._runners.get((module, scope), frozenset())

    @cached_property
    def _imported(self) -> frozenset[tuple[str, str]]:
        """Names of modules that other modules import, or reach as attributes of the module."""
        found = set()
        for path, module in self.modules.items():
            for scope in module.index.scopes:
                for bindings in scope.bindings.values():
                    for binding in bindings:
                        if binding.kind is BindingKind.IMPORT and ":" in binding.target:
                            source, _, name = binding.target.partition(":")
                            target = self.names.module_path(path, source)
                            if target is not None:
                                found.add((target, name))
        return frozenset(found)

    def is_imported(self, module: str, name: str) -> bool:
        """Whether another module imports a name from a module, `*` included."""
        return (module, name) in self._imported or (module, "*") in self._imported

    # --- places ---

    def is_test(self, path: str) -> bool:
        """Whether a file is a test."""
        return self.modules[path].is_test
