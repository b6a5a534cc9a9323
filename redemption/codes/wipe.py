"""Forgetting what has no more use: the ciphertext of codes that are spent for good."""

from datetime import datetime, timedelta

from brands.models import Brand
from redemption.models import Code, Redemption

KEPT_AFTER_USE = timedelta(days=1)
"""Longer than any reversal window, so that a reversed gift can be shown again."""


REDEMPTIONS_AT_ONCE = 5_000
"""One statement. What was wiped by then stays wiped when a run is cut off; the next goes on from there."""


def wipe_spent_codes(*, now: datetime) -> int:
    """How many were wiped. Expects scopes to be disabled: it cleans up after every brand.

    Each brand remembers how far it got, so that no index on the codes has to follow their state.
    """
    until = now - KEPT_AFTER_USE
    return sum(_wipe(brand, until) for brand in Brand.objects.all())


def _wipe(brand: Brand, until: datetime) -> int:
    wiped, mark = 0, brand.codes_wiped_until
    while mark is None or mark < until:
        redemptions = Redemption.objects.filter(brand=brand, redeemed_at__lte=until)
        if mark:
            redemptions = redemptions.filter(redeemed_at__gt=mark)
        moments = redemptions.order_by("redeemed_at").values_list("redeemed_at", flat=True)
        mark = moments[REDEMPTIONS_AT_ONCE - 1 :].first() or until
        wiped += Code.objects.filter(
            pk__in=redemptions.filter(redeemed_at__lte=mark).values("code"),
            state=Code.State.REDEEMED,
            ciphertext__isnull=False,
        ).update(ciphertext=None)
        Brand.objects.filter(pk=brand.pk).update(codes_wiped_until=mark)
    return wiped
