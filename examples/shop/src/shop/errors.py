"""What can go wrong in the shop, and how it is told."""

import sentry_sdk
import structlog

log = structlog.get_logger("shop")


class ShopError(Exception):
    """Base of everything that the shop raises on purpose."""


class OrderNotFound(ShopError):
    def __init__(self, order_id: int) -> None:
        super().__init__(f"no order {order_id}")
        self.order_id = order_id


class OutOfStock(ShopError):
    def __init__(self, sku: str) -> None:
        super().__init__(f"{sku} is out of stock")
        self.sku = sku


class PaymentFailed(ShopError):
    pass


class SignInRefused(ShopError):
    pass


def report(event: str, error: BaseException, **context: object) -> None:
    """Log an error with its traceback and send it to Sentry."""
    log.error(event, exc_info=error, **context)
    sentry_sdk.capture_exception(error)


def note(event: str, **context: object) -> None:
    """Log that something happened; the error is not part of it."""
    log.info(event, **context)
