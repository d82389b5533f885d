"""All rules, checked when they are first asked for, and selected by code, name or family."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import libcst as cst

from svclint.config.load import locate
from svclint.config.settings import did_you_mean
from svclint.errors import ConfigError, InternalError, UsageError
from svclint.rules import errors, housekeeping, loop, timeouts

if TYPE_CHECKING:
    from svclint.config.model import Config
    from svclint.rules.api import Rule

RULES: tuple[type[Rule], ...] = tuple(
    sorted((*loop.RULES, *timeouts.RULES, *errors.RULES, *housekeeping.RULES), key=lambda rule: rule.meta.code)
)


def validate() -> None:
    """Raise `InternalError` for a wrong declaration: codes and names are unique, visitors name real nodes."""
    seen: set[str] = set()
    for rule in RULES:
        for key in (rule.meta.code, rule.meta.name):
            if key in seen:
                raise InternalError(f"{rule.__name__}: {key} is taken")
            seen.add(key)
        for method in vars(rule):
            if method.startswith("visit_") and not hasattr(cst, method.removeprefix("visit_")):
                raise InternalError(f"{rule.__name__}.{method}: LibCST has no such node")


def names() -> dict[str, str]:
    """Return the codes by name."""
    return {rule.meta.name: rule.meta.code for rule in RULES}


def find(wanted: str) -> type[Rule]:
    """Return a rule by its code or name; raise `UsageError` for any other word."""
    for rule in RULES:
        if wanted.lower() in {rule.meta.code.lower(), rule.meta.name}:
            return rule
    known = [word for rule in RULES for word in (rule.meta.code, rule.meta.name)]
    raise UsageError(f"there is no rule {wanted!r}{did_you_mean(wanted, known)}; `svclint rule --all` lists them")


def enabled(config: Config) -> frozenset[str]:
    """
    Return the codes that a configuration switches on.

    A later, or a finer, selector wins; preview rules need `preview` or their full code. Raises `ConfigError` for a
    selector that names no rule.
    """
    for key, selectors in (
        ("select", config.select),
        ("extend-select", config.extend_select),
        ("ignore", config.ignore),
    ):
        for selector in selectors:
            codes_of(selector, config, key)
    return frozenset(rule.meta.code for rule in RULES if _is_enabled(rule, config))


def _is_enabled(rule: type[Rule], config: Config) -> bool:
    code, name = rule.meta.code, rule.meta.name
    chosen = [
        len(each) if each != name else len(code)
        for each in (*config.select, *config.extend_select)
        if _names(each, code, name)
    ]
    dropped = [len(each) if each != name else len(code) for each in config.ignore if _names(each, code, name)]
    if not chosen or max(chosen) <= max(dropped, default=0):
        return False
    if rule.meta.preview and not config.preview:
        return max(chosen) == len(code)
    return code != "SVC902" or config.require_reason


def _names(selector: str, code: str, name: str) -> bool:
    return selector == name or selector.upper() == "ALL" or code.startswith(selector.upper())


def codes_of(selector: str, config: Config, key: str) -> frozenset[str]:
    """Return the codes that one selector means; raise `ConfigError`, with its place, where it means none."""
    found = frozenset(rule.meta.code for rule in RULES if _names(selector, rule.meta.code, rule.meta.name))
    if not found:
        known = [word for rule in RULES for word in (rule.meta.code, rule.meta.name)]
        where = locate(config, key, selector)
        raise ConfigError(f"{where}: {key}: there is no rule {selector!r}{did_you_mean(selector, known)}")
    return found


@functools.cache
def handlers(codes: frozenset[str]) -> dict[str, tuple[Rule, ...]]:
    """Return the enabled rules that visit nodes, one object each, by `visit_` method."""
    validate()
    table: dict[str, list[Rule]] = {}
    for rule in RULES:
        if rule.meta.code in codes:
            instance = rule()
            for method in vars(rule):
                if method.startswith("visit_"):
                    table.setdefault(method, []).append(instance)
    return {method: tuple(found) for method, found in table.items()}
