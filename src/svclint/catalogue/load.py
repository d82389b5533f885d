"""Reads the catalogue's files once and answers by name."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from svclint.catalogue.model import Api, Facts, Library, Words
from svclint.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Catalogue:
    """The rows of all libraries, by canonical name and by alias."""

    def __init__(self, libraries: Mapping[str, Library], words: Words) -> None:
        """
        Expand groups and aliases of the libraries, which come by the names of their files.

        Raises `InternalError` for a name that is described twice.
        """
        self.words = words
        self.rows: dict[str, Api] = {}
        self.files: dict[str, str] = {}
        self.own: frozenset[str] = frozenset()
        """The names that the user's rows describe."""
        self._aliases: dict[str, str] = {}
        self._lasts: dict[str, frozenset[str]] = {}
        self._effects: dict[str, frozenset[str]] = {}
        self._members: dict[str, Api | None] = {}
        for file, library in libraries.items():
            for row in spelled_out(library):
                if row.name in self.rows:
                    raise InternalError(f"catalogue: {row.name} is described twice (again in {file})")
                self.rows[row.name] = row
                self.files[row.name] = file
                self._aliases.update(dict.fromkeys(row.aliases, row.name))

    def extended(self, own: Iterable[tuple[str, Api]]) -> Catalogue:
        """
        Return a catalogue with a user's rows, each with its file, laid over these.

        A row takes the place of the one that describes the same API under whatever name; the other names stay names
        of it.
        """
        laid = Catalogue({}, self.words)
        laid.rows, laid.files, laid._aliases = self.rows.copy(), self.files.copy(), self._aliases.copy()
        names = set()
        for file, row in own:
            name = self.canonical(row.name)
            others = {row.name, *(self.canonical(alias) for alias in row.aliases)} - {name}
            for other in others:
                laid.rows.pop(other, None)
            # What was another name of one of them is another name of this.
            aliases = [alias for alias, of in laid._aliases.items() if of == name or of in others]
            aliases = dict.fromkeys([*aliases, *row.aliases, *sorted(others)])
            laid.rows[name] = msgspec.structs.replace(row, name=name, aliases=tuple(aliases))
            laid.files[name] = file
            laid._aliases.update(dict.fromkeys(aliases, name))
            names.add(name)
        laid.own = frozenset(names)
        return laid

    def names(self) -> list[str]:
        """Return all names that are known, other names of the same API among them."""
        return sorted({*self.rows, *self._aliases})

    def canonical(self, name: str) -> str:
        """Return the canonical name of an API, also for a member of an aliased class or module."""
        if name in self.rows:
            return name
        head, tail = name, ""
        while head:
            known = self._aliases.get(head)
            if known is not None:
                return known + tail
            head, _, last = head.rpartition(".")
            tail = f".{last}{tail}"
        return name

    def get(self, name: str) -> Api | None:
        """Return what is known of a canonical name; a method is looked for in the base classes too."""
        row = self.rows.get(name)
        if row is not None:
            return row
        found = self._members.get(name)
        if found is None and name not in self._members:
            found = self._members[name] = self._member(name)
        return found

    def _member(self, name: str) -> Api | None:
        """Return the row of a method: the class's own, of its bases, or what stands for all methods of one of them."""
        owner, _, member = name.rpartition(".")
        cls = self.rows.get(owner)
        if cls is None:
            return self.rows.get(f"{owner}.*")
        if cls.kind == "function":
            return None
        lines = [self.rows.get(f"{base}.{last}") for last in (member, "*") for base in self.bases(owner)]
        return next((row for row in lines if row is not None), None)

    def effects(self, name: str) -> frozenset[str]:
        """Return the effects of an API, none for an unknown one."""
        found = self._effects.get(name)
        if found is None:
            row = self.get(name)
            found = self._effects[name] = frozenset(row.effects if row is not None else ())
        return found

    def has(self, name: str, effect: str) -> bool:
        """Whether an API has an effect."""
        return effect in self.effects(name)

    def libraries_of(self, effect: str) -> frozenset[str]:
        """Return the top-level modules that have an API with an effect."""
        return frozenset(name.partition(".")[0] for name, row in self.rows.items() if effect in row.effects)

    def last_names(self, effect: str) -> frozenset[str]:
        """Return the last parts of the names that have an effect."""
        found = self._lasts.get(effect)
        if found is None:
            found = frozenset(name.rpartition(".")[2] for name, row in self.rows.items() if effect in row.effects)
            self._lasts[effect] = found
        return found

    def is_class(self, name: str) -> bool:
        """Whether a name is that of a known class."""
        row = self.rows.get(name)
        return row is not None and row.kind == "class"

    def blocks_later(self, cls: str) -> bool:
        """Whether a class has methods that block."""
        return cls in self._blocking_classes

    @functools.cached_property
    def _blocking_classes(self) -> frozenset[str]:
        return frozenset(name.rpartition(".")[0] for name, row in self.rows.items() if row.blocks)

    @functools.cached_property
    def last_callers(self) -> frozenset[str]:
        """The last parts of the names of APIs that call back what they are given."""
        return frozenset(name.rpartition(".")[2] for name, row in self.rows.items() if row.runs)

    def bases(self, name: str) -> tuple[str, ...]:
        """Return an exception's or a class's known ancestors, itself first."""
        found = [name]
        for each in found:
            row = self.rows.get(each)
            found.extend(base for base in (row.bases if row else ()) if base not in found)
        return tuple(found)


def spelled_out(library: Library) -> Iterable[Api]:
    """Return a library's rows with its groups spelled out."""
    for row in library.api:
        yield row if row.source else msgspec.structs.replace(row, source=library.source)
    for group in library.group:
        facts = {field: getattr(group, field) for field in Facts.__struct_fields__}
        facts["source"] = group.source or library.source
        for name in group.names:
            yield Api(name=f"{group.owner}.{name}", **facts)


@functools.cache
def builtin_catalogue() -> Catalogue:
    """Return the catalogue that ships with svclint; raise `InternalError` for a file that breaks the schema."""
    folder = resources.files("svclint.catalogue") / "data"
    libraries = {}
    words = None
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if not entry.name.endswith(".toml"):
            continue
        try:
            if entry.name == "words.toml":
                words = msgspec.toml.decode(entry.read_bytes(), type=Words)
            else:
                libraries[entry.name] = msgspec.toml.decode(entry.read_bytes(), type=Library)
        except msgspec.DecodeError as e:
            raise InternalError(f"catalogue/data/{entry.name}: {e}") from e
    if words is None:
        raise InternalError("catalogue/data/words.toml is missing")
    return Catalogue(libraries, words)


@functools.lru_cache(maxsize=1)
def catalogue_with(own: tuple[tuple[str, Api], ...]) -> Catalogue:
    """Return the catalogue that ships with svclint with a user's rows, each with its file, laid over it."""
    return builtin_catalogue().extended(own) if own else builtin_catalogue()
