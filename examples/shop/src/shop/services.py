"""Checkout, shipping and refunds: what a route asks for, in one place."""

import asyncio
from contextlib import suppress

from shop import documents, jobs
from shop.clients import mail, payments, warehouses
from shop.documents import letters
from shop.errors import OutOfStock, PaymentFailed, note, report
from shop.jobs import spawn, spawn_and_keep
from shop.repositories import Order, OrderRepository, stock


async def check_out(orders: OrderRepository, order_id: int, card: str) -> Order:
    order = await orders.get(order_id)
    reserve(order)
    try:
        payment_id = await payments.charge(order.id, order.cents, card)
    except PaymentFailed:
        release(order)
        raise
    await orders.set_payment(order, payment_id)
    mail.send_receipt(order.email, order.id)
    spawn(tell_warehouse(order))
    spawn_and_keep(mail.send("crm@example.com", "new order", str(order.id)))
    return order


async def ship(orders: OrderRepository, order_id: int, region: str) -> bytes:
    """Have a warehouse send an order, and return the label that goes on the parcel."""
    order = await orders.get(order_id)
    warehouse = warehouses[region]
    shelves = await asyncio.to_thread(warehouse.shelves, order.skus)
    response = warehouse.http.post(f"{warehouse.url}/parcels", json={"order": order.id, "shelves": shelves})
    response.raise_for_status()
    label = documents.to_pdf(input=response.content).stdout
    letter = letters.shipped.read_text()
    await mail.send(order.email, "It is on its way", letter.format(order=order.id))
    return label


async def invoice(orders: OrderRepository, order_id: int) -> bytes:
    order = await orders.get(order_id)
    return documents.print_invoice(order).result(timeout=10)


async def restock(sku: str, count: int) -> None:
    with stock.lock:
        stock.put_back(sku, count)
        await mail.send("sales@example.com", f"{sku} is back", f"{count} more are on the shelf.")


async def refund(orders: OrderRepository, order_id: int) -> None:
    order = await orders.get(order_id)
    if order.payment_id is None:
        return
    try:
        await payments.refund(order.payment_id)
    except Exception:
        note("refund_failed", order=order.id)
        return
    release(order)
    await mail.send_receipt(order.email, order.id)
    task = jobs.spawn(tell_warehouse(order))
    await asyncio.wait({task}, timeout=5)


async def tell_warehouse(order: Order) -> None:
    try:
        await mail.send("warehouse@example.com", f"order {order.id}", ", ".join(order.skus))
    except Exception as error:
        report("warehouse_not_told", error, order=order.id)


async def warm_up() -> bool:
    """Wake up the payment provider; true if it answers in time."""
    try:
        async with asyncio.timeout(2):
            return await payments.ping()
    except TimeoutError as error:
        report("payment_provider_slow", error)
        return False


def reserve(order: Order) -> None:
    taken: list[str] = []
    with stock.lock:
        for sku in order.skus:
            try:
                stock.take(sku)
            except OutOfStock as error:
                for other in taken:
                    stock.put_back(other)
                problem = OutOfStock(sku)
                problem.__cause__ = error
                raise problem
            taken.append(sku)


def release(order: Order) -> None:
    with suppress(Exception):
        for sku in order.skus:
            with stock.lock:
                stock.put_back(sku)
