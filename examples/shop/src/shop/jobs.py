"""Work beside the requests: reminders, stock, and tasks that outlive a request."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from shop.clients import mail
from shop.errors import log, note, report
from shop.repositories import stock
from shop.settings import get_settings

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
                await mail.send(email, "Your basket is waiting", basket)
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


def forget_export(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        pass
    except OSError:
        # Two workers export at night; the other one may have been faster.
        pass


reminders = Reminders()
