"""The door to a run, for the command and for editors alike."""

from __future__ import annotations

import posixpath
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from svclint.catalogue.load import catalogue_with
from svclint.config.load import with_nested
from svclint.engine import work
from svclint.engine.explaining import explain
from svclint.engine.findings import Reporter, shown_path
from svclint.engine.fixes import Fixer
from svclint.engine.linting import Linted, Task, lint, unjudged
from svclint.engine.loading import Loaded, Texts, load, module_path
from svclint.engine.model import Change, FixOutcome, Outcome, Request, Summary
from svclint.program.link.layout import Layout
from svclint.program.program import Program
from svclint.rules import registry
from svclint.source.discovery import Discovery, FileSettings, absolute, discover
from svclint.source.globs import Globs
from svclint.source.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from svclint.config.model import Config
    from svclint.finding import Finding

__all__ = ["Change", "FixOutcome", "Outcome", "Request", "Session", "Summary"]

Progress = "Callable[[str, int, int], None]"


class Session:
    """Checks, fixes and explains under one configuration."""

    def __init__(
        self,
        config: Config,
        progress: Callable[[str, int, int], None] | None = None,
        executor: Executor | None = None,
    ) -> None:
        """
        Take a configuration; `progress` hears (stage, done, of), `executor` runs the work instead of a pool of its own.

        Raises `ConfigError` for selectors that name no rule.
        """
        self.config = config
        self.progress = progress or (lambda *_: None)
        self.executor = executor
        self.enabled = registry.enabled(config)
        self.reporter = Reporter(config)

    # --- doors ---

    def check(self, request: Request) -> Outcome:
        """Return what svclint says about the requested files."""
        return self.begin(request).outcome()

    def fix(self, request: Request, *, unsafe: bool, write: bool) -> FixOutcome:
        """Apply fixes until none is left, and write the files if asked to."""
        return Fixer(self.begin(request), unsafe=unsafe).run(write=write)

    def explain(self, path: str, line: int) -> tuple[str, ...]:
        """Return, as lines of text, what is known at a line: the names, and each candidate's verdict."""
        run = self.begin(Request(paths=(path,), jobs=1), codes=frozenset(rule.meta.code for rule in registry.RULES))
        return explain(run, path, line)

    def roots(self) -> tuple[str, ...]:
        """Return the source roots of the project, as absolute paths."""
        found = self._discover(Request(paths=(self.config.root,)))
        layout = Layout((module_path(self.config.root, path) for path in found.known), self.config.src)
        return tuple(posixpath.join(self.config.root, each) if each else self.config.root for each in layout.roots)

    # --- a run ---

    def begin(self, request: Request, codes: frozenset[str] | None = None) -> Run:
        """Read the project's files; the run can then be asked, also with other texts."""
        found = self._discover(request)
        jobs = work.processors(request.jobs)
        config, notes = self._nested(found)
        stdin_path = self._stdin_path(request)
        known = sorted({*found.known, *([stdin_path] if stdin_path else [])})
        given = {stdin_path: request.stdin or b""} if stdin_path else {}
        results = work.each(
            load,
            Texts(self.config.root, given),
            known,
            jobs=jobs,
            executor=self.executor,
            done=lambda done: self.progress("reading", done, len(known)),
        )
        loaded: dict[str, Loaded] = {}
        problems = list(found.problems)
        for path, result in zip(known, results, strict=True):
            if isinstance(result, Loaded):
                loaded[path] = result
            elif isinstance(result, Unreadable):
                problems.append(result)
            else:
                problems.append(Unreadable(path=path, reason="reading it killed the process"))
        reported = [stdin_path] if stdin_path else list(found.reported)
        asked = {*reported, *(each.path for each in found.problems)}
        return Run(
            self,
            config,
            loaded,
            [each for each in problems if each.path in asked],
            reported,
            jobs,
            notes,
            request,
            codes,
        )

    def _nested(self, found: Discovery) -> tuple[Config, tuple[str, ...]]:
        if self.config.isolated:
            return self.config, ()
        return with_nested(self.config, sorted({posixpath.dirname(path) for path in found.known}))

    def _discover(self, request: Request) -> Discovery:
        config = self.config
        settings = FileSettings(
            exclude=config.exclude,
            extend_exclude=config.extend_exclude,
            include=config.include,
            force_exclude=config.force_exclude,
        )
        paths = () if request.stdin is not None else request.paths
        return discover(Path(config.root) if config.marked else None, paths, settings)

    @staticmethod
    def _stdin_path(request: Request) -> str:
        if request.stdin is None:
            return ""
        return absolute(request.stdin_filename or "<stdin>.py")


