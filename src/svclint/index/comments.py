"""Comments, found without a tokenizer: strings and comments are the only tokens that can hold a `#`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svclint.index.model import Comment
from svclint.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

# Loops over what is no quote first, escapes second: Python 3.11.2 gets possessive groups wrong.
_TOKEN = re.compile(
    rb"""#[^\r\n]*"""
    rb"""|'''[^\\']*(?:(?:\\.|'(?!''))[^\\']*)*'''"""
    rb'''|"""[^\\"]*(?:(?:\\.|"(?!""))[^\\"]*)*"""'''
    rb"""|'[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"""
    rb'''|"[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"''',
    re.DOTALL,
)
_DIRECTIVE = re.compile(
    r"#\s*(?:noqa(?:\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)?"
    r"|(?:pragma|type|pylint|pyright|mypy|ruff|ty|fmt|isort|yapf|svclint|bandit|flake8|nosec|nosonar|noinspection|cspell)\b"
    r"[^#]*|nosec\b[^#]*)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_HASH = 0x23


def find_comments(data: bytes, formats: Sequence[Span]) -> tuple[Comment, ...]:
    """Return the comments of a module; `formats` (spans of masked f-strings) are passed over, whatever is in them."""
    if b"#" not in data:
        return ()
    found = []
    behind = 0
    for span in (*sorted(formats), Span(len(data), len(data))):
        for match in _TOKEN.finditer(data, behind, span.start):
            start = match.start()
            if data[start] != _HASH:
                continue
            line = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
            text = match.group().decode("utf-8", "replace").rstrip()
            found.append(Comment(Span(start, start + len(text.encode())), text, not data[line:start].strip()))
        behind = max(behind, span.end)
    return tuple(found)


def has_words(comment: str) -> bool:
    """Whether a comment says something to a reader, directives to tools (noqa, pragma, type: ignore) left out."""
    return _WORD.search(_DIRECTIVE.sub("", comment)) is not None
