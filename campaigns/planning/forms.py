"""What a marketer says of a link. Belongs inside the brand's scope."""

from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.links import links
from campaigns.models import Campaign, Link
from core.forms.amount_field import written
from core.forms.line_field import LineField
from core.forms.version import VersionedForm
from core.locales import readers_locale
from core.scoped_choices import scoped_choices
from giftshop.catalog.models import Price, Treat
from giftshop.giving.amount import read as read_amount
from giftshop.giving.forms import AmountInput
from giftshop.offers.models import Offer


class LinkForm(VersionedForm):
    """A new link of a campaign, or one to be changed."""

    channel = forms.ChoiceField(
        label=_("Where will you put it?"),
        choices=Link.Channel.choices,
        initial=Link.Channel.INSTAGRAM,
    )
    name = LineField(
        label=_("Name"),
        max_length=60,
        help_text=_("Say which post, letter or window: it is how you will know it again."),
    )
    treat: "forms.ModelChoiceField[Treat]" = forms.ModelChoiceField(
        label=_("Leads to"), queryset=None, required=False, empty_label=_("Its campaign's page")
    )
    amount = forms.CharField(
        label=_("With the amount"), max_length=40, required=False, widget=AmountInput
    )
    offer: "forms.ModelChoiceField[Offer]" = forms.ModelChoiceField(
        label=_("Hands out"),
        queryset=None,
        required=False,
        empty_label=_("Nothing"),
        help_text=_("An offer: the link leads to its page then."),
    )

    def __init__(
        self, *args: Any, campaign: Campaign, link: Link | None = None, **kwargs: Any
    ) -> None:
        self.campaign, self.link, self.currency = campaign, link, campaign.brand.currency
        if link is not None:
            kwargs.setdefault("initial", self._as_kept(link))
        super().__init__(*args, **kwargs)
        # One that is off the menu for now stays where it led: its poster hangs.
        menu = Q(is_active=True) | Q(pk=link.treat_id if link else None)
        scoped_choices(self, "treat", Treat.objects.filter(menu).order_by("position", "name"))
        if Price.objects.filter(treat__brand=campaign.brand, most__isnull=False).exists():
            words = _("In %(currency)s, of a gift of any amount: it is chosen there already.")
            self.fields["amount"].help_text = words % {"currency": currency_named(self.currency)}
        else:
            del self.fields["amount"]
        leads_on = Q(whom=Offer.Whom.ANYBODY) | ~Q(promo_code="")
        offers = Offer.objects.filter(leads_on).order_by("-created_at")
        if offers.exists():
            scoped_choices(self, "offer", offers)
        else:
            del self.fields["offer"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.campaign.links.filter(name__iexact=name)
        if self.link is not None:
            others = others.exclude(pk=self.link.pk)
        if others.exists():
            raise forms.ValidationError(_("This campaign has a link of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """`amount`: minor units, or None."""
        cleaned = super().clean() or self.cleaned_data
        text, treat = cleaned.pop("amount", ""), cleaned.get("treat")
        if not text:
            return cleaned
        price = treat.prices.filter(most__isnull=False).first() if treat else None
        if price is None:
            wrong = gettext("Choose a gift of any amount above, or leave this empty.")
            self.add_error("amount", wrong)
            return cleaned
        try:
            return {**cleaned, "amount": read_amount(text, price, self.currency)}
        except forms.ValidationError as refused:
            self.add_error("amount", refused)
        return cleaned

    def said(self) -> dict[str, Any]:
        """What was said of the link, of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _as_kept(self, link: Link) -> dict[str, Any]:
        shown = written(link.amount or 0, self.currency, readers_locale())
        amount = "" if link.amount is None else shown
        return {
            "channel": link.channel,
            "name": link.name,
            "treat": link.treat_id,
            "offer": link.offer_id,
            "amount": amount,
            "version": links.version(link),
        }


def currency_named(currency: str) -> str:
    """ "US dollars", as the reader calls several of them."""
    return str(get_currency_name(currency, count=2, locale=readers_locale()))
