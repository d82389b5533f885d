"""The HTTP face of the shop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from shop import accounts, services
from shop.clients import attempts
from shop.errors import OrderNotFound, OutOfStock, PaymentFailed, SignInRefused
from shop.jobs import reminders, report_sales
from shop.repositories import CustomerRepository, OrderRepository
from shop.settings import get_settings

router = APIRouter()


class Checkout(BaseModel):
    card: str


class Basket(BaseModel):
    email: str
    text: str


class Credentials(BaseModel):
    email: str
    password: str


class Delivery(BaseModel):
    sku: str
    count: int


async def get_orders(request: Request) -> OrderRepository:
    return OrderRepository(request.state.session)


def get_customer_session(request: Request) -> Iterator[Session]:
    with request.app.state.customer_sessions() as session:
        yield session


CustomerSession = Annotated[Session, Depends(get_customer_session)]


def get_customers(session: CustomerSession) -> CustomerRepository:
    return CustomerRepository(session)


Orders = Annotated[OrderRepository, Depends(get_orders)]
Customers = Annotated[CustomerRepository, Depends(get_customers)]


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


@router.post("/orders/{order_id}/parcel")
async def ship(order_id: int, region: Literal["eu", "us"], orders: Orders) -> Response:
    return Response(await services.ship(orders, order_id, region), media_type="application/pdf")


@router.get("/orders/{order_id}/invoice")
async def read_invoice(order_id: int, orders: Orders) -> Response:
    return Response(await services.invoice(orders, order_id), media_type="application/pdf")


@router.post("/stock", status_code=204)
async def restock(delivery: Delivery) -> None:
    await services.restock(delivery.sku, delivery.count)


@router.post("/customers/sign-in")
async def sign_in(body: Credentials, customers: Customers) -> dict[str, int]:
    try:
        customer = await accounts.sign_in(customers, body.email, body.password)
    except SignInRefused as error:
        raise HTTPException(status_code=401, detail="wrong e-mail or password") from error
    return {"id": customer.id}


@router.delete("/customers/{email}", status_code=204)
async def forget_customer(email: str, customers: Customers, session: CustomerSession) -> None:
    customers.forget(email)
    session.commit()


@router.delete("/customers/{email}/attempts", status_code=204)
def forgive(email: str) -> None:
    attempts.delete(email)


@router.post("/sales", status_code=202)
async def send_sales(tasks: BackgroundTasks) -> None:
    tasks.add_task(report_sales, Path(get_settings().sales_path))


@router.put("/baskets")
def remember_basket(basket: Basket) -> None:
    reminders.remind(basket.email, basket.text)  # svclint: allow[SVC114] was a coroutine once
