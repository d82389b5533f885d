"""Programs made of small texts, and short words for what their names are."""

from __future__ import annotations

import ast
import re
from textwrap import dedent
from typing import TYPE_CHECKING

from svclint.catalogue.load import builtin_catalogue
from svclint.config.model import Config
from svclint.index.build import build_index
from svclint.program.link.refs import (
    ApiRef,
    ClassRef,
    CoroutineRef,
    FunctionRef,
    InstanceRef,
    MethodRef,
    ModuleRef,
)
from svclint.program.program import Program

if TYPE_CHECKING:
    from svclint.program.link.refs import Ref, Targets

_STEP = re.compile(r"\(\)|\[\]|[^.()\[\] ]+")


def program(files: dict[str, str], **config: object) -> Program:
    """Return the program of some files, given as path and text; texts are dedented."""
    indexes = []
    for path, text in files.items():
        data = dedent(text).lstrip("\n").encode()
        indexes.append(build_index(path, data, ast.parse(data)))
    return Program(indexes, Config(root="/project", **config), builtin_catalogue())


def scope_of(made: Program, path: str, qualname: str) -> int:
    """Return the position of the scope with this qualified name; `""` is the module."""
    (found,) = [at for at, each in enumerate(made.modules[path].index.scopes) if each.qualname == qualname]
    return found


def what(made: Program, path: str, expression: str, qualname: str = "") -> str:
    """Return what an access path (`self.pool.get()`) is at the end of a scope."""
    scope = scope_of(made, path, qualname)
    chain = tuple(_STEP.findall(expression))
    return shown(made, made.names.resolve(path, scope, chain, made.modules[path].index.scopes[scope].end))


def called(made: Program, path: str, callee: str) -> str:
    """Return what the only call with this access path calls."""
    chain = tuple(_STEP.findall(callee))
    (position,) = [at for at, each in enumerate(made.modules[path].index.calls) if each.chain == chain]
    return shown(made, made.names.callee(path, position))


def marked(made: Program, path: str = "m.py") -> list[str]:
    """Return what the argument of every `look(x)` is, in the order of the text."""
    return [
        shown(made, made.names.value(path, call.scope, call.args[0]))
        for call in made.modules[path].index.calls
        if call.chain == ("look",)
    ]


def shown(made: Program, targets: Targets) -> str:
    """Return targets in short words, in order; a `?` says that there may be others."""
    words = sorted(_word(made, ref) for ref in targets.refs)
    return " | ".join([*words, *(["?"] if targets.open else [])]) or "nothing"


def _word(made: Program, ref: Ref) -> str:
    match ref:
        case ModuleRef(module=module):
            return f"module {module}"
        case FunctionRef(bound=bound):
            name = f"{made.layout.name(ref.module)}.{made.scope(ref).qualname}"
            return f"{name}/{bound}" if bound else name
        case ClassRef():
            return f"class {made.layout.name(ref.module)}.{made.scope(ref).qualname}"
        case ApiRef(name=name):
            return f"api {name}"
        case MethodRef():
            return f"method {ref.api}"
        case InstanceRef(cls=cls):
            return f"a {_word(made, cls).rpartition(' ')[2]}"
        case CoroutineRef(function=function):
            return f"coroutine of {_word(made, function)}"
    raise TypeError(ref)
