"""Which file an import loads."""

from __future__ import annotations

import pytest

from svclint.program.link.layout import Layout
from tests.unit.program.made import program, what

PACKAGE = ("src/shop/__init__.py", "src/shop/orders.py", "src/shop/db/__init__.py", "src/shop/db/models.py")


@pytest.mark.parametrize(
    ("paths", "importer", "dotted", "expected"),
    [
        (PACKAGE, "src/shop/orders.py", "shop", "src/shop/__init__.py"),
        (PACKAGE, "src/shop/orders.py", "shop.db.models", "src/shop/db/models.py"),
        (PACKAGE, "src/shop/orders.py", "db", None),
        (PACKAGE, "src/shop/orders.py", "orders", None),
        ((*PACKAGE, "tests/test_orders.py"), "tests/test_orders.py", "shop.orders", "src/shop/orders.py"),
        ((*PACKAGE, "tests/made.py", "tests/test_a.py"), "tests/test_a.py", "made", "tests/made.py"),
        ((*PACKAGE, "tests/made.py", "tests/test_a.py"), "tests/test_a.py", "tests.made", "tests/made.py"),
        (("app/main.py", "app/db.py"), "app/main.py", "db", "app/db.py"),
        (("app/main.py", "app/db.py"), "app/main.py", "app.db", "app/db.py"),
        (("main.py", "db.py"), "main.py", "db", "db.py"),
        (
            ("scripts/load.py", "scripts/common_.py", "app/__init__.py"),
            "scripts/load.py",
            "common_",
            "scripts/common_.py",
        ),
        (("scripts/load.py", "app/__init__.py", "app/db.py"), "scripts/load.py", "app.db", "app/db.py"),
        (("a.py", "a/__init__.py"), "b.py", "a", "a/__init__.py"),
        (("a.pyi", "a.py"), "b.py", "a", "a.py"),
        (("a.pyi",), "b.py", "a", "a.pyi"),
        (("logging.py",), "logging.py", "logging", None),
        (("app/__init__.py", "app/json.py"), "app/json.py", "json", None),
        (("app/__init__.py", "app/json.py", "app/x.py"), "app/x.py", "json", None),
        (("src/a/b/c.py",), "src/a/b/d.py", "a.b.c", "src/a/b/c.py"),
        (("x.py",), "y.py", "requests", None),
    ],
)
def test_an_absolute_import_is_looked_for_where_python_would(
    paths: tuple[str, ...], importer: str, dotted: str, expected: str | None
) -> None:
    """In the package's own root, beside a script, in `src`, in the project's root; never beside a package's module."""
    assert expected == Layout({*paths, importer}).find(importer, dotted)


WORKSPACE = (
    "services/billing/src/billing/__init__.py",
    "services/billing/src/billing/app.py",
    "services/billing/src/billing/models.py",
    "services/mail/src/mail/__init__.py",
    "services/mail/src/mail/app.py",
    "libs/models/models/__init__.py",
    "services/billing/scripts/run.py",
    "services/billing/tests/conftest.py",
    "services/mail/tests/conftest.py",
)


@pytest.mark.parametrize(
    ("importer", "dotted", "expected"),
    [
        ("services/billing/src/billing/app.py", "mail.app", "services/mail/src/mail/app.py"),
        ("services/billing/src/billing/app.py", "models", "libs/models/models/__init__.py"),
        ("services/billing/scripts/run.py", "billing.models", "services/billing/src/billing/models.py"),
        ("services/mail/tests/test_app.py", "conftest", "services/mail/tests/conftest.py"),
        ("services/billing/tests/test_app.py", "conftest", "services/billing/tests/conftest.py"),
    ],
)
def test_the_packages_of_a_workspace_see_each_other(importer: str, dotted: str, expected: str) -> None:
    """Each has its own root; what stands nearest wins."""
    assert expected == Layout({*WORKSPACE, importer}).find(importer, dotted)


def test_same_names_in_two_services_are_apart() -> None:
    """`app.db` of each service is its own."""
    paths = [f"services/{service}/app/{name}.py" for service in "ab" for name in ("__init__", "db", "main")]
    layout = Layout(paths)

    assert "services/a/app/db.py" == layout.find("services/a/app/main.py", "app.db")
    assert "services/b/app/db.py" == layout.find("services/b/app/main.py", "app.db")


@pytest.mark.parametrize(
    ("importer", "target", "expected"),
    [
        ("src/shop/orders.py", ".", "src/shop/__init__.py"),
        ("src/shop/orders.py", ".db.models", "src/shop/db/models.py"),
        ("src/shop/db/models.py", "..orders", "src/shop/orders.py"),
        ("src/shop/db/__init__.py", ".models", "src/shop/db/models.py"),
        ("src/shop/db/__init__.py", "..orders", "src/shop/orders.py"),
        ("src/shop/orders.py", ".nothing", None),
        ("src/shop/orders.py", "....orders", None),
    ],
)
def test_a_relative_import_starts_at_the_package(importer: str, target: str, expected: str | None) -> None:
    """One dot is the module's own package; above the project there is nothing."""
    assert expected == Layout(PACKAGE).relative(importer, target)


def test_names_of_modules_start_at_their_root() -> None:
    """As they are imported; a package is named like its folder."""
    layout = Layout([*PACKAGE, "scripts/run.py", "app/db.py"])

    assert "shop.db.models" == layout.name("src/shop/db/models.py")
    assert "shop.db" == layout.name("src/shop/db/__init__.py")
    assert "run" == layout.name("scripts/run.py")


def test_configured_roots_are_roots() -> None:
    """`src` names folders whose modules are imported without it."""
    layout = Layout(["lib/python/tools/a.py", "bin/run.py"], ("lib/python",))

    assert "lib/python/tools/a.py" == layout.find("bin/run.py", "tools.a")
    assert "lib/python" in layout.roots


@pytest.mark.parametrize(
    "text",
    [
        "import acme.billing.app\nx = acme.billing.app.run",
        "from acme.billing import app\nx = app.run",
        "from acme.billing.app import run as x",
        "import acme.billing.app as b\nx = b.run",
    ],
)
def test_namespace_packages_are_followed(text: str) -> None:
    """Folders without `__init__`, shared by several roots."""
    made = program(
        {
            "one/src/acme/billing/app.py": "def run(): ...",
            "two/src/acme/mail/app.py": "def run(): ...",
            "main.py": text,
        }
    )

    assert "run" == what(made, "main.py", "x").rpartition(".")[2]
    assert "billing" in what(made, "main.py", "x") or "app.run" == what(made, "main.py", "x")


def test_a_stub_beside_its_source_is_not_asked() -> None:
    """The source has the bodies; a stub alone is better than nothing."""
    made = program(
        {
            "app/__init__.py": "",
            "app/a.py": "def f(): return 1",
            "app/a.pyi": "def f() -> int: ...\ndef only_here() -> int: ...",
            "app/b.pyi": "class B: ...",
            "app/c.py": "from app.a import f\nfrom app.b import B\n",
        }
    )

    assert "app.a.f" == what(made, "app/c.py", "f")
    assert made.names.resolve("app/c.py", 0, ("f",), 1000).refs[0].module == "app/a.py"
    assert "class app.b.B" == what(made, "app/c.py", "B")
