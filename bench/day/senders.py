"""The senders: a process of its own that places orders and pays them at the Stripe double, at a steady rate.

Orders are placed and Stripe's page is opened by the product's own functions; the form on that page is
sent as a browser would. Told in one line of JSON, it says `ready`, begins at `go`, and answers one line of
JSON: [[order id, when Pay was pressed], ...].
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")

import django

from bench.day.patience import LATE_SECONDS_MAX

THREADS = 8


class Senders:
    def __init__(self, brand_id: str) -> None:
        from brands.models import Brand

        self.brand = Brand.objects.get(pk=brand_id)
        self.treat = self._treat()

    def _treat(self) -> Any:
        from django_scopes import scope

        from giftshop.catalog.models import Price, Treat

        with scope(brand=self.brand):
            treat = Treat.objects.create(
                brand=self.brand,
                slug="double-scoop",
                name="Double scoop",
                description="Two scoops.",
                art="art/frosty-spoon/double-scoop.svg",
            )
            Price.objects.create(treat=treat, key="regular", name="Regular", amount=650, position=1)
            return treat

    def buy(self, number: int, key: str) -> tuple[str, float]:
        """The order, and when it was paid."""
        from django.db import connection
        from django_scopes import scope

        from giftshop.orders.checkout import GiftLine, place_order
        from giftshop.orders.models import Gift
        from giftshop.payments import checkout_session
        from sandbox.stripe_double import buyer

        try:
            with scope(brand=self.brand):
                line = GiftLine(
                    recipient_name=f"Recipient {number}",
                    recipient_email=f"recipient{number}@friends.example",
                    channel=Gift.Channel.EMAIL,
                    treat=self.treat,
                    price=self.treat.prices.get(key="regular"),
                    message="Enjoy this!",
                    design=Gift.Design.JUST_BECAUSE,
                )
                order = place_order(
                    brand=self.brand,
                    key=f"{key}:{number}",
                    sender_name="Amy",
                    sender_email="amy@senders.example",
                    lines=[line],
                )
                page = checkout_session.open_page(order=order)
        finally:
            connection.close()
        at = time.time()
        landing = buyer.pay(page)
        if landing.location is None:
            raise RuntimeError(f"the double did not take the payment: {landing.status}")
        return str(order.pk), at


def drive(senders: Senders, count: int, seconds: float, key: str) -> list[tuple[str, float]]:
    """What was bought; less than `count` when the product is too slow for it."""
    started = time.monotonic()
    ends = started + seconds + LATE_SECONDS_MAX

    def at_its_time(number: int) -> tuple[str, float] | None:
        time.sleep(max(0.0, started + number * seconds / max(1, count) - time.monotonic()))
        return senders.buy(number, key) if time.monotonic() < ends else None

    with ThreadPoolExecutor(THREADS) as threads:
        return [bought for bought in threads.map(at_its_time, range(count)) if bought]


def main() -> None:
    told = json.loads(sys.stdin.readline())
    django.setup()
    senders = Senders(told["brand_id"])
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(drive(senders, told["count"], told["seconds"], told["key"])), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
