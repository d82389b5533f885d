"""The services that the shop talks to."""

import asyncio
import time

import httpx
import redis
import requests
from asgiref.sync import async_to_sync

from shop.errors import PaymentFailed
from shop.settings import get_settings


class PaymentClient:
    def __init__(self) -> None:
        self._http = httpx.AsyncClient(timeout=10)

    async def charge(self, order_id: int, cents: int, card: str) -> str:
        """Charge the card and return the payment's id; a busy provider is asked again."""
        body = {"order": order_id, "amount": cents, "card": card}
        for attempt in range(3):
            try:
                response = await self._http.post(f"{get_settings().payment_url}/charges", json=body)
                response.raise_for_status()
            except httpx.HTTPStatusError as error:
                if error.response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    raise PaymentFailed(f"card refused for order {order_id}")
            except httpx.TransportError as error:
                raise PaymentFailed("payment provider is down") from error
            else:
                return response.json()["id"]
            time.sleep(0.2 * 2**attempt)
        raise PaymentFailed("payment provider is busy")

    async def refund(self, payment_id: str) -> None:
        try:
            response = await self._http.delete(f"{get_settings().payment_url}/charges/{payment_id}")
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise PaymentFailed(f"can't refund {payment_id}") from error

    async def ping(self) -> bool:
        try:
            response = await self._http.get(f"{get_settings().payment_url}/health")
        except httpx.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        await self._http.aclose()


class MailClient:
    def __init__(self) -> None:
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(5))
        self._gate = asyncio.Semaphore(10)

    async def send(self, to: str, subject: str, text: str) -> None:
        async with self._gate:
            response = await self._http.post(
                get_settings().mail_url, json={"to": to, "subject": subject, "text": text}
            )
            response.raise_for_status()

    def send_receipt(self, to: str, order_id: int):
        """Return the coroutine that mails the receipt."""
        return self.send(to, f"Your order {order_id}", "Thank you!")

    async def close(self) -> None:
        await self._http.aclose()


class WarehouseClient:
    """Talks to one warehouse; it was written for the old shop, which had threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()

    def shelves(self, skus: list[str]) -> list[str]:
        """Ask where things lie."""
        response = self.http.get(
            f"{self.url}/shelves", params={"sku": skus}, timeout=get_settings().warehouse_timeout
        )
        response.raise_for_status()
        return response.json()["shelves"]


payments = PaymentClient()
mail = MailClient()
# For scripts, which have no event loop.
send_mail = async_to_sync(mail.send)
warehouses = {
    "eu": WarehouseClient("https://eu.warehouse.example.com"),
    "us": WarehouseClient("https://us.warehouse.example.com"),
}
attempts = redis.Redis(get_settings().redis_host, socket_timeout=2)
