"""Orders and customers in their databases, and the stock that the warehouse writes to a file."""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shop.errors import OrderNotFound, OutOfStock


@dataclass
class Order:
    id: int
    email: str
    cents: int
    skus: list[str]
    options: dict[str, object] = field(default_factory=dict)
    payment_id: str | None = None


@dataclass
class Customer:
    id: int
    password: str
    salt: bytes


def parse_options(raw: str) -> dict[str, object]:
    try:
        return json.loads(raw)
    except:
        return {}


def parse_quantity(raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        return 1


class OrderRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, order_id: int) -> Order:
        result = await self._session.execute(text("select * from orders where id = :id"), {"id": order_id})
        row = result.mappings().first()
        if row is None:
            raise OrderNotFound(order_id)
        return Order(
            id=row["id"],
            email=row["email"],
            cents=row["cents"],
            skus=row["skus"].split(","),
            options=parse_options(row["options"]),
            payment_id=row["payment_id"],
        )

    async def set_payment(self, order: Order, payment_id: str) -> None:
        if order.payment_id is not None:
            raise Exception(f"order {order.id} is paid already")
        await self._session.execute(
            text("update orders set payment_id = :payment where id = :id"),
            {"payment": payment_id, "id": order.id},
        )
        await self._session.commit()


class CustomerRepository:
    """Customers live in the old shop's database, and so in a session that blocks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def by_email(self, email: str) -> Customer | None:
        query = text("select id, password, salt from customers where email = :email")
        row = self._session.execute(query, {"email": email}).mappings().first()
        return Customer(**row) if row is not None else None

    def set_password(self, customer: Customer, password: str) -> None:
        query = text("update customers set password = :password where id = :id")
        self._session.execute(query, {"password": password, "id": customer.id})
        self._session.commit()

    def forget(self, email: str) -> None:
        """Take a customer out; it is the caller who commits."""
        self._session.execute(text("delete from customers where email = :email"), {"email": email})


class Stock:
    """What is on the shelves, as the warehouse said last; `lock` is held while counts change."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def load(self, path: Path) -> None:
        try:
            counts = json.loads(path.read_text())
        except FileNotFoundError:
            counts = {}
        with self.lock:
            self._counts = counts

    def take(self, sku: str, count: int = 1) -> None:
        try:
            left = self._counts[sku] - count
        except KeyError:
            raise OutOfStock(sku)
        if left < 0:
            raise OutOfStock(sku)
        self._counts[sku] = left

    def put_back(self, sku: str, count: int = 1) -> None:
        self._counts[sku] = self._counts.get(sku, 0) + count


stock = Stock()
