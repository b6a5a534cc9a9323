"""The ways by which a brand reaches a number, as forms call them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.texts import allowed, whatsapp
from giftshop.texts.models import Consent

WAYS = {"text": Consent.Channel.SMS, "whatsapp": Consent.Channel.WHATSAPP}
WAY_OF = {str(channel): way for way, channel in WAYS.items()}
"""By the channel's own name."""


def way_field(label: Any) -> forms.ChoiceField:
    """One of WAYS, for whoever may choose."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("text", _("Text message")), ("whatsapp", _("WhatsApp"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )


def ways_of(brand: Brand) -> list[str]:
    """Those of WAYS that it offers now. One query where it wants WhatsApp, else none."""
    by_text = allowed.is_offered(brand) and not brand.texts_refused
    by_whatsapp = whatsapp.is_offered(brand) and not whatsapp.standing(brand).obstacle
    return ["text"] * by_text + ["whatsapp"] * by_whatsapp
