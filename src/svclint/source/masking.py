"""From text to a stdlib `ast`, also where the code is newer than the interpreter that runs svclint."""

from __future__ import annotations

import ast
import warnings

from svclint.source.mask_client import MaskingProcess
from svclint.source.model import Construct, MaskedSpan, Parsed, Source, Unreadable

__all__ = ["Construct", "MaskedSpan", "Parsed", "parse"]

MASKING_LIMIT = 1024 * 1024
"""Bytes; LibCST's tree takes a thousand times as much memory."""

_process = MaskingProcess()
"""The one thing of svclint's that lives as long as the process: to start it costs more than to parse ten files."""


def parse(source: Source) -> Parsed | Unreadable:
    """
    Parse a file; what this interpreter's own parser refuses is masked, if it is newer syntax.

    Masking costs some twenty times what parsing costs, and a second at its first use in a process.
    """
    try:
        return Parsed(tree=_tree(source.text), data=source.data)
    except SyntaxError as error:
        return _parse_masked(source, error)
    except (RecursionError, MemoryError):
        return Unreadable(path=source.path, reason="nested too deeply")
    except ValueError as error:
        return Unreadable(path=source.path, reason=str(error))


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # What the linted code would be warned of at its own start is no matter for this run's stderr.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _parse_masked(source: Source, error: SyntaxError) -> Parsed | Unreadable:
    """Parse what the interpreter has refused with `error`."""
    if len(source.data) > MASKING_LIMIT:
        return _refused(source, error, "too large to look for newer syntax")
    reply = _process.mask(source.data)
    if reply.data is None:
        further = reply.line > (error.lineno or 0) + 1 and "never closed" not in error.msg
        if further:
            return Unreadable(path=source.path, reason="invalid syntax", line=reply.line)
        return _refused(source, error, reply.failure)
    if not reply.spans:
        return _refused(source, error)
    try:
        return Parsed(tree=_tree(reply.data.decode("utf-8")), data=reply.data, masked=reply.spans)
    except SyntaxError as remaining:
        return _refused(source, remaining)
    except (RecursionError, MemoryError):
        return Unreadable(path=source.path, reason="nested too deeply")


def _refused(source: Source, error: SyntaxError, failure: str = "") -> Unreadable:
    """Tell a syntax error; `failure` is why it could not be found out whether it is newer syntax."""
    reason = f"{error.msg} ({failure})" if failure else error.msg
    return Unreadable(path=source.path, reason=reason, line=error.lineno or 0, column=max(error.offset or 0, 0))
