"""Byte positions of LibCST nodes in text that may be newer than what `ast` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import libcst as cst

if TYPE_CHECKING:
    from libcst._nodes.internal import CodegenState


class Positions:
    """
    Where each node of a module stands, in bytes of its UTF-8 text, recorded while LibCST writes the text again.

    LibCST's own PositionProvider takes ten times as long, counts code points, and needs a copy of the tree.
    """

    def __init__(self, module: cst.Module, kinds: tuple[type[cst.CSTNode], ...]) -> None:
        """Write `module` once; `nodes` are its nodes of exactly these `kinds`, each before those inside of it."""
        state = _Recorder(module.default_indent, module.default_newline, kinds)
        # `Module.code` does this with a state that it makes itself.
        module._codegen(cast("CodegenState", state))  # noqa: SLF001
        self.code = "".join(state.tokens)
        self.nodes = state.nodes
        self.comments = tuple(state.wholes[id(node)] for node in state.comments)
        self._module = module  # the positions are keyed by the identity of its nodes
        self._state = state

    def whole(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return start and end of a node with its parentheses and the space that it owns."""
        return self._state.wholes[id(node)]

    def inner(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return start and end of an expression or simple statement without parentheses around it or space."""
        return self._state.inners[id(node)]


class _Recorder:
    """A writer of code, in the place of LibCST's CodegenState, that notes how far it is before and after each node."""

    def __init__(self, indent: str, newline: str, kinds: tuple[type[cst.CSTNode], ...]) -> None:
        self.default_indent = indent
        self.default_newline = newline
        self.indent_tokens: list[str] = []
        self.tokens: list[str] = []
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
        self.tokens.append(value)
        self.offset += len(value) if value.isascii() else len(value.encode("utf-8"))

    def pop_trailing_newline(self) -> None:
        if self.tokens:
            self.tokens.pop()

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.open.append(self.offset)
        if type(node) in self.kinds:
            self.nodes.append(node)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.wholes[id(node)] = (self.open.pop(), self.offset)
        if type(node) is cst.Comment:
            self.comments.append(node)

    def record_syntactic_position(self, node: cst.CSTNode, **_: cst.CSTNode | None) -> _Inner:
        return _Inner(self, node)


class _Inner:
    """One recording; `contextlib.contextmanager` would cost more than the writing itself."""

    __slots__ = ("node", "recorder", "start")

    def __init__(self, recorder: _Recorder, node: cst.CSTNode) -> None:
        self.recorder = recorder
        self.node = node
        self.start = recorder.offset

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.recorder.inners[id(self.node)] = (self.start, self.recorder.offset)
