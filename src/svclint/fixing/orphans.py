"""Imports that the fixes of a file left without a reader, and the edits that remove them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Edit
from svclint.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class ImportedName(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """
    One name that an import binds.

    `scope` is the qualified name of the function or class that holds it, empty at module level. `statement` spans the
    whole import, `alias` the part that binds this name (`b as c`). `used` says that something in the file reads it,
    `exported` that `__all__` or another module may. `conditional` imports stand in an `if` or `try`: what they bind is
    a question that the code asks. `alone` says that the block, other than the module, holds no other statement.
    """

    statement: Span
    alias: Span
    name: str
    scope: str = ""
    used: bool = False
    exported: bool = False
    conditional: bool = False
    alone: bool = False


_BLANK = b" \t\f"
_BREAK = b"\r\n"
_SAME_LINE = re.compile(rb"(?:[ \t\f]|\\(?:\r\n|\r|\n))*,(?:[ \t\f]|\\(?:\r\n|\r|\n))*")
"""A comma between two names of one logical line outside of parentheses, or of one physical line inside."""
_ENDS = (b"", b"\r", b"\n", b"#")


def orphan_edits(before: Iterable[ImportedName], after: Sequence[ImportedName], data: bytes) -> tuple[Edit, ...]:
    """
    Return the edits that remove from `data`, the text after the fixes, the imports that they orphaned.

    Orphaned is a name that was read before the fixes and is not read now. What was unused all along is not svclint's
    affair. A name that is bound several times in a scope stays unless all of its imports are orphaned.
    """
    readers = _read_everywhere(before)
    gone = {
        imported
        for imported in after
        if not (imported.used or imported.exported or imported.conditional) and _key(imported) in readers
    }
    gone -= {
        imported for imported in gone if any(_key(other) == _key(imported) for other in after if other not in gone)
    }
    edits: list[Edit] = []
    for statement, group in groupby(sorted(after), key=lambda imported: imported.statement):
        aliases = tuple(group)
        unwanted = [imported for imported in aliases if imported in gone]
        if len(unwanted) == len(aliases):
            edits += _remove_statement(statement, data, alone=aliases[0].alone)
        elif unwanted:
            edits += _remove_aliases(statement, aliases, unwanted, data)
    return tuple(edits)


def _key(imported: ImportedName) -> tuple[str, str]:
    return imported.scope, imported.name


def _read_everywhere(names: Iterable[ImportedName]) -> set[tuple[str, str]]:
    """Return the names of which every import was read."""
    used: dict[tuple[str, str], bool] = {}
    for imported in names:
        used[_key(imported)] = used.get(_key(imported), True) and imported.used
    return {key for key, read in used.items() if read}


def _remove_statement(statement: Span, data: bytes, *, alone: bool) -> list[Edit]:
    if alone:
        return [Edit(span=statement, text="pass")]
    end = _skip(data, statement.end, _BLANK)
    if data[end : end + 1] == b";":
        end = _skip(data, end + 1, _BLANK)
        if data[end : end + 1] not in _ENDS:
            return [_deletion(statement.start, end)]  # The next statement of the line takes its place.
    start = len(data[: statement.start].rstrip(_BLANK))
    if data[:start].endswith(b";"):
        return [_deletion(start - 1, statement.end)]
    if data[:start].rstrip(_BREAK).endswith(b"\\"):
        return []  # Without this line the backslash would join the next statement to the one before.
    return [_deletion(start, _line_end(data, end))]


def _remove_aliases(
    statement: Span, aliases: Sequence[ImportedName], unwanted: Collection[ImportedName], data: bytes
) -> list[Edit]:
    """Delete each alias with the comma after it; at the end of the list with the comma before, where none follows."""
    last_kept = max(number for number, imported in enumerate(aliases) if imported not in unwanted)
    end_kept = aliases[last_kept].alias.end
    spans: list[Span] = []
    if last_kept + 1 < len(aliases) and b"#" not in data[end_kept : statement.end]:
        spans.append(Span(end_kept, aliases[-1].alias.end))
        aliases = aliases[: last_kept + 1]
    # With a comment in the way the list stands in parentheses, and these allow the comma that is left at its end.
    for number, imported in enumerate(aliases):
        if imported in unwanted:
            following = aliases[number + 1].alias.start if number + 1 < len(aliases) else statement.end
            spans += _alias_spans(imported.alias, following, statement, data)
    whole = (_widened(span, statement, data) for span in _joined(spans))
    return [_deletion(span.start, span.end) for span in _joined(whole)]


def _alias_spans(alias: Span, following: int, statement: Span, data: bytes) -> list[Span]:
    if _SAME_LINE.fullmatch(data, alias.end, following):
        return [Span(alias.start, following)]
    first, *comma = _name_and_comma(alias, statement, data)
    before = len(data[: first.start].rstrip(_BLANK))
    # The space before a name at the end of its line would stay as trailing space; before the first name it is needed.
    return [Span(before if data[before - 1 : before] == b"," else first.start, first.end), *comma]


def _widened(span: Span, statement: Span, data: bytes) -> Span:
    """Take the whole line of what is deleted, with its comment, if nothing else stands on it."""
    start = _line_start(data, span.start)
    end = _skip(data, span.end, _BLANK)
    if start <= statement.start or data[start : span.start].strip(_BLANK):
        return span
    if data[end : end + 1] not in _ENDS or _line_end(data, end) > statement.end:
        return span
    return Span(start, _line_end(data, end))


def _name_and_comma(alias: Span, statement: Span, data: bytes) -> list[Span]:
    """Return the span of a name and of the comma after it: one if they touch, and without the space between them."""
    at = alias.end
    while at < statement.end:
        at = _skip(data, at, _BLANK + _BREAK + b"\\")
        if data[at : at + 1] != b"#":
            break
        at = _line_end(data, at)
    if data[at : at + 1] != b",":
        return [alias]
    is_near = not data[alias.end : at].strip(_BLANK)
    return [Span(alias.start, at + 1)] if is_near else [alias, Span(at, at + 1)]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _deletion(start: int, end: int) -> Edit:
    return Edit(span=Span(start, end), text="")


def _skip(data: bytes, at: int, these: bytes) -> int:
    while at < len(data) and data[at] in these:
        at += 1
    return at


def _line_start(data: bytes, at: int) -> int:
    return max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1


def _line_end(data: bytes, at: int) -> int:
    """Return the offset after the line break that ends the line of `at`."""
    while at < len(data) and data[at] not in _BREAK:
        at += 1
    return at + 2 if data[at : at + 2] == b"\r\n" else min(at + 1, len(data))
