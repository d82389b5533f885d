"""Orders in the database, and the stock that the warehouse writes to a file."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shop.errors import OrderNotFound, OutOfStock


@dataclass
class Order:
    id: int
    email: str
    cents: int
    skus: list[str]
    options: dict[str, object] = field(default_factory=dict)
    payment_id: str | None = None


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


class Stock:
    """What is on the shelves, as the warehouse said last."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def load(self, path: Path) -> None:
        try:
            self._counts = json.loads(path.read_text())
        except FileNotFoundError:
            self._counts = {}

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
