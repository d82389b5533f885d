"""Applies fixes round by round, proves the result, removes what they orphaned, and writes the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.engine.findings import shown_path
from svclint.engine.imported import Readers, imported_names
from svclint.engine.loading import Loaded, load_source, with_text
from svclint.engine.model import Change, FixOutcome
from svclint.fixing.apply import apply
from svclint.fixing.converge import Converged, converge_all
from svclint.fixing.orphans import orphan_edits
from svclint.fixing.write import NotWrittenError, write
from svclint.program.program import Program
from svclint.source.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclint.engine.session import Run
    from svclint.finding import Finding


class Fixer:
    """Fixes the reported files of one run."""

    def __init__(self, run: Run, *, unsafe: bool) -> None:
        """Take a run whose files are read; `unsafe` fixes are applied too if asked for."""
        self.run_ = run
        self.unsafe = unsafe
        self._loaded: dict[tuple[str, bytes], Loaded | Unreadable] = {
            (path, each.source.data): each for path, each in run.loaded.items()
        }
        self._also: dict[tuple[str, str], tuple[str, ...]] = {}
        self._paths = {shown_path(path, run.session.reporter.cwd): path for path in run.reported}

    def run(self, *, write: bool) -> FixOutcome:
        """Return what fixing changes and what remains; write the files if asked to."""
        run = self.run_
        texts = {path: run.loaded[path].source.data for path in run.reported}
        converged = converge_all(texts, self._check, self._parses, unsafe=self.unsafe, also=self._gave_way)
        final = {path: each.data for path, each in converged.items()}
        final = self._without_orphans(texts, final)
        loaded = self._loaded_with(final)
        program, linted = run.lint(loaded, [path for path in run.reported if path in loaded])
        findings = run.findings(program, loaded, linted)[0]
        changes, failed = self._changes(texts, final, converged)
        if write:
            changes, unwritten = self._write(changes)
            failed += unwritten
        return FixOutcome(
            outcome=run.outcome_of(findings, linted, loaded), changes=tuple(changes), failed=tuple(failed)
        )

    # --- rounds ---

    def _load(self, path: str, data: bytes) -> Loaded | Unreadable:
        key = (path, data)
        if key not in self._loaded:
            source = with_text(self.run_.loaded[path].source, data)
            self._loaded[key] = load_source(self.run_.config.root, source)
        return self._loaded[key]

    def _loaded_with(self, texts: Mapping[str, bytes]) -> dict[str, Loaded]:
        """Return all files of the program, some of them with other texts."""
        found = dict(self.run_.loaded)
        for path, data in texts.items():
            loaded = self._load(path, data)
            if isinstance(loaded, Loaded):
                found[path] = loaded
        return found

    def _check(self, texts: Mapping[str, bytes]) -> dict[str, tuple[Finding, ...]]:
        run = self.run_
        loaded = self._loaded_with(texts)
        program, linted = run.lint(loaded, list(texts))
        findings, also = run.findings(program, loaded, linted)
        for codes in also.values():
            self._also.update({("", mark): each for mark, each in codes.items()})
        return {path: tuple(found) for path, found in findings.items()}

    def _gave_way(self, finding: Finding) -> tuple[str, ...]:
        return self._also.get(("", finding.fingerprint), ())

    def _parses(self, path: str, data: bytes) -> bool:
        return isinstance(self._load(path, data), Loaded)

    # --- imports ---

    def _without_orphans(self, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, bytes]:
        """Remove the imports that fixes left without a reader."""
        changed = [path for path in after if after[path] != before[path]]
        if not changed:
            return dict(after)
        loaded = self._loaded_with(after)
        program = Program([each.index for each in loaded.values()], self.run_.config, self.run_.catalogue)
        result = dict(after)
        for path in changed:
            old = self._load(path, before[path])
            if isinstance(old, Unreadable):
                continue
            imported = imported_names(old)
            # What nobody read before the fixes either is no orphan, and is worth no search through the program.
            read = {each.name for each in imported if each.used}
            others = [each for other, each in loaded.items() if other != path]
            readers = Readers(program, self.run_.key(path), others, read)
            edits = orphan_edits(imported, imported_names(loaded[path], readers), after[path])
            if edits:
                trimmed = apply(after[path], edits)
                result[path] = trimmed if self._parses(path, trimmed) else after[path]
        return result

    # --- files ---

    def _changes(
        self, before: Mapping[str, bytes], after: Mapping[str, bytes], converged: Mapping[str, Converged]
    ) -> tuple[list[Change], list[str]]:
        changes, failed = [], []
        for path in sorted(before):
            shown = shown_path(path, self.run_.session.reporter.cwd)
            failed.extend(f"{shown}: {complaint}" for complaint in converged[path].complaints())
            if after[path] == before[path]:
                continue
            source = self.run_.loaded[path].source
            try:
                old, new = source.encode(before[path]), source.encode(after[path])
            except UnicodeEncodeError as e:
                failed.append(f"{shown}: {e.reason}")
                continue
            changes.append(Change(path=shown, before=old, after=new, applied=converged[path].applied))
        return changes, failed

    def _write(self, changes: list[Change]) -> tuple[list[Change], list[str]]:
        done, failed = [], []
        for change in changes:
            try:
                write(self._paths[change.path], before=change.before, after=change.after)
            except NotWrittenError as e:
                failed.append(f"{change.path}: {e}")
            else:
                done.append(change)
        return done, failed
