"""What a dotted name is among the installed libraries, and what it can be called with."""

from __future__ import annotations

import dis
import importlib
import inspect
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class MissingError(Exception):
    """There is no such name; the text says where the search ended."""


class OnInstances:
    """An attribute that a class promises to its instances, by an annotation or by assigning it."""


def find(name: str) -> tuple[Any, Any]:
    """Return the object of a dotted name, and the class or module that holds it; raise `MissingError`."""
    parts = name.split(".")
    if _module(parts[0]) is None:
        raise MissingError(f"no module {parts[0]}")
    try:
        found, owner = _walk(_module(parts[0]), parts[:1], parts[1:])
    except MissingError:
        # A function may hide the module that it stands in, and is named like: `dramatiq.actor`.
        end = next(end for end in range(len(parts), 0, -1) if _module(".".join(parts[:end])) is not None)
        found, owner = _walk(_module(".".join(parts[:end])), parts[:end], parts[end:])
    if not callable(found) and hasattr(type(found), "__get__"):
        found = OnInstances  # a property, or something like it
    return found, owner


def _walk(found: Any, path: list[str], parts: list[str]) -> tuple[Any, Any]:
    owner = found
    for i, part in enumerate(parts):
        if found is OnInstances:
            raise MissingError(f"what {part} is an attribute of is known at run time only")
        owner = found
        try:
            found = getattr(owner, part)
        except AttributeError:
            module = _module(".".join([*path, *parts[: i + 1]])) if isinstance(owner, ModuleType) else None
            if module is None and not (isinstance(owner, type) and _on_instances(owner, part)):
                raise MissingError(f"{owner!r} has no {part}") from None
            found = module or OnInstances
    return found, owner


def _on_instances(cls: type, attribute: str) -> bool:
    """Whether instances have an attribute that the class has not, or subclasses have it."""
    return attribute in promised(cls) or any(hasattr(each, attribute) for each in _subclasses(cls))


def _subclasses(cls: type) -> Iterator[type]:
    for each in type.__subclasses__(cls):
        yield each
        yield from _subclasses(each)


@cache
def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


@cache
def promised(cls: type) -> frozenset[str]:
    """Return the attributes that a class's annotations, slots and assignments name, its bases' too."""
    found: set[str] = set()
    for each in cls.__mro__[:-1]:
        found.update(inspect.get_annotations(each))
        slots = each.__dict__.get("__slots__", ())
        found.update((slots,) if isinstance(slots, str) else slots)
        functions = (inspect.unwrap(held) for held in vars(each).values() if inspect.isroutine(held))
        for function in filter(inspect.isfunction, functions):
            found.update(line.argval for line in dis.get_instructions(function) if line.opname == "STORE_ATTR")
    return frozenset(found)


class Signature:
    """The arguments of a call as its caller sees them: without `self`."""

    def __init__(self, function: Any, owner: Any) -> None:
        """Raise `ValueError` or `TypeError` where none can be read."""
        parameters = list(inspect.signature(function).parameters.values())
        if isinstance(owner, type) and not isinstance(function, type) and not _is_bound(function, owner):
            parameters = parameters[1:] if parameters and parameters[0].kind in POSITIONAL else parameters
        self.names = {each.name for each in parameters if each.kind not in VARIADIC}
        self.positional = [each.name for each in parameters if each.kind in POSITIONAL]
        self.defaults = {each.name: each.default for each in parameters}
        self.any_keyword = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters)
        self.any_position = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters)

    def takes(self, slot: str) -> bool:
        """Whether there is an argument of this keyword, or at this position (digits)."""
        if slot.isdigit():
            return self.any_position or int(slot) < len(self.positional)
        return self.any_keyword or slot in self.names


POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _is_bound(function: Any, owner: type) -> bool:
    held = inspect.getattr_static(owner, getattr(function, "__name__", ""), None)
    return isinstance(held, staticmethod | classmethod) or getattr(function, "__self__", None) is not None
