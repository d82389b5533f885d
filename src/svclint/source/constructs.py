"""
Overwrite syntax that this interpreter is too old for, found by LibCST, with older syntax of the same length.

Every byte keeps its place and every line break stays, so that positions in the masked text are positions in the file.
This module imports LibCST, and parses text that nothing has vetted: it runs in a child process (`mask_server`).
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from svclint.source.cst_positions import Positions
from svclint.source.model import Construct, MaskedSpan
from svclint.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

READ_SINCE: Mapping[Construct, tuple[int, int]] = {
    Construct.TYPE_PARAMETERS: (3, 12),
    Construct.TYPE_ALIAS: (3, 12),
    Construct.F_STRING: (3, 12),
    Construct.EXCEPT_TYPES: (3, 14),
    Construct.T_STRING: (3, 14),
    Construct.UNPACKING: (3, 15),
    Construct.LAZY_IMPORT: (3, 15),
}
"""The first Python whose own parser reads a construct; f-strings are older, but not all that may stand in them."""

_VISIBLE = re.compile(rb"[^\r\n]")


class Masked(NamedTuple):
    """The overwritten text, and what was overwritten in it (sorted)."""

    data: bytes
    spans: tuple[MaskedSpan, ...]


def mask(data: bytes, *, force: bool = False) -> Masked:
    """
    Mask the constructs of `data` that this interpreter can't read; with `force` also those that it can.

    Raises:
        libcst.ParserSyntaxError: it is not Python of any version.
        UnfaithfulTreeError: LibCST does not give the text back.

    """
    positions = Positions(data, tuple(_MASKS))
    masker = _Masker(data, positions, force=force)
    for node in positions.nodes:
        if not masker.erased(node):
            _MASKS[type(node)](masker, node)
    return Masked(bytes(masker.data), tuple(sorted(masker.spans)))


class _Masker:
    """The text while it is overwritten; nodes come from the outside in."""

    def __init__(self, data: bytes, positions: Positions, *, force: bool) -> None:
        self.original = data
        self.data = bytearray(data)
        self.positions = positions
        self.force = force
        self.spans: list[MaskedSpan] = []
        self.done: set[int] = set()
        self.readable_to = 0
        self.parameters = (0, 0)

    def erased(self, node: cst.CSTNode) -> bool:
        """Tell whether a node stood in type parameters that are no longer there."""
        return self.parameters[0] <= self.positions.whole(node)[0] < self.parameters[1]

    def type_parameters(self, node: cst.FunctionDef | cst.ClassDef) -> None:
        """Move the bracket: `def f[T](x)` becomes `def f(   x)`, so that line breaks stay inside of parentheses."""
        if node.type_parameters is None or not self._wanted(Construct.TYPE_PARAMETERS):
            return
        start, end = self._parameters(node.type_parameters)
        if isinstance(node, cst.ClassDef) and not isinstance(node.lpar, cst.LeftParen):
            self._blank(start, end)
            self.data[end - 1 : end] = b")"
        else:
            self._blank(start, self.original.index(b"(", end) + 1)
        self.data[start : start + 1] = b"("

    def type_alias(self, node: cst.TypeAlias) -> None:
        """`type X = int` becomes `0;   X = int`, `type X[T] = T` becomes `0;( X  ) = T`."""
        if not self._wanted(Construct.TYPE_ALIAS):
            return
        start, end = self.positions.inner(node)
        self._remember(Construct.TYPE_ALIAS, start, self.positions.whole(node.value)[1])
        if node.type_parameters is None:
            self.data[start : start + 4] = b"0;  "
            return
        self.data[start : start + 4] = b"0;( "
        start, end = self._parameters(node.type_parameters)
        self._blank(start, end)
        self.data[end - 1 : end] = b")"

    def except_types(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        """`except A, B:` becomes `except A| B:`."""
        types = node.type
        if not isinstance(types, cst.Tuple) or types.lpar or not self._wanted(Construct.EXCEPT_TYPES):
            return
        last = types.elements[-1]
        self._remember(Construct.EXCEPT_TYPES, self.positions.whole(types)[0], self.positions.whole(last.value)[1])
        for element in types.elements:
            if isinstance(element.comma, cst.Comma):
                comma = self.original.index(b",", self.positions.whole(element.comma)[0])
                self.data[comma : comma + 1] = b" " if element is last else b"|"

    def lazy_import(self, node: cst.LazyImport | cst.LazyImportFrom) -> None:
        """`lazy import x` becomes `0;   import x`."""
        if self._wanted(Construct.LAZY_IMPORT):
            start, end = self.positions.inner(node)
            self._remember(Construct.LAZY_IMPORT, start, end)
            self.data[start : start + 4] = b"0;  "

    def unpacking(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> None:
        """`[*x for x in y]` becomes `[ x for x in y]`."""
        if isinstance(node.elt, cst.StarredElement) and self._wanted(Construct.UNPACKING):
            star, end = self.positions.inner(node.elt)
            self._remember(Construct.UNPACKING, star, end)
            self.data[star : star + 1] = b" "

    def mapping_unpacking(self, node: cst.StarredDictComp) -> None:
        """`{**x for x in y}` becomes `{  x for x in y}`."""
        if self._wanted(Construct.UNPACKING):
            stars = self.original.index(b"**", self.positions.inner(node)[0])
            self._remember(Construct.UNPACKING, stars, self.positions.whole(node.value)[1])
            self.data[stars : stars + 2] = b"  "

    def string(self, node: cst.FormattedString | cst.TemplatedString | cst.ConcatenatedString) -> None:
        """`f"a{b!r}{c:{d}}"` becomes `(   b,    c, d,  )`; strings beside it are part of it."""
        strings = tuple(_concatenated(node))
        if id(node) in self.done:
            return
        self.done.update(id(string) for string in strings)
        start, end = self.positions.inner(node)
        construct = self._interpolated(strings, start, end)
        if construct is None:
            return
        self._remember(construct, start, end)
        at = start
        for expression, after in (field for string in strings for field in self._fields(string)):
            first, last = self.positions.whole(expression)
            self._blank(at, first)
            self._blank(last, after + 1)
            if not _stands_alone(expression):
                self.data[after : after + 1] = b","
            at = after + 1
        self._blank(at, end)
        self.data[start : start + 1] = b"("
        self.data[end - 1 : end] = b")"

    def _parameters(self, node: cst.TypeParameters) -> tuple[int, int]:
        self.parameters = self.positions.whole(node)
        self._remember(Construct.TYPE_PARAMETERS, *self.parameters)
        return self.parameters

    def _interpolated(self, strings: Sequence[cst.BaseExpression], start: int, end: int) -> Construct | None:
        """Tell what these strings must be masked as, if at all."""
        if any(isinstance(string, cst.TemplatedString) for string in strings):
            return Construct.T_STRING if self._wanted(Construct.T_STRING) else None
        if not any(isinstance(string, cst.FormattedString) for string in strings):
            return None
        if self.force:
            return Construct.F_STRING
        if start < self.readable_to:
            return None
        if _readable(self.original[start:end]):
            self.readable_to = end
            return None
        return Construct.F_STRING

    def _fields(self, node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, int]]:
        """Yield each expression in a string, and the offset of what ends it (one of `!`, `:`, `}`)."""
        parts: Sequence[cst.CSTNode] = ()
        if isinstance(node, (cst.FormattedString, cst.TemplatedString)):
            parts = node.parts
        elif isinstance(node, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            yield node.expression, self.positions.whole(node.whitespace_after_expression)[1]
            parts = node.format_spec or ()
        for part in parts:
            yield from self._fields(part)

    def _wanted(self, construct: Construct) -> bool:
        return self.force or sys.version_info < READ_SINCE[construct]

    def _remember(self, construct: Construct, start: int, end: int) -> None:
        self.spans.append(MaskedSpan(span=Span(start, end), construct=construct))

    def _blank(self, start: int, end: int) -> None:
        """Overwrite a range with spaces, but leave line breaks, and comments: suppressions may stand in them."""
        comments = self.positions.comments
        for first, last in comments[bisect_left(comments, (start, 0)) : bisect_left(comments, (end, 0))]:
            self.data[start:first] = _VISIBLE.sub(b" ", self.data[start:first])
            start = last
        self.data[start:end] = _VISIBLE.sub(b" ", self.data[start:end])


def _concatenated(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield a string, or the nodes of a concatenation: `"a" f"b" "c"` leans to the right."""
    yield node
    if isinstance(node, cst.ConcatenatedString):
        yield node.left
        yield from _concatenated(node.right)


