"""What a user did wrong or must know: every error that ends a run, with its exit code."""

from __future__ import annotations


class SvclintError(Exception):
    """
    A failure that is told to the user in one message and without a traceback.

    The message says what is wrong, where (`file:line` when there is a file), and what to do about it.
    """

    exit_code = 2


class UsageError(SvclintError):
    """The command line asks for something that can't be done."""


class ConfigError(SvclintError):
    """The configuration can't be read, or says something that svclint does not know."""


class InternalError(SvclintError):
    """Something of svclint's own broke; what was found so far is still reported."""

    exit_code = 3
