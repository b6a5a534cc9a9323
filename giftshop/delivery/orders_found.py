"""Who lost the link to their order asks for it by their address: it goes to that address and nowhere else.

Whoever asks learns nothing: the page says the same whether there are orders or not, and as much is written
down (a message that leads to none does nothing).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.delivery import emails
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.http import rate_limits
from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, emit, subscribe
from giftshop.outbox.topics import Topic

TOLD_MAX = 10
"""The newest: enough for somebody who gives often, and a mail that stays short."""


class Found(NamedTuple):
    """What somebody asked for: of one address, the newest first. At least one."""

    sought: UUID
    orders: Sequence[Order]


def seek(*, brand: Brand, address: str, now: datetime) -> None:
    """Have the links of its last orders sent to this address, if there are any, and if that was not asked for
    often today. Expects the brand's scope. Four statements, whatever there is."""
    with transaction.atomic():
        wait = rate_limits.wait_to_seek(brand_id=brand.pk, address=address, now=now)
        newest = Order.objects.paid().from_address(address).values_list("pk", flat=True).first()
        emit(
            topic=Topic.ORDERS_SOUGHT,
            brand_id=brand.pk,
            payload={
                "order_id": str(newest) if newest and not wait else "",
                "sought": str(uuid7()),
            },
            now=now,
        )


ORDERS_FOUND = register(
    Purpose[Found](
        name="orders_found",
        subject=lambda found: f"order:{found.orders[0].pk}",
        addressee=lambda found: f"sought:{found.sought}",
        address=lambda found: found.orders[0].sender_email,
        compose=lambda delivery, found: emails.orders_found_letter(delivery, found.orders),
        is_needed=True,
    )
)


@subscribe(Topic.ORDERS_SOUGHT, name="delivery.orders_found", queue=Queue.MAIL)
def send_links(message: Message) -> None:
    """Of the orders that there are by now."""
    order_id = message.payload["order_id"]
    if not order_id:
        return
    with scope(brand=message.brand_id):
        named = Order.objects.filter(pk=order_id).first()
        if named is None or not named.sender_email:
            return
        orders = Order.objects.paid().from_address(named.sender_email).select_related("brand")
        newest = list(orders.prefetch_related("gifts__recipient")[:TOLD_MAX])
        if newest:
            found = Found(UUID(message.payload["sought"]), newest)
            send(purpose=ORDERS_FOUND, about=found, brand=newest[0].brand)