def _stands_alone(expression: cst.BaseExpression) -> bool:
    """Tell whether no comma may follow an expression: `a,` has one, and `yield` is no element of a tuple."""
    if isinstance(expression, cst.Tuple):
        return not expression.lpar and isinstance(expression.elements[-1].comma, cst.Comma)
    return isinstance(expression, cst.Yield) and not expression.lpar


def _readable(string: bytes) -> bool:
    """Tell whether this interpreter reads a string expression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(f"({string.decode('utf-8')})", mode="eval")
        except (SyntaxError, ValueError):
            return False
    return True


_MASKS: Mapping[type[cst.CSTNode], Callable[..., None]] = {
    cst.FunctionDef: _Masker.type_parameters,
    cst.ClassDef: _Masker.type_parameters,
    cst.TypeAlias: _Masker.type_alias,
    cst.ExceptHandler: _Masker.except_types,
    cst.ExceptStarHandler: _Masker.except_types,
    cst.LazyImport: _Masker.lazy_import,
    cst.LazyImportFrom: _Masker.lazy_import,
    cst.ListComp: _Masker.unpacking,
    cst.SetComp: _Masker.unpacking,
    cst.GeneratorExp: _Masker.unpacking,
    cst.StarredDictComp: _Masker.mapping_unpacking,
    cst.FormattedString: _Masker.string,
    cst.TemplatedString: _Masker.string,
    cst.ConcatenatedString: _Masker.string,
}
