"""The import layers of docs/architecture.md and the house's limits, read from the source itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parent.parent / "src" / "svclint"

# A module imports only from layers with a smaller number, or from its own folder.
LAYERS = {
    "": 0,
    "errors": 0,
    "text": 0,
    "finding": 0,
    "catalogue": 1,
    "config": 2,
    "source": 3,
    "index": 4,
    "program": 5,
    "syntax": 6,
    "rules": 7,
    "project_rules": 7,
    "triage": 8,
    "fixing": 8,
    "engine": 9,
    "report": 10,
    "cli": 11,
    "__main__": 12,
}
# A parser in native code that can kill its process: source/ runs these three in a child.
MASKING_CHILD = {"source/constructs.py", "source/cst_positions.py", "source/mask_server.py"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
MAX_LINES = 400

MODULES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


def _imports(tree: ast.AST, *, run_time_only: bool = False) -> Iterator[str]:
    """Yield the dotted name of everything that is imported at any depth; `from a import b` yields `a.b`."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield from (f"{'.' * level}{module or ''}.{each.name}" for each in names)
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=orelse) if run_time_only:
                for each in orelse:
                    yield from _imports(each, run_time_only=True)
            case _:
                yield from _imports(node, run_time_only=run_time_only)


def _imports_of(module: str, *, run_time_only: bool = False) -> list[str]:
    return list(_imports(ast.parse((SOURCE / module).read_bytes()), run_time_only=run_time_only))


def _folder(module: str) -> str:
    """Return the folder of `cli/main.py`, or the name of a module that stands in none."""
    first, slash, _ = module.partition("/")
    return first if slash else first.removesuffix(".py").removesuffix("__init__")


def _folder_of_import(name: str) -> str | None:
    """Return the part of svclint that an import reads, None for another package."""
    package, _, inner = name.partition(".")
    if package != "svclint":
        return None
    first = inner.partition(".")[0]
    is_part = (SOURCE / first).is_dir() or (SOURCE / f"{first}.py").is_file()
    return first if is_part else ""


def _upwards(module: str, imports: list[str]) -> list[str]:
    own = _folder(module)
    folders = [(each, _folder_of_import(each)) for each in imports]
    return [
        name
        for name, folder in folders
        if name.startswith(".") or (folder is not None and folder != own and LAYERS[folder] >= max(LAYERS[own], 1))
    ]


def test_every_folder_has_its_layer() -> None:
    """A new part of svclint is given its place among the layers before it is built."""
    assert {_folder(module) for module in MODULES} <= LAYERS.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    """A module imports only from lower layers or its own folder, by absolute names; in functions and for types too."""
    assert [] == _upwards(module, _imports_of(module))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("index/build.py", "from svclint.program import names"),
        ("index/build.py", "def f():\n    import svclint.engine.session"),
        ("index/build.py", "if TYPE_CHECKING:\n    from svclint import cli"),
        ("fixing/merge.py", "from svclint.triage.severity import level"),
        ("index/build.py", "from ..program import names"),
    ],
)
def test_an_import_that_points_up_is_seen(module: str, text: str) -> None:
    """The check above can fail: in functions, under TYPE_CHECKING, between folders of one layer, by relative names."""
    assert _upwards(module, list(_imports(ast.parse(text)))) != []


@pytest.mark.parametrize("module", MODULES)
def test_libcst_is_kept_where_it_belongs(module: str) -> None:
    """Only syntax/, the rules and the child that masks load LibCST; nobody uses its matchers or its metadata."""
    loaded = {each for each in _imports_of(module, run_time_only=True) if each.partition(".")[0] == "libcst"}
    named = _imports_of(module)

    assert not loaded or _folder(module) in {"syntax", "rules"} or module in MASKING_CHILD
    assert [] == [each for each in named if each.startswith(("libcst.matchers", "libcst.metadata"))]


@pytest.mark.parametrize("module", MODULES)
def test_click_is_kept_in_the_command(module: str) -> None:
    """Everything below cli/ can be used by an editor's server; only the colours of the reports are click's too."""
    clicked = [each for each in _imports_of(module) if each.partition(".")[0] == "click"]

    assert [] == clicked or _folder(module) == "cli" or module == "report/styles.py"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_can_be_read_in_one_sitting(module: str) -> None:
    """A module has at most 400 lines and a name that says what it is about."""
    lines = (SOURCE / module).read_text(encoding="utf-8").count("\n")

    assert lines <= MAX_LINES
    assert FORBIDDEN_NAMES.isdisjoint(module.removesuffix(".py").split("/"))


@pytest.mark.parametrize("argument", ["--version", "--no-such-option"])
def test_the_command_answers_without_loading_the_engine(argument: str) -> None:
    """The version and an error of usage need neither LibCST nor rich, nor anything that reads code."""
    program = (
        "import sys\n"
        "from svclint.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, argument], capture_output=True, text=True, check=False)

    assert done.returncode == (0 if argument == "--version" else 2), done.stderr
    loaded = set(done.stderr.splitlines()[-1].split())
    heavy = {
        "libcst",
        "rich",
        *(f"svclint.{part}" for part in ("source", "index", "program", "syntax", "rules", "engine")),
    }

    assert "svclint.cli.main" in loaded
    assert set() == loaded & heavy
