"""Options of the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that runs what takes minutes."""
    parser.addoption(
        "--corpus",
        action="store_true",
        help="also run the tests marked `corpus`: over the whole standard library, and the trees in SVCLINT_CORPUS",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it is asked for."""
    if config.getoption("--corpus"):
        return
    kept = [item for item in items if item.get_closest_marker("corpus") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
