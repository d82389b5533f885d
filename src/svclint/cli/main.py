"""The entry point, and the one place where a failure becomes a message and an exit code."""

from __future__ import annotations

import sys
import tempfile
import traceback
from typing import TYPE_CHECKING

import click

from svclint import __version__
from svclint.cli.catalogue import catalogue
from svclint.cli.check import check
from svclint.cli.config import config
from svclint.cli.explain import explain
from svclint.cli.rules import rule, rules
from svclint.cli.streams import tell
from svclint.errors import InternalError, SvclintError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130  # as shells have it: 128 and the number of the signal


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="svclint %(version)s")
def cli() -> None:
    """Lint Python services: follow calls through the whole program, show the path, fix what can be fixed safely."""


for _command in (check, rule, rules, config, explain, catalogue):
    cli.add_command(_command)


def main() -> None:
    """Run the command line of this process, and end it with the exit code of `run`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """
    Run one command line and return its exit code.

    0: nothing at or above `--fail-on`; 1: findings; 2: wrong usage or configuration; 3: something of svclint's own
    broke; 130: interrupted.
    """
    try:
        result = cli.main(list(arguments), prog_name="svclint", standalone_mode=False)
    except SvclintError as error:
        for line in str(error).splitlines():
            tell(f"svclint: {line}")
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return UsageError.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell("svclint: interrupted")
        return _INTERRUPTED
    except Exception as error:
        tell(f"svclint: this is a bug in svclint: {type(error).__name__}: {error}")
        tell(f"svclint: please report it, with {_log(error)}")
        return InternalError.exit_code
    return result if isinstance(result, int) else 0


def _log(error: Exception) -> str:
    """Write the traceback to a file and return its name, or the traceback itself where no file can be made."""
    text = f"svclint {__version__}, Python {sys.version}\n{''.join(traceback.format_exception(error))}"
    try:
        with tempfile.NamedTemporaryFile("w", prefix="svclint-", suffix=".log", delete=False, encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return text  # there is nowhere to write it: it is shown instead
    return file.name
