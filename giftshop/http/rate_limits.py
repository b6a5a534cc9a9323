"""How often strangers may write: by their browser's session, by their address, by the link they hold.

The numbers let an office or a family behind one address pass and stop a script: whoever is above one
waits for the rest of ten minutes and is told so. A limit by address counts only what anybody may do; what
needs a draft or a link of one's own is limited by that first, so that a neighbour on the same network
cannot use up what is mine. Tills, the studio and the API have their own (redemption/redeem/guess_limit.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from core import crypto
from core.networks import network
from giftshop.http import sign_in_limits
from redemption import rate_limits


@dataclass(frozen=True)
class Limit:
    """So many in ten minutes; 0: not counted."""

    per_session: int = 0
    per_address: int = 0
    per_link: int = 0


CHANGE = Limit(per_session=300, per_address=3000)
"""A sender saves some thirty times; a hundred senders in one office go on unhindered."""

LIMITS: dict[str, Limit] = {
    "give": Limit(per_session=20, per_address=100),  # an office begins a few dozen
    "give-reply": Limit(per_session=20, per_address=100),
    "counter-link": Limit(per_session=20, per_address=100),
    "give-who": CHANGE,
    "give-recipient": CHANGE,
    "give-recipient-removal": CHANGE,
    "give-recipient-correction": CHANGE,
    "give-pasted-recipients": CHANGE,
    "give-what": CHANGE,
    "give-say": CHANGE,
    "give-code": Limit(per_session=30, per_address=300),  # each may be a guess
    "payment": Limit(per_session=20, per_address=200),  # each asks Stripe for a page
    "order-withdrawal": Limit(per_link=60),
    "order-reasons": Limit(per_link=60),
    "order-unopened": Limit(per_link=60),
    "gift-language": Limit(per_link=60),
    # What leaves by these is counted for the gift, the order and the sender, too: wait_to_send_again below.
    "order-gift": Limit(per_link=60),
    "order-gift-repeat": Limit(per_link=30),
    "order-gift-dispatch": Limit(per_link=30),
    "order-gift-card": Limit(per_link=60),  # each is drawn
    "order-gift-passing-on": Limit(per_link=60),
    "gift-opening": Limit(per_link=60),
    "gift-opening-code": Limit(per_link=60),  # codes are counted for the gift: giftshop/openings
    "gift-entry": Limit(per_link=60),
    "gift-choices": Limit(per_link=60),
    "gift-thanks": Limit(per_link=60),
    "gift-sender-view": Limit(per_link=60),
    "gift-texts": Limit(per_session=5, per_address=30, per_link=5),  # each is a text, and costs
    "gift-return": Limit(per_link=60),
    "gift-reasons": Limit(per_link=60),
    "gift-review": Limit(per_link=60),
    "gift-come-back": Limit(per_link=60),
    "gift-review-removal": Limit(per_link=60),
    "visitor_consent": Limit(per_address=300),  # as many as visits are counted, each asked once
    "offer": Limit(per_session=20, per_address=60),  # each may be given something
    "handout-gift-opening": Limit(per_link=60),
    "stop-mail": Limit(per_link=30),
    "letter_switch": Limit(per_link=30),
    "your-data-letters": Limit(per_link=30),
    "your-data-not-me": Limit(per_link=30),
    "your-data-erasure": Limit(per_link=30),
    "find-orders": Limit(per_session=20, per_address=30),  # counted for the address typed, too
    "questions": Limit(per_session=5, per_address=10),  # each is read by a person
    "invitation": Limit(per_link=60),  # each password is hashed, which is meant to take its time
    "account_reset_password": Limit(
        per_address=30
    ),  # no account gets more than three letters of it
    "account_reset_password_from_key": Limit(per_link=30),
    # allauth counts three wrong ones in the session, which two requests at once may both read before.
    "account_confirm_login_code": Limit(per_session=20, per_address=120),
    "social_sign_in": Limit(per_address=120),
    "apple_callback": Limit(per_address=120),
    "passkey_challenge": Limit(per_address=300),  # an office that signs in in the morning
    "passkey_sign_in": Limit(per_address=300),
    # Codes are counted for the person, too: giftshop/sign_in/factors/codes.py.
    "mfa_authenticate": Limit(per_session=20, per_address=120),
    "self_service": Limit(per_session=10, per_address=30),  # each is a letter to whoever was named
    "self_service_code": Limit(per_session=20, per_address=120),
    "own_brand": Limit(per_session=20, per_address=60),
    "account_address_codes": Limit(per_session=20),  # as with the code for signing in
    # Passwords tried on many names; those tried on one name are slowed by sign_in_limits.py and
    # counted by django-axes. No name is locked by this, so nobody keeps an owner out from another network.
    "login": Limit(per_address=60),
}
"""By the route's name, for what is posted there."""

