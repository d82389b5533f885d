"""What the shop prints and writes: labels, invoices, letters."""

import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from shop.repositories import Order
from shop.settings import get_settings

printing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="printing")
to_pdf = partial(subprocess.run, ["wkhtmltopdf", "-", "-"], check=True, capture_output=True, timeout=30)


class Letters:
    """Mails to customers, each in a file."""

    def __init__(self, folder: Path) -> None:
        self.shipped = folder / "shipped.txt"
        self.basket = folder / "basket.txt"


def invoice(order: Order) -> bytes:
    return to_pdf(input=f"<h1>Invoice {order.id}</h1><p>{order.cents / 100:.2f}</p>".encode()).stdout


def print_invoice(order: Order) -> Future[bytes]:
    """Make the invoice in a thread."""
    return printing.submit(invoice, order)


letters = Letters(Path(get_settings().letters_path))
