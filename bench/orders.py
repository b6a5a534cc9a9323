"""What an order costs from its sender's last click to issued codes: `make bench-orders`.

COUNT orders (200) of one gift, and a tenth as many of twenty, are placed and marked as paid by the
product's own functions; what is given, with its price, was read before by the page. Printed are
milliseconds of this process's processor and of PostgreSQL's, into which other work on the machine does not
count, and the statements that went there. Then a few more are paid at Stripe's double and heard of by
webhook; every call that the product makes is counted, the sweeps for fees and missed events too. The last
line is for programs:

    orders: one_ms=X twenty_ms=X one_statements=N twenty_statements=N calls_before=X calls_after=X

    one_ms, twenty_ms   both processors, an order. Goals: <= 15 and <= 40
    calls_before        to Stripe for an order until its page is open: 1
    calls_after         from the payment on, a paid order. Goal: <= 1.1
"""

import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from bench.redeem import machine

COUNT = int(os.environ.get("COUNT") or 200)
CALLS_OF = 20
MANY = 20


def main() -> None:
    call_command("migrate", verbosity=0)
    shop = Shop()
    shop.order(1)
    figures: dict[str, str] = {}
    for name, gifts, count in (("one", 1, COUNT), ("twenty", MANY, max(1, COUNT // 10))):
        milliseconds = shop.cost(gifts, count)
        with counted() as statements:
            shop.order(gifts)
        figures[f"{name}_ms"] = f"{milliseconds:.1f}"
        figures[f"{name}_statements"] = str(len(statements))
    before, after = shop.calls(CALLS_OF)
    figures |= {"calls_before": f"{before:.2f}", "calls_after": f"{after:.2f}"}
    print("orders: " + " ".join(f"{key}={figure}" for key, figure in figures.items()), flush=True)


class Shop:
    def __init__(self) -> None:
        from brands.models import Brand
        from giftshop.catalog.models import Option, OptionGroup, Price, Treat

        self.brand = Brand.objects.create(
            slug="bench",
            name="Bench",
            currency="USD",
            country="US",
            time_zone="UTC",
            opened_at=timezone.now(),
        )
        with scope(brand=self.brand):
            self.treat = Treat.objects.create(
                brand=self.brand, slug="scoop", name="Scoop", description="Two scoops."
            )
            self.price = Price.objects.create(
                treat=self.treat, key="regular", name="Regular", amount=650, position=1
            )
            group = OptionGroup.objects.create(treat=self.treat, key="flavour", name="Flavour")
            for position, label in enumerate(("Vanilla", "Mint", "Pistachio")):
                Option.objects.create(
                    group=group, key=label.lower(), label=label, position=position
                )
        self.placed = 0

    def place(self, gifts: int) -> Any:
        from giftshop.orders.checkout import GiftLine, place_order
        from giftshop.orders.models import Gift

        self.placed += 1
        lines = [
            GiftLine(
                recipient_name=f"Recipient {number}",
                recipient_email=f"recipient{number}@friends.example",
                channel=Gift.Channel.EMAIL,
                treat=self.treat,
                price=self.price,
                message="Enjoy this!",
                design=Gift.Design.JUST_BECAUSE,
            )
            for number in range(gifts)
        ]
        return place_order(
            brand=self.brand,
            key=f"bench:{self.placed}",
            sender_name="Amy",
            sender_email="amy@senders.example",
            lines=lines,
        )

    def order(self, gifts: int) -> None:
        from giftshop.orders.fulfilment import PaidCheckout, mark_paid

        with scope(brand=self.brand):
            order = self.place(gifts)
            paid = PaidCheckout(order.total, order.currency, False, False)
            mark_paid(brand=self.brand, order_id=order.pk, paid=paid)

    def cost(self, gifts: int, count: int) -> float:
        """Milliseconds of both processors, an order."""
        server = machine.postmaster(os.environ["DATABASE_URL"])
        there, here = machine.cpu_seconds(server)[0], time.process_time()
        for _ in range(count):
            self.order(gifts)
        here, there = time.process_time() - here, machine.cpu_seconds(server)[0] - there
        print(
            f"{count} orders of {gifts}: {1000 * here / count:.1f} ms here,"
            f" {1000 * there / count:.1f} ms in PostgreSQL",
            file=sys.stderr,
        )
        return 1000 * (here + there) / count

    def calls(self, count: int) -> tuple[float, float]:
        """Calls to Stripe for an order, before it is paid and after."""
        from giftshop.payments import checkout_session, event_watermark, inbox, reconcile_open
        from giftshop.payments.models import Payment
        from giftshop.payments.stripe.events import Event
        from sandbox.stripe_double import StripeDouble
        from sandbox.stripe_double.api.handler import ApiHandler

        seen: list[str] = []
        answer: Callable[..., Any] = ApiHandler.answer

        def noted(self: Any, method: str, path: str, *rest: Any) -> Any:
            seen.append(f"{method} {path}")
            return answer(self, method, path, *rest)

        ApiHandler.answer = noted  # type: ignore[method-assign]
        with (
            StripeDouble() as double,
            override_settings(STRIPE_API_BASE=double.url, STRIPE_SECRET_KEY="sk_test_bench"),  # nosec B106
        ):
            with scope(brand=self.brand):
                for _ in range(count):
                    checkout_session.open_page(order=self.place(1))
                sessions = list(Payment.objects.values_list("session_id", flat=True))
            before = len(seen)
            for session in sessions:
                double.pay(str(session))
            told = list(double.world.store.newest("event"))[::-1]
            events = [
                Event(
                    id=each["id"],
                    type=each["type"],
                    object_id=each["data"]["object"]["id"],
                    livemode=each["livemode"],
                    payload=json.dumps(each),
                )
                for each in told
            ]
            inbox.store(events=events)
            inbox.work(seconds=60)
            event_watermark.list_missed(now=timezone.now())
            with scopes_disabled():
                reconcile_open.settle_missing_fees(now=timezone.now())
            with scope(brand=self.brand):
                paid = Payment.objects.filter(state=Payment.State.PAID).count()
        if paid != count:
            raise RuntimeError(f"{paid} of {count} orders were paid")
        for call, times in Counter(_without_ids(call) for call in seen).most_common():
            print(f"{times} times {call}", file=sys.stderr)
        return before / count, (len(seen) - before) / count


def _without_ids(call: str) -> str:
    return re.sub("(cs|ch|pi)_[^/]*", "ID", call)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that went to the database."""
    said: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        said.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield said


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    django.setup()
    main()
