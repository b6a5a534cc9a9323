"""E-mails to a person about their own account, in the language of the brand that writes, else in English."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.accounts.models import AccountLetter
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import language_of, mark
from giftshop.delivery.models import Delivery

Kind = AccountLetter.Kind


class Words(NamedTuple):
    name: str
    """Of its template."""
    subject: str | Promise
    """With %(brand)s where the brand's name stands."""
    fill: Callable[[str], Mapping[str, str | int | date]]
    """What the template shows, of the secret."""


def _new_password(secret: str) -> dict[str, str]:
    uid, _space, key = secret.partition(" ")
    path = reverse("account_reset_password_from_key", args=[uid, key])
    return {"url": settings.BASE_URL + path}


def _factor_changed(secret: str) -> dict[str, str]:
    """`what` happened: factors.Change; `device`: the passkey's name, where it was one."""
    what, _space, device = secret.partition(" ")
    return {"what": what, "device": device, "url": settings.BASE_URL + reverse("account")}


def _of_brand(secret: str) -> dict[str, str | date]:
    """`shop`: its name, with the `language` its owners read; `day`: the last one, where it is told."""
    key, _space, day = secret.partition(" ")
    shop = Brand.objects.get(pk=key)
    url = settings.BASE_URL + reverse("shop_opening", args=[shop.slug])
    last = {"day": date.fromisoformat(day)} if day else {}
    return {"shop": shop.name, "language": language_of(shop), "url": url, **last}


WORDS = {
    Kind.SIGN_IN_CODE: Words(
        name="sign_in_code",
        subject=_("Your code for %(brand)s"),
        fill=lambda secret: {"code": secret},
    ),
    Kind.NEW_PASSWORD: Words(
        name="new_password", subject=_("Your new password at %(brand)s"), fill=_new_password
    ),
    Kind.NEW_BROWSER: Words(
        name="new_browser",
        subject=_("A new sign-in at %(brand)s"),
        fill=lambda device: {"device": device, "url": settings.BASE_URL + reverse("account")},
    ),
    Kind.ADDRESS_CODE: Words(
        name="address_code",
        subject=_("A code for your address at %(brand)s"),
        fill=lambda secret: {"code": secret},
    ),
    Kind.PROOF_CODE: Words(
        name="proof_code",
        subject=_("Your code for %(brand)s"),
        fill=lambda secret: {"code": secret},
    ),
    Kind.FACTOR_CHANGED: Words(
        name="factor_changed",
        subject=_("How you sign in at %(brand)s has changed"),
        fill=_factor_changed,
    ),
    Kind.OPENING_CODE: Words(
        name="opening_code",
        subject=_("A code to open your shop at %(brand)s"),
        fill=lambda secret: {"code": secret},
    ),
    Kind.RECOVERY_CODE_USED: Words(
        name="recovery_code_used",
        subject=_("A recovery code was used at %(brand)s"),
        fill=lambda left: {
            "left": int(left),
            "url": settings.BASE_URL + reverse("account_recovery_codes"),
        },
    ),
    Kind.BRAND_APPROVED: Words(
        name="brand_approved", subject=_("Your shop may open at %(brand)s"), fill=_of_brand
    ),
    Kind.BRAND_CLOSES: Words(
        name="brand_closes",
        subject=_("Your shop at %(brand)s is closed soon, unless you sign in"),
        fill=_of_brand,
    ),
}


def account_letter(delivery: Delivery, told: AccountLetter) -> EmailMessage:
    """Raises ValueError for one whose secret was sent."""
    brand, words = delivery.sender, WORDS[Kind(told.kind)]
    context = words.fill(told.secret())
    language = str(context.get("language", language_of(brand)))
    with translation.override(language), timezone.override(brand.tz):
        return letter(
            delivery=delivery,
            name=words.name,
            subject=str(words.subject),
            named={"brand": brand.name},
            context={"email": told.address, "at": told.created_at, **context},
            pictures=mark(brand),
        )
