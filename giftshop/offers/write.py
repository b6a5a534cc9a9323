"""Making an offer, changing it, letting it rest. What was given by it stays as it was given."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands import slugs
from brands.models import Brand
from brands.translations import Translations, beside_unseen, in_lines
from core.forms.version import check_version
from core.refused import Refused
from core.row_diff import change
from giftshop.catalog.brands import languages_of
from giftshop.offers import promo_codes
from giftshop.offers.models import Offer
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

SENT_TWICE = timedelta(minutes=10)


class OfferRefusal(models.TextChoices):
    FEWER = "fewer", _("More were taken already.")
    LESS = "less", _("More is spent already.")
    CODE_TAKEN = "code_taken", _("Another offer of yours has this code, or one that looks like it.")


class OfferRefused(Refused[OfferRefusal]):
    """`reason` in words for a marketer."""


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """What a marketer says. Each of these as on the offer's row; amounts in minor units."""

    name: str
    terms: str = ""
    whom: str = Offer.Whom.ANYBODY
    least_gifts: int | None = None
    least_total: int | None = None
    gives: str
    treat_id: UUID | None = None
    size: str = ""
    amount: int | None = None
    percent: int | None = None
    promo_code: str = ""
    good_days: int
    holds_out: bool = True
    starts_on: date
    ends_on: date | None = None
    uses_max: int | None = None
    uses_a_day_max: int | None = None
    budget: int | None = None
    translations: Translations = field(default_factory=dict)
    """In the further languages of the brand."""


def add(*, brand: Brand, facts: OfferFacts, by: Actor, now: datetime) -> Offer:
    """A new one, or that of these minutes that is just so: it was sent twice. Expects the brand's scope.
    Raises OfferRefused for a code that another one has."""
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).only("pk").get(pk=brand.pk)
        lately = Offer.objects.filter(created_at__gt=now - SENT_TWICE)
        if twin := lately.filter(**asdict(facts)).first():
            return twin
        _refuse_taken(facts)
        slug = slugs.not_guessed(facts.name, otherwise="offer")
        offer = Offer.objects.create(brand=brand, slug=slug, created_at=now, **asdict(facts))
        _record(offer, Act.OFFER_ADDED, by, now)
    return offer


def facts_of(offer: Offer) -> OfferFacts:
    """What is kept of it."""
    return OfferFacts(**{each.name: getattr(offer, each.name) for each in fields(OfferFacts)})


def rewrite(offer: Offer, *, facts: OfferFacts, by: Actor, now: datetime, seen: str = "") -> bool:
    """Whether anything changed; its address stays. Expects the brand's scope. Raises SavedSince where it is
    not what was `seen`, and OfferRefused for a cap below what was had already, or another one's code."""
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).only("pk").get(pk=offer.brand_id)
        kept = Offer.objects.select_related("brand", "treat").locked().get(pk=offer.pk)
        shown = languages_of(kept.brand)
        facts = replace(
            facts, translations=beside_unseen(kept.translations, facts.translations, shown)
        )
        check_version(seen, kept=asdict(facts_of(kept)), wanted=asdict(facts))
        if facts.uses_max is not None and facts.uses_max < kept.used:
            raise OfferRefused(OfferRefusal.FEWER)
        if facts.budget is not None and facts.budget < kept.spent:
            raise OfferRefused(OfferRefusal.LESS)
        _refuse_taken(facts, but=kept)
        changes = change(kept, asdict(facts))
        if changes:
            told = {name: [_say(old), _say(new)] for name, (old, new) in changes.items()}
            _record(kept, Act.OFFER_CHANGED, by, now, changes=told)
    return bool(changes)


def _refuse_taken(facts: OfferFacts, but: Offer | None = None) -> None:
    """The caller holds the brand: codes are given one after the other. No query where there is none."""
    key = promo_codes.key_of(facts.promo_code)
    if not key:
        return
    others = Offer.objects.filter(promo_key=key)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise OfferRefused(OfferRefusal.CODE_TAKEN)


def pause(offer: Offer, *, by: Actor, now: datetime) -> None:
    """Nobody has it until it goes on. Once is enough. Expects the brand's scope."""
    _turn(offer, Act.OFFER_PAUSED, by, now, paused_at=now)


def go_on(offer: Offer, *, by: Actor, now: datetime) -> None:
    """Within its days and caps it is had again. Expects the brand's scope."""
    _turn(offer, Act.OFFER_WENT_ON, by, now, paused_at=None)


def _turn(offer: Offer, act: Act, by: Actor, now: datetime, *, paused_at: datetime | None) -> None:
    with transaction.atomic():
        kept = Offer.objects.select_related("brand").locked().get(pk=offer.pk)
        if (kept.paused_at is None) != (paused_at is None):
            kept.paused_at = paused_at
            kept.save(update_fields=["paused_at"])
            _record(kept, act, by, now)


def _say(value: object) -> object:
    if isinstance(value, dict):
        return in_lines(value)
    return str(value) if isinstance(value, (date, UUID)) else value


def _record(offer: Offer, act: Act, by: Actor, now: datetime, **told: Any) -> None:
    details = {"name": offer.name, "currency": offer.brand.currency, **told}
    record(
        brand=offer.brand, actor=by, act=act, subject=f"offer:{offer.pk}", now=now, details=details
    )
