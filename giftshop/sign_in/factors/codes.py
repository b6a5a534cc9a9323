"""Codes of an app, and recovery codes: each good once, and few of them tried.

Both are counted in PostgreSQL, as passwords are. Which code of the app was used last stands in its row, so
that no copy of it, however it was seen, is good in the same half minute.
"""

from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from giftshop.accounts.models import User
from giftshop.sign_in.factors.adapter import is_lost, is_under_old_key
from redemption import rate_limits

TRIES_MAX, TRIES_A_DAY = 5, 30
"""Of one person in ten minutes, right ones too, and in a day: of a million codes three are right."""
A_DAY = timedelta(days=1)
CODE_LENGTH_MAX = 20
STEPS_BESIDE = 1
"""Half minutes that a phone's clock may be ahead or behind."""


class TooManyTries(Exception):
    """`wait`: seconds until the next one is looked at."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def check(user: User, code: str, *, now: datetime) -> Authenticator | None:
    """Whose code it was: the app's or a recovery code, now used up; None for none of theirs. Raises
    TooManyTries."""
    count_try(user, now=now)
    own = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in own.order_by("-type"):  # the app's first
        if _is_good(factor, code, now):
            _seal_anew(user)
            factor.refresh_from_db()
            return factor
    return None


def count_try(user: User, *, now: datetime) -> None:
    """Raises TooManyTries. 2 statements."""
    who = str(user.pk)
    wait = rate_limits.count({rate_limits.key("factor", "user", who): TRIES_MAX}, now=now)
    if not wait:  # what was not looked at is no try
        a_day = {rate_limits.key("factor-day", "user", who): TRIES_A_DAY}
        wait = rate_limits.count(a_day, now=now, window=A_DAY)
    if wait:
        raise TooManyTries(wait)


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Which half minute's code it is, of those around now."""
    present = int(now.timestamp()) // app_settings.TOTP_PERIOD
    for step in range(present - STEPS_BESIDE, present + STEPS_BESIDE + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def _is_good(factor: Authenticator, code: str, now: datetime) -> bool:
    """Never one whose secret went with an old key: it opens nothing, and hides no other."""
    try:
        if factor.type == Authenticator.Type.TOTP:
            return _is_apps(factor, code, now)
        return bool(factor.wrap().validate_code(code))
    except KeyError:
        return False


@transaction.atomic
def _is_apps(factor: Authenticator, code: str, now: datetime) -> bool:
    """Two that type the same code come one after the other, and the second is refused."""
    held = Authenticator.objects.select_for_update().get(pk=factor.pk)
    secret = decrypt(held.data["secret"])
    step = step_of(secret, code, now=now)
    if step is None or step <= held.data.get("last_step", 0):
        return False
    held.data["last_step"] = step
    held.save(update_fields=["data"])
    return True


@transaction.atomic
def _seal_anew(user: User) -> None:
    """All of theirs that are under a key of before: whoever signs in now and then needs no old one."""
    for held in Authenticator.objects.select_for_update().filter(user=user):
        for name in {"secret", "seed"} & set(held.data):
            if is_under_old_key(held.data[name]) and not is_lost(held.data[name]):
                held.data[name] = encrypt(decrypt(held.data[name]))
                held.save(update_fields=["data"])
