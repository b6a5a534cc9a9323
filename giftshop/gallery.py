"""The gallery of components at /design/: every part in every state, with sample data."""

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.forms.amount_field import AmountField
from giftshop.reviews.rank import Rating
from giftshop.studio.catalog.translation_fields import TranslatedForm
from redemption.codes import qr

THEMES = ("plain", "frosty", "harbor")
SCHEMES = ("auto", "light", "dark")
DIRECTIONS = ("ltr", "rtl")
ICONS = re.compile(r'<symbol id="([\w-]+)"')


class SampleForm(forms.Form):
    """One of each kind of field; bound with errors on purpose."""

    recipient = forms.CharField(label=_("Friend's name"), max_length=60)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We write once, with the gift."),
        error_messages={"invalid": _("This address has no @ yet. Perhaps ben@example.com?")},
    )
    nickname = forms.CharField(label=_("What you call them"), required=False)
    message = forms.CharField(label=_("Your message"), max_length=280, widget=forms.Textarea)
    when = forms.ChoiceField(
        label=_("When"), choices=[("now", _("As soon as it is paid")), ("later", _("On a day"))]
    )
    price = AmountField(label=_("Budget"), required=False)
    closed = forms.CharField(label=_("Order number"), disabled=True, initial="2041", required=False)
    flavour = forms.ChoiceField(
        label=_("Flavour"),
        widget=forms.RadioSelect,
        choices=[("vanilla", "Vanilla bean"), ("raspberry", "Raspberry ripple"), ("mint", "Mint")],
    )


class SampleTranslatedForm(TranslatedForm):
    TRANSLATED = ("treat",)

    treat = forms.CharField(label=_("Treat"), max_length=80)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show all components. ?theme=, ?scheme= and ?dir= choose a brand's look, light or dark, and the side
    where lines begin."""
    theme = request.GET.get("theme", "plain")
    scheme = request.GET.get("scheme", "auto")
    direction = request.GET.get("dir", "ltr")
    return render(
        request,
        "design/gallery.html",
        {
            "themes": THEMES,
            "schemes": SCHEMES,
            "theme": theme if theme in THEMES else "plain",
            "scheme": scheme if scheme in SCHEMES else "auto",
            "directions": DIRECTIONS,
            "direction": direction if direction in DIRECTIONS else "ltr",
            "icons": icons(),
            "form": SampleForm(
                {
                    "recipient": "Ben",
                    "email": "ben at example.com",
                    "message": "For the girl who always lets me have the last spoon.",
                    "when": "now",
                    "flavour": "raspberry",
                }
            ),
            "translated": translated_form(),
            "saved": [{"label": _("Friend's name"), "kept": "Benjamin", "anchor": "id_recipient"}],
            **sample_lists(),
        },
    )


def translated_form() -> SampleTranslatedForm:
    form = SampleTranslatedForm(initial={"treat": "Double scoop", "treat_de": "Doppelkugel"})
    form.add_translations(Brand(language="en"))
    return form


def icons() -> list[str]:
    """The names of all icons, as the sprite holds them."""
    sprite = Path(settings.BASE_DIR) / "static" / "icons" / "sprite.svg"
    return ICONS.findall(sprite.read_text())


def sample_lists() -> dict[str, Any]:
    """The lists that a template cannot write down itself."""
    return {
        "groups": ["K7QM", "2XWP", "9RTD", "4HNB", "6"],
        "designs": [
            "birthday", "thank-you", "just-because", "congratulations", "love", "get-well", "plain",
        ],
        "steps": [
            {"label": _("Who"), "url": "#steps", "done": True},
            {"label": _("What"), "url": "#steps", "done": True},
            {"label": _("Say"), "current": True},
            {"label": _("Pay")},
        ],
        "rating": Rating(12, 55),
        "sizes": ["Regular", "Large"],
        "qr": qr.svg("Not a gift, only a picture of one"),
        "page": Paginator(range(60), 20).get_page(2),
        "states": ["pending", "scheduled", "sent", "opened", "redeemed", "on_hold", "bounced", "expired"],
    }  # fmt: skip
