"""The terms on which a brand sells: written from what it typed and from what the product does."""

from datetime import datetime
from uuid import UUID

from babel.numbers import get_currency_name
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand
from brands.policy.countries import law_of
from core.bidi import isolated, left_to_right
from core.database.composed import Composed, given
from core.locales import readers_locale
from core.validity import in_words
from giftshop.legal.documents import Document, Section, own_words, section
from giftshop.legal.models import TermsVersion


def compose(brand: Brand) -> Document:
    """In the active language. No query."""
    name = isolated(brand.name)
    sections = [
        section(_("Whom you buy from"), *who(brand)),
        section(
            _("What you buy"),
            _(
                "A gift is good for the treat that you chose, at the stores of %(brand)s, whatever it"
                " costs by then. It can be used once. It is not paid out in cash, unless the law wants it"
                " so."
            )
            % {"brand": name},
            _(
                "A gift of an amount is spent at the counter instead, at once or in parts, until nothing is"
                " left on it."
            ),
            _(
                "Whoever has the gift's code can use it. Your friend chooses store, day and what is left"
                " to choose; extras that cost more are paid there."
            ),
        ),
        section(
            _("How long it is good"),
            _("Until the day that stands on the gift: %(time)s from the day it arrives.")
            % {"time": in_words(brand.gift_valid_days)},
        ),
        section(
            _("Price and payment"),
            _(
                "You pay the prices that you see, in %(currency)s, and no fees. You pay on Stripe's page."
                " The contract is made once your payment has gone through; then you get a receipt by"
                " e-mail."
            )
            % {"currency": _currency(brand)},
        ),
        section(
            _("How it arrives"),
            _(
                "By e-mail, at once or at the moment you chose, or as a link that you pass on yourself."
                " Your page for the order shows each gift until it is used."
            ),
        ),
        *_withdrawal(brand),
    ]
    if brand.terms:
        heading = _("What %(brand)s adds") % {"brand": name}
        sections.append(own_words(heading, brand.terms, brand.language))
    return Document(_("Terms"), tuple(sections))


def who(brand: Brand) -> list[str]:
    """Name and address, and how to reach them."""
    told = [brand.legal_name or brand.name, *brand.legal_address.splitlines()]
    told = [isolated(each) for each in told]
    if brand.support_email:
        told.append(_("E-mail: %(email)s") % {"email": left_to_right(brand.support_email)})
    return told


_KEPT = Composed(
    lambda: TermsVersion.objects.filter(
        language=given("language"), digest=given("digest")
    ).values_list("pk")
)


def keep(brand: Brand, *, language: str, now: datetime) -> UUID:
    """The id of the version that holds now in that language; kept when it is accepted for the first time.
    Expects the brand's scope. One query, four the first time."""
    with translation.override(language):
        document = compose(brand)
    wanted = {"language": language, "digest": document.digest()}
    kept: UUID
    for (kept,) in _KEPT.rows(**wanted):
        return kept
    made, _created = TermsVersion.objects.get_or_create(
        brand=brand, **wanted, defaults={"document": document.as_data(), "kept_at": now}
    )
    kept = made.pk
    return kept


def known(brand: Brand, document: Document) -> TermsVersion | None:
    """The version with these words in the active language, if anybody accepted it yet. One query."""
    return TermsVersion.objects.filter(
        brand=brand, language=get_language() or "en", digest=document.digest()
    ).first()


def _currency(brand: Brand) -> str:
    return get_currency_name(brand.currency, count=2, locale=readers_locale())


def _withdrawal(brand: Brand) -> list[Section]:
    how = _(
        "You do it on your page of the order, whose address is in your receipt. Gifts that were not used yet"
        " are cancelled, and their price goes back the way it came."
    )
    return [section(_("Taking it back"), *_until(brand), how, *_or_write(brand))]


def _until(brand: Brand) -> list[str]:
    """As brands.policy.withdrawal has it."""
    law, own = law_of(brand.country).withdrawal_days, brand.withdrawal_days
    later = _("A gift for later you may take back until it goes out.")
    if law is None and own is None:
        return [_("You may take a gift back until it is opened."), later]
    if law is None:
        text = _(
            "You may take a gift back until it is opened, and within %(days)s days of paying after that, too."
        )
        return [text % {"days": own}, later]
    text = _(
        "As a consumer you may take your purchase back within %(days)s days of paying, and need no reason"
        " (%(source)s)."
    ) % {"days": law.value, "source": isolated(law.source)}
    if own is None or own <= law.value:
        return [text, later]
    more = _("%(brand)s gives you %(days)s days.")
    return [text, more % {"brand": isolated(brand.name), "days": own}, later]


def _or_write(brand: Brand) -> list[str]:
    if not brand.support_email:
        return []
    return [_("Or write to %(email)s.") % {"email": left_to_right(brand.support_email)}]
