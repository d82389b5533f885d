"""
What a rule is made of, and the one door from a rule to everything that is known.

A rule is a class with `meta`, `wants` and `visit_<Node>` methods; its docstring is its page. `FileContext` answers
questions about the node that is visited and takes the verdict. The door records each question with its answer: they are
what a cached result depends on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

import msgspec

from svclint.finding import Edit, Fix, Safety, Severity
from svclint.index.values import OPAQUE
from svclint.program.select import Blocks, Calls, Candidate, Handlers, HeldLocks, Raises, Returns, Waits, Want
from svclint.syntax.chains import chain
from svclint.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst

    from svclint.config.model import Config
    from svclint.index.model import Call, Handler, ModuleIndex, Raise, Scope
    from svclint.index.values import Value
    from svclint.program.handling.exceptions import Caught
    from svclint.program.handling.handlers import HandlerFacts
    from svclint.program.link.module import Module
    from svclint.program.link.refs import Ref, Targets
    from svclint.program.loop.blocking import Blocked
    from svclint.program.loop.held import Held
    from svclint.program.loop.places import Place
    from svclint.program.program import Program
    from svclint.program.tasks.cancellation import Verdict
    from svclint.program.waiting.timeouts import Waiting

_Answer = TypeVar("_Answer")

__all__ = [
    "Blocks",
    "Calls",
    "Edit",
    "FileContext",
    "Fix",
    "Handlers",
    "HeldLocks",
    "Raises",
    "Returns",
    "Rule",
    "RuleMeta",
    "Safety",
    "Severity",
    "Span",
    "Waits",
]


class RuleMeta(msgspec.Struct, frozen=True, kw_only=True):
    """
    A rule's identity.

    `tests` says that it also speaks in test files. Where a rule in `yields_to` hits the same place, this one is only
    mentioned there.
    """

    code: str
    name: str
    severity: Severity
    since: str
    fix: Safety | None = None
    preview: bool = False
    tests: bool = False
    yields_to: tuple[str, ...] = ()


class Rule:
    """The base of all rules: without state, one for all files."""

    meta: ClassVar[RuleMeta]
    wants: ClassVar[tuple[Want, ...]] = ()


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule reports, before triage: no level, no place in lines."""

    code: str
    span: Span
    message: str
    traits: tuple[str, ...] = ()
    related: tuple[tuple[str, Span, str], ...] = ()
    fix: Fix | None = None
    no_fix: str = ""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate's end: `finding`, `silent` or `unsure`, with the reason."""

    code: str
    span: Span
    verdict: str
    reason: str = ""


class Asked(msgspec.Struct, frozen=True, order=True):
    """A question that a rule asked, and the answer, both as values."""

    question: str
    subject: tuple[int | str, ...]
    answer: str


