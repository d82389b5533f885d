"""Which scope a name belongs to: what Python's own compiler says, svclint says."""

from __future__ import annotations

import symtable
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings

from svclint.index.build import build_index
from svclint.program.link.module import Module
from svclint.text import LineIndex
from tests.corpus import sample
from tests.unit.program.generated_code import modules

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="since PEP 709 symtable does not show every comprehension"
)
ALLOWED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


_NAMES = {"lambda": "<lambda>", **dict.fromkeys(("listcomp", "setcomp", "dictcomp", "genexpr"), "<comprehension>")}


def _key(module: Module, lines: LineIndex, scope: int) -> tuple[int, str]:
    """Return what Python also knows of a scope: it visits the parts of a statement in another order than svclint."""
    data = module.index.scopes[scope]
    return lines.line_number(data.start), data.name if data.name in _NAMES.values() else "def"


def _pairs(
    module: Module, lines: LineIndex, table: symtable.SymbolTable
) -> list[tuple[int, symtable.SymbolTable, list]]:
    """Return each scope with Python's table of it, and the tables around that, innermost last."""
    found = []

    def walk(scope: int, own: symtable.SymbolTable, around: list[symtable.SymbolTable]) -> None:
        found.append((scope, own, around))
        below = sorted(module.inner_scopes.get(scope, []), key=lambda each: _key(module, lines, each))
        children = sorted(own.get_children(), key=lambda each: (each.get_lineno(), _NAMES.get(each.get_name(), "def")))
        for inner, child in zip(below, children, strict=True):
            walk(inner, child, [*around, own])

    walk(0, table, [])
    return found


def _differences(text: str) -> list[str]:
    import ast

    data = text.encode()
    table = symtable.symtable(text, "m.py", "exec")
    module = Module(build_index("m.py", data, ast.parse(data)))
    pairs = _pairs(module, LineIndex(data), table)
    scopes = {own: scope for scope, own, _ in pairs}
    written = {
        symbol.get_name()
        for _, own, _ in pairs
        for symbol in own.get_symbols()
        if symbol.is_declared_global() or (own is table and (symbol.is_assigned() or symbol.is_imported()))
    }
    found = []
    for scope, own, around in pairs:
        reads = module.index.scopes[scope].reads
        known = set(own.get_identifiers())
        read = {name for name in known if own.lookup(name).is_referenced() and not name.startswith((".", "__"))}
        found.extend(f"{name} is not read in scope {scope} ({own.get_name()})" for name in sorted(read - set(reads)))
        for name in sorted(set(reads) & known):  # quoted annotations read names that Python does not know of
            symbol = own.lookup(name)
            if symbol.is_free():
                owner = next(
                    each
                    for each in reversed(around)
                    if each.get_type() == "function"
                    and name in each.get_identifiers()
                    and each.lookup(name).is_local()
                    and not each.lookup(name).is_free()
                )
                expected = scopes[owner]
            elif symbol.is_global() or own is table:
                expected = 0 if name in written else -1
            else:
                expected = scope
            if expected != module.home(scope, name):
                found.append(f"{name} in scope {scope} ({own.get_name()}): {expected} != {module.home(scope, name)}")
    return found


@settings(max_examples=60, suppress_health_check=ALLOWED, deadline=None)
@given(modules())
def test_python_and_svclint_find_the_same_scope(text: str) -> None:
    """For every name read anywhere in a generated module."""
    try:
        compile(text, "m.py", "exec")
    except SyntaxError:
        assume(False)

    assert [] == _differences(text), text


def test_python_and_svclint_find_the_same_scope_in_real_code() -> None:
    """Over a sample of the standard library."""
    found = {}
    for path in sample(25, seed=4):
        text = path.read_text(encoding="utf-8", errors="replace")
        if differences := _differences(text):
            found[path.name] = differences

    assert {} == found
