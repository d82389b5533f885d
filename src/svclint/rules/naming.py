"""How messages name what a call calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svclint.rules.api import FileContext


def shown_api(ctx: FileContext, api: str) -> str:
    """Return an API as messages name it; of an object that is called, what stands in the code says more."""
    if api.endswith(".__call__"):
        return ".".join(step for step in ctx.call.chain if step.isidentifier()) or api.removesuffix(".__call__")
    return api.removeprefix("builtins.")
