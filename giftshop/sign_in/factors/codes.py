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

from giftshop.accounts.models import AccountLetter, User
from giftshop.sign_in import letters
from giftshop.sign_in.factors.adapter import is_lost, is_under_old_key
from redemption import rate_limits

TRIES_MAX, TRIES_A_DAY = 5, 30
"""Wrong ones of one person in ten minutes, and in a day: of a million codes three are right."""
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
            was_right(user, now=now)
            _seal_anew(user)
            factor.refresh_from_db()
            return factor
    return None


def count_try(user: User, *, now: datetime) -> None:
    """Before the code is looked at, so that many at once are as few. Raises TooManyTries. 2 statements."""
    lately, a_day = _counted(user)
    wait = rate_limits.count({lately: TRIES_MAX}, now=now)
    if not wait:  # what was not looked at is no try
        wait = rate_limits.count({a_day: TRIES_A_DAY}, now=now, window=A_DAY)
    if wait:
        raise TooManyTries(wait)


def was_right(user: User, *, now: datetime) -> None:
    """The try that was counted does not count: nobody is kept out by codes of their own. 2 statements."""
    lately, a_day = _counted(user)
    rate_limits.give_back([lately], now=now)
    rate_limits.give_back([a_day], now=now, window=A_DAY)


def _counted(user: User) -> tuple[str, str]:
    who = str(user.pk)
    return rate_limits.key("factor", "user", who), rate_limits.key("factor-day", "user", who)


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Which half minute's code it is, of those around now."""
    present = int(now.timestamp()) // app_settings.TOTP_PERIOD
    for step in range(present - STEPS_BESIDE, present + STEPS_BESIDE + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def _is_good(factor: Authenticator, code: str, now: datetime) -> bool:
    """Never one whose secret went with an old key, or that its owner takes away in another browser in this
    moment: it opens nothing, and hides no other."""
    try:
        if factor.type == Authenticator.Type.TOTP:
            return _is_apps(factor, code, now)
        return _is_recovery_code(factor, code, now)
    except (KeyError, Authenticator.DoesNotExist):
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
def _is_recovery_code(factor: Authenticator, code: str, now: datetime) -> bool:
    """allauth takes two that type the same one after the other. Whose it was is told."""
    kept = factor.wrap()
    if not kept.validate_code(code):
        return False
    kind, left = AccountLetter.Kind.RECOVERY_CODE_USED, len(kept.get_unused_codes())
    letters.write(factor.user, kind=kind, secret=str(left), now=now)
    return True


@transaction.atomic
def _seal_anew(user: User) -> None:
    """All of theirs that are under a key of before: whoever signs in now and then needs no old one."""
    for held in Authenticator.objects.select_for_update().filter(user=user):
        for name in {"secret", "seed"} & set(held.data):
            if is_under_old_key(held.data[name]) and not is_lost(held.data[name]):
                held.data[name] = encrypt(decrypt(held.data[name]))
                held.save(update_fields=["data"])