class FileContext:
    """Answers a rule's questions about one file and collects its verdicts."""

    def __init__(self, program: Program, module: Module, data: bytes) -> None:
        """Open the door to `module`, whose text is `data`."""
        self._program = program
        self._module = module
        self._data = data
        self.config: Config = program.config
        self.hits: list[Hit] = []
        self.judged: list[Judged] = []
        self.asked: dict[tuple[str, tuple[int | str, ...]], object] = {}
        self._code = ""
        self._candidate: Candidate | None = None

    # --- used by the engine ---

    def visiting(self, code: str, candidate: Candidate) -> None:
        """Say whose verdict on which candidate comes next."""
        self._code = code
        self._candidate = candidate

    def _record(self, question: str, subject: tuple[int | str, ...], answer: _Answer) -> _Answer:
        self.asked[question, subject] = answer
        return answer

    # --- this file: its bytes are part of every key, so nothing is recorded ---

    @property
    def index(self) -> ModuleIndex:
        """The index of this file."""
        return self._module.index

    @property
    def data(self) -> bytes:
        """The text of this file in UTF-8."""
        return self._data

    # --- the candidate ---

    @property
    def candidate(self) -> Candidate:
        """The candidate whose node is visited."""
        if self._candidate is None:
            raise LookupError("no candidate is visited")
        return self._candidate

    @property
    def call(self) -> Call:
        """The visited call's record."""
        return self._module.index.calls[self.candidate.position]

    @property
    def raised(self) -> Raise:
        """The visited raise's record."""
        return self._module.index.raises[self.candidate.position]

    @property
    def exception(self) -> Value:
        """The value that the visited raise raises."""
        return self.raised.exc or OPAQUE

    @property
    def handler(self) -> Handler:
        """The visited handler's record."""
        return self._module.index.handlers[self.candidate.position]

    @property
    def is_test(self) -> bool:
        """Whether the file is a test."""
        return self._program.is_test(self._module.path)

    def handler_record(self, position: int) -> Handler:
        """Return a handler of this file."""
        return self._module.index.handlers[position]

    def scope(self, position: int) -> Scope:
        """Return a scope of this file."""
        return self._module.index.scopes[position]

    def function_of(self, scope: int) -> int:
        """Return the scope of the function that runs the code of a scope."""
        return self._module.function_of(scope)

    def text(self, span: Span) -> str:
        """Return a part of the file."""
        return self._data[span.start : span.end].decode("utf-8", "replace")

    # --- questions about this file's flow ---

    def handler_facts(self) -> HandlerFacts:
        """Return what the visited handler catches and leaves behind."""
        subject = (self._module.path, self.candidate.position)
        return self._record("handler", subject, self._program.handlers.facts(self._module, self.candidate.position))

    def suppressed(self) -> tuple[Caught, Verdict]:
        """Return what the visited `suppress(...)` catches, and whether it ends a cancellation."""
        subject = (self._module.path, self.candidate.position)
        return self._record("suppressed", subject, self._program.handlers.suppressed(self._module, self.call))

    def raised_classes(self, scope: int, value: Value) -> tuple[Ref, ...] | None:
        """Return the exception classes that a raised value surely is of, None where unknown."""
        subject = (self._module.path, scope, repr(value))
        return self._record("raised", subject, self._program.exceptions.raised_classes(self._module.path, scope, value))

    def exception_has(self, ref: Ref, effect: str) -> bool:
        """Whether an exception class, or an ancestor of it, has an effect in the catalogue."""
        return self._record("exception-has", (repr(ref), effect), self._program.exceptions.has_effect(ref, effect))

    def is_signal(self, ref: Ref) -> bool:
        """Whether an exception class of the project steers rather than tells of an error, by its name."""
        return self._record("signal", (repr(ref),), self._program.exceptions.is_signal(ref))

    def exception_names(self, ref: Ref) -> tuple[str, ...]:
        """Return the names of an exception class and its known ancestors, nearest first."""
        return self._record("exception", (repr(ref),), self._program.exceptions.ancestors(ref)[0])

    def domain_exceptions(self) -> tuple[str, ...]:
        """Return the exception classes that this module defines."""
        return self._record("domain", (self._module.path,), self._program.exceptions.defined_in(self._module))

    def built_in_handler(self, value: Value, handler: Handler) -> Value | None:
        """Return the value that a raised name was given inside a handler, None where it comes from elsewhere."""
        subject = (self._module.path, handler.start, repr(value))
        return self._record("built", subject, self._program.exceptions.built_in(self._module, value, handler))

    def targets(self) -> Targets:
        """Return what the visited call calls."""
        subject = (self._module.path, self.candidate.position)
        return self._record("callee", subject, self._program.names.callee(self._module.path, self.candidate.position))

    def resolve(self, node: cst.BaseExpression) -> Targets:
        """Return what an expression of the visited candidate can be, by its access path."""
        candidate = self.candidate
        scope = self._module.scope_at(candidate.stmt, candidate.start)
        path = chain(node)
        subject = (self._module.path, scope, *path, candidate.start)
        return self._record(
            "name", subject, self._program.names.resolve(self._module.path, scope, path, candidate.start)
        )

    def blocked(self) -> Blocked:
        """Return what the visited call waits for; raise `LookupError` for one that is not known to."""
        subject = (self._module.path, self.candidate.position)
        found = self._record("blocks", subject, self._program.blocking.of(self._module, self.candidate.position))
        if found is None:
            raise LookupError("the visited call is not known to block")
        return found

    def place(self) -> Place:
        """Return where the visited call runs."""
        subject = (self._module.path, self.candidate.position)
        return self._record("place", subject, self._program.places.of(self._module, self.call.scope))

    def allows_reentry(self) -> bool:
        """Whether the program makes loops enter themselves."""
        return self._record("re-entry", (), self._program.allows_reentry)

    def held_across_await(self) -> Held:
        """Return the lock that the visited statement or call holds across an await."""
        kind, position = self.candidate.kind, self.candidate.position
        found = next(
            each for each in self._program.held_locks.of(self._module) if (each.kind, each.position) == (kind, position)
        )
        return self._record("held", (self._module.path, kind, position), found)

    def called_apis(self) -> tuple[str, ...]:
        """Return the catalogue's names of all that the visited call can call."""
        subject = (self._module.path, self.candidate.position)
        return self._record("apis", subject, self._program.apis(self._module.path)[self.candidate.position])

    def waiting(self) -> Waiting:
        """Return how long the visited call waits for the network; raise `LookupError` where it is not known to."""
        subject = (self._module.path, self.candidate.position)
        found = self._record("waits", subject, self._program.timeouts.of(self._module, self.candidate.position))
        if found is None:
            raise LookupError("the visited call is not known to wait")
        return found

    def spawned_by(self) -> str:
        """Return the API or function by which the visited call starts a task, `""` for none."""
        subject = (self._module.path, self.candidate.position)
        return self._record("spawns", subject, self._program.tasks.spawns(self._module.path, self.candidate.position))

    def is_dropped(self) -> bool:
        """Whether nobody keeps what the visited call gives, an `await` of it included."""
        subject = (self._module.path, self.candidate.position)
        return self._record("dropped", subject, self._program.tasks.call_dropped(self._module, self.candidate.position))

    def gives_coroutine(self) -> list[bool]:
        """Return for each known target of the visited call whether its result must be awaited."""
        subject = (self._module.path, self.candidate.position)
        return self._record(
            "coroutine", subject, self._program.tasks.coroutine_targets(self._module.path, self.candidate.position)
        )

    def held_lock(self) -> bool:
        """Whether the visited call stands inside a `with` that may hold a thread's lock."""
        subject = (self._module.path, self.candidate.position)
        return self._record("lock", subject, self._program.guards.holds_lock(self._module, self.call))

    def library_of(self, scope: int, effect: str) -> str:
        """Return which asynchronous library a function's own calls belong to; asyncio where they do not tell."""
        return self._record(
            "library", (self._module.path, scope), self._program.guards.library(self._module, scope, effect)
        )

    # --- names for edits ---

    def free_name(self, scope: int, wanted: Sequence[str]) -> str | None:
        """Return the first of some names that a function and those inside it neither bind nor read."""
        return self._record(
            "free", (self._module.path, scope, *wanted), self._program.guards.free_name(self._module, scope, wanted)
        )

    def rebinds(self, name: str, span: Span) -> bool:
        """Whether a name is bound again, or deleted, inside a span: it may be something else there."""
        subject = (self._module.path, name, span.start)
        return self._record("rebinds", subject, self._program.guards.rebinds(self._module, self.candidate, name, span))

    def import_of(self, module: str, scope: int) -> tuple[str, tuple[Edit, ...]] | None:
        """Return the name by which a scope can use a module, and the edits that import it; None where it can't."""
        subject = (self._module.path, module, scope)
        return self._record("import", subject, self._program.imports.use(self._module, self._data, module, scope))

    # --- verdicts ---

    def report(
        self,
        span: Span,
        message: str,
        *,
        fix: Fix | None = None,
        no_fix: str = "",
        traits: tuple[str, ...] = (),
    ) -> None:
        """Report a violation; `no_fix` says why a rule that has a fix gives none here."""
        self.hits.append(Hit(code=self._code, span=span, message=message, traits=traits, fix=fix, no_fix=no_fix))
        self.judged.append(Judged(code=self._code, span=span, verdict="finding", reason=message))

    def silent(self, reason: str) -> None:
        """Say that the visited candidate is no violation, and why."""
        self.judged.append(Judged(code=self._code, span=self._span(), verdict="silent", reason=reason))

    def unsure(self, reason: str) -> None:
        """Say that it can't be told whether the visited candidate is a violation, and why."""
        self.judged.append(Judged(code=self._code, span=self._span(), verdict="unsure", reason=reason))

    def _span(self) -> Span:
        return Span(self.candidate.start, self.candidate.end)
