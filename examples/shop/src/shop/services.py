"""Checkout and refunds: what a route asks for, in one place."""

import asyncio
from contextlib import suppress

from shop import jobs
from shop.clients import mail, payments
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
            stock.put_back(sku)
