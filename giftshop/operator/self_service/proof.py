"""Whose address it is that somebody typed: a code goes there, and is waited for in this browser. Which code
is right stands in the session, which is encrypted."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.http import HttpRequest

from core.networks import network
from giftshop.accounts.models import AccountLetter
from giftshop.sign_in import letters
from redemption import rate_limits

CODES_LAST = timedelta(minutes=10)
TRIES_MAX = 3
PER_NETWORK, PER_ADDRESS = 3, 6
"""Codes for one e-mail address in ten minutes: asked for from one network, and from anywhere."""
PER_NETWORK_A_DAY = 30
"""Codes for whatever addresses, so that no single network uses up the day of all."""
CODES_PER_BRAND = 10
"""So many codes go out in a day for each brand that may be opened in it: most people think it over."""
PROVEN_LASTS = timedelta(hours=1)
_ASKED = "opening-code"
_PROVEN = "opening-proven"


def ask(request: HttpRequest, email: str, *, now: datetime) -> int:
    """Send a code to the address, whoever has it, and wait for it in this session. Returns the seconds to
    wait if it is too often, else 0."""
    asking = network(request.META["REMOTE_ADDR"])
    whence = f"{email} {asking}"
    wait = rate_limits.count(
        {
            rate_limits.key("opening_code", "network", whence): PER_NETWORK,
            rate_limits.key("opening_code", "email", email): PER_ADDRESS,
        },
        now=now,
    )
    for kind, who, most in (
        ("net day", asking, PER_NETWORK_A_DAY),
        ("all", "a day", CODES_PER_BRAND * settings.SELF_SERVICE_PER_DAY),
    ):
        counted = {rate_limits.key("opening_code", kind, who): most}
        wait = wait or rate_limits.count(counted, now=now, window=timedelta(days=1))
    if wait:
        return wait
    code = get_adapter().generate_login_code()
    letters.write_before_account(email, kind=AccountLetter.Kind.OPENING_CODE, secret=code, now=now)
    request.session[_ASKED] = {
        "email": email, "code": code, "tries": 0, "until": (now + CODES_LAST).isoformat(),
    }  # fmt: skip
    return 0


def waiting(request: HttpRequest, *, now: datetime) -> str:
    """The address whose code is waited for; empty where none is, or it came too late."""
    asked = request.session.get(_ASKED)
    if not asked or asked["tries"] >= TRIES_MAX or now > datetime.fromisoformat(asked["until"]):
        return ""
    return str(asked["email"])


def prove(request: HttpRequest, code: str, *, now: datetime) -> bool:
    """Whether it was the right one: from then on the address is theirs, in this browser and for a while."""
    email, asked = waiting(request, now=now), request.session.get(_ASKED)
    if not email or not asked:
        return False
    asked["tries"] += 1
    request.session.modified = True
    if not compare_user_code(actual=code, expected=asked["code"]):
        return False
    del request.session[_ASKED]
    request.session[_PROVEN] = {"email": email, "until": (now + PROVEN_LASTS).isoformat()}
    return True


def proven(request: HttpRequest, *, now: datetime) -> str:
    """The address that was proven here; empty where none was, or too long ago."""
    found = request.session.get(_PROVEN)
    if not found or now > datetime.fromisoformat(found["until"]):
        return ""
    return str(found["email"])


def forget(request: HttpRequest) -> None:
    """It has served."""
    request.session.pop(_PROVEN, None)
