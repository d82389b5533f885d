"""How passwords are hashed, now and before."""

from argon2 import PasswordHasher

OLD_ROUNDS = 600_000

hasher = PasswordHasher()


def is_old(hashed: str) -> bool:
    return not hashed.startswith("$argon2")
