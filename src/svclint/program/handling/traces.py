"""
What a handler leaves behind of the exception that it caught.

The scale is that of the rules on swallowed errors: nothing, other work, a trace for a reader that loses the cause, or
the cause. One path that leaves more is enough. Helpers are followed: what a called function of the project leaves is a
fact of the engine.
"""

from __future__ import annotations

import enum
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from svclint.index.model import Call, Handler, Stmt, StmtKind
from svclint.index.values import Chain, Conditional, Container, Fate, Literal, Name, Operator, Value
from svclint.program.handling.mentions import Mention, Mentions, Suite
from svclint.program.link.arguments import argument, arguments, parameter_of
from svclint.program.link.refs import ApiRef, ClassRef, CoroutineRef, FunctionRef, InstanceRef, MethodRef, Ref
from svclint.program.solve import Fact

if TYPE_CHECKING:
    from svclint.catalogue.model import Log
    from svclint.program.link.module import Module
    from svclint.program.program import Program

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_RESULTS = frozenset({Fate.RETURNED, Fate.BOUND, Fate.STORED})
_KEEP_QUIET = frozenset({"add_note", "with_traceback"})
_WARNING = 30
_LEVELS = {"DEBUG": 10, "INFO": 20, "SUCCESS": 25, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50, "FATAL": 50}


class Level(enum.IntEnum):
    """How much of the error is left."""

    NOTHING = 0
    WORK = 1
    TRACE = 2
    CAUSE = 3


class Left(msgspec.Struct, frozen=True, order=True):
    """A level, why, and whether it is only supposed because something could not be resolved."""

    level: int
    why: str = ""
    unsure: bool = False


NOTHING = Left(Level.NOTHING)


