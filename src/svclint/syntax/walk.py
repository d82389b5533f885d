"""From slices to visitor calls: parses, finds the nodes at the candidates' spans, and dispatches by their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from svclint.syntax.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from svclint.program.select import Candidate
    from svclint.syntax.slices import Slice

KINDS: dict[str, tuple[type[cst.CSTNode], ...]] = {
    "call": (cst.Call,),
    "handler": (cst.ExceptHandler, cst.ExceptStarHandler),
    "raise": (cst.Raise,),
    "return": (cst.Return,),
}
"""The node types that a kind of candidate can be."""

Visit = "Callable[[cst.CSTNode, Candidate], None]"


def visit(
    data: bytes,
    slices: Iterable[Slice],
    candidates: Mapping[tuple[type, int, int], Candidate],
    call: Callable[[cst.CSTNode, Candidate], None],
) -> list[str]:
    """
    Call back for every candidate with its node; return why slices could not be read.

    `candidates` are keyed by node type, start and end; of a handler the start is enough (end -1).
    """
    failures = []
    for each in slices:
        text = each.text(data)
        try:
            module = cst.parse_module(text.decode())
            spans, code = spans_of(module)
        except (cst.ParserSyntaxError, RecursionError) as e:
            failures.append(f"LibCST can't read it: {type(e).__name__}")
            continue
        if code.encode() != text:
            failures.append("LibCST does not give the text back that it read")
            continue
        for node, (start, end) in spans.items():
            cls = type(node)
            if cls not in _TYPES:
                continue
            first = each.offset(start)
            found = candidates.get((cls, first, -1)) or candidates.get((cls, first, each.offset(end)))
            if found is not None:
                call(node, found)
    return failures


_TYPES = frozenset(cls for classes in KINDS.values() for cls in classes)


def keyed(candidates: Iterable[Candidate]) -> dict[tuple[type, int, int], Candidate]:
    """Return candidates by the node types, start and end that their nodes have."""
    return {
        (cls, each.start, -1 if each.kind == "handler" else each.end): each
        for each in candidates
        for cls in KINDS[each.kind]
    }
