"""
Comments that allow findings, read into plain data.

`# svclint: allow[SVC111, raise-without-from] reason`, `allow-next-line[...]`, `allow-file[...]`, and `# noqa` with or
without codes. A comment may hold several, and other words or directives beside them; each begins at its own `#`.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

import msgspec

from svclint.text import Span
from svclint.triage.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclint.index.model import Comment
    from svclint.text import LineIndex


class Reach(enum.StrEnum):
    """Which lines a directive speaks for; the value is the word that says so."""

    LINE = "allow"
    NEXT_LINE = "allow-next-line"
    FILE = "allow-file"
    NOQA = "noqa"


class Selector(msgspec.Struct, frozen=True, kw_only=True):
    """One code, family prefix or rule name, as written."""

    text: str
    span: Span


class Directive(msgspec.Struct, frozen=True, kw_only=True):
    """
    One comment part that allows findings.

    `line` is its 1-based physical line. `span` is the part from its `#` to the end of its reason. A noqa without
    selectors allows everything.
    """

    reach: Reach
    selectors: tuple[Selector, ...]
    reason: str
    line: int
    span: Span
    comment: Span
    own_line: bool


class Malformed(msgspec.Struct, frozen=True, kw_only=True):
    """A comment part that calls svclint but can't be read."""

    span: Span
    line: int
    message: str


class Directives(msgspec.Struct, frozen=True, kw_only=True):
    """What the comments of one file ask for, in file order."""

    read: tuple[Directive, ...] = ()
    malformed: tuple[Malformed, ...] = ()


# A part begins where a `#` stands alone, or where it begins a directive; `issue #12` begins none.
_PART = re.compile(
    r"""
      (?<=\s)\#+:?(?=\s|$)
    | (?<=\s)\#+(?=(?:svclint|type|ruff|pyright|mypy|ty|pylint|pragma|fmt|isort)\s*:|nosec\b)
    | \#+(?=\s*noqa)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OURS = re.compile(r"#+\s*svclint\s*:\s*", re.IGNORECASE)
_ALLOW = re.compile(r"(?P<word>[\w-]*)\s*(?P<list>\[(?P<items>[^\[\]#]*)\])?")
_ITEM = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
_NOQA = re.compile(r"#+\s*noqa(?:(?P<colon>\s*:)|(?=[\s#]|$))", re.IGNORECASE)
_NOQA_WORD = re.compile(r"#+\s*noqa", re.IGNORECASE)
_NOQA_CODE = re.compile(r"[\s,]*(?P<code>[A-Z]+[0-9]+)(?=[\s,#]|$)", re.IGNORECASE)
_WORD = re.compile(r"\w")
_CODE = re.compile(r"\bSVC\d", re.IGNORECASE)
_WORDS = (Reach.LINE.value, Reach.NEXT_LINE.value, Reach.FILE.value)
_OTHERS = frozenset({"disable", "disable-file", "disable-next-line", "ignore", "ignore-file", "noqa", "off", "skip"})
"""What other linters call an `allow`."""


def read(comments: Sequence[Comment], lines: LineIndex) -> Directives:
    """
    Read the directives of a file's comments.

    A noqa that ruff would not honour either (a colon without codes) is skipped in silence: not svclint's to judge.
    """
    found: list[Directive] = []
    malformed: list[Malformed] = []
    for comment in comments:
        lowered = comment.text.lower()
        if "svclint" not in lowered and "noqa" not in lowered:
            continue
        line = lines.line_number(comment.span.start)
        heard_noqa = False
        for start, part in _parts(comment.text):
            if heard_noqa and _NOQA_WORD.match(part):
                continue  # The first of a comment decides, as it does for ruff.
            heard_noqa = heard_noqa or bool(_NOQA_WORD.match(part))
            match _read_part(comment, line, start, part):
                case Directive() as directive:
                    found.append(directive)
                case Malformed() as problem:
                    malformed.append(problem)
                case None:
                    pass
    return Directives(read=tuple(found), malformed=tuple(malformed))


def part_starts(comment: bytes, base: int) -> tuple[int, ...]:
    """Return the offsets at which the parts of a comment begin; the comment itself begins at `base`."""
    text = comment.decode("utf-8", "replace")
    return tuple(base + _size(text[:start]) for start in _starts(text))


def _starts(text: str) -> list[int]:
    return sorted({0, *(match.start() for match in _PART.finditer(text))})


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield (character offset, text without trailing space) of each part of a comment."""
    starts = _starts(text)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield start, text[start:end].rstrip()


def _read_part(comment: Comment, line: int, start: int, part: str) -> Directive | Malformed | None:
    base = comment.span.start + _size(comment.text[:start])
    span = Span(base, base + _size(part))
    if head := _OURS.match(part):
        return _read_allow(comment, line, span, part, head.end())
    if noqa := _NOQA.match(part):
        return _read_noqa(comment, line, span, part, noqa)
    return None


def _read_allow(comment: Comment, line: int, span: Span, part: str, at: int) -> Directive | Malformed | None:
    match = _ALLOW.match(part, at)
    assert match is not None
    word = match["word"].lower()
    if word not in _WORDS:
        message = _unknown_word(word, part[match.end("word") :])
        return Malformed(span=span, line=line, message=message) if message else None
    if match["list"] is None:
        opened = part[match.end() :].startswith("[")
        message = f"{word}[ is never closed" if opened else f"{word} names no code, as {word}[SVC401] would"
        return Malformed(span=span, line=line, message=message)
    selectors = tuple(_selectors(part, span.start, match.start("items"), match.end("items")))
    if not selectors:
        return Malformed(span=span, line=line, message=f"{word}[] names no code")
    return Directive(
        reach=Reach(word),
        selectors=selectors,
        reason=_reason(part[match.end() :]),
        line=line,
        span=span,
        comment=comment.span,
        own_line=comment.own_line,
    )


def _unknown_word(word: str, rest: str) -> str:
    """Say what is wrong with a word after `svclint:`, or nothing where it begins a sentence about svclint."""
    suggestion = did_you_mean(word, _WORDS)
    if rest.lstrip().startswith("[") or suggestion or word in _OTHERS or _CODE.search(rest):
        return f"unknown directive {word}{suggestion or ', did you mean allow?'}"
    return "" if word else "svclint: names no directive"


def _read_noqa(comment: Comment, line: int, span: Span, part: str, head: re.Match[str]) -> Directive | None:
    selectors: list[Selector] = []
    at = head.end()
    if head["colon"]:
        while code := _NOQA_CODE.match(part, at):
            selectors.extend(_selectors(part, span.start, code.start("code"), code.end("code")))
            at = code.end()
        if not selectors:
            return None
    return Directive(
        reach=Reach.NOQA,
        selectors=tuple(selectors),
        reason=_reason(part[at:]),
        line=line,
        span=span,
        comment=comment.span,
        own_line=comment.own_line,
    )


def _selectors(part: str, base: int, start: int, end: int) -> Iterator[Selector]:
    for match in _ITEM.finditer(part, start, end):
        offset = base + _size(part[: match.start()])
        yield Selector(text=match[0], span=Span(offset, offset + _size(match[0])))


def _reason(rest: str) -> str:
    """Return the words after a directive; dashes and colons alone give no reason."""
    return rest.strip(" \t-:–—") if _WORD.search(rest) else ""  # noqa: RUF001


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
