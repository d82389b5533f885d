"""`svclint catalogue`: what is known of an API, and where that comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svclint.catalogue.load import builtin_catalogue, catalogue_with
from svclint.catalogue.wording import in_words, summary
from svclint.cli.options import ConfigOptions, config_options
from svclint.cli.streams import write_text
from svclint.config.apis import place_of_row
from svclint.config.problems import did_you_mean
from svclint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svclint.catalogue.load import Catalogue
    from svclint.catalogue.model import Api

_MOST = 40  # lines of a list that nobody asked to be complete
_HOW_TO = "; a table [[tool.svclint.api]] of your pyproject.toml can describe it"


@click.command()
@click.argument("name")
@click.option("--all", "every", is_flag=True, help="List everything below NAME, however much there is.")
@config_options
def catalogue(name: str, *, every: bool, **raw: Any) -> None:
    """
    Show what svclint knows of a library's API.

    NAME is a dotted path, such as redis.Redis.get. Of a module or class, what is known below it is listed too.
    """
    loaded = ConfigOptions.taken_from(raw).load((".",))
    known = catalogue_with(loaded.own_rows)
    lines = list(_lines(known, name.removesuffix("()"), every=every))
    write_text("".join(f"{line}\n" for line in lines))


def _lines(known: Catalogue, name: str, *, every: bool) -> Iterator[str]:
    canonical = known.canonical(name)
    row = known.get(canonical)
    below = _below(known, canonical) or _below(known, name)
    if row is None and not below:
        raise UsageError(f"catalogue: nothing is known of {name}{did_you_mean(name, known.names()) or _HOW_TO}")
    yield name
    if row is not None:
        facts = [*_which(known, name, canonical, row), *in_words(row), *_origins(known, row)]
        width = max(len(label) for label, _ in facts)
        yield from (f"  {label:<{width}}  {text}".rstrip() for label, text in facts)
    if below:
        yield f"  {len(below)} {'name' if len(below) == 1 else 'names'} below:"
        yield from (f"    {line}" for line in _listed(known, canonical if row else name, below, every=every))


def _which(known: Catalogue, name: str, canonical: str, row: Api) -> Iterator[tuple[str, str]]:
    """Say which row speaks for a name, where it is not its own."""
    if canonical != name:
        yield "name", f"{canonical}, of which this is another name"
    if row.name != canonical:
        owner = row.name.rpartition(".")[0]
        inherited = owner != canonical.rpartition(".")[0]
        yield "row", f"{row.name}{', inherited' if inherited else ''}{_star(row)}"
    others = [alias for alias in row.aliases if alias != name]
    if others and row.name == canonical:
        yield "aliases", ", ".join(others)
    yield "kind", _kind(known, row)
    own_bases = [base for base in known.bases(row.name)[1:] if base not in row.bases]
    if own_bases:
        yield "ancestors", ", ".join(own_bases)


def _kind(known: Catalogue, row: Api) -> str:
    owner = known.rows.get(row.name.rpartition(".")[0])
    is_method = row.kind == "function" and owner is not None and owner.kind in {"class", "exception"}
    return "method" if is_method else row.kind


def _star(row: Api) -> str:
    return ", which stands for all that have no row of their own" if row.name.endswith(".*") else ""


def _origins(known: Catalogue, row: Api) -> Iterator[tuple[str, str]]:
    yield "source", row.source
    file = known.files[row.name]
    if row.name not in known.own:
        yield "file", f"{file}, which comes with svclint"
        return
    yield "file", _own_place(row, file)
    builtin = builtin_catalogue().files.get(row.name)
    if builtin is not None:
        yield "", f"instead of what svclint says itself, in {builtin}"


def _own_place(row: Api, file: str) -> str:
    """Return file and line of a row of the user, which may stand there under another name than the canonical one."""
    if not Path(file).is_absolute():
        return file
    places = (place_of_row(file, name) for name in (row.name, *row.aliases))
    return next((place for place in places if place.rpartition(":")[2].isdigit()), file)


def _below(known: Catalogue, name: str) -> list[str]:
    return [each for each in known.names() if each.startswith(f"{name}.")]


def _listed(known: Catalogue, prefix: str, names: Sequence[str], *, every: bool) -> Iterator[str]:
    if every or len(names) <= _MOST:
        yield from _table((name, _summary(known, name)) for name in names)
        return
    children: dict[str, int] = {}
    for name in names:
        child = ".".join(name.split(".")[: prefix.count(".") + 2])
        children[child] = children.get(child, 0) + (child != name)
    rows = [(name, _with_count(_summary(known, name), count)) for name, count in children.items()]
    yield from _table(rows[:_MOST])
    more = f"{len(rows) - _MOST} more here, and " if len(rows) > _MOST else ""
    yield f"({more}all {len(names)} with --all)"


def _summary(known: Catalogue, name: str) -> str:
    row = known.rows.get(name)
    if row is not None:
        return summary(row)
    canonical = known.canonical(name)
    return f"= {canonical}" if canonical != name else ""


def _with_count(text: str, count: int) -> str:
    return ", ".join(each for each in (text, f"{count} below" if count else "") if each)


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(rows)
    width = max(len(name) for name, _ in listed)
    yield from (f"{name:<{width}}  {text}".rstrip() for name, text in listed)
