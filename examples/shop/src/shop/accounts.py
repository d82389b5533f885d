"""Customers sign in; passwords of the old shop are hashed anew when they do."""

import asyncio
import hashlib
import hmac

from argon2.exceptions import VerificationError

from shop.clients import attempts
from shop.errors import SignInRefused
from shop.passwords import OLD_ROUNDS, hasher, is_old
from shop.repositories import Customer, CustomerRepository

MOST_ATTEMPTS = 5


async def sign_in(customers: CustomerRepository, email: str, password: str) -> Customer:
    if attempts.incr(email) > MOST_ATTEMPTS:
        raise SignInRefused("too many attempts")
    customer = await customers.by_email(email)
    if customer is None:
        raise SignInRefused("no such customer")
    if is_old(customer.password):
        hashed = hashlib.pbkdf2_hmac("sha256", password.encode(), customer.salt, OLD_ROUNDS)
        if not hmac.compare_digest(hashed.hex(), customer.password):
            raise SignInRefused("wrong password")
        await asyncio.to_thread(customers.set_password, customer, hasher.hash(password))
    else:
        await asyncio.to_thread(check, customer.password, password)
    await asyncio.to_thread(attempts.delete, email)
    return customer


def check(hashed: str, password: str) -> None:
    try:
        hasher.verify(hashed, password)
    except VerificationError as error:
        raise SignInRefused("wrong password") from error
