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

Key = tuple[type, int, int]
"""Node type, start and end; of a handler the start is enough (end -1)."""


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
            module = cst.parse_module(text.decode())
            spans, code = spans_of(module)
        except (cst.ParserSyntaxError, RecursionError) as e:
            failures.append(f"LibCST can't read it: {type(e).__name__}")
            continue
        place = _alignment(text, code.encode())
        for node, (start, end) in spans.items():
            cls = type(node)
            if cls not in _TYPES:
                continue
            first = each.offset(place(start))
            found = candidates.get((cls, first, -1)) or candidates.get((cls, first, each.offset(place(end))))
            if found is not None and found not in reached:
                reached.add(found)
                call(node, found)
    return reached, failures


def _alignment(text: bytes, code: bytes) -> Callable[[int], int]:
    """
    Return the function from positions in generated code to positions in the text that was read.

    LibCST forgets a few blanks, such as those before the colon of an `except`. What stands before and behind the place
    where the two differ can still be told apart; a position in between is off the text.
    """
    if text == code:
        return lambda offset: offset
    shortest = min(len(text), len(code))
    before = next((at for at in range(shortest) if text[at] != code[at]), shortest)
    behind = next((at for at in range(shortest - before) if text[-1 - at] != code[-1 - at]), shortest - before)
    shift = len(text) - len(code)

    def place(offset: int) -> int:
        if offset <= before:
            return offset
        return offset + shift if offset >= len(code) - behind else -(1 << 40)

    return place


_TYPES = frozenset(cls for classes in KINDS.values() for cls in classes)


def keyed(candidates: Iterable[Candidate]) -> dict[Key, Candidate]:
    """Return candidates by the node types, start and end that their nodes have."""
    return {
        (cls, each.start, -1 if each.kind == "handler" else each.end): each
        for each in candidates
        for cls in KINDS[each.kind]
    }
