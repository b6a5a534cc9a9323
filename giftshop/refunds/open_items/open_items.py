"""What about money waits for a person of the brand. Each expects the brand's scope."""

from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Value

from brands.models import Brand
from giftshop.refunds.models import Dispute, FraudWarning, Refund
from giftshop.refunds.open_items.all_owed import all_owed


def unclear() -> "QuerySet[Refund]":
    """Somebody has to say for which gifts."""
    return Refund.objects.unclear().select_related("payment__order").order_by("asked_at", "pk")


def undecided() -> "QuerySet[Refund]":
    """Goodwill above the limit: a second person says yes or no."""
    waiting = Refund.objects.filter(state=Refund.State.WAITING)
    return waiting.select_related("payment__order").order_by("asked_at", "pk")


def not_sent() -> "QuerySet[Refund]":
    """Stripe could not send it, nobody tried again, and nobody has put it aside since."""
    failed = Refund.objects.filter(state=Refund.State.FAILED).exclude(origin=Refund.Origin.PAYMENT)
    again = Refund.objects.counted().filter(
        payment=OuterRef("payment"), asked_at__gt=OuterRef("asked_at")
    )
    noticed = failed.exclude(decided_at__gte=F("over_at")).exclude(Exists(again))
    return noticed.select_related("payment__order").order_by("asked_at", "pk")


def to_answer(now: datetime) -> "QuerySet[Dispute]":
    """A bank waits for an answer, and still takes one."""
    asked = Dispute.objects.filter(status__in=Dispute.ANSWERABLE, answered_at=None, due_by__gt=now)
    return asked.select_related("payment__order").order_by("due_by", "pk")


def lost() -> "QuerySet[Dispute]":
    """Lost for a part of the payment: somebody has to say which gifts it was about."""
    unclear = Dispute.objects.filter(is_unclear=True)
    return unclear.select_related("payment__order").order_by("opened_at", "pk")


def warnings() -> "QuerySet[FraudWarning]":
    """They hold gifts until the money went back or somebody sets them aside."""
    open_ones = FraudWarning.objects.filter(is_open=True, cleared_at=None)
    return open_ones.select_related("payment__order").order_by("made_at", "pk")


def count(brand: Brand, now: datetime) -> int:
    """How many of all these there are, with the orders to which money is owed back. 5 queries."""
    lists: list[QuerySet[Refund] | QuerySet[Dispute] | QuerySet[FraudWarning]] = [
        *(unclear(), undecided(), not_sent(), to_answer(now), lost(), warnings())
    ]
    counts = [
        rows.order_by().annotate(_of=Value(place)).values("_of").annotate(_many=Count("pk"))
        for place, rows in enumerate(lists)
    ]
    counted = [each.values_list("_of", "_many") for each in counts]
    found = counted[0].union(*counted[1:], all=True)
    idle = [each for each in all_owed(brand) if not each.is_under_way]
    return sum(many for _place, many in found) + len(idle)
