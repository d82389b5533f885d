"""The few colours of the reports, or none of them."""

from __future__ import annotations

import click

from svclint.finding import Severity

_SEVERITY_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


class Styles:
    """Colours text for a terminal; leaves it alone where no colour is wanted."""

    def __init__(self, *, color: bool) -> None:
        """Decide once, so that no caller has to ask again."""
        self._color = color

    def severity(self, text: str, severity: Severity) -> str:
        """Return `text` in the colour of a level, bold."""
        return self._style(text, fg=_SEVERITY_COLORS[severity], bold=True)

    def rail(self, text: str) -> str:
        """Return the lines and numbers that frame code."""
        return self._style(text, fg="blue", bold=True)

    def mark(self, text: str) -> str:
        """Return the marks under code."""
        return self._style(text, fg="red", bold=True)

    def help(self, text: str) -> str:
        """Return the word that introduces advice."""
        return self._style(text, fg="cyan", bold=True)

    def bold(self, text: str) -> str:
        """Return text that stands out."""
        return self._style(text, bold=True)

    def added(self, text: str) -> str:
        """Return a line that a fix adds."""
        return self._style(text, fg="green")

    def removed(self, text: str) -> str:
        """Return a line that a fix takes away."""
        return self._style(text, fg="red")

    def _style(self, text: str, *, fg: str | None = None, bold: bool = False) -> str:
        return click.style(text, fg=fg, bold=bold or None) if self._color and text else text
