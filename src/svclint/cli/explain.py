"""`svclint explain`: what is known at one line, and why it is a finding or not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from svclint.cli.options import ConfigOptions, config_options
from svclint.cli.streams import write_text
from svclint.errors import UsageError
from svclint.text import LineIndex

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?:?")


@click.command()
@click.argument("place", metavar="FILE:LINE")
@config_options
def explain(**raw: Any) -> None:
    """
    Show what svclint knows at FILE:LINE.

    That is what the names there are, and the verdict on each candidate: a finding, silent because, or unsure because.
    """
    selection = ConfigOptions.taken_from(raw)
    path, line = _place(raw["place"])
    loaded = selection.load((path,))
    from svclint.engine.session import Session  # noqa: PLC0415 - it loads LibCST, usage errors need not

    lines = Session(loaded).explain(path, line)
    write_text("".join(f"{text}\n" for text in lines))


def _place(text: str) -> tuple[str, int]:
    """Split `app/x.py:12`, or what a report says: `app/x.py:12:5`."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise UsageError(f"explain {text}: say which line, as in `app/main.py:12`")
    path, line = str(match["path"]), int(match["line"])
    file = Path(path)
    if not file.is_file():
        raise UsageError(f"explain {text}: there is no file {path}")
    last = len(LineIndex(file.read_bytes()))
    if not 1 <= line <= last:
        raise UsageError(f"explain {text}: {path} has lines 1 to {last}")
    return path, line
