"""Answers to the question how long something waits."""

from __future__ import annotations

import msgspec


class Bounded(msgspec.Struct, frozen=True, tag=True):
    """It ends after some time: `seconds`, where that is known."""

    why: str
    seconds: float | None = None


class Unbounded(msgspec.Struct, frozen=True, tag=True):
    """
    It can last for ever.

    `disabled` says that somebody said so, instead of saying nothing; `perhaps` that it depends on a setting.
    """

    why: str
    disabled: bool = False
    perhaps: bool = False


class Unknown(msgspec.Struct, frozen=True, tag=True):
    """Nobody can tell; `elsewhere` says that another place is judged for it."""

    why: str
    elsewhere: bool = False


Wait = Bounded | Unbounded | Unknown


def weakest(waits: list[Wait]) -> Wait:
    """Return the answer for several possible values: one that does not bound decides, then one that is not known."""
    for kind in (Unbounded, Unknown):
        found = [each for each in waits if isinstance(each, kind)]
        if found:
            first = found[0]
            if isinstance(first, Unbounded) and len(found) < len(waits):
                return msgspec.structs.replace(first, perhaps=True)
            return first
    return waits[0] if waits else Unknown("nothing is given")
