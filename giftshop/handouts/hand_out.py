"""Handing out: so many codes of an offer at once, within all of its caps or not at all.

The count is moved by the one conditional UPDATE by which every use of an offer is counted (offers/use.py),
beside the uses, their promotional codes and the entry that owes for them, in one commit.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from brands.models import Brand
from core import validity
from giftshop.handouts.models import Handout
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import (
    Given,
    check,
    choices_of,
    count,
    given_by,
    new_use,
    spec_of,
    tell_all,
)
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.codes import issue
from redemption.models import Code


class FewerLeft(Exception):
    """The offer has not so many any more, but `left`."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, kw_only=True)
class SheetFacts:
    """What a marketer says of a sheet; days are of the brand's calendar, the last one included."""

    number: int
    reason: str
    first_day: date
    last_day: date
    terms: str = ""


def offers() -> Any:
    """Of which something can be handed out: those without a purchase. Expects the brand's scope."""
    return Offer.objects.select_related("brand").filter(whom=Offer.Whom.ANYBODY)


def left_of(offer: Offer, now: datetime) -> tuple[Given | None, int]:
    """What one is by now, and how many more there are; 0 while nobody gets any. 2 queries at most."""
    day = timezone.localdate(now, offer.brand.tz)
    given = given_by(offer, day)
    if given is None or offer.state_on(day, cost=given.cost) != Offer.State.OPEN:
        return given, 0
    return given, offer.left_on(day, given.cost)


def sheet(
    *, brand: Brand, offer_id: UUID, key: UUID, facts: SheetFacts, by: Actor, now: datetime
) -> Handout:
    """Codes for so many cards, once for each key: a second call answers the first one's. Expects the brand's
    scope. Raises UseRefused, FewerLeft, Offer.DoesNotExist; then nothing is written. Some 20 statements,
    however many."""
    if made := Handout.objects.filter(key=key).first():
        return made
    with transaction.atomic():
        offer = offers().locked().get(pk=offer_id)
        if made := Handout.objects.filter(key=key).first():
            return made
        given, before = count_all(offer, facts.number, now)
        opens = datetime.combine(facts.first_day, time.min, tzinfo=brand.tz)
        made = Handout.objects.create(
            brand=brand,
            offer=offer,
            kind=Handout.Kind.SHEET,
            key=key,
            reason=facts.reason,
            terms=facts.terms,
            label=given.label,
            number=facts.number,
            amount=given.cost,
            good_from=max(opens, now),
            good_until=validity.end_of(facts.last_day, brand.tz),
            **made_by(by, now),
        )
        uses = uses_of(made, offer, given, [str(n) for n in range(facts.number)], now)
        _issue(made, given, uses, now)
        OfferUse.objects.bulk_create(uses)
        tell_all(uses, brand, now)
        tell(made, offer, before, by, now)
    return made


def count_all(offer: Offer, number: int, now: datetime) -> tuple[Given, str]:
    """What each is, and how far the offer was used up before: counted all, or none. The caller holds the
    offer. Raises FewerLeft, UseRefused."""
    day = timezone.localdate(now, offer.brand.tz)
    given = check(offer, day)
    left = offer.left_on(day, given.cost)
    if left < number:
        raise FewerLeft(left)
    count(offer, given.cost, day, number)
    before = offer.level(given.cost)
    offer.used, offer.spent = offer.used + number, offer.spent + number * given.cost
    return given, before


def uses_of(
    made: Handout, offer: Offer, given: Given, holders: list[str], now: datetime
) -> list[OfferUse]:
    """In memory, one for each holder; they are counted already."""
    uses = [new_use(offer, given, f"handout:{made.pk}:{holder}", now) for holder in holders]
    for use in uses:
        use.handout_id = made.pk
    return uses


def _issue(made: Handout, given: Given, uses: list[OfferUse], now: datetime) -> None:
    choices = choices_of(given)
    good_from = made.good_from if made.good_from > now else None
    codes = issue.issue_first(
        brand=made.brand,
        reference=f"handout:{made.pk}",
        origin=Code.Origin.PROMOTIONAL,
        specs=[spec_of(use, given, choices, good_from=good_from) for use in uses],
        now=now,
        expires_at=made.good_until,
    )
    for use, code in zip(uses, codes, strict=True):
        use.code = code


def made_with(key: UUID) -> UUID | None:
    """The id of what was handed out by the form of that key. One query; expects the brand's scope."""
    return Handout.objects.filter(key=key).values_list("pk", flat=True).first()


def made_by(by: Actor, now: datetime) -> dict[str, Any]:
    """Columns of a handout."""
    return {"made_at": now, "made_by": by.id, "made_by_name": by.name}


def tell(made: Handout, offer: Offer, before: str, by: Actor, now: datetime) -> None:
    """To the audit log; and to the outbox, where the offer is nearly or quite used up by that."""
    level = offer.level(made.amount)
    emit(
        topic=Topic.HANDOUT_MADE,
        brand_id=made.brand_id,
        payload={
            "handout_id": str(made.pk),
            "offer_id": str(offer.pk),
            "level": "" if level == before else str(level),
        },
        now=now,
    )
    details = {
        "name": offer.name,
        "codes": made.number,
        "amount": made.cost,
        "currency": made.brand.currency,
        "reason": made.reason,
    }
    record(
        brand=made.brand,
        actor=by,
        act=Act.HANDED_OUT,
        subject=f"handout:{made.pk}",
        now=now,
        details=details,
    )
