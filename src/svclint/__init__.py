"""svclint: a linter for Python service code that follows calls through the whole program."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
