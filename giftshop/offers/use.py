"""Having an offer: one for each person, never one too many, never a cent over its budget.

Who asks is found first, without a lock: most of a crowd is answered so. Then uses of one offer take turns at
its row, and the count is moved by an UPDATE that says all caps once more; the table's own constraints stand
behind it. What is given is a promotional code, booked as one in the same commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
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
from giftshop.outbox.outbox import emit, emit_many
from giftshop.outbox.topics import Topic
from redemption.choices import Choice
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
    is_capped: bool = False
    """More would be taken off an order, but for what has to be left of it."""


def given_by(offer: Offer, day: date) -> Given | None:
    """On a day of the brand's; None while its treat is not sold, and of what takes something off an order
    (discount.py). 2 queries for a treat, none for an amount. Expects the brand's scope."""
    if offer.takes_off:
        return None
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
    return version_of([given and given[:2], offer.good_days, offer.terms])


HELD_OUT = 10
"""One in so many."""


def is_held_out(offer: Offer, who: str) -> bool:
    """Whether somebody (an address, an id) is of the tenth that is not shown it: always the same ones, for
    each offer others, as long as the key lasts. Nobody is who opens its own page, which promises it. No
    query."""
    if not offer.holds_out or offer.whom == Offer.Whom.ANYBODY:
        return False
    found = crypto.digest(f"held_out:{offer.pk}:{who}")  # keyed: nobody else can tell who is
    return int.from_bytes(found[:8]) % HELD_OUT == 0


def use_of(offer: Offer, holder: str) -> OfferUse | None:
    """What somebody had of it already. One query; expects the brand's scope."""
    person = crypto.digests(_person(offer, holder))
    return OfferUse.objects.filter(offer=offer, person__in=person).first()


@dataclass(frozen=True)
class Wanted:
    """Who asks for an offer, and after what."""

    whom: Offer.Whom
    holder: str
    """As kind:<id>, by which they are known the next time."""
    seen: str = ""
    """The promise() that they were shown."""
    campaign_id: UUID | None = None
    link_id: UUID | None = None
    gift_id: UUID | None = None
    since: datetime | None = None
    """When the gift was used: what is given is good from then on."""


def use(
    *,
    offer_id: UUID,
    holder: str,
    seen: str = "",
    campaign_id: UUID | None = None,
    link_id: UUID | None = None,
    now: datetime | None = None,
) -> OfferUse:
    """Give whoever opened its page (browser:<id>) what the offer gives, or what they had of it before: asked
    twice, it is the same. `campaign_id`, `link_id`: by which they had come. Expects the brand's scope. Raises
    UseRefused, Offer.DoesNotExist."""
    wanted = Wanted(Offer.Whom.ANYBODY, holder, seen=seen, campaign_id=campaign_id, link_id=link_id)
    return give(offer_id, wanted, now or timezone.now())


def give(offer_id: UUID, wanted: Wanted, now: datetime) -> OfferUse:
    """As use(), to whomever it is for."""
    offers = Offer.objects.select_related("brand").filter(whom=wanted.whom)
    offer = offers.get(pk=offer_id)
    if had := use_of(offer, wanted.holder):
        return had
    day = timezone.localdate(now, offer.brand.tz)
    check(offer, day, wanted.seen)  # who comes too late waits for nobody
    with transaction.atomic():
        offer = offers.locked().get(pk=offer_id)
        if had := use_of(offer, wanted.holder):
            return had
        given = check(offer, day, wanted.seen)
        count(offer, given.cost, day)
        made = new_use(offer, given, wanted.holder, now)
        made.gift_id, made.link_id = wanted.gift_id, wanted.link_id
        made.code = issue_code(made, given, wanted.since or now, now, wanted.campaign_id)
        made.save(force_insert=True)
        before = offer.level(given.cost)
        offer.used, offer.spent = offer.used + 1, offer.spent + given.cost
        level = offer.level(given.cost)
        tell(made, "" if level == before else level, now)
    return made


def _person(offer: Offer, holder: str) -> str:
    return f"offer:{offer.pk}:{holder}"


def check(offer: Offer, day: date, seen: str = "") -> Given:
    """What it gives on that day. At most 2 queries. Raises UseRefused."""
    given = given_by(offer, day)
    refusal = refusal_of(offer, given, day)
    if refusal or given is None:
        raise UseRefused(refusal or UseRefusal.NOT_ON_THE_MENU)
    if seen and seen != promise(offer, given):
        raise UseRefused(UseRefusal.CHANGED)
    return given


def tell(made: OfferUse, level: str, now: datetime) -> None:
    """That it was had, in the same commit. `level`: an Offer.Level that it came to by that, of which people
    are told once."""
    emit(topic=Topic.OFFER_USED, brand_id=made.brand_id, payload=_in_payload(made, level), now=now)