class Run:
    """The files of one run, read once."""

    def __init__(
        self,
        session: Session,
        config: Config,
        loaded: dict[str, Loaded],
        problems: list[Unreadable],
        reported: Sequence[str],
        jobs: int,
        notes: tuple[str, ...],
        request: Request,
        codes: frozenset[str] | None,
    ) -> None:
        """Hold what was read; nothing is linked yet."""
        self.session = session
        self.config = config
        self.loaded = loaded
        self.problems = problems
        self.reported = [path for path in reported if path in loaded]
        self.jobs = jobs
        self.notes = notes
        self.catalogue = catalogue_with(config.own_rows)
        self.request = request
        self.enabled = session.enabled if codes is None else codes
        self.everything = codes is not None
        self._ignores = [
            (
                Globs([pattern], config.root),
                frozenset().union(*(registry.codes_of(each, config, "per-file-ignores") for each in ignored)),
            )
            for pattern, ignored in config.per_file_ignores
        ]

    def codes(self, path: str) -> frozenset[str]:
        """Return the codes that are on in a file."""
        off = [codes for globs, codes in self._ignores if globs.match(path, posixpath.basename(path))]
        return self.enabled.difference(*off) if off else self.enabled

    def key(self, path: str) -> str:
        """Return a file's path as the program knows it."""
        return module_path(self.config.root, path)

    def lint(self, loaded: Mapping[str, Loaded], paths: Sequence[str]) -> tuple[Program, dict[str, Linted]]:
        """Link a set of files and run the rules over some of them."""
        program = Program([each.index for each in loaded.values()], self.config, self.catalogue)
        task = Task(
            program=program,
            texts={self.key(path): each.source.data for path, each in loaded.items()},
            codes={self.key(path): self.codes(path) for path in paths},
            whole_files=self.request.whole_files,
            everything=self.everything,
        )
        keys = [self.key(path) for path in paths]
        results = work.each(
            lint, task, keys, jobs=self.jobs, done=lambda done: self.session.progress("judging", done, len(keys))
        )
        return program, {
            path: result if isinstance(result, Linted) else unjudged(self.key(path), "judging it killed the process")
            for path, result in zip(paths, results, strict=True)
        }

    def outcome(self) -> Outcome:
        """Return the findings in the files as they are."""
        program, linted = self.lint(self.loaded, self.reported)
        findings = self.findings(program, self.loaded, linted)[0]
        return self.outcome_of(findings, linted, self.loaded)

    def findings(
        self, program: Program, loaded: Mapping[str, Loaded], linted: Mapping[str, Linted]
    ) -> tuple[dict[str, list[Finding]], dict[str, dict[str, tuple[str, ...]]]]:
        """Return the findings by path, and by path and fingerprint the codes that gave way to them."""
        found: dict[str, list[Finding]] = {}
        also: dict[str, dict[str, tuple[str, ...]]] = {}
        for path, result in linted.items():
            module = program.modules[self.key(path)]
            data = loaded[path].source.data
            found[path], also[path] = self.session.reporter.module(path, module, data, result, self.codes(path))
        return found, also

    def outcome_of(
        self, findings: Mapping[str, Sequence[Finding]], linted: Mapping[str, Linted], loaded: Mapping[str, Loaded]
    ) -> Outcome:
        """Put a run's results together."""
        reporter = self.session.reporter
        unread = [reporter.unreadable(each) for each in self.problems] if "SVC900" in self.enabled else []
        everything = sorted([*unread, *(each for found in findings.values() for each in found)], key=_order)
        paths = {each.place.path for each in everything}
        sources = {
            shown: each.source.data
            for path, each in loaded.items()
            if (shown := shown_path(path, reporter.cwd)) in paths
        }
        return Outcome(
            findings=tuple(everything),
            sources=sources,
            summary=self._summary(linted),
            broken=any(each.crashed for each in linted.values()),
        )

    def _summary(self, linted: Mapping[str, Linted]) -> Summary:
        results = list(linted.values())
        unsure = Counter(
            (each.code, each.reason) for result in results for each in result.judged if each.verdict == "unsure"
        )
        unsure.update(("SVC900", failure) for result in results for failure in result.failures)
        deep = sum(result.too_deep for result in results)
        if deep:
            unsure["SVC900", "a statement nests too deeply"] += deep
        calls, resolved = sum(each.calls for each in results), sum(each.resolved for each in results)
        return Summary(
            files=len(results),
            not_analysed=len(self.problems),
            functions=sum(each.functions for each in results),
            calls=calls,
            resolved=resolved,
            unsure=tuple((code, reason, number) for (code, reason), number in sorted(unsure.items())),
            unresolved=calls - resolved,
            notes=self.notes,
        )


def _order(finding: Finding) -> tuple[object, str, str]:
    return finding.place, finding.code, finding.message
