"""What stands around a place: locks that are held, the library that a function works with, names that are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.program.link.refs import ApiRef, InstanceRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclint.index.model import Call, WithItem
    from svclint.program.link.module import Module
    from svclint.program.program import Program
    from svclint.program.select import Candidate
    from svclint.text import Span

DEFAULT_LIBRARY = "asyncio"


class Guards:
    """Answers about surroundings inside one function."""

    def __init__(self, program: Program) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue

    def holds_lock(self, module: Module, call: Call) -> bool:
        """Whether a call stands in a plain `with` of a thread's lock, or of something that is named like one."""
        home = module.function_of(call.scope)
        for block in module.enclosing_blocks(call.block):
            data = module.index.blocks[block]
            if data.scope != home:
                break
            if data.role != "with" or data.owner < 0:
                continue
            stmt = module.index.stmts[data.owner]
            statement = module.index.withs[stmt.ref]
            if not statement.is_async and any(self._may_lock(module, stmt.scope, item) for item in statement.items):
                return True
        return False

    def _may_lock(self, module: Module, scope: int, item: WithItem) -> bool:
        targets = self.names.value(module.path, scope, item.value)
        for ref in targets.refs:
            if (
                isinstance(ref, InstanceRef)
                and isinstance(ref.cls, ApiRef)
                and self.catalogue.has(ref.cls.name, "locks")
            ):
                return True
        chain = getattr(item.value, "chain", ())
        if not chain and item.call >= 0:
            chain = module.index.calls[item.call].chain
        return any("lock" in step.lower() or "mutex" in step.lower() for step in chain)

    def library(self, module: Module, scope: int, effect: str) -> str:
        """Return the asynchronous library that a function's own calls belong to."""
        named = self.catalogue.libraries_of(effect)
        wanted = {each for each in named if self.catalogue.has(f"{each}.sleep", effect)}  # tornado has `gen.sleep`
        home = module.function_of(scope)
        used = set()
        for call in module.calls_in(home):
            position = module.calls_by_span[call.start, call.end]
            used.update(name.partition(".")[0] for name in self.names.callee(module.path, position).apis)
        found = sorted(used & wanted)
        return found[0] if len(found) == 1 else DEFAULT_LIBRARY

    def free_name(self, module: Module, scope: int, wanted: Sequence[str]) -> str | None:
        """Return the first of some names that is unused in a function and in the functions inside it."""
        below = [module.index.scopes[each] for each in module.scopes_below(module.function_of(scope))]
        used = {name for data in below for name in (*data.bindings, *data.reads)}
        return next((name for name in wanted if name not in used), None)

    def rebinds(self, module: Module, candidate: Candidate, name: str, span: Span) -> bool:
        """Whether a name is bound or deleted inside a span, other than by an `except` clause."""
        record = module.index.stmts[candidate.stmt]
        home = module.home(record.scope, name)
        if home < 0:
            return False
        bindings = module.index.scopes[home].bindings.get(name, ())
        inside = [each for each in bindings if span.start < each.start < span.end]
        return any(each.ref < 0 or module.index.handlers[each.ref].start != span.start for each in inside)
