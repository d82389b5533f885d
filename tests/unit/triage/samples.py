"""What the index would say about comments and logical lines, by the standard library's tokenizer."""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

import msgspec

from svclint.finding import Finding, Place, Severity
from svclint.index.model import Comment
from svclint.text import LineIndex, Span
from svclint.triage import directives, suppressions

if TYPE_CHECKING:
    from svclint.triage.suppressions import Triaged

CODES = {
    "blocking-sleep": "SVC103",
    "raise-without-from": "SVC401",
    "bare-except": "SVC402",
    "error-swallowed": "SVC405",
    "file-not-analysed": "SVC900",
    "unused-suppression": "SVC901",
    "suppression-without-reason": "SVC902",
}
ALL = frozenset(CODES.values())
_BAD = re.compile(rb"\bbad(\d{3})(?:_also(\d{3}))?")


class Text(msgspec.Struct, frozen=True):
    lines: LineIndex
    comments: tuple[Comment, ...]
    logical: dict[int, tuple[int, int]]


def look_at(source: str) -> Text:
    """A decorated definition is one logical line, decorators and header; a block's header is one by itself."""
    lines = LineIndex(source.encode())
    comments, logical, first, decorators = [], {}, 0, 0
    for token in tokenize.generate_tokens(io.StringIO(source, newline="").readline):
        line = token.start[0]
        if token.type == tokenize.COMMENT:
            before = lines.line_text(line)[: token.start[1]]
            start = lines.starts[line - 1] + len(before.encode())
            span = Span(start, start + len(token.string.encode()))
            comments.append(Comment(span=span, text=token.string, own_line=not before.strip()))
        elif token.type not in _NOT_CODE:
            first = first or line
            if token.string == "@" and first == line:
                decorators = decorators or line
        elif token.type == tokenize.NEWLINE and first:
            is_decorator = lines.line_text(first).lstrip().startswith("@")
            start = decorators or first
            logical |= dict.fromkeys(range(start, line + 1), (start, line))
            first, decorators = 0, decorators if is_decorator else 0
    return Text(lines, tuple(comments), logical)


_NOT_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


def bad_places(text: Text) -> list[tuple[Finding, tuple[str, ...]]]:
    """`bad401` is an SVC401; `bad402_also405` an SVC402 that an SVC405 gave way to."""
    hits = []
    for match in _BAD.finditer(text.lines.data):
        code = f"SVC{match[1].decode()}"
        also = (f"SVC{match[2].decode()}",) if match[2] else ()
        hits.append((finding(code, Span(*match.span()), text.lines), also))
    return hits


def finding(code: str, span: Span, lines: LineIndex, **more: object) -> Finding:
    line, column = lines.position(span.start)
    end_line, end_column = lines.position(span.end)
    place = Place(path="a.py", span=span, line=line, column=column, end_line=end_line, end_column=end_column)
    names = {code: name for name, code in CODES.items()}
    fields = {"severity": Severity.WARNING, "message": "bad", **more}
    return Finding(code=code, name=names.get(code, code), place=place, **fields)


def triage(source: str, *, ran: frozenset[str] = ALL, require_reason: bool = False) -> Triaged:
    text = look_at(source)
    return suppressions.apply(
        bad_places(text),
        directives.read(text.comments, text.lines),
        lines=text.lines,
        logical_lines=lambda line: text.logical.get(line, (line, line)),
        codes=CODES,
        ran=ran,
        require_reason=require_reason,
    )


def kept(source: str) -> list[str]:
    return [hit.code for hit, _ in triage(source).kept]


def notes(source: str, **options: object) -> list[tuple[str, str]]:
    return [(note.code, note.message) for note in triage(source, **options).notes]
