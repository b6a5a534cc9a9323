"""Having an offer: one for each person, never one too many, never a cent over its budget.

Who asks is found first, without a lock: most of a crowd is answered so. Then uses of one offer take turns at
its row, and the count is moved by an UPDATE that says all caps once more; the table's own constraints stand
behind it. What is given is a promotional code, booked as one in the same commit.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto, validity
from core.forms.version import version_of
from core.ids import uuid7
from core.refused import Refused
from giftshop.catalog.models import Price, Treat
from giftshop.offers.models import Offer, OfferUse
from redemption.codes import issue
from redemption.models import Code


class UseRefusal(models.TextChoices):
    SOON = "soon", _("It has not begun yet.")
    PAUSED = "paused", _("It rests for now. Look in again.")
    OVER = "over", _("It is over.")
    USED_UP = "used_up", _("All of them are taken.")
    BACK_TOMORROW = (
        "back_tomorrow",
        _("Today's are all taken. There are more tomorrow."),
    )
    NOT_ON_THE_MENU = "not_on_the_menu", _("It is not on the menu right now.")
    CHANGED = (
        "changed",
        _("It was changed a moment ago. Please look at it once more."),
    )


class UseRefused(Refused[UseRefusal]):
    """`reason` in words for whoever wants it."""


class Given(NamedTuple):
    """What one use gives. `cost` in minor units, what the brand owes by it."""

    label: str
    cost: int
    treat: Treat | None = None
    price: Price | None = None


def given_by(offer: Offer, day: date) -> Given | None:
    """On a day of the brand's; None while its treat is not sold. 2 queries for a treat, none for an amount.
    Expects the brand's scope."""
    if offer.amount is not None:
        return Given(offer.name, offer.amount)
    sold = Treat.objects.on_sale(day)
    treat = sold.filter(pk=offer.treat_id).first() if offer.treat_id else None
    price = treat.prices.filter(key=offer.size, most=None).first() if treat else None
    if treat is None or price is None:
        return None
    return Given(f"{treat.name}, {price.name}", price.on(day), treat, price)


def refusal_of(offer: Offer, given: Given | None, day: date) -> UseRefusal | None:
    """Why nobody has it on that day, or None. No query."""
    state = offer.state_on(day, cost=given.cost if given else 1)
    if state != Offer.State.OPEN:
        return UseRefusal(state.value)
    return None if given else UseRefusal.NOT_ON_THE_MENU


def promise(offer: Offer, given: Given | None) -> str:
    """A version of what its page says is given, so that nobody gets less than they were shown."""
    return version_of([offer.gives, given and given[:2], offer.good_days, offer.terms])


def use_of(offer: Offer, holder: str) -> OfferUse | None:
    """What somebody had of it already. One query; expects the brand's scope."""
    person = crypto.digests(_person(offer, holder))
    return OfferUse.objects.filter(offer=offer, person__in=person).first()


def use(
    *,
    offer_id: UUID,
    holder: str,
    seen: str = "",
    campaign_id: UUID | None = None,
    now: datetime | None = None,
) -> OfferUse:
    """Give `holder` (who asks, as browser:<id>) what the offer gives, or what they had of it before: asked
    twice, it is the same. `seen`: the promise() that they were shown. Expects the brand's scope. Raises
    UseRefused, Offer.DoesNotExist."""
    now = now or timezone.now()
    offer = Offer.objects.select_related("brand").get(pk=offer_id)
    if had := use_of(offer, holder):
        return had
    day = timezone.localdate(now, offer.brand.tz)
    _check(offer, given_by(offer, day), day, seen)  # who comes too late waits for nobody
    with transaction.atomic():
        offer = Offer.objects.select_related("brand").locked().get(pk=offer_id)
        if had := use_of(offer, holder):
            return had
        given = _check(offer, given_by(offer, day), day, seen)
        _count(offer, given.cost, day)
        return _give(offer, given, holder, campaign_id, now)


def _person(offer: Offer, holder: str) -> str:
    return f"offer:{offer.pk}:{holder}"


def _check(offer: Offer, given: Given | None, day: date, seen: str) -> Given:
    refusal = refusal_of(offer, given, day)
    if refusal or given is None:
        raise UseRefused(refusal or UseRefusal.NOT_ON_THE_MENU)
    if seen and seen != promise(offer, given):
        raise UseRefused(UseRefusal.CHANGED)
    return given


_COUNT = """
UPDATE offers_offer
   SET used = used + 1, spent = spent + %(cost)s, used_on = %(day)s,
       used_that_day = CASE WHEN used_on = %(day)s THEN used_that_day ELSE 0 END + 1
 WHERE id = %(id)s AND paused_at IS NULL
   AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
   AND (uses_max IS NULL OR used < uses_max)
   AND (budget IS NULL OR spent + %(cost)s <= budget)
   AND (uses_a_day_max IS NULL
        OR CASE WHEN used_on = %(day)s THEN used_that_day ELSE 0 END < uses_a_day_max)
"""


def _count(offer: Offer, cost: int, day: date) -> None:
    """One more use, if it is within every cap. Raises UseRefused."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"cost": cost, "day": day, "id": offer.pk})
        if not cursor.rowcount:
            raise UseRefused(UseRefusal.USED_UP)


def _give(
    offer: Offer, given: Given, holder: str, campaign_id: UUID | None, now: datetime
) -> OfferUse:
    brand, use_id, token = offer.brand, uuid7(), crypto.new_token()
    code = _issue(brand, f"offer:{use_id}", offer, given, campaign_id, now)
    return OfferUse.objects.create(
        id=use_id,
        brand=brand,
        offer=offer,
        person=crypto.digest(_person(offer, holder)),
        code=code,
        cost=given.cost,
        token_digest=crypto.token_digest(token),
        token_ciphertext=crypto.seal(token, context=f"offer_use:{use_id}"),
        used_at=now,
    )


def _issue(
    brand: Brand,
    reference: str,
    offer: Offer,
    given: Given,
    campaign_id: UUID | None,
    now: datetime,
) -> Code:
    choices = given.treat.snapshot(given.price) if given.treat and given.price else []
    spec = issue.CodeSpec(
        reference=reference,
        label=given.label,
        amount=given.cost,
        kind=Code.Kind.ITEM if given.treat else Code.Kind.VALUE,
        choices=choices,
    )
    [code] = issue.issue_first(
        brand=brand,
        reference=reference,
        origin=Code.Origin.PROMOTIONAL,
        specs=[spec],
        now=now,
        expires_at=validity.expiry(now, days=offer.good_days, zone=brand.tz),
        campaign_id=campaign_id,
    )
    return code
