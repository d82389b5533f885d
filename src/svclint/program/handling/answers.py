"""When what a handler caught is an answer rather than an error, so that it needs no trace, or no more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.index.model import StmtKind
from svclint.index.values import Container, Literal, Name
from svclint.program.flow import THROWS, Exit
from svclint.program.handling.exceptions import EXCEPTION, Caught
from svclint.program.link.arguments import argument
from svclint.program.link.refs import ClassRef

if TYPE_CHECKING:
    from svclint.index.model import Call, Handler, Stmt
    from svclint.program.link.module import Module
    from svclint.program.program import Program


class Answers:
    """Knows the idioms, by effects of the catalogue and by words."""

    def __init__(self, program: Program) -> None:
        """Share the program's parts."""
        self.program = program
        self.catalogue = program.catalogue

    def beside_another(self, module: Module, data: Handler) -> bool:
        """Whether a `try` stands in a `finally`, or in a handler that raises: another error may be on its way."""
        around = module.enclosing_blocks(module.index.stmts[data.stmt].block)
        return any(module.index.blocks[each].role == "final" for each in around) or self._before_raising(module, data)

    # --- broad types ---

    def excuse(self, module: Module, data: Handler, caught: Caught) -> str:
        """Return why a trace without the cause is enough: what can go wrong is known from what was tried."""
        if caught.bare or any(names[0] != EXCEPTION for names in caught.types):
            return ""
        if self._only_closes(module, data) and data.name:
            return "only closing has failed"
        calls = self._try_calls(module, data)
        if calls and all(self._is_log(call) for _, call in calls):
            return "only logging has failed"
        return "only a text was no value" if self._is_short(module, data) and self._only_reads(module, data) else ""

    def _is_log(self, call: Call) -> bool:
        """Whether a call writes a log line, or gets what writes it."""
        return call.chain[-1] in self.catalogue.words.log_methods or "log" in call.chain[-1].lower()

    def _only_reads(self, module: Module, data: Handler) -> bool:
        """Whether every call of the `try` makes a value of a text at hand."""
        words = {*self.catalogue.words.readings, "json", "loads", "fromhex", "b64decode"}
        calls = self._try_calls(module, data)
        names = self.program.names
        return bool(calls) and all(
            not words.isdisjoint(call.chain[-1].lower().split("_"))
            or any(self.catalogue.has(name, "parses") for name in names.callee(module.path, position).apis)
            for position, call in calls
        )

    # --- narrow types ---

    def idiom(self, module: Module, data: Handler, caught: Caught) -> str:
        """Return why the types caught are an answer rather than an error."""
        if caught.broad or caught.open or not caught.types:
            return "" if caught.broad else "a type is unknown" if caught.open else ""
        reasons = {self._reason(module, data, names) for names in caught.types}
        return "" if "" in reasons else min(reasons)

    def _reason(self, module: Module, data: Handler, names: tuple[str, ...]) -> str:
        """Return why one type, given with its ancestors, is an answer here, `""` where it is an error."""
        effects = {effect for name in names for effect in self._effects(name)}
        simple = names[0].rpartition(".")[2] if names else ""
        words = self.catalogue.words
        if effects & {"not-an-error", "cancellation"}:
            return "is no error"
        if "expected" in effects:
            return "is the answer of a lookup"
        if any(word in simple for word in words.answers):
            return "says no to a question"
        if "attribute" in effects and self._is_short(module, data):
            return "is the answer of a look at an attribute"
        if ("parses" in effects or any(word in simple for word in words.refusals)) and self._parses(module, data):
            return "is the answer of a parse"
        if not effects and self._is_short(module, data) and self._only_parses(module, data):
            return "is the answer of a parse"
        if self._asks(module, data, "asks"):
            return "is the answer of a question"
        if self._is_short(module, data) and self._asks(module, data, "parses"):
            return "is the answer of a parse"
        if "bounded" in effects and self._polls(module, data):
            return "is the answer of a bounded wait"
        if self._is_own(names) and self._is_signal(names[0]):
            return "is a signal of the project's own"
        if self._answers_no(module, data, everywhere=self._is_here(names)):
            return "is the answer of a predicate"
        if "builtins.OSError" in names and self._hears(module, data):
            return "says that the other side is gone"
        if self._only_tidies(module, data):
            return "comes from tidying up"
        return "is tried again after a pause" if self._tried_again(module, data) else ""

    def _is_here(self, names: tuple[str, ...]) -> bool:
        """Whether an exception is of the project or of Python itself, and not of a library that talks to others."""
        return self._is_own(names) or names[0].startswith("builtins.")

    def _is_own(self, names: tuple[str, ...]) -> bool:
        """Whether an exception is a class of the project."""
        return len(names) > 1 and names[0] not in self.catalogue.rows

    @staticmethod
    def _is_signal(name: str) -> bool:
        """Whether an exception is named for what happened (`CommandNotEdited`) rather than for an error."""
        return not name.endswith(("Error", "Exception", "Failure", "Fault", "Timeout", "Failed"))

    def _hears(self, module: Module, data: Handler) -> bool:
        """Whether the `try` ends in hearing from somebody, or in asking the file system, and the handler in leaving."""
        words = self.catalogue.words
        calls = [call.chain[-1] for _, call in self._try_calls(module, data)]
        return bool(calls) and all(name in words.hears or name in words.looks for name in calls)

    def _answers_no(self, module: Module, data: Handler, *, everywhere: bool) -> bool:
        """
        Whether a predicate answers False, or None, for what can't be told: `def is_valid(...) -> bool`.

        Not `everywhere`, for an error of a library that may talk to others, only a name such as `can_see` makes it one.
        """
        scope = module.index.scopes[module.function_of(data.scope)]
        first = scope.name.lstrip("_").partition("_")[0]
        is_bool = isinstance(scope.returns, Name) and scope.returns.chain == ("bool",)
        words = self.catalogue.words
        is_predicate = everywhere and (is_bool or first in words.predicates) and not self._waits(module, data)
        if not is_predicate and first not in words.permissions:
            return False
        stmts = [module.index.stmts[each] for each in module.index.blocks[data.block].stmts]
        return len(stmts) == 1 and stmts[0].kind is StmtKind.RETURN and isinstance(stmts[0].value, Literal)

    def _asks(self, module: Module, data: Handler, effect: str) -> bool:
        """Whether the `try` calls something with an effect."""
        names = self.program.names
        called = {
            name for position, _ in self._try_calls(module, data) for name in names.callee(module.path, position).apis
        }
        return any(self.catalogue.has(name, effect) for name in called)

    def _effects(self, name: str) -> tuple[str, ...]:
        row = self.catalogue.get(name)
        return row.effects if row is not None else ()

    def _try_stmts(self, module: Module, data: Handler) -> list[Stmt]:
        owner = module.index.tries[module.index.stmts[data.stmt].ref]
        return [module.index.stmts[each] for each in module.index.blocks[owner.body].stmts]

    def _waits(self, module: Module, data: Handler) -> bool:
        return bool(module.awaits_between(*module.try_span(data)))

    def _is_short(self, module: Module, data: Handler) -> bool:
        stmts = self._try_stmts(module, data)
        return len(stmts) <= 2 and not any(
            (stmt.blocks and stmt.kind is not StmtKind.IF) or stmt.awaits for stmt in stmts
        )

    def _only_tidies(self, module: Module, data: Handler) -> bool:
        """Whether the `try` only closes or cancels things, or stands in a `finally` or in a handler that raises."""
        if self.beside_another(module, data):
            return True
        calls = self._try_calls(module, data)
        if self._only_closes(module, data):
            return True
        if self.program.flow(module).block(data.block) & ~(Exit.FALL | Exit.CONTINUE):
            return False
        return bool(calls) and all(self._is_cosmetic(call) for _, call in calls)

    def _only_closes(self, module: Module, data: Handler) -> bool:
        calls = self._try_calls(module, data)
        words = self.catalogue.words.closes
        bounds = [position for position, call in calls if self._bounds(module, position)]
        inner = [call for position, call in calls if position not in bounds and not self._is_log(call)]
        return bool(inner) and all(not set(call.chain[-1].split("_")).isdisjoint(words) for call in inner)

    def _bounds(self, module: Module, position: int) -> bool:
        names = self.program.names.callee(module.path, position).apis
        return any(self.catalogue.has(name, "bounds") for name in names)

    def _before_raising(self, module: Module, data: Handler) -> bool:
        """Whether a `try` stands in another handler that raises whatever happens here."""
        if data.outer < 0:
            return False
        exits = self.program.flow(module).block(module.index.handlers[data.outer].block)
        return bool(exits) and not exits & ~THROWS

    def _is_cosmetic(self, call: Call) -> bool:
        """Whether a call takes something back, by the first word of its longer name: `remove_reaction`."""
        first, _, rest = call.chain[-1].partition("_")
        return bool(rest) and first in self.catalogue.words.takes_back

    def _tried_again(self, module: Module, data: Handler) -> bool:
        """Whether the handler only goes on to the next round of a loop that pauses."""
        if self.program.flow(module).block(data.block) & ~(Exit.FALL | Exit.CONTINUE):
            return False
        for block in module.enclosing_blocks(module.index.stmts[data.stmt].block):
            region = module.index.blocks[block]
            if region.role == "loop":
                return any(
                    call.chain[-1] == "sleep"
                    for call in module.calls_in(region.scope)
                    if region.start <= call.start < region.end
                )
        return False

    def _try_calls(self, module: Module, data: Handler) -> list[tuple[int, Call]]:
        return [
            (module.calls_by_span[call.start, call.end], call) for call in module.calls_between(*module.try_span(data))
        ]

    def _parses(self, module: Module, data: Handler) -> bool:
        """Whether the `try` turns text into a value, or unpacks one."""
        for position, call in self._try_calls(module, data):
            targets = self.program.names.callee(module.path, position)
            if any(self.catalogue.has(name, "parses") for name in targets.apis):
                return True
            if any(isinstance(ref, ClassRef) for ref in targets.refs) and call.args:
                return True
        if self._names_a_parse(module, data):
            return True
        stmts = self._try_stmts(module, data)
        if len(stmts) == 1 and self._is_short(module, data):
            return True
        return any(
            isinstance(target, Container) for stmt in stmts if stmt.kind is StmtKind.ASSIGN for target in stmt.targets
        )

    def _names_a_parse(self, module: Module, data: Handler) -> bool:
        words = self.catalogue.words.parses
        calls = [call.chain[-1] for _, call in self._try_calls(module, data)]
        return any(not set(name.lower().split("_")).isdisjoint(words) for name in calls)

    def _only_parses(self, module: Module, data: Handler) -> bool:
        """Whether the `try` makes one thing of another and asks nobody: `jwt.decode(token)`."""
        calls = [call for _, call in self._try_calls(module, data)]
        names = [set(call.chain[-1].lower().split("_")) for call in calls if call.receiver < 0]
        outer = names[0] if len(names) == len(calls) and names else set()
        return not outer.isdisjoint(self.catalogue.words.readings)

    def _polls(self, module: Module, data: Handler) -> bool:
        """Whether the `try` gives something a bounded time to come, that may well not come."""
        calls = self._try_calls(module, data)
        bounded = [
            call
            for position, call in calls
            if any(self.catalogue.has(name, "bounds") for name in self.program.names.callee(module.path, position).apis)
        ]
        polls = [call for _, call in calls if call.chain[-1] in self.catalogue.words.polls and call not in bounded]
        tasks = [call for call in bounded if call.args and isinstance(call.args[0], Name)]
        asks = [call for _, call in calls if call.chain[-1] == "wait_for" and argument(call, "timeout") is not None]
        return bool(bounded and (polls or tasks)) or any(call not in bounded for call in asks)
