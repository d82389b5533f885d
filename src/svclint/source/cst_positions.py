"""Byte positions of LibCST nodes in text that may be newer than what `ast` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import libcst as cst

if TYPE_CHECKING:
    from libcst._nodes.internal import CodegenState


class UnfaithfulTreeError(Exception):
    """LibCST does not give back the text that it has read, so its positions can't be trusted."""


class Positions:
    """
    Where each node of a module stands, in bytes of its UTF-8 text, recorded while LibCST writes the text again.

    LibCST's own PositionProvider takes ten times as long, counts code points, needs a copy of the tree, and is off
    where LibCST drops blanks: form feeds, `f"{x!r }"`, a space before the colon of `except A, B :`.
    """

    def __init__(self, data: bytes, kinds: tuple[type[cst.CSTNode], ...]) -> None:
        """
        Parse `data`; `nodes` are its nodes of exactly these `kinds`, each before those inside of it.

        Raises:
            libcst.ParserSyntaxError: it is not Python of any version.
            UnfaithfulTreeError: LibCST drops more than blanks, or adds text.

        """
        # The text, not its bytes: those LibCST would decode by the encoding that the file was written in.
        self._module = cst.parse_module(data.decode("utf-8"))  # kept: nodes are known by their identity
        self._writer = _Writer(data, self._module, kinds)
        # `Module.code` does this with a state that it makes itself.
        self._module._codegen(cast("CodegenState", self._writer))  # noqa: SLF001
        if data[self._writer.offset :].strip(_BLANKS):
            raise UnfaithfulTreeError
        self.nodes = self._writer.nodes
        self.comments = tuple(self.whole(node) for node in self._writer.comments)

    def whole(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return start and end of a node with its parentheses and the space that it owns."""
        return self._bytes(*self._writer.wholes[id(node)])

    def inner(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return start and end of an expression or simple statement without parentheses around it or space."""
        return self._bytes(*self._writer.inners[id(node)])

    def _bytes(self, first: int, last: int) -> tuple[int, int]:
        return self._writer.tokens[first][0], self._writer.tokens[last - 1][1]


_BLANKS = b" \t\f\r\n\\"


class _Writer:
    """
    Takes the place of LibCST's CodegenState: finds each token in the text instead of writing it.

    Nodes are noted by the number of their first token and of the one after their last: where LibCST has dropped
    blanks, only the token knows where it stands.
    """

    def __init__(self, data: bytes, module: cst.Module, kinds: tuple[type[cst.CSTNode], ...]) -> None:
        self.default_indent = module.default_indent
        self.default_newline = module.default_newline
        self.indent_tokens: list[str] = []
        self.tokens: list[tuple[int, int]] = []
        self.data = data
        self.kinds = frozenset(kinds)
        self.offset = 0
        self.open: list[int] = []
        self.nodes: list[cst.CSTNode] = []
        self.comments: list[cst.Comment] = []
        self.wholes: dict[int, tuple[int, int]] = {}
        self.inners: dict[int, tuple[int, int]] = {}

    def increase_indent(self, value: str) -> None:
        self.indent_tokens.append(value)

    def decrease_indent(self) -> None:
        self.indent_tokens.pop()

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        token = value.encode("utf-8")
        start = self.offset
        while not self.data.startswith(token, start):
            if start >= len(self.data) and value.isspace():
                token = b""  # the line break that LibCST gives a last line which has none, and takes back at the end
            elif self.data[start : start + 1] in _BLANK_BYTES:
                start += 1
            else:
                raise UnfaithfulTreeError
        self.offset = start + len(token)
        self.tokens.append((start, self.offset))

    def pop_trailing_newline(self) -> None:
        """Nothing is written that could be taken back."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.open.append(len(self.tokens))
        if type(node) in self.kinds:
            self.nodes.append(node)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.wholes[id(node)] = (self.open.pop(), len(self.tokens))
        if type(node) is cst.Comment:
            self.comments.append(node)

    def record_syntactic_position(self, node: cst.CSTNode, **_: cst.CSTNode | None) -> _Inner:
        return _Inner(self, node)


_BLANK_BYTES = frozenset(bytes((blank,)) for blank in _BLANKS)


class _Inner:
    """One recording; `contextlib.contextmanager` would cost more than the writing itself."""

    __slots__ = ("node", "start", "writer")

    def __init__(self, writer: _Writer, node: cst.CSTNode) -> None:
        self.writer = writer
        self.node = node
        self.start = len(writer.tokens)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.writer.inners[id(self.node)] = (self.start, len(self.writer.tokens))
