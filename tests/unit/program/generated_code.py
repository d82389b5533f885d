"""Random modules that Python accepts: scopes in scopes, with few names bound and read in every way."""

from __future__ import annotations

from textwrap import indent

from hypothesis import strategies as st

NAMES = ("a", "b", "c")
ITERATED = ("i", "j")
"""Only comprehensions bind these: a walrus must not bind again what its own comprehension iterates."""

BINDINGS = (
    "{n} = {e}",
    "{n}: int = {e}",
    "{n}: int",
    "{n} += {e}",
    "{n}, {m} = {e}, {e}",
    "[{n}, *{m}] = {e}",
    "({n} := {e})",
    "for {n} in {e}: pass",
    "with {e} as {n}: pass",
    "import {n}",
    "import x.y as {n}",
    "from x import y as {n}",
    "try: pass\nexcept {e} as {n}: pass",
    "match {e}:\n    case [{n}, *{m}]: pass",
    "match {e}:\n    case {{'k': {n}, **{m}}}: pass",
    "del {n}",
    "if {e}:\n    {n} = {e}\nelse:\n    {m} = {e}",
)
READS = ("{e}", "f({e}, k={e})", "{n}.x = {e}", "{n}[0] = {e}", "assert {e}", "return_({e})")


class _Around:
    """What generated code must know of the scopes around it to be valid."""

    def __init__(self, kind: str, free: frozenset[str], *, in_class: bool) -> None:
        self.kind = kind
        self.free = free
        self.in_class = in_class


@st.composite
def expressions(draw: st.DrawFn, around: _Around, depth: int = 2) -> str:
    """Return an expression; lambdas and comprehensions are scopes of their own."""
    simple = draw(st.sampled_from([*NAMES, *ITERATED]))
    if depth == 0:
        return simple
    inner = expressions(around, depth - 1)
    shapes = ["name", "name", "call", "lambda", "comprehension", "walrus"]
    match draw(st.sampled_from(shapes)):
        case "call":
            return f"{draw(inner)}.m({draw(inner)})"
        case "lambda":
            parameter = draw(st.sampled_from([*NAMES, *ITERATED]))
            body = expressions(_Around("function", around.free | {parameter}, in_class=False), depth - 1)
            return f"(lambda {parameter}, k={draw(inner)}: {draw(body)})"
        case "comprehension":
            item = draw(st.sampled_from(ITERATED))
            nested = _Around("comprehension", around.free, in_class=around.kind == "class" or around.in_class)
            body = draw(expressions(nested, depth - 1))
            iterable = draw(expressions(_Around("iterable", around.free, in_class=True), depth - 1))
            condition = draw(st.sampled_from(["", f" if {draw(expressions(nested, 0))}"]))
            return draw(st.sampled_from(["[{}]", "({})", "{{{}}}"])).format(
                f"{body} for {item} in {iterable}{condition}"
            )
        case "walrus" if around.kind != "iterable" and not (around.kind == "comprehension" and around.in_class):
            return f"({draw(st.sampled_from(NAMES))} := {draw(inner)})"
        case _:
            return simple


@st.composite
def blocks(draw: st.DrawFn, around: _Around, depth: int) -> str:
    """Return the statements of a body, declarations first."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(["bind", "bind", "read", "function", "class"] if depth else ["bind", "read"]))
        if shape == "function":
            lines.append(draw(functions(around, depth - 1)))
        elif shape == "class":
            base = draw(expressions(around, 1))
            body = draw(blocks(_Around("class", around.free, in_class=False), depth - 1))
            lines.append(f"class {draw(st.sampled_from(NAMES))}({base}):\n{indent(body, '    ')}")
        else:
            template = draw(st.sampled_from(BINDINGS if shape == "bind" else READS))
            first, second = draw(st.permutations(NAMES))[:2]
            while "{e}" in template:
                template = template.replace("{e}", draw(expressions(around)).replace("{", "{{").replace("}", "}}"), 1)
            lines.append(template.format(n=first, m=second))
    return "\n".join(lines)


@st.composite
def functions(draw: st.DrawFn, around: _Around, depth: int) -> str:
    """Return a function with its declarations of outer names."""
    outer = around.free
    names = draw(st.permutations(NAMES))
    parameters = names[: draw(st.integers(0, 2))]
    rest = [each for each in names if each not in parameters]
    declared = []
    if rest and draw(st.booleans()):
        name = rest.pop()
        kind = draw(st.sampled_from(["global", "nonlocal"])) if name in outer else "global"
        declared.append((kind, name))
    hidden = {name for kind, name in declared if kind == "global"}
    # What the body itself binds is seen by `nonlocal` below it too; parameters are sure to be there.
    inner = _Around("function", (outer - hidden) | set(parameters), in_class=False)
    body = draw(blocks(inner, depth))
    lines = [f"{kind} {name}" for kind, name in declared] + [_without_annotations(body, {name for _, name in declared})]
    default = draw(expressions(around, 1))
    head = ", ".join([*parameters, f"k={default}"])
    prefix = draw(st.sampled_from(["def", "async def"]))
    return f"{prefix} {draw(st.sampled_from(NAMES))}({head}):\n" + indent("\n".join(lines), "    ")


def _without_annotations(body: str, names: set[str]) -> str:
    """Declared names can't be annotated."""
    for name in names:
        body = body.replace(f"{name}: int = ", f"{name} = ").replace(f"{name}: int", f"{name} = 0")
    return body


def modules() -> st.SearchStrategy[str]:
    """Return the strategy for whole modules."""
    return blocks(_Around("module", frozenset(), in_class=False), 2).map(lambda text: text + "\n")
