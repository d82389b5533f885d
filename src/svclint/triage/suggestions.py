"""Guess what was meant by a word that svclint does not know."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return `", did you mean x?"`, or nothing when no known word is near."""
    cutoff = 0.8 if word[-1:].isdigit() else 0.6  # Codes share most of their letters: nearly all are alike.
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    return f", did you mean {near[0]}?" if near else ""
