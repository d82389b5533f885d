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
    """
    Something outside of the project, by its canonical dotted name.

    `given` are the calls (module, position) of `partial` that have bound arguments of it already.
    """

    name: str
    given: tuple[tuple[str, int], ...] = ()


class InstanceRef(Ref, frozen=True):
    """
    An instance of a class; `exact` says that it can't be one of a subclass.

    `call` is the call in `module` that made it, -1 where that is not known. `items` are what it holds, or gives when
    it is awaited or entered, if it is a container, an iterator, an awaitable or a context manager; `parts` the same of
    a tuple, place by place.
    """

    cls: ClassRef | ApiRef
    exact: bool = False
    module: str = ""
    call: int = -1
    items: tuple[Ref, ...] = ()
    parts: tuple[tuple[Ref, ...], ...] = ()


class MethodRef(Ref, frozen=True):
    """A method taken from an instance of a library's class: `owner`, where that is known."""

    cls: ApiRef
    name: str
    owner: InstanceRef | None = None
    given: tuple[tuple[str, int], ...] = ()

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


def called_name(ref: Ref) -> str:
    """Return the catalogue's name of what a reference is when it is called, `""` for what no library defines."""
    match ref:
        case ApiRef(name=name):
            return name
        case MethodRef():
            return ref.api
        case InstanceRef(cls=ApiRef(name=name)):
            return f"{name}.__call__"
        case _:
            return ""


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


_MAX_NESTING = 3


def holding(cls: str, items: tuple[Ref, ...], parts: tuple[tuple[Ref, ...], ...] = ()) -> InstanceRef:
    """Return an instance of a library's container; what its items hold in turn is kept some levels deep only."""
    return InstanceRef(
        ApiRef(cls),
        items=tuple(_flattened(each, _MAX_NESTING) for each in items),
        parts=tuple(tuple(_flattened(each, _MAX_NESTING) for each in part) for part in parts),
    )


def _flattened(ref: Ref, depth: int) -> Ref:
    if not isinstance(ref, InstanceRef) or not (ref.items or ref.parts):
        return ref
    if depth == 0:
        return msgspec.structs.replace(ref, items=(), parts=())
    return msgspec.structs.replace(
        ref,
        items=tuple(_flattened(each, depth - 1) for each in ref.items),
        parts=tuple(tuple(_flattened(each, depth - 1) for each in part) for part in ref.parts),
    )


def one(ref: Ref) -> Targets:
    """Return the targets of an expression that is just this."""
    return Targets((ref,))