def tell_all(uses: Iterable[OfferUse], brand: Brand, now: datetime) -> None:
    """The same of several uses of one brand; one statement."""
    told = [(_in_payload(made, ""), None) for made in uses]
    emit_many(topic=Topic.OFFER_USED, brand_id=brand.pk, told=told, now=now)


def _in_payload(made: OfferUse, level: str) -> dict[str, Any]:
    ids = {
        "offer_id": made.offer_id,
        "use_id": made.pk,
        "order_id": made.order_id,
        "gift_id": made.gift_id,
        "code_id": made.code_id,
    }
    return {
        **{name: str(value) for name, value in ids.items() if value},
        "cost": made.cost,
        "is_discount": made.is_discount,
        "currency": made.offer.brand.currency,
        "level": str(level),
    }


_COUNT = """
UPDATE offers_offer
   SET used = used + %(number)s, spent = spent + %(cost)s, used_on = %(day)s,
       used_that_day = CASE WHEN used_on = %(day)s THEN used_that_day ELSE 0 END + %(number)s
 WHERE id = %(id)s AND paused_at IS NULL
   AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
   AND (uses_max IS NULL OR used + %(number)s <= uses_max)
   AND (budget IS NULL OR spent + %(cost)s <= budget)
   AND (uses_a_day_max IS NULL
        OR CASE WHEN used_on = %(day)s THEN used_that_day ELSE 0 END + %(number)s <= uses_a_day_max)
"""


def count(offer: Offer, cost: int, day: date, number: int = 1) -> None:
    """So many more uses of one cost, if they are within every cap: all of them or none. The caller holds the
    offer. Raises UseRefused."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT, {"cost": number * cost, "number": number, "day": day, "id": offer.pk}
        )
        if not cursor.rowcount:
            raise UseRefused(UseRefusal.USED_UP)


_COUNT_BACK = """
UPDATE offers_offer
   SET used = used - %(number)s, spent = spent - %(cost)s,
       used_that_day = greatest(0, used_that_day
                       - CASE WHEN used_on = %(day)s THEN %(number)s ELSE 0 END)
 WHERE id = %(id)s
"""


def count_back(offer: Offer, number: int, cost: int, day: date) -> None:
    """So many uses of one cost, counted on that day, were kept free and never given. The caller holds the
    offer."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT_BACK, {"cost": number * cost, "number": number, "day": day, "id": offer.pk}
        )


def had_already(offer: Offer, holders: Iterable[str]) -> set[str]:
    """Those who had it, or for whom one is kept. One query; expects the brand's scope."""
    of_digest = {
        digest: holder for holder in holders for digest in crypto.digests(_person(offer, holder))
    }
    found = OfferUse.objects.filter(offer=offer, person__in=list(of_digest))
    return {of_digest[bytes(person)] for person in found.values_list("person", flat=True)}


def new_use(offer: Offer, given: Given, holder: str, now: datetime) -> OfferUse:
    """In memory; counted by the caller, in whose transaction it is saved. It keeps what was promised: its
    offer may be changed since."""
    use_id, token = uuid7(), crypto.new_token()
    return OfferUse(
        id=use_id,
        brand=offer.brand,
        offer=offer,
        person=crypto.digest(_person(offer, holder)),
        treat=given.treat,
        size=given.price.key if given.price else "",
        good_days=offer.good_days,
        cost=given.cost,
        token_digest=crypto.token_digest(token),
        token_ciphertext=crypto.seal(token, context=f"offer_use:{use_id}"),
        used_at=now,
    )


def issue_code(
    made: OfferUse, given: Given, since: datetime, now: datetime, campaign_id: UUID | None = None
) -> Code:
    """The promotional code of a use, worth what it was counted with; its days count from `since`."""
    brand = made.offer.brand
    spec = spec_of(made, given, choices_of(given))
    [code] = issue.issue_first(
        brand=brand,
        reference=spec.reference,
        origin=Code.Origin.PROMOTIONAL,
        specs=[spec],
        now=now,
        expires_at=validity.expiry(since, days=made.good_days, zone=brand.tz),
        campaign_id=campaign_id,
    )
    return code


def choices_of(given: Given) -> list[Choice]:
    """What there is to choose of it. No query where the treat's groups are loaded."""
    return given.treat.snapshot(given.price) if given.treat and given.price else []


def spec_of(
    made: OfferUse, given: Given, choices: list[Choice], *, good_from: datetime | None = None
) -> issue.CodeSpec:
    """Of the code that a use gives."""
    return issue.CodeSpec(
        reference=f"offer:{made.pk}",
        label=given.label,
        amount=made.cost,
        kind=Code.Kind.ITEM if given.treat else Code.Kind.VALUE,
        choices=choices,
        good_from=good_from,
    )
