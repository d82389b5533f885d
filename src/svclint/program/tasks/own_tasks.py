"""Tasks that a function has itself cancelled, or knows to be done: awaiting them loses nobody's cancellation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import BindingKind, Call
from svclint.index.values import CALL, CallOf, Chain, Container, Name, Operator, Value
from svclint.program.link.arguments import arguments, parameter_of
from svclint.program.link.refs import CoroutineRef, FunctionRef
from svclint.program.solve import Fact

if TYPE_CHECKING:
    from svclint.program.link.module import Module
    from svclint.program.program import Program


class OwnTasks:
    """Follows `cancel()` calls to what is awaited later."""

    def __init__(self, program: Program) -> None:
        """Share the program's names and engine."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue

    def is_own(self, module: Module, home: int, value: Value, start: int) -> bool:
        """Whether all that is waited for was cancelled by this function before."""
        chains = self._awaited_chains(module, value)
        if not chains:
            return False
        if all(len(chain) == 1 and self._is_finished(module, home, chain[0], start) for chain in chains):
            return True
        cancelled = self._cancelled_chains(module, home, start)
        return all(self._aliases(module, home, chain) & cancelled for chain in chains)

    def _awaited_chains(self, module: Module, value: Value) -> list[Chain]:
        """Return the access paths that an `await` waits for: directly, or through gather, wait, wait_for, shield."""
        if isinstance(value, Operator) and value.kind in {"starred", "item"} and len(value.operands) == 1:
            return self._awaited_chains(module, value.operands[0])
        if isinstance(value, Container) and value.items:
            found = [self._awaited_chains(module, item) for item in value.items]
            return [chain for each in found for chain in each] if all(found) else []
        if isinstance(value, Name):
            return [value.chain]
        if isinstance(value, CallOf):
            call = module.index.calls[value.call]
            names = self.names.callee(module.path, value.call).apis
            if names and all(self.catalogue.has(name, "awaits") for name in names):
                first = call.args if "asyncio.gather" in names else call.args[:1]
                found = [self._awaited_chains(module, each) for each in first]
                return [chain for each in found for chain in each] if found and all(found) else []
            return [self._callee_chain(call)] if self._callee_chain(call) else []
        return []

    def _is_finished(self, module: Module, scope: int, name: str, offset: int) -> bool:
        """Whether a name is one of the done tasks that `asyncio.wait` gave."""
        home = module.home(scope, name)
        bindings = [each for _, each in module.reaching(scope, name, home, offset)] if home >= 0 else []
        for binding in bindings:
            match binding.value:
                case Operator(kind="item", operands=(Name(chain=(collection,)),)) if binding.kind is BindingKind.LOOP:
                    if not self._is_finished(module, scope, collection, binding.start):
                        return False
                case Operator(kind="item", operands=(Operator(kind="await", operands=(CallOf(call=call),)), index)):
                    names = self.names.callee(module.path, call).apis
                    is_first = getattr(index, "text", "") == "0"
                    if not is_first or not names or not all(self.catalogue.has(each, "sorts-done") for each in names):
                        return False
                case _:
                    return False
        return bool(bindings)

    @staticmethod
    def _callee_chain(call: Call) -> Chain:
        """Return the collection behind `tasks.values()` or `list(tasks)`, else an empty chain."""
        if call.chain[-1] in {"values", "copy"} and len(call.chain) > 1:
            return call.chain[:-1]
        if call.chain in {("list",), ("tuple",), ("set",)} and len(call.args) == 1 and isinstance(call.args[0], Name):
            return call.args[0].chain
        return ()

    def _cancelled_chains(self, module: Module, home: int, before: int) -> set[Chain]:
        """Return the access paths that a function cancels before an offset, itself or through a helper."""
        found: set[Chain] = set()
        for position, call in enumerate(module.index.calls):
            if call.start >= before:
                break
            if module.function_of(call.scope) != home:
                continue
            if call.chain[-1] == "cancel" and len(call.chain) > 1:
                for chain in self._aliases(module, call.scope, call.chain[:-1]):
                    found.add(chain)
            else:
                found |= self._cancelled_by_helper(module, position, call)
        return found

    def _cancelled_by_helper(self, module: Module, position: int, call: Call) -> set[Chain]:
        found: set[Chain] = set()
        targets = self.names.callee(module.path, position)
        for ref in targets.refs:
            function = ref.function if isinstance(ref, CoroutineRef) else ref
            if not isinstance(function, FunctionRef):
                continue
            for slot, value in arguments(call):
                parameter = parameter_of(self.program.scope(function), function.bound, slot)
                chains = self._awaited_chains(module, value)
                if parameter >= 0 and chains and self.program.solver.get(Fact.of("cancels", function, parameter)):
                    found.update(chains)
            if function.bound and len(call.chain) > 1:
                found |= self._cancelled_of_receiver(function, call.chain[:-1])
        return found

    def _cancelled_of_receiver(self, function: FunctionRef, receiver: Chain) -> set[Chain]:
        """Return what a method cancels of its own object, as paths of the caller."""
        module = self.program.modules[function.module]
        scope = module.index.scopes[function.scope]
        if not scope.parameters:
            return set()
        own = scope.parameters[0].name
        found = set()
        for call in module.calls_in(function.scope):
            if call.chain[-1] == "cancel" and len(call.chain) > 1:
                for chain in self._aliases(module, call.scope, call.chain[:-1]):
                    if chain[0] == own and len(chain) > 1:
                        found.add((*receiver, *chain[1:]))
        return found

    def cancels(self, fact: Fact) -> int:
        """The equation of `cancels(i)`: the function cancels its parameter, or each item of it."""
        module = self.program.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        name = scope.parameters[fact.parameter].name
        for call in module.calls_in(fact.scope):
            if call.chain[-1] == "cancel" and (name,) in self._aliases(module, call.scope, call.chain[:-1]):
                return 1
            position = module.calls_by_span[call.start, call.end]
            for slot, value in arguments(call):
                if not (isinstance(value, Name) and value.chain == (name,)):
                    continue
                for ref in self.names.callee(module.path, position).refs:
                    if isinstance(ref, FunctionRef):
                        parameter = parameter_of(self.program.scope(ref), ref.bound, slot)
                        if parameter >= 0 and self.program.solver.get(Fact.of("cancels", ref, parameter)):
                            return 1
        return 0

    def _aliases(self, module: Module, scope: int, chain: Chain) -> set[Chain]:
        """Return a path with what it stands for: a loop's variable for its collection, a name for an attribute."""
        found = {chain}
        if chain[-1] == CALL and len(chain) > 2 and chain[-2] in {"values", "copy"}:
            found.add(chain[:-2])
        home = module.home(scope, chain[0])
        if len(chain) != 1 or home < 0:
            return found
        for binding in module.index.scopes[home].bindings.get(chain[0], ()):
            value = binding.value
            is_item = isinstance(value, Operator) and value.kind == "item" and len(value.operands) == 1
            if binding.kind is BindingKind.LOOP and is_item:
                found.update(self._awaited_chains(module, value.operands[0]))
            elif binding.kind in {BindingKind.ASSIGNMENT, BindingKind.UNPACKED} and isinstance(value, Name):
                found.add(value.chain)
            elif binding.kind is BindingKind.ASSIGNMENT and isinstance(value, Container):
                for item in value.items:
                    found.update(self._awaited_chains(module, item))
            elif isinstance(value, CallOf) and self._callee_chain(module.index.calls[value.call]):
                found.add(self._callee_chain(module.index.calls[value.call]))
        return found
