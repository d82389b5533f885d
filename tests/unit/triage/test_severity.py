"""The level of a finding."""

from __future__ import annotations

import pytest

from svclint.finding import Severity
from svclint.triage.severity import level

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741


@pytest.mark.parametrize(
    ("expected", "default", "options"),
    [
        (E, E, {}),
        (W, E, {"traits": ("may",)}),
        (I, W, {"traits": ("may",)}),
        (I, I, {"traits": ("may",)}),
        (E, E, {"traits": ("something else",)}),
        (W, E, {"preview": True}),
        (W, I, {"preview": True}),
        (I, E, {"preview": True, "traits": ("may",)}),
        (I, E, {"code": "SVC101", "traits": ("start-up",)}),
        (I, E, {"code": "SVC107", "traits": ("once", "may")}),
        (E, E, {"code": "SVC108", "traits": ("start-up",)}),
        (I, W, {"code": "SVC105", "traits": ("quick",)}),
        (I, E, {"code": "SVC106", "traits": ("console",)}),
        (I, W, {"overrides": (("SVC401", I),)}),
        (W, E, {"overrides": (("SVC401", E),), "traits": ("may",)}),
        (E, W, {"overrides": (("SVC401", E),), "preview": True}),
        (E, W, {"overrides": (("raise-without-from", E), ("SVC4", I), ("SVC", I))}),
        (I, W, {"overrides": (("SVC4", I), ("SVC", E))}),
        (I, W, {"overrides": (("SVC", I), ("SVC5", E))}),
        (I, W, {"overrides": (("ALL", I),)}),
        (E, W, {"overrides": (("ALL", I), ("svc4", E))}),
        (E, W, {"overrides": (("SVC401", I), ("raise-without-from", E))}),
        (I, E, {"code": "SVC103", "overrides": (("SVC103", E),), "traits": ("start-up",)}),
        (W, W, {"overrides": (("SVC405", E),)}),
    ],
)
def test_level(expected: Severity, default: Severity, options: dict) -> None:
    """
    The most specific override replaces the rule's own level, and traits lower what is left.
    """
    assert expected is level(default, **{"code": "SVC401", "name": "raise-without-from", **options})
