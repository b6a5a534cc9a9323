"""Which browser is the sender's: it showed the order's page. A gift that is looked at there stays closed.

The cookie says which order, signed; it goes to gifts' pages alone. There are few of them, whoever sends many:
an order takes the place of another one.
"""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PLACES = 16
DAYS = 90
PATH = "/gift/"
_SALT = "giftshop.openings.sender"


def remember(response: HttpResponse, order_id: UUID) -> None:
    response.set_signed_cookie(
        _name(order_id),
        order_id.hex,
        salt=_SALT,
        max_age=DAYS * 24 * 3600,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_senders(request: HttpRequest, order_id: UUID) -> bool:
    found = request.get_signed_cookie(_name(order_id), default="", salt=_SALT)
    return bool(found == order_id.hex)


def _name(order_id: UUID) -> str:
    return f"sent-{order_id.int % PLACES}"
