"""From a parsed file to its `ModuleIndex`."""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_left
from typing import TYPE_CHECKING

import msgspec

from svclint.index.comments import find_comments, has_words
from svclint.index.expressions import USED
from svclint.index.model import BindingKind, Handler, ModuleIndex, Scope, StmtKind
from svclint.index.statements import Statements
from svclint.index.values import Container, Literal, Operator
from svclint.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclint.index.model import Comment

_WORD = re.compile(r"[^\W\d]\w*")
_NESTING = re.compile(rb"""[fFtT][rR]?(?:"[^"\n]*\{[^}"\n]*"|'[^'\n]*\{[^}'\n]*')""")
_LINE_BREAK = re.compile(rb"\r\n|\r|\n")


class Builder(Statements):
    """Walks one module."""

    def module(self, tree: ast.Module, types: Sequence[Span]) -> None:
        """Walk the whole module; the names in `types` are read in it."""
        self.open_scope(self.scope.kind)
        body = self.suite(tree.body, "body", -1)
        for span in types:
            for word in _WORD.findall(self.data[span.start : span.end].decode("utf-8", "replace")):
                self.read(word, span.start, USED)
        self.close_scope(self.scope, tree, "", body=body)


def build_index(
    path: str,
    data: bytes,
    tree: ast.Module,
    formats: Sequence[Span] = (),
    types: Sequence[Span] = (),
) -> ModuleIndex:
    """
    Return the index of a module.

    `data` is the file's text in UTF-8; `tree` its `ast`, of the plain or the masked text; `formats` are the spans of
    masked f-strings, whose parts are no comments; `types` those of masked type parameters, whose names count as read.
    """
    starts = [0, 0, *(match.end() for match in _LINE_BREAK.finditer(data))]
    comments = find_comments(data, (*formats, *_nesting_formats(data, tree, starts)))
    builder = Builder(data, starts, comments)
    builder.module(tree, types)
    scopes = builder.scopes
    return ModuleIndex(
        path,
        tuple(scopes),
        tuple(builder.blocks),
        tuple(builder.stmts),
        tuple(builder.calls),
        tuple(builder.raises),
        tuple(builder.tries),
        _note_comments(data, builder.handlers, comments),
        tuple(builder.withs),
        tuple(builder.awaits),
        comments,
        _exports(scopes[0]),
        _import_anchor(data, builder),
        builder.too_deep,
    )


def _nesting_formats(data: bytes, tree: ast.Module, starts: list[int]) -> list[Span]:
    """Return the f-strings that may hold their own quotes (PEP 701), where the interpreter reads them itself."""
    if sys.version_info < (3, 12) or not _NESTING.search(data):
        return []
    return [
        Span(starts[node.lineno] + node.col_offset, starts[node.end_lineno] + node.end_col_offset)
        for node in ast.walk(tree)
        if node.__class__.__name__ in {"JoinedStr", "TemplateStr"}
    ]


def _exports(module: Scope) -> tuple[str, ...] | None:
    """Return the names in `__all__`, or None where the module has none."""
    bindings = module.bindings.get("__all__")
    if bindings is None:
        return None
    names = {
        item.text
        for binding in bindings
        for part in (binding.value.operands if isinstance(binding.value, Operator) else (binding.value,))
        if isinstance(part, Container)
        for item in part.items
        if isinstance(item, Literal)
    }
    return tuple(sorted(names))


def _note_comments(data: bytes, handlers: list[Handler], comments: tuple[Comment, ...]) -> tuple[Handler, ...]:
    """Mark the handlers that have a comment with words on their `except` line or in their body."""
    spoken = [comment for comment in comments if has_words(comment.text)]
    offsets = [comment.span.start for comment in spoken]
    return tuple(
        msgspec.structs.replace(handler, commented=True) if _is_commented(data, handler, spoken, offsets) else handler
        for handler in handlers
    )


def _is_commented(data: bytes, handler: Handler, spoken: list[Comment], offsets: list[int]) -> bool:
    """Whether a comment stands in a handler, or below its last statement and further in than its `except`."""
    line = max(data.rfind(b"\n", 0, handler.start), data.rfind(b"\r", 0, handler.start)) + 1
    for comment in spoken[bisect_left(offsets, handler.start) :]:
        if comment.span.start < handler.end:
            return True
        between = data[handler.end : comment.span.start]
        if not comment.own_line:
            return between.strip() == b"" and b"\n" not in between
        own = max(data.rfind(b"\n", 0, comment.span.start), data.rfind(b"\r", 0, comment.span.start)) + 1
        return not between.strip() and comment.span.start - own > handler.start - line
    return False


def _import_anchor(data: bytes, builder: Builder) -> int:
    """
    Return where a new import line goes.

    That is behind the last of the imports that head the module; without any, behind the docstring and the `__future__`
    imports.
    """
    anchor = 0
    body = builder.blocks[builder.scopes[0].body]
    for position in body.stmts:
        stmt = builder.stmts[position]
        is_docstring = not anchor and stmt.kind is StmtKind.EXPR and isinstance(stmt.value, Literal)
        if stmt.kind is not StmtKind.IMPORT and not is_docstring:
            break
        anchor = stmt.end
    if not anchor:
        return _behind_head_comments(data)
    found = _LINE_BREAK.search(data, anchor)
    return found.end() if found else len(data)


def _behind_head_comments(data: bytes) -> int:
    """Return the offset behind a shebang and an encoding line, which must stay first."""
    offset = 0
    while data[offset : offset + 1] == b"#":
        found = _LINE_BREAK.search(data, offset)
        if found is None:
            return len(data)
        offset = found.end()
    return offset


__all__ = ["BindingKind", "build_index"]
