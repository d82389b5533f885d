"""Where text goes: the report to stdout, all else to stderr, and neither with a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

from svclint.errors import SvclintError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(data: bytes) -> None:
    """
    Write bytes to stdout as they are; a reader that has gone away (`| head`), or none at all, is no error.

    Raises SvclintError when they can't be written for another reason, such as a full disk.
    """
    stream = sys.stdout
    if stream is None:  # closed before we started: `>&-`
        return
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends; what is left has to go somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError as error:
        raise SvclintError(f"can't write to stdout: {error.strerror}") from error


def write_text(text: str) -> None:
    """Write text for people to stdout, in its encoding; what that lacks is escaped. Raises as `write` does."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    write(text.encode(encoding, "backslashreplace"))


def tell(text: str) -> None:
    """Write a line for people to stderr; when nobody can read it there, it is lost."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def wants_color(choice: str, stream: TextIO | None, environ: Mapping[str, str] = os.environ) -> bool:
    """
    Return whether what goes to `stream` is coloured: as `--color` says, and for `auto` as the terminal can.

    NO_COLOR goes before FORCE_COLOR, as https://no-color.org asks: who sets it can't read colours.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR", ""):
        return False
    if environ.get("FORCE_COLOR", ""):
        return True
    return stream is not None and stream.isatty() and environ.get("TERM") != "dumb"
