"""An offer is nearly used up, or has ended: its brand's owners and marketers are told, each once."""

from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.bidi import isolated
from core.templatetags.money import money
from giftshop.accounts.models import User
from giftshop.accounts.permissions import Permission, roles_with
from giftshop.delivery import emails
from giftshop.delivery.email_parts import letter
from giftshop.delivery.models import Delivery
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send_to_owners
from giftshop.offers.models import Offer


class Told(NamedTuple):
    """Of an offer, to one of its brand's people."""

    offer: Offer
    user: User


def offer_letter(delivery: Delivery, told: Told) -> EmailMessage:
    """How much of it is used, and what comes next. In the brand's language."""
    offer, brand = told.offer, delivery.sender
    is_over = delivery.purpose == PURPOSES[Offer.Level.OVER].name
    with translation.override(emails.language_of(brand)), timezone.override(brand.tz):
        return letter(
            delivery=delivery,
            name="offer",
            subject=_("An offer of %(brand)s has ended")
            if is_over
            else _("An offer of %(brand)s is nearly used up"),
            named={"brand": brand.name},
            context={
                "is_over": is_over,
                "used": _used(offer),
                "url": settings.BASE_URL + reverse("studio_offer", args=[brand.slug, offer.pk]),
            },
            pictures=emails.mark(brand),
        )


def _used(offer: Offer) -> str:
    name, currency = isolated(offer.name), offer.brand.currency
    if offer.budget is None:
        return _("%(offer)s: %(used)s of %(most)s are taken.") % {
            "offer": name,
            "used": offer.used,
            "most": offer.uses_max,
        }
    return _("%(offer)s: %(spent)s of its budget of %(budget)s is used.") % {
        "offer": name,
        "spent": money(offer.spent, currency),
        "budget": money(offer.budget, currency),
    }


def _purpose(level: Offer.Level) -> Purpose[Told]:
    return register(
        Purpose[Told](
            name=f"offer_{level}",
            subject=lambda told: f"offer:{told.offer.pk}",
            addressee=lambda told: f"user:{told.user.pk}",
            address=lambda told: told.user.email,
            compose=offer_letter,
            is_needed=True,
        )
    )


PURPOSES = {level: _purpose(level) for level in Offer.Level}


def send_alarm(offer: Offer, level: Offer.Level) -> None:
    """To each owner and marketer of its brand, once for each level. Raises what `send` raises."""
    roles = roles_with(Permission.PLAN_CAMPAIGNS)
    send_to_owners(offer.brand, PURPOSES[level], lambda user: Told(offer, user), roles=roles)
