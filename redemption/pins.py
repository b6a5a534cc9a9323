"""PINs: which are too easy to guess, and how each is kept.

Ten thousand PINs are tried against a hash in minutes, so each is mixed with a key from the environment
before it is hashed: without the key, whoever has the table may try for ever.
"""

import hmac

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

LENGTH_MIN, LENGTH_MAX = 4, 8
_UP = "01234567890"
_DOWN = _UP[::-1]


def is_weak(pin: str) -> bool:
    """One digit again and again, a pair again and again, or a row up or down: 1111, 1212, 4321."""
    return (
        len(set(pin)) == 1
        or (len(pin) % 2 == 0 and pin == pin[:2] * (len(pin) // 2))
        or pin in _UP
        or pin in _DOWN
    )


def current_kid() -> int:
    """The number of the key that new PINs are kept under."""
    return next(iter(settings.PIN_PEPPERS))


def seal(pin: str) -> tuple[int, str]:
    """What is kept of a PIN: the number of its key, and Argon2 of the HMAC-SHA256 under it."""
    kid = current_kid()
    return kid, make_password(_peppered(pin, kid))


def fits(pin: str, *, kid: int | None, kept: str) -> bool:
    """Whether it is the PIN that was kept; never, when its key was taken away. `kid`: None for what was
    kept before there were keys."""
    if kid is None:
        return check_password(pin, kept)
    return kid in settings.PIN_PEPPERS and check_password(_peppered(pin, kid), kept)


def _peppered(pin: str, kid: int) -> str:
    return hmac.digest(settings.PIN_PEPPERS[kid], pin.encode(), "sha256").hex()
