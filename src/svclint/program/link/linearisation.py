"""The order in which Python looks through a class's ancestors."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Class = TypeVar("Class")


def merged(lines: Iterable[tuple[Class, ...]]) -> list[Class]:
    """
    Return the classes of several lines of ancestors in one order that agrees with each (Python's C3).

    Where Python would refuse the class, because no order agrees with all, the first line wins.
    """
    left = [list(line) for line in lines]
    found: list[Class] = []
    while left := [line for line in left if line]:
        behind = [set(line[1:]) for line in left]
        head = next((line[0] for line in left if not any(line[0] in each for each in behind)), left[0][0])
        found.append(head)
        left = [[each for each in line if each != head] for line in left]
    return found
