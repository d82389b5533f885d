"""From slices to visitor calls: parses, finds the nodes at the candidates' spans, and dispatches by their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from svclint.source.cst_positions import Positions, UnfaithfulTreeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from svclint.program.select import Candidate
    from svclint.syntax.slices import Slice

KINDS: dict[str, tuple[type[cst.CSTNode], ...]] = {
    "call": (cst.Call,),
    "handler": (cst.ExceptHandler, cst.ExceptStarHandler),
    "raise": (cst.Raise,),
    "return": (cst.Return,),
    "with": (cst.With,),
}
"""The node types that a kind of candidate can be."""

Key = tuple[type, int, int]
"""Node type, start and end; of a compound statement the start is enough (end -1)."""

_COMPOUND = frozenset({"handler", "with"})


def visit(
    data: bytes,
    slices: Iterable[Slice],
    candidates: Mapping[Key, Candidate],
    call: Callable[[cst.CSTNode, Candidate], None],
) -> tuple[set[Candidate], list[str]]:
    """Call back for every candidate in some slices with its node; return those reached, and what went wrong."""
    reached: set[Candidate] = set()
    failures = []
    for each in slices:
        text = each.text(data)
        try:
            positions = Positions(text, _TYPES)
        except (cst.ParserSyntaxError, RecursionError, UnfaithfulTreeError) as e:
            failures.append(f"LibCST can't read it: {type(e).__name__}")
            continue
        for node in positions.nodes:
            start, end = positions.inner(node)
            first = each.offset(start)
            cls = type(node)
            found = candidates.get((cls, first, -1)) or candidates.get((cls, first, each.offset(end)))
            if found is not None and found not in reached:
                reached.add(found)
                call(node, found)
    return reached, failures


_TYPES = tuple(cls for classes in KINDS.values() for cls in classes)


def keyed(candidates: Iterable[Candidate]) -> dict[Key, Candidate]:
    """Return candidates by the node types, start and end that their nodes have."""
    return {
        (cls, each.start, -1 if each.kind in _COMPOUND else each.end): each
        for each in candidates
        for cls in KINDS[each.kind]
    }
