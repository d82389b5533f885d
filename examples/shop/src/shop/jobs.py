"""Work beside the requests: reminders, stock, sales, and tasks that outlive a request."""

import asyncio
import smtplib
from collections.abc import Coroutine
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from shop.clients import mail, send_mail
from shop.documents import letters
from shop.errors import log, note, report
from shop.repositories import stock
from shop.settings import UPLOAD_TIMEOUT, get_settings

_background: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start a task; it is the caller who must keep it."""
    return asyncio.create_task(work)


def spawn_and_keep(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start a task and keep it until it is done."""
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)
    return task


class Reminders:
    """Mails customers whose baskets wait for them."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._waiting: dict[str, str] = {}

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def remind(self, email: str, basket: str) -> None:
        self._waiting[email] = basket

    async def _run(self) -> None:
        try:
            while True:
                await asyncio.sleep(get_settings().reminder_interval)
                await self._send_all()
        except asyncio.CancelledError:
            log.info("reminders_stopped", waiting=len(self._waiting))

    async def _send_all(self) -> None:
        for email, basket in list(self._waiting.items()):
            try:
                letter = await asyncio.to_thread(letters.basket.read_text)
                await mail.send(email, "Your basket is waiting", letter.format(basket=basket))
            except Exception as error:
                report("reminder_failed", error, basket=basket)
            else:
                del self._waiting[email]


async def watch_stock() -> None:
    """Read the warehouse's file again and again, in a thread."""
    path = Path(get_settings().stock_path)
    while True:
        try:
            await asyncio.to_thread(stock.load, path)
        except Exception:
            note("stock_not_read", path=str(path))
        await asyncio.sleep(60)


async def report_sales(path: Path) -> None:
    """Hand last night's sales to the accountants, and mail them to the owner."""
    if not path.exists():
        return
    try:
        await asyncio.to_thread(upload, path)
    except httpx.HTTPError as error:
        report("sales_not_uploaded", error)
        send_mail("ops@example.com", "sales were not uploaded", str(error))
    await asyncio.to_thread(post, "owner@example.com", path)


def upload(path: Path) -> None:
    with path.open("rb") as sales:
        response = httpx.post(f"{get_settings().accounting_url}/sales", content=sales, timeout=UPLOAD_TIMEOUT)
    response.raise_for_status()


def post(to: str, path: Path) -> None:
    """Mail a file; the mail service takes none."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", to, path.name
    message.add_attachment(path.read_text(), filename=path.name)
    with smtplib.SMTP(get_settings().smtp_host) as server:
        server.send_message(message)


def forget_export(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        pass
    except OSError:
        # Two workers export at night; the other one may have been faster.
        pass


reminders = Reminders()