class Traces:
    """Judges suites."""

    def __init__(self, program: Program) -> None:
        """Share the program's names and engine."""
        self.program = program
        self.names = program.names
        self.catalogue = program.catalogue
        self.mentions = Mentions(program)

    # --- doors ---

    def handler(self, module: Module, position: int) -> Left:
        """Return what an `except` clause leaves behind."""
        data = module.index.handlers[position]
        carriers = {data.name: Mention.OBJECT} if data.name else {}
        scope = module.function_of(data.scope)
        return self._block(Suite(module, scope, data.end, carriers, self._tried(module, data)), data.block)

    @staticmethod
    def _tried(module: Module, data: Handler) -> Chain:
        """Return the one call that a `try` is about, where it is about one: `render(text, style=...)`."""
        calls = module.calls_between(*module.try_span(data))
        stmts = {call.stmt for call in calls}
        is_plain = len(stmts) == 1 and calls[0].use.fate in {Fate.DISCARDED, Fate.AWAITED}
        return calls[0].chain if is_plain and not calls[0].chain[-1][:1].isupper() else ()

    def function(self, fact: Fact) -> int:
        """The equation of what a function leaves of the exception that is being handled when it is called."""
        module = self.program.modules[fact.module]
        scope = module.index.scopes[fact.scope]
        if module.is_stub:
            return Level.CAUSE
        carriers = {scope.parameters[fact.parameter].name: Mention.OBJECT} if fact.parameter >= 0 else {}
        if scope.body < 0:
            return Level.NOTHING
        left = self._block(Suite(module, fact.scope, scope.end, carriers), scope.body)
        return left.level if left.level >= Level.TRACE else Level.NOTHING

    # --- statements ---

    def _block(self, suite: Suite, block: int) -> Left:
        best = NOTHING
        for position in suite.module.index.blocks[block].stmts:
            best = max(best, self._stmt(suite, suite.module.index.stmts[position]))
            if best.level == Level.CAUSE and not best.unsure:
                break
        return best

    def _stmt(self, suite: Suite, stmt: Stmt) -> Left:
        if stmt.kind is StmtKind.RAISE:
            return Left(Level.CAUSE, "raises")
        best = self._own(suite, stmt)
        index = suite.module.index
        for position in range(stmt.first_call, stmt.last_call):
            call = index.calls[position]
            if suite.module.function_of(call.scope) == suite.scope:
                best = max(best, self._call(suite, position, call))
        if stmt.kind is not StmtKind.DEFINE:
            for block in stmt.blocks:
                best = max(best, self._block(suite, block))
        return best

    def _own(self, suite: Suite, stmt: Stmt) -> Left:
        """Return what a statement leaves apart from its calls."""
        match stmt.kind:
            case StmtKind.RETURN:
                return self._returned(suite, stmt.value)
            case StmtKind.ASSIGN:
                return max(self._assigned(suite, stmt, target) for target in stmt.targets)
            case StmtKind.FOR:
                self._carry(suite, stmt)
                return NOTHING
            case StmtKind.AUGMENT:
                return self._counted(suite, stmt)
            case StmtKind.EXPR if isinstance(stmt.value, Operator) and stmt.value.kind == "yield":
                return max((self._returned(suite, each) for each in stmt.value.operands), default=NOTHING)
            case _:
                return NOTHING

    def _returned(self, suite: Suite, value: Value) -> Left:
        mention = self.mentions.of(suite, value)
        if mention >= Mention.OBJECT:
            return Left(Level.CAUSE, "returns the exception")
        if mention == Mention.TEXT:
            return Left(Level.TRACE, "returns the error's text")
        return Left(Level.TRACE, "returns a message") if _is_message(value) else NOTHING

    def _assigned(self, suite: Suite, stmt: Stmt, target: Value) -> Left:
        mention = self.mentions.of(suite, stmt.value)
        if isinstance(target, Name) and len(target.chain) == 1 and not self._is_outer(suite, target.chain[0]):
            name = target.chain[0]
            if not mention:
                return NOTHING
            suite.carriers[name] = max(mention, suite.carriers.get(name, Mention.NONE))
            if not self._read_later(suite, name):
                return NOTHING
            return (
                Left(Level.CAUSE, "keeps the exception")
                if mention >= Mention.OBJECT
                else Left(Level.TRACE, "keeps its text")
            )
        if mention >= Mention.OBJECT:
            return Left(Level.CAUSE, "stores the exception")
        if mention == Mention.TEXT:
            return Left(Level.TRACE, "stores the error's text")
        return NOTHING if _is_blank(stmt.value) else Left(Level.TRACE, "sets a field")

    def _carry(self, suite: Suite, stmt: Stmt) -> None:
        """A loop over parts of the exception, or over its text, gives its variable a part of it."""
        if self.mentions.of(suite, stmt.value):
            for target in stmt.targets:
                if isinstance(target, Name):
                    suite.carriers.setdefault(target.chain[0], Mention.TEXT)

    def _counted(self, suite: Suite, stmt: Stmt) -> Left:
        mention = self.mentions.of(suite, stmt.value)
        if mention >= Mention.OBJECT:
            return Left(Level.CAUSE, "collects the exception")
        return Left(Level.TRACE, "counts")

    def _is_outer(self, suite: Suite, name: str) -> bool:
        scope = suite.module.index.scopes[suite.scope]
        return name in scope.global_names or name in scope.nonlocal_names or suite.scope == 0

    def _read_later(self, suite: Suite, name: str) -> bool:
        return any(read.offset >= suite.end for read in suite.module.reads(suite.scope, name))

    # --- calls ---

    def _call(self, suite: Suite, position: int, call: Call) -> Left:
        """Return what one call leaves behind: by every target that is known, or by its name where none is."""
        if self._is_sink(suite.module.path, position, call):
            return Left(Level.CAUSE, "hands it to an error sink")
        if call.chain == suite.tried and call.chain[0]:
            return Left(Level.CAUSE, f"tries {call.chain[-1]}() in another way", unsure=True)
        targets = self.names.callee(suite.module.path, position)
        if not targets.refs:
            return self._unknown(suite, call)
        found = min(self._target(suite, call, ref, position) for ref in targets.refs)
        return max(found, self._unknown(suite, call)) if targets.open else found

    def _target(self, suite: Suite, call: Call, ref: Ref, position: int) -> Left:
        match ref:
            case FunctionRef():
                return self._project_function(suite, call, ref)
            case CoroutineRef(function=function):
                return self._project_function(suite, call, function)
            case ApiRef() | MethodRef():
                return self._api(suite, call, ref, position)
            case ClassRef():
                return self._constructed(suite, call)
            case InstanceRef():
                return self._unknown(suite, call)
            case _:
                return NOTHING

    def _project_function(self, suite: Suite, call: Call, ref: FunctionRef) -> Left:
        scope = self.program.scope(ref)
        given = -1
        passed = Mention.NONE
        for slot, value in arguments(call):
            mention = self.mentions.of(suite, value)
            passed = max(passed, mention)
            if mention == Mention.OBJECT:
                given = parameter_of(scope, ref.bound, slot)
                if given < 0 or scope.parameters[given].kind in {"args", "kwargs"}:
                    return Left(Level.CAUSE, "hands it on", unsure=True)
        if self.program.is_placeholder(ref):
            return Left(Level.CAUSE, "hands it on", unsure=True) if passed else self._unknown(suite, call)
        level = self.program.solver.get(Fact.of("leaves", ref, given))
        if level == Level.CAUSE:
            return Left(Level.CAUSE, f"{scope.qualname}() reports or raises")
        if level == Level.TRACE or passed == Mention.TEXT:
            return Left(Level.TRACE, f"leaves a trace through {scope.qualname}()")
        if passed:
            return Left(Level.TRACE, f"hands it to {scope.qualname}()")
        if self._says(call, self.catalogue.words.cleans) or self.program.is_inert(ref):
            return NOTHING
        return Left(Level.WORK, f"calls {scope.qualname}()")

    def _api(self, suite: Suite, call: Call, ref: ApiRef | MethodRef, position: int) -> Left:
        row = self.catalogue.get(ref.name if isinstance(ref, ApiRef) else ref.api)
        if row is None:
            is_class = isinstance(ref, ApiRef) and self.program.exceptions.is_class(ref)
            return self._constructed(suite, call) if is_class else self._unknown(suite, call)
        if row.log is not None and row.log.level:
            return self._logged(suite, call, row.log)
        effects = set(row.effects)
        if effects & {"sink", "exits", "raises"}:
            return Left(Level.CAUSE, "reports or ends")
        if "traceback" in effects:
            shown = "formats" not in effects or call.use.fate is not Fate.DISCARDED
            return Left(Level.CAUSE, "writes the traceback") if shown and "formats" not in effects else NOTHING
        if "trace" in effects:
            full = any(self.mentions.of(suite, value) == Mention.TRACEBACK for _, value in arguments(call))
            return Left(Level.CAUSE, "writes the traceback") if full else Left(Level.TRACE, f"calls {call.chain[-1]}()")
        if row.kind == "class":
            return self._constructed(suite, call)
        if effects & {"formats", "drops", "parses", "cleans", "tells-cancellation"}:
            is_other = call.use.fate in _RESULTS and bool(call.args)
            return Left(Level.WORK, "gives another value") if is_other else NOTHING
        del position
        return self._unknown(suite, call)

    def _constructed(self, suite: Suite, call: Call) -> Left:
        """Making an object leaves what the object holds, unless it is thrown away."""
        mention = max((self.mentions.of(suite, value) for _, value in arguments(call)), default=Mention.NONE)
        if call.use.fate is Fate.DISCARDED and not mention:
            return NOTHING
        if mention >= Mention.OBJECT:
            return Left(Level.CAUSE, "hands it on in an object")
        if mention == Mention.TEXT:
            return Left(Level.TRACE, "hands its text on in an object")
        has_content = bool(call.args or call.keywords) and call.use.fate in {Fate.RETURNED, Fate.YIELDED}
        return Left(Level.TRACE, "answers with an object") if has_content else NOTHING

    def _logged(self, suite: Suite, call: Call, log: Log) -> Left:
        level = log.level if isinstance(log.level, int) else self._level_argument(call)
        mentions = [self.mentions.of(suite, value) for name, value in arguments(call) if name != log.keyword]
        if log.traceback or self._asks_traceback(call, log.keyword) or Mention.TRACEBACK in mentions:
            return Left(Level.CAUSE, "logs the traceback")
        if self._receiver_asks_traceback(suite, call):
            return Left(Level.CAUSE, "logs the traceback")
        if level >= _WARNING and any(mentions):
            return Left(Level.CAUSE, "logs the exception")
        return Left(Level.TRACE, "logs without the exception" if level >= _WARNING else "logs below warning")

    @staticmethod
    def _level_argument(call: Call) -> int:
        first = call.args[0] if call.args else None
        if isinstance(first, Name):
            return _LEVELS.get(first.chain[-1], _WARNING)
        if isinstance(first, Literal) and first.kind == "int":
            return int(first.text)
        if isinstance(first, Literal) and first.kind == "str":
            return _LEVELS.get(first.text, _WARNING)
        return _WARNING

    @staticmethod
    def _asks_traceback(call: Call, keyword: str) -> bool:
        value = argument(call, keyword) if keyword else None
        return value is not None and not (isinstance(value, Literal) and value.text in {"False", "None", "0"})

    def _receiver_asks_traceback(self, suite: Suite, call: Call) -> bool:
        """Whether a logger was told before: `logger.opt(exception=True).error(...)`."""
        receiver = call.receiver
        while receiver >= 0:
            inner = suite.module.index.calls[receiver]
            for name in self.names.callee(suite.module.path, receiver).apis:
                row = self.catalogue.get(name)
                if row is not None and row.log is not None and self._asks_traceback(inner, row.log.keyword):
                    return True
            receiver = inner.receiver
        return False

    # --- the unknown ---

    def _unknown(self, suite: Suite, call: Call) -> Left:
        """Return what a call of something unknown may leave: an excuse wherever it could be one."""
        log = self._log_by_name(call)
        if log is not None:
            return self._logged(suite, call, log)
        if call.chain[0] in suite.carriers and len(call.chain) > 1:
            shows = call.use.fate is Fate.DISCARDED and len(call.chain) == 2 and call.chain[1] not in _KEEP_QUIET
            return Left(Level.TRACE, f"calls {call.chain[-1]}()") if shows else NOTHING
        if call.chain[-1] in self.catalogue.words.texts:
            return (
                NOTHING if call.use.fate in {Fate.ARGUMENT, Fate.RECEIVER} else Left(Level.WORK, "makes another text")
            )
        passed = max((self.mentions.of(suite, value) for _, value in arguments(call)), default=Mention.NONE)
        if passed >= Mention.OBJECT:
            return Left(Level.CAUSE, f"hands it to {call.chain[-1]}()", unsure=True)
        words = self.catalogue.words
        if self._says(call, words.cleans):
            return Left(Level.TRACE, "passes its text") if passed else NOTHING
        if self._says(call, words.reports):
            return Left(Level.CAUSE, f"{call.chain[-1]}() may report it", unsure=True)
        if passed or (self._says(call, words.tells) and not self._fills_plainly(call)):
            return Left(Level.TRACE, f"calls {call.chain[-1]}()")
        return Left(Level.WORK, f"calls {call.chain[-1]}()")

    def _fills_plainly(self, call: Call) -> bool:
        """Whether a call only adds to a collection that is not named for failures: `rest.append(item)`."""
        words = self.catalogue.words
        if call.chain[-1] not in words.fills or len(call.chain) < 2:
            return False
        owner = call.chain[-2].lower()
        return not any(word in owner for word in words.failures)

    def _log_by_name(self, call: Call) -> Log | None:
        log = self.catalogue.words.log_methods.get(call.chain[-1])
        if log is None or len(call.chain) < 2:
            return None
        owners = [step for step in call.chain[:-1] if step.isidentifier()]
        return log if any("log" in step.lower() for step in owners) else None

    @staticmethod
    def _says(call: Call, words: tuple[str, ...]) -> bool:
        parts = {part.lower() for part in _WORDS.findall(call.chain[-1])} | {call.chain[-1]}
        return not parts.isdisjoint(words)

    def _is_sink(self, module: str, position: int, call: Call) -> bool:
        patterns = self.program.config.error_sinks
        if not patterns:
            return False
        names = {".".join(call.chain), *self.program.target_names(module, position)}
        return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _is_message(value: Value) -> bool:
    """Whether a returned value tells a reader that something failed: a sentence, a filled mapping."""
    match value:
        case Literal(kind="str", text=text):
            return " " in text
        case Operator(kind="format"):
            return True
        case Operator(kind="binary", operands=operands):
            return any(_is_message(operand) for operand in operands)
        case Container(kind="dict", items=items):
            return any(
                _is_message(item) or (isinstance(item, Literal) and item.kind == "str" and item.text) for item in items
            )
        case Container(items=items):
            return any(_is_message(item) for item in items)
        case Conditional(then=then, orelse=orelse):
            return _is_message(then) or _is_message(orelse)
        case _:
            return False


def _is_blank(value: Value) -> bool:
    """Whether an assigned value says nothing: None, False, an empty container."""
    match value:
        case Literal(kind=kind, text=text):
            return kind == "none" or text in {"False", ""}
        case Container(items=items, kind=kind):
            return not items and not kind.endswith(("comp", "exp"))
        case _:
            return False
