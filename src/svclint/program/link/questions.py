"""Answers that are computed once, also where questions lead back to themselves: import cycles, `x = x.y`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svclint.program.link.refs import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from svclint.program.link.refs import Targets

Key = tuple[object, ...]

_ROUNDS = 8
_NONE = 1 << 60


class Questions:
    """
    A memo that does not depend on the order of questions.

    Where questions go round in a circle, the one that was asked first is answered again and again, from "unknown" on,
    until its answer stays. What was answered on the way is only supposed until then: so all of them get the answer that
    they would have got if another one had been asked first.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._answers: dict[Key, Targets] = {}
        self._depths: dict[Key, int] = {}
        self._guesses: dict[Key, Targets] = {}
        self._supposed: dict[Key, tuple[Targets, int]] = {}
        self._lowest = _NONE
        """The depth of the outermost open question that the answer in the making depends on."""

    def once(self, key: Key, compute: Callable[[], Targets]) -> Targets:
        """Return the answer to a question, computed once."""
        found = self._answers.get(key)
        if found is not None:
            return found
        depth = self._depths.get(key)
        if depth is not None:
            self._lowest = min(self._lowest, depth)
            return self._guesses[key]
        supposed = self._supposed.get(key)
        if supposed is not None:
            self._lowest = min(self._lowest, supposed[1])
            return supposed[0]
        return self._open(key, compute)

    def _open(self, key: Key, compute: Callable[[], Targets]) -> Targets:
        outer, depth = self._lowest, len(self._depths)
        self._depths[key] = depth
        self._guesses[key] = UNKNOWN
        try:
            found = self._steady(key, compute, depth)
        except BaseException:
            self._forget(depth)
            raise
        finally:
            del self._depths[key], self._guesses[key]
            lowest, self._lowest = self._lowest, min(outer, self._lowest)
        if lowest < depth:
            self._supposed[key] = found, lowest
            return found
        if lowest == depth:  # the circle closes here: what was supposed on the way holds
            self._answers.update({each: it[0] for each, it in self._supposed.items() if it[1] >= depth})
            self._forget(depth)
        self._answers[key] = found
        return found

    def _steady(self, key: Key, compute: Callable[[], Targets], depth: int) -> Targets:
        """Answer until the answer is the one that it was computed from."""
        for _ in range(_ROUNDS):
            self._lowest = depth + 1
            found = compute()
            if self._lowest != depth or found == self._guesses[key]:
                return found
            self._guesses[key] = found
            self._forget(depth)
        return UNKNOWN

    def _forget(self, depth: int) -> None:
        """Drop what was supposed under a question that is answered anew."""
        self._supposed = {each: it for each, it in self._supposed.items() if it[1] < depth}
