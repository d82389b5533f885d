"""A row of the catalogue in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from svclint.catalogue.meanings import BLOCKING, EFFECTS, PLACES
from svclint.catalogue.model import Api, Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Line = tuple[str, str]
"""A word for what is said, `""` where the line goes on with the one above; and what is said."""


def in_words(row: Api) -> Iterator[Line]:
    """Yield, line by line, all that a row says besides its names, its kind and its source."""
    for field in Facts.__struct_fields__:
        value = getattr(row, field)
        if field in {"kind", "source"} or not value:
            continue
        lines = _WORDS[field](row) if field in _WORDS else [str(msgspec.to_builtins(value))]
        yield from _labelled(field.replace("_", " "), lines)
    if row.network and row.timeout is None:
        yield "timeout", "none is asked for"


def summary(row: Api) -> str:
    """Return the most telling facts in a few words."""
    parts: list[str] = [] if row.kind == "function" else [row.kind]
    if row.coroutine:
        parts.append("coroutine")
    if row.blocks:
        parts.append(f"blocks: {row.blocks}")
    if row.network and row.blocks != "network":
        parts.append("network")
    parts += row.effects
    if row.runs or row.decorated:
        parts.append("calls back")
    if row.returns:
        parts.append(f"{'is' if row.kind == 'object' else 'gives'} {_given(row.returns)}")
    return ", ".join(parts)


def _labelled(label: str, lines: list[str]) -> Iterator[Line]:
    for position, line in enumerate(lines):
        yield ("" if position else label), line


def _given(spec: str) -> str:
    return "the object that it belongs to" if spec == "self" else spec


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _timeout(row: Api) -> list[str]:
    timeout = row.timeout
    if timeout is None:
        return []
    what = "all calls of the object" if row.kind == "class" else "the wait"
    if timeout.connects:
        what = "opening the connection, and nothing that is asked over it later"
    lines = [f"`{name}` bounds {what}" for name in (timeout.keyword, *timeout.others) if name]
    if timeout.position >= 0:
        lines.append(f"it may also be the {_ordinal(timeout.position + 1)} positional argument")
    lines.append(f"{'without' if lines else 'of its own'}: {_default(timeout.default)}")
    lines += [f"before version {each.version}: {_default(each.default)}" for each in timeout.before]
    if timeout.keyword and timeout.disabled:
        lines.append(f"for ever with: {_listed(timeout.disabled)}")
    if timeout.carriers:
        carriers = _listed(tuple(_slot(each) for each in timeout.carriers))
        lines.append(f"not judged where one of these is given: {carriers}")
    return lines


def _slot(slot: str) -> str:
    return f"the {_ordinal(int(slot) + 1)} argument" if slot.isdigit() else f"`{slot}`"


def _default(value: float | str) -> str:
    if value == "object":
        return "what the object says whose method it is"
    return "it waits for ever" if value == "none" else f"{value:g} s"


def _bound(row: Api) -> list[str]:
    bound = row.bound
    if bound is None:
        return []
    slots = _listed(tuple(_slot(each) for each in bound.slots))
    which = "the first that is given decides" if bound.first else "one that is not None suffices"
    return [f"as a value it stands for a timeout: {slots}; {which}", f"without any: {_default(bound.default)}"]


def _log(row: Api) -> list[str]:
    log = row.log
    if log is None:
        return []
    level = "of the level in its first argument" if log.level == "argument" else f"of level {log.level}"
    with_it = ", with the traceback" if log.traceback else f", with the traceback if `{log.keyword}` asks for it"
    return [f"writes a line {level}{with_it if log.traceback or log.keyword else ''}"]


def _ordinal(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"


_WORDS: dict[str, Callable[[Any], list[str]]] = {
    "effects": lambda row: [f"{each}: {EFFECTS[each]}" for each in row.effects],
    "returns": lambda row: [_given(row.returns)],
    "coroutine": lambda _: ["nothing happens until its result is awaited"],
    "log": _log,
    "bases": lambda row: [_listed(row.bases)],
    "blocks": lambda row: [f"{row.blocks}: {BLOCKING[row.blocks]}"],
    "unless": lambda row: [f"it does not block with {_listed(row.unless)}"],
    "without": lambda row: [f"it does not block without one of {_listed(tuple(map(_slot, row.without)))}"],
    "leaving": lambda row: [f"at the end of its `with`: {BLOCKING[row.leaving]}"],
    "in_memory": lambda row: [f"the same on a buffer: {BLOCKING[row.in_memory]}"],
    "network": lambda _: ["it waits for another machine"],
    "timeout": _timeout,
    "twin": lambda row: [f"{row.twin} takes the same arguments and does not block"],
    "item": lambda row: [f"iterating or indexing gives {_given(row.item)}"],
    "entered": lambda row: [f"`with` binds {_given(row.entered)}"],
    "through": lambda row: [f"its calls go through {row.through}"],
    "bounded_by": lambda row: [f"these set a bound later: {_listed(row.bounded_by)}"],
    "bound": _bound,
    "runs": lambda row: [f"{_slot(each.slot)} is called {PLACES[each.where]}" for each in row.runs],
    "decorated": lambda row: [f"the function that it decorates runs {PLACES[row.decorated]}"],
    "methods": lambda row: [
        f"a framework calls {_listed(each.names)} of subclasses {PLACES[each.where]}" for each in row.methods
    ],
}
