"""`svclint rule` and `svclint rules`: what the rules are and what they say of themselves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from svclint.cli.options import color_option
from svclint.cli.streams import wants_color, write_text
from svclint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svclint.rules.api import Rule


@click.command()
@click.argument("which", metavar="CODE|NAME", required=False)
@click.option("--all", "every", is_flag=True, help="Show all pages.")
@color_option
def rule(which: str | None, color: str, *, every: bool) -> None:
    """
    Show the page of a rule.

    It says what is wrong, with examples, what the rule can't know, and whether its fix is safe.
    """
    if every == (which is not None):
        raise UsageError("name one rule, by code or name, or say --all")
    from svclint.rules import docs, registry  # noqa: PLC0415 - rules load LibCST, usage errors need not

    chosen = registry.RULES if which is None else (registry.find(which),)
    pages = "\n\n".join(docs.page(each).strip() for each in chosen) + "\n"
    write_text(_drawn(pages) if wants_color(color, sys.stdout) else pages)


@click.command()
@click.option("--markdown", is_flag=True, help="Write the whole of rules.md.")
def rules(*, markdown: bool) -> None:
    """List the rules."""
    from svclint.rules import docs, registry  # noqa: PLC0415 - rules load LibCST, usage errors need not

    write_text(docs.markdown() if markdown else _table(registry.RULES))


def _drawn(markdown: str) -> str:
    from rich.console import Console  # noqa: PLC0415 - rich is for terminals only
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console(force_terminal=True)
    with console.capture() as capture:
        console.print(Markdown(markdown))
    return capture.get()


def _table(listed: Sequence[type[Rule]]) -> str:
    rows = [("code", "name", "level", "fix", "since")]
    for each in listed:
        meta = each.meta
        level = f"{meta.severity} (preview)" if meta.preview else str(meta.severity)
        rows.append((meta.code, meta.name, level, str(meta.fix or "-"), meta.since))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)
