"""What stands around a call in its function and ends its wait: `async with asyncio.timeout(5)`, `wait_for(f(), 5)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.values import Fate
from svclint.program.link.arguments import arguments
from svclint.program.waiting.model import Bounded, Unbounded, Unknown, Wait

if TYPE_CHECKING:
    from svclint.catalogue.model import Api
    from svclint.index.model import Call
    from svclint.program.link.module import Module
    from svclint.program.program import Program
    from svclint.program.waiting.values import Values


class Around:
    """Answers for calls that are awaited: nothing around a call that blocks its thread can end it."""

    def __init__(self, program: Program, values: Values) -> None:
        """Share the program's names."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self.values = values

    def of(self, module: Module, position: int) -> Wait | None:
        """Return the bound around a call of a coroutine function, None where there is none."""
        return self._taken(module, position) or self._inside(module, position)

    def _taken(self, module: Module, position: int) -> Wait | None:
        """Return the bound of the call that takes this one's coroutine: `wait_for(session.get(url), 5)`."""
        use = module.index.calls[position].use
        if use.fate is not Fate.ARGUMENT:
            return None if use.fate in {Fate.AWAITED, Fate.ENTERED, Fate.ITERATED} else _elsewhere(use.fate)
        return self._bound(module, use.ref) or Unknown("who takes it may bound it")

    def _inside(self, module: Module, position: int) -> Wait | None:
        """Return the bound of a `with` around a call."""
        call = module.index.calls[position]
        home = module.function_of(call.scope)
        for block in module.enclosing_blocks(call.block):
            data = module.index.blocks[block]
            if data.scope != home:
                return None
            if data.role != "with" or data.owner < 0:
                continue
            for item in module.index.withs[module.index.stmts[data.owner].ref].items:
                found = self._bound(module, item.call) if item.call >= 0 else None
                if isinstance(found, Bounded | Unknown):
                    return found
        return None

    def _bound(self, module: Module, position: int) -> Wait | None:
        call = module.index.calls[position]
        targets = self.names.callee(module.path, position)
        for name in targets.apis:
            row = self.catalogue.get(name)
            if row is not None and "bounds" in row.effects:
                return self._given(module, call, row)
        return Unknown("what stands around it is not known") if targets.open and not targets.refs else None

    def _given(self, module: Module, call: Call, row: Api) -> Wait | None:
        keyword, position = (row.timeout.keyword, row.timeout.position) if row.timeout is not None else ("", 0)
        value = next((each for slot, each in arguments(call) if slot in {keyword, str(position)}), None)
        if value is None:
            return None
        wait = self.values.wait((module.path, call.scope, value))
        return None if isinstance(wait, Unbounded) else Bounded(f"bounded by {row.name}()")


def _elsewhere(fate: Fate) -> Wait | None:
    """Return what is known of a coroutine that is not awaited where it is made."""
    return Unknown("it is awaited elsewhere") if fate in {Fate.BOUND, Fate.STORED, Fate.RETURNED} else None