VISITS_PER_ADDRESS = 300
"""Counted follows of tracking links: a newsletter opened by a whole office. More lead on all the same."""


ASKED_PER_PAYMENT = 20
"""Loads of the page after paying that ask Stripe, which answers only so many calls a second for all of us.
More lead to the order all the same."""

LINK_ROWS = 65_536
"""So many rows count the links at one page. Two links that share one do so by a keyed digest: nobody can
look for a neighbour's."""


class RateLimitMiddleware:
    """Counts what is posted to the pages above; too much is answered by a page that says how long to wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        limit = LIMITS.get(match.url_name or "") if match else None
        if limit is None or match is None or request.method != "POST":
            return None
        page = str(match.url_name)
        if page == "login" and sign_in_limits.is_tried_by_known(request):
            return None  # not to be kept out by whoever shares its address
        keys = {
            _key(page, "session", _session(request)): limit.per_session,
            _key(page, "address", network(request.META["REMOTE_ADDR"])): limit.per_address,
            _key(page, "link", _link(request)): limit.per_link,
        }
        wait = rate_limits.count(
            {key: most for key, most in keys.items() if key and most}, now=timezone.now()
        )
        return too_often(request, wait) if wait else None


def counts_as_visit(request: HttpRequest) -> bool:
    """Whether one more follow of a link is counted for this address. One statement."""
    key = _key("follow", "address", network(request.META["REMOTE_ADDR"]))
    return not (key and rate_limits.count({key: VISITS_PER_ADDRESS}, now=timezone.now()))


def may_ask_about(payment_id: int) -> bool:
    """Whether one more load of the page after paying asks Stripe. One statement."""
    key = _key("payment-return", "payment", str(payment_id))
    return not rate_limits.count({key: ASKED_PER_PAYMENT}, now=timezone.now())


SENT_AGAIN_A_DAY = {"gift": 8, "order": 40, "sender": 60}
"""Changes and repeats by whoever holds an order's link: enough to find the right address, and nothing to
write to strangers with. An order of twenty recipients is put right twice."""
A_DAY = timedelta(days=1)


def wait_to_send_again(*, gift_id: UUID, order_id: UUID, sender: str, now: datetime) -> int:
    """Seconds until a gift may be changed or sent once more, 0 for at once. One statement; the rows are held
    until commit."""
    who = {"gift": str(gift_id), "order": str(order_id), "sender": sender.casefold()}
    limits = {_key("again", kind, who[kind]): most for kind, most in SENT_AGAIN_A_DAY.items()}
    return rate_limits.count(limits, now=now, window=A_DAY)


SOUGHT_A_DAY = 3
"""Letters of one brand to one address with the links of its orders: nobody's mail box is filled by it."""


def wait_to_seek(*, brand_id: UUID, address: str, now: datetime) -> int:
    """Seconds until the links of its orders go to an address once more, 0 for at once. One statement."""
    key = _key("find-orders", "mail", f"{brand_id} {address.casefold()}")
    return rate_limits.count({key: SOUGHT_A_DAY}, now=now, window=A_DAY)


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """429 in words; `wait` in seconds."""
    context = {"minutes": -(-wait // 60)}
    response = HttpResponse(
        render_to_string("giftshop/too_often.html", context, request), status=429
    )
    response["Retry-After"] = str(wait)
    return response


def _session(request: HttpRequest) -> str | None:
    """One that there is: of cookies anybody may make up as many as he likes, each another row. Reads what
    the view reads anyway."""
    request.session.keys()  # has it looked up; what is not there loses its key
    return request.session.session_key


def _link(request: HttpRequest) -> str:
    """One of LINK_ROWS, since links too can be made up."""
    return str(int.from_bytes(crypto.digest(f"link:{request.path}")[:8]) % LINK_ROWS)


def _key(page: str, kind: str, who: str | None) -> str:
    return rate_limits.key(page, kind, who) if who else ""
