"""What svclint says about examples/shop: something for every rule, and nothing about what is right there."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from svclint.rules.registry import RULES
from tests.expectations import Said, check, fix

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOP = Path(__file__).parent.parent / "examples" / "shop"

# File, code, and a part of the line that the finding stands on: lines move, these stay.
FOUND = (
    ("scripts/import_2014.py", "SVC900", "print"),
    ("src/shop/accounts.py", "SVC102", "attempts.incr(email)"),
    ("src/shop/accounts.py", "SVC107", "hashlib.pbkdf2_hmac("),
    ("src/shop/accounts.py", "SVC107", "hasher.hash(password)"),
    ("src/shop/clients.py", "SVC401", 'raise PaymentFailed(f"card refused'),
    ("src/shop/clients.py", "SVC103", "time.sleep(0.2"),
    ("src/shop/clients.py", "SVC405", "except httpx.HTTPError:"),
    ("src/shop/jobs.py", "SVC111", "except asyncio.CancelledError:"),
    ("src/shop/jobs.py", "SVC403", "except Exception:"),
    ("src/shop/jobs.py", "SVC105", "path.exists()"),
    ("src/shop/jobs.py", "SVC108", "send_mail("),
    ("src/shop/jobs.py", "SVC201", "smtplib.SMTP("),
    ("src/shop/jobs.py", "SVC202", "timeout=UPLOAD_TIMEOUT"),
    ("src/shop/jobs.py", "SVC405", "except PermissionError:"),
    ("src/shop/main.py", "SVC101", "warehouse.http.get("),
    ("src/shop/repositories.py", "SVC402", "except:"),
    ("src/shop/repositories.py", "SVC404", "raise Exception("),
    ("src/shop/repositories.py", "SVC102", "self._session.execute(query, {"),
    ("src/shop/repositories.py", "SVC401", "raise OutOfStock(sku)"),
    ("src/shop/routes.py", "SVC401", 'raise HTTPException(status_code=404, detail="no such order")'),
    ("src/shop/routes.py", "SVC902", "allow[raise-without-from]"),
    ("src/shop/routes.py", "SVC102", "session.commit()"),
    ("src/shop/routes.py", "SVC901", "allow[SVC114]"),
    ("src/shop/services.py", "SVC114", "mail.send_receipt(order.email, order.id)"),
    ("src/shop/services.py", "SVC110", "spawn(tell_warehouse(order))"),
    ("src/shop/services.py", "SVC101", "warehouse.http.post("),
    ("src/shop/services.py", "SVC201", "warehouse.http.post("),
    ("src/shop/services.py", "SVC104", "documents.to_pdf("),
    ("src/shop/services.py", "SVC105", "letters.shipped.read_text()"),
    ("src/shop/services.py", "SVC106", "print_invoice(order).result("),
    ("src/shop/services.py", "SVC109", "with stock.lock:"),
    ("src/shop/services.py", "SVC403", "except Exception:"),
    ("src/shop/services.py", "SVC405", "with suppress(Exception):"),
)

# Without a fix, and what a fix uncovers: behind the bare handler stands a swallowed error.
LEFT = (
    ("scripts/import_2014.py", "SVC900"),
    ("src/shop/clients.py", "SVC405"),
    ("src/shop/jobs.py", "SVC108"),
    ("src/shop/jobs.py", "SVC202"),
    ("src/shop/jobs.py", "SVC403"),
    ("src/shop/jobs.py", "SVC405"),
    ("src/shop/repositories.py", "SVC102"),
    ("src/shop/repositories.py", "SVC404"),
    ("src/shop/repositories.py", "SVC405"),
    ("src/shop/routes.py", "SVC102"),
    ("src/shop/routes.py", "SVC902"),
    ("src/shop/services.py", "SVC106"),
    ("src/shop/services.py", "SVC109"),
    ("src/shop/services.py", "SVC110"),
    ("src/shop/services.py", "SVC403"),
    ("src/shop/services.py", "SVC405"),
)


@pytest.fixture(name="shop")
def _shop(tmp_path: Path) -> Path:
    """Return a copy of the shop: a test may fix it."""
    return Path(shutil.copytree(SHOP, tmp_path / "shop"))


def _places(said: Iterable[Said]) -> list[tuple[str, str]]:
    return sorted((one.path, one.code) for one in said)


def test_the_shop_has_what_it_is_known_for(shop: Path) -> None:
    """
    Findings stand where the table says, none is missing, and there is none more.
    """
    said = check(shop)

    assert sorted((path, code) for path, code, _text in FOUND) == _places(said)
    for one in said:
        line = (shop / one.path).read_text().splitlines()[one.line - 1]
        assert any(text in line for path, code, text in FOUND if (path, code) == (one.path, one.code)), (one, line)


def test_every_rule_has_something_to_find_in_the_shop() -> None:
    """
    The example shows each rule that is built.
    """
    assert {rule.meta.code for rule in RULES} == {code for _path, code, _text in FOUND}


def test_the_shop_can_be_fixed(shop: Path) -> None:
    """
    What has no fix is left, every file still parses, and a second run changes nothing.
    """
    remaining, changed = fix(shop)

    assert sorted(LEFT) == _places(remaining)
    assert changed
    for path in shop.glob("src/**/*.py"):
        ast.parse(path.read_bytes(), path.name)

    _remaining, changed_again = fix(shop)

    assert changed_again == ()
