"""Another e-mail address to sign in with, proven at both ends: a code goes to the address that was, and one
to the address that shall be. Which codes are right stands in the session, which is encrypted."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import compare_user_code
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django_scopes import scope

from giftshop.accounts.access import actor_of
from giftshop.accounts.models import AccountLetter, User
from giftshop.accounts.session_limits import OWN
from giftshop.sign_in import letters
from redemption import rate_limits
from redemption.audit.log import Act, record

CODES_LAST = timedelta(minutes=10)
TRIES_MAX = 3
CHANGES_MAX = 3
"""Asked for by one person in ten minutes; each is two letters, one to somebody who may not know of it."""
_ASKED = OWN + "address-change"


def ask(request: HttpRequest, user: User, address: str, *, now: datetime) -> int:
    """Send both codes, and wait for them in this session. An address that somebody signs in with already gets
    none, and nobody is told so. Returns the seconds to wait if it is too often, else 0."""
    counted = {rate_limits.key("address", "user", str(user.pk)): CHANGES_MAX}
    wait = rate_limits.count(counted, now=now)
    if wait:
        return wait
    kind, adapter = AccountLetter.Kind.ADDRESS_CODE, get_adapter()
    old, new = adapter.generate_login_code(), adapter.generate_login_code()
    letters.write(user, kind=kind, secret=old, now=now)
    if User.objects.filter(email=address).exists():
        letters.pretend(address, kind=kind, now=now)
    else:
        letters.write(user, kind=kind, secret=new, now=now, to=address)
    request.session[_ASKED] = {
        "address": address, "old": old, "new": new, "tries": 0,
        "until": (now + CODES_LAST).isoformat(),
    }  # fmt: skip
    return 0


def waiting(request: HttpRequest, *, now: datetime) -> str:
    """The address whose codes are waited for; empty where none are, or they came too late."""
    asked = request.session.get(_ASKED)
    if not asked or asked["tries"] >= TRIES_MAX or now > datetime.fromisoformat(asked["until"]):
        return ""
    return str(asked["address"])


def change(request: HttpRequest, user: User, *, old: str, new: str, now: datetime) -> bool:
    """Whether both codes were right, and the account has its new address. Their brands' audit logs tell that
    it has another, not which."""
    address, asked = waiting(request, now=now), request.session.get(_ASKED)
    if not address or not asked:
        return False
    asked["tries"] += 1
    request.session.modified = True
    are_right = [
        compare_user_code(actual=old, expected=asked["old"]),
        compare_user_code(actual=new, expected=asked["new"]),
    ]
    if not all(are_right):
        return False
    del request.session[_ASKED]
    try:
        _save(user, address, now)
    except IntegrityError:  # somebody has it since
        return False
    return True


def _save(user: User, address: str, now: datetime) -> None:
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(email=address)
        user.email = address
        for member in user.memberships.select_related("brand").order_by("brand_id"):
            with scope(brand=member.brand):
                record(
                    brand=member.brand,
                    actor=actor_of(user),
                    act=Act.MEMBER_ADDRESS_CHANGED,
                    subject=f"user:{user.pk}",
                    now=now,
                    details={"name": user.name},
                )
