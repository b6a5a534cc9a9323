"""Sums of treats: how many reviews are shown and their stars, and what was given and said lately.

The sums of a treat's reviews are made anew with each change of one, those of the last days every hour: always
counted, never added up, so that none can drift. Whoever counts holds the row first, and so sees all that
others who counted before have written.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order
from giftshop.reviews.models import Review, Standing
from redemption.models import Code

LATELY = timedelta(days=30)

OF_NOTHING = {"shown": 0, "stars": 0, "shown_lately": 0, "stars_lately": 0}


def count_reviews(treat: Treat, *, now: datetime) -> None:
    """Of one treat, in the transaction that changed a review. Expects the brand's scope."""
    made = {"brand_id": treat.brand_id, "counted_at": now}
    Standing.objects.get_or_create(treat=treat, defaults=made)
    kept = Standing.objects.select_for_update().filter(treat=treat)
    kept.get()
    kept.update(**_of_reviews(now, treat=treat).get(treat.pk, OF_NOTHING))


def count_all(brand: Brand, *, now: datetime) -> None:
    """Of every treat of a brand. Expects its scope. 6 queries."""
    with transaction.atomic():
        treats = Treat.objects.values_list("pk", flat=True)
        Standing.objects.bulk_create(
            (Standing(treat_id=pk, brand=brand, counted_at=now) for pk in treats),
            ignore_conflicts=True,
        )
        kept = list(Standing.objects.select_for_update().order_by("pk"))
        reviews, given = _of_reviews(now), _given(now)
        for standing in kept:
            for name, value in reviews.get(standing.treat_id, OF_NOTHING).items():
                setattr(standing, name, value)
            standing.given_lately = given.get(standing.treat_id, 0)
            standing.counted_at = now
        Standing.objects.bulk_update(kept, [*OF_NOTHING, "given_lately", "counted_at"], 500)


def _of_reviews(now: datetime, **of: Any) -> dict[Any, dict[str, int]]:
    lately = Q(written_at__gt=now - LATELY)
    rows = (
        Review.objects.shown()
        .filter(**of)
        .values("treat")
        .annotate(
            shown=Count("pk"),
            all_stars=Sum("stars"),
            shown_lately=Count("pk", filter=lately),
            late_stars=Sum("stars", filter=lately, default=0),
        )
    )
    return {
        row["treat"]: {
            "shown": row["shown"],
            "stars": row["all_stars"],
            "shown_lately": row["shown_lately"],
            "stars_lately": row["late_stars"],
        }
        for row in rows
    }


def _given(now: datetime) -> dict[Any, int]:
    """Gifts that were paid and not taken back, by treat."""
    rows = (
        Gift.objects.filter(order__state=Order.State.PAID, order__paid_at__gt=now - LATELY)
        .exclude(code__state=Code.State.VOIDED)
        .values("treat")
        .annotate(many=Count("pk"))
    )
    return {row["treat"]: row["many"] for row in rows}
