"""The HTTP face of the shop."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel

from shop import services
from shop.errors import OrderNotFound, OutOfStock, PaymentFailed
from shop.jobs import reminders
from shop.repositories import OrderRepository

router = APIRouter()


class Checkout(BaseModel):
    card: str


class Basket(BaseModel):
    email: str
    text: str


async def get_orders(request: Request) -> OrderRepository:
    return OrderRepository(request.state.session)


Orders = Annotated[OrderRepository, Depends(get_orders)]


@router.get("/orders/{order_id}")
async def read_order(order_id: int, orders: Orders) -> dict[str, object]:
    try:
        order = await orders.get(order_id)
    except OrderNotFound:
        raise HTTPException(status_code=404, detail="no such order")
    return {"id": order.id, "total": order.cents, "paid": order.payment_id is not None}


@router.post("/orders/{order_id}/checkout")
async def check_out(order_id: int, body: Checkout, orders: Orders) -> dict[str, object]:
    try:
        order = await services.check_out(orders, order_id, body.card)
    except OrderNotFound as error:
        raise HTTPException(status_code=404, detail=str(error)) from error
    except OutOfStock as error:
        raise HTTPException(status_code=409, detail=error.sku)  # svclint: allow[SVC401] the client sees the SKU
    except PaymentFailed:
        raise HTTPException(status_code=402, detail="payment failed")  # svclint: allow[raise-without-from]
    return {"id": order.id, "paid": True}


@router.post("/orders/{order_id}/refund", status_code=202)
async def refund(order_id: int, orders: Orders) -> None:
    try:
        await services.refund(orders, order_id)
    except OrderNotFound:
        raise HTTPException(status_code=404, detail="no such order") from None


@router.put("/baskets")
def remember_basket(basket: Basket) -> None:
    reminders.remind(basket.email, basket.text)  # svclint: allow[SVC114] was a coroutine once
