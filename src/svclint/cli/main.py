"""The entry point, and the one place where a failure becomes a message and an exit code."""

from __future__ import annotations

import sys

import click

from svclint import __version__
from svclint.cli.check import check
from svclint.errors import SvclintError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="svclint %(version)s")
def cli() -> None:
    """Lint Python services: follow calls through the whole program, explain by the path, fix what is safe."""


cli.add_command(check)


def main() -> None:
    """Run the command line of this process and exit with the code that the docs promise."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code: 0 clean, 1 findings, 2 usage or config, 3 svclint broke."""
    try:
        result = cli.main(arguments, prog_name="svclint", standalone_mode=False)
    except SvclintError as error:
        click.echo(f"svclint: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("svclint: interrupted", err=True)
        return 130
    return result if isinstance(result, int) else 0
