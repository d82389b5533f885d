"""What an expression is: references to modules, functions, classes, library APIs and their instances."""

from __future__ import annotations

import msgspec


class Ref(msgspec.Struct, frozen=True, order=True, tag=True, gc=False):
    """The base of all references; they are values: hashable, ordered, digestible."""


class ModuleRef(Ref, frozen=True):
    """A module of the project, by its path relative to the root."""

    module: str


class FunctionRef(Ref, frozen=True):
    """
    A function, method or lambda of the project, by its scope.

    `bound` leading parameters are given already (a method's `self`, a partial's arguments).
    """

    module: str
    scope: int
    bound: int = 0


class ClassRef(Ref, frozen=True):
    """A class of the project, by its scope."""

    module: str
    scope: int


class ApiRef(Ref, frozen=True):
    """Something outside of the project, by its canonical dotted name."""

    name: str


class InstanceRef(Ref, frozen=True):
    """An instance of a class; `exact` says that it can't be one of a subclass, `call` is the call that made it."""

    cls: ClassRef | ApiRef
    exact: bool = False
    call: int = -1


class MethodRef(Ref, frozen=True):
    """A method taken from an instance of a library's class."""

    cls: ApiRef
    name: str

    @property
    def api(self) -> str:
        """The name that the catalogue knows the method by."""
        return f"{self.cls.name}.{self.name}"


class CoroutineRef(Ref, frozen=True):
    """What a call of an async function of the project gives: nothing has run yet."""

    function: FunctionRef


class Targets(msgspec.Struct, frozen=True, gc=False):
    """What an expression can be: sorted references; `open` says that there may be others, unknown."""

    refs: tuple[Ref, ...] = ()
    open: bool = False

    @property
    def apis(self) -> tuple[str, ...]:
        """The library names among the references, methods of instances included."""
        found = []
        for ref in self.refs:
            if isinstance(ref, ApiRef):
                found.append(ref.name)
            elif isinstance(ref, MethodRef):
                found.append(ref.api)
        return tuple(found)


UNKNOWN = Targets((), open=True)
NOTHING = Targets()


def union(parts: list[Targets]) -> Targets:
    """Return what one of several expressions can be."""
    if len(parts) == 1:
        return parts[0]
    refs = {ref for part in parts for ref in part.refs}
    return Targets(tuple(sorted(refs, key=_order)), open=any(part.open for part in parts))


def _order(ref: Ref) -> tuple[str, bytes]:
    return type(ref).__name__, msgspec.msgpack.encode(ref)


def one(ref: Ref) -> Targets:
    """Return the targets of an expression that is just this."""
    return Targets((ref,))
