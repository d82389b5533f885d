"""The same project with its libraries imported under other names: what svclint says must not change."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.expectations import Case


def renamed(case: Case) -> Case | None:
    """
    Return the case with each plain `import x` turned into `import x as x_`, or None where nothing can be renamed.

    Lines stay, columns do not: the expectations lose theirs.
    """
    read_elsewhere = frozenset(_names_read_from_modules(case.files))
    files = {path: _rename(data, read_elsewhere) for path, data in case.files.items()}
    if files == case.files:
        return None
    expected = tuple(msgspec.structs.replace(one, column=0) for one in case.expected)
    return msgspec.structs.replace(case, files=files, expected=expected, goldens={}, remaining=())


def _rename(data: bytes, keep: frozenset[str]) -> bytes:
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return data
    if data.startswith(b"\xef\xbb\xbf") or b"coding:" in data or b"\r" in data or b"\f" in data:
        # The spans below count in the lines and bytes of plain UTF-8.
        return data
    bound = list(_bindings(tree))
    inserts: list[tuple[int, int, str]] = []
    for alias in _plain_imports(tree):
        name = alias.name
        if bound.count(name) == 1 and name not in keep:
            inserts.append((*_end(alias), f" as {name}_"))
            uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
            inserts += [(*_end(use), "_") for use in uses]
    lines = data.split(b"\n")
    for line, column, text in sorted(inserts, reverse=True):
        lines[line - 1] = lines[line - 1][:column] + text.encode() + lines[line - 1][column:]
    return b"\n".join(lines)


def _end(node: ast.alias | ast.Name) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _plain_imports(tree: ast.Module) -> Iterator[ast.alias]:
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            yield from (alias for alias in statement.names if alias.asname is None and "." not in alias.name)


def _bindings(tree: ast.Module) -> Iterator[str]:
    """Yield each name once for every place that may bind it; `import a.b` binds `a`."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)):
                yield name
            case _:
                pass


def _names_read_from_modules(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the names that one file of the project may read from another, and those that `__all__` lists."""
    for data in files.values():
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            match node:
                case ast.ImportFrom(names=names):
                    yield from (alias.name for alias in names)
                case ast.Constant(value=str(text)):
                    yield text
                case _:
                    pass
