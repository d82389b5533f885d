"""Globs of the configuration, read as ruff reads them, so that one list serves both tools."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from svclint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TOKEN = re.compile(
    r"""
      (?P<around>/\*\*(?=/))  # the second slash stays: it may open the next one
    | (?P<head>\A\*\*/)
    | (?P<tail>/\*\*\Z)
    | (?P<star>\*+)
    | (?P<any>\?)
    | \[(?P<negated>[!^]?)(?P<set>\]?[^\]]*)\]
    | (?P<open>\{) | (?P<comma>,) | (?P<close>\})
    | \\(?P<escaped>.)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Globs:
    """
    A set of globs, relative to one folder.

    A glob without a slash matches a file's or folder's name at any depth; every glob also matches the path below the
    folder. As in ruff, `*` and `?` do match slashes (`app/*.py` is also `app/x/y.py`), `**` stands for any number of
    folders, `[ab]`, `[!ab]` and `{a,b}` work as in a shell, and there is no negation.
    """

    def __init__(self, patterns: Sequence[str], root: str) -> None:
        """
        Compile `patterns`, which are relative to the absolute folder `root` unless they are absolute themselves.

        Raises:
            ConfigError: a bracket or brace is not closed.

        """
        names: list[str] = []
        paths: list[str] = []
        for pattern in patterns:
            regex = translate(pattern)
            if "/" not in pattern:
                names.append(regex)
            cleaned = posixpath.normpath(pattern)
            if cleaned.startswith("/"):
                paths.append(translate(cleaned))
            else:
                paths.append(re.escape(root.rstrip("/") + "/") + translate(cleaned))
        self._name = _union(names)
        self._path = _union(paths)

    def match(self, path: str, name: str) -> bool:
        """Tell whether a glob matches the absolute `path`, or `name`, its last part."""
        return self._name(name) is not None or self._path(path) is not None


def translate(pattern: str) -> str:
    """
    Return a regular expression, for `fullmatch`, of one glob.

    Raises:
        ConfigError: a bracket or brace is not closed.

    """
    parts: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(pattern):
        kind, text = match.lastgroup, match.group()
        if kind == "open":
            depth += 1
            parts.append("(?:")
        elif kind == "close" and depth:
            depth -= 1
            parts.append(")")
        elif kind == "comma" and depth:
            parts.append("|")
        elif kind == "set":
            parts.append(_character_class(match.group("set"), negated=bool(match.group("negated"))))
        elif text == "[":
            raise ConfigError(f"glob {pattern!r}: unclosed '['; write [[] for the character itself")
        elif kind == "escaped":
            parts.append(re.escape(match.group("escaped")))
        else:
            parts.append(_WILD.get(kind or "") or re.escape(text))
    if depth:
        raise ConfigError(f"glob {pattern!r}: unclosed '{{'; write [{{] for the character itself")
    return "".join(parts)


_WILD = {"around": "(?:/.*)?", "head": "(?:.*/)?", "tail": "/.*", "star": ".*", "any": "."}


def _character_class(members: str, *, negated: bool) -> str:
    inner = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
    return f"[{'^' if negated else ''}{inner}]"


def _union(regexes: list[str]) -> Callable[[str], re.Match[str] | None]:
    """Return one matcher for all: one call of the regex engine for each file, however many globs there are."""
    return re.compile("|".join(f"(?:{regex})" for regex in regexes) or r"(?!)", re.DOTALL).fullmatch
