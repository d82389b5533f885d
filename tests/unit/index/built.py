"""Indexes of small texts, and the parts of them that tests look at."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import TYPE_CHECKING

from svclint.index.build import build_index
from svclint.index.values import AWAIT, CALL, CallOf, Literal, Name, is_item

if TYPE_CHECKING:
    from svclint.index.model import Binding, Call, Handler, ModuleIndex, Scope, Stmt
    from svclint.index.values import Value


def index_of(text: str | bytes, path: str = "m.py") -> ModuleIndex:
    """Return the index of a text; one given as `str` is dedented."""
    data = dedent(text).lstrip("\n").encode() if isinstance(text, str) else text
    return build_index(path, data, ast.parse(data))


def scope(index: ModuleIndex, qualname: str) -> Scope:
    """Return the only scope of this qualified name; `""` is the module."""
    found = [each for each in index.scopes if each.qualname == qualname]
    assert len(found) == 1, [each.qualname for each in index.scopes]
    return found[0]


def kinds(index: ModuleIndex, qualname: str) -> dict[str, list[str]]:
    """Return the names that a scope binds, each with the kinds of its bindings in order."""
    return {name: [each.kind.value for each in found] for name, found in scope(index, qualname).bindings.items()}


def read_names(index: ModuleIndex, qualname: str) -> list[str]:
    """Return the names that a scope's own code reads, sorted."""
    return sorted(scope(index, qualname).reads)


def binding(index: ModuleIndex, name: str, qualname: str = "") -> Binding:
    """Return the only binding of a name in a scope."""
    (found,) = scope(index, qualname).bindings[name]
    return found


def call(index: ModuleIndex, chain: str) -> Call:
    """Return the only call of this access path, written as `self.pool[].get().x`."""
    found = [each for each in index.calls if shown(each.chain) == chain]
    assert len(found) == 1, [shown(each.chain) for each in index.calls]
    return found[0]


def handler(index: ModuleIndex) -> Handler:
    """Return the only handler."""
    (found,) = index.handlers
    return found


def stmts(index: ModuleIndex, kind: str) -> list[Stmt]:
    """Return the statements of a kind, in order."""
    return [each for each in index.stmts if each.kind.value == kind]


def shown(chain: tuple[str, ...]) -> str:
    """Return an access path as text."""
    text = chain[0]
    for step in chain[1:]:
        text += step if step == CALL or is_item(step) else f" {step}" if step == AWAIT else f".{step}"
    return text


def brief(index: ModuleIndex, value: Value | None) -> str:
    """Return a value in a few words."""
    match value:
        case None:
            return "nothing"
        case Name(chain=chain):
            return shown(chain)
        case CallOf(call=position):
            return f"{shown(index.calls[position].chain)}()"
        case Literal(kind=kind, text=text):
            return f"{kind} {text}".rstrip()
        case _:
            parts = [brief(index, each) for field in ("operands", "items") for each in getattr(value, field, ())]
            kind = getattr(value, "kind", type(value).__name__.lower())
            return f"{kind}({', '.join(parts)})"
