"""An owner changes what a brand says of itself: each section by itself."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Theme
from brands.policy.countries import shortest_validity
from brands.policy.law import GiftKind
from brands.policy.limits import first_limits
from brands.translations import Translations, beside_unseen, in_lines
from core.forms.version import check_version
from core.refused import Refused
from core.row_diff import change
from giftshop.catalog.brands import languages_of
from giftshop.catalog.models import Option, Price, Treat
from giftshop.offers.models import Offer
from giftshop.orders.models import Order
from giftshop.studio.brand import planned_amounts
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.models import Code


class BrandRefusal(models.TextChoices):
    SOLD = "sold", _("Something was sold or given already: the currency stays as it is.")
    OFFERED = "offered", _("An offer says amounts in this currency, so it stays as it is.")
    PRICED = (
        "priced",
        _(
            "There are prices on the menu, and nobody wants 6 dollars to be 6 yen. Archive those treats"
            " first; whatever you bring back gets a new price."
        ),
    )
    PLANNED = (
        "planned",
        _(
            "A campaign says in this currency what is planned or spent. Empty that first, in those that"
            " were put away, too."
        ),
    )
    TOO_SHORT = (
        "too_short",
        _(
            "Its law asks that gifts are good for longer than yours are: change that under Rules first."
        ),
    )


class BrandRefused(Refused[BrandRefusal]):
    """`reason` in words for the owner."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the shop says of itself. Each of these as on the brand's row."""

    name: str
    tagline: str
    story: str
    translations: Translations = field(default_factory=dict)
    """In the further languages of the brand."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who stands behind it, and where questions go."""

    legal_name: str
    representative: str
    legal_address: str
    register_entry: str
    tax_id: str
    support_email: str
    support_phone: str


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where it is at home, and in which languages."""

    country: str
    currency: str
    time_zone: str
    language: str
    languages: list[str]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What its e-mails, its texts and its customers' bank statements are like."""

    mail_name: str
    reply_email: str
    statement_suffix: str
    hides_code: bool
    texts: str
    texts_refused: str
    """Empty once it was put right."""
    whatsapp: bool
    whatsapp_refused: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """Its colours and drawings."""

    theme: Theme


@dataclass(frozen=True, kw_only=True)
class Pages:
    """What it adds to the pages that a law wants."""

    terms: str


BrandFacts = Words | Contact | Home | Mail | Look | Pages
"""One section of what an owner says of the brand."""


def facts_of(brand: Brand, section: type[BrandFacts]) -> dict[str, Any]:
    """The section as it is kept, by column."""
    return {each.name: getattr(brand, each.name) for each in fields(section)}


def change_brand(
    *, brand: Brand, facts: BrandFacts, by: Actor, now: datetime, seen: str = ""
) -> bool:
    """Whether anything changed. Expects the brand's scope. Raises BrandRefused for another currency once
    something is counted in this one, and for a country where gifts must be good for longer; SavedSince
    where `seen`, the version of the section that whoever asks was shown, is not the one kept. With
    another currency the brand's limits begin anew.

    The row is held against new orders and prices: each of them refers to it.
    """
    with transaction.atomic():
        kept = Brand.objects.select_for_update().get(pk=brand.pk)
        wanted = asdict(facts)
        if isinstance(facts, Words):
            shown = languages_of(kept)
            wanted["translations"] = beside_unseen(kept.translations, facts.translations, shown)
        check_version(seen, kept=facts_of(kept, type(facts)), wanted=wanted)
        if isinstance(facts, Home) and facts.currency != kept.currency:
            _drop_unsold_prices()
            wanted |= first_limits(facts.currency)
        if isinstance(facts, Home) and facts.country != kept.country:
            _check_validity(kept.gift_valid_days, facts.country)
        changes = change(kept, wanted)
        if changes:
            if "translations" in changes:
                changes["translations"] = [in_lines(each) for each in changes["translations"]]
            record(
                brand=kept,
                actor=by,
                act=Act.BRAND_CHANGED,
                subject=f"brand:{kept.pk}",
                now=now,
                details={"name": kept.name, "changes": changes},
            )
    return bool(changes)


def _check_validity(days: int, country: str) -> None:
    floor = shortest_validity(country, GiftKind.PAID)
    if floor and days < floor.value:
        raise BrandRefused(BrandRefusal.TOO_SHORT)


def _drop_unsold_prices() -> None:
    if Order.objects.exists() or Code.objects.exists():
        raise BrandRefused(BrandRefusal.SOLD)
    if Offer.objects.exists():
        raise BrandRefused(BrandRefusal.OFFERED)
    if planned_amounts.are_there():
        raise BrandRefused(BrandRefusal.PLANNED)
    if Treat.objects.with_a_price().exists():
        raise BrandRefused(BrandRefusal.PRICED)
    # Nothing was sold, so nobody needs the amounts of what is archived: in the new currency they were wrong.
    Price.objects.filter(treat__in=Treat.objects.all()).delete()
    Option.objects.filter(group__treat__in=Treat.objects.all()).update(extra=0)
    planned_amounts.forget()
