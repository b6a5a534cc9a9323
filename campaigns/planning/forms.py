"""What a marketer fills in. All of these belong inside the brand's scope."""

from datetime import date, timedelta
from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Campaign, Link
from campaigns.planning import campaigns
from core.forms.amount_field import AmountField, written
from core.forms.line_field import LineField
from core.forms.version import VersionedForm
from core.locales import readers_locale
from core.scoped_choices import scoped_choices
from giftshop.catalog.models import Price, Treat
from giftshop.giving.amount import read as read_amount
from giftshop.giving.forms import AmountInput

A_YEAR = timedelta(days=366)
AHEAD_MAX = 5 * A_YEAR


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CampaignForm(VersionedForm):
    name = LineField(label=_("Name"), max_length=60, help_text=_("For you and your colleagues."))
    headline = LineField(
        label=_("Headline"),
        max_length=90,
        required=False,
        help_text=_("Greets those who come to your shop by one of its links."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=DayInput(),
        required=False,
        help_text=_("Leave it empty if it goes on."),
    )
    budget = AmountField(label=_("Budget"), required=False)
    spent = AmountField(label=_("Spent so far"), required=False)
    least_recipients = forms.TypedChoiceField(
        label=_("For at least"),
        choices=[(1, _("one friend")), (2, _("two friends")), (3, _("three friends"))],
        coerce=int,
        required=False,
        help_text=_("Whoever comes by one of its links is asked to give to so many at once."),
    )
    treats: "forms.ModelMultipleChoiceField[Treat]" = forms.ModelMultipleChoiceField(
        label=_("Treats"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which treats it is about. Tick none if it is about all of them."),
    )

    def __init__(
        self, *args: Any, brand: Brand, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        self.brand, self.campaign = brand, campaign
        if campaign is not None:
            kwargs.setdefault("initial", self._as_planned(campaign))
        super().__init__(*args, **kwargs)
        scoped_choices(self, "treats", Treat.objects.in_menu_order())
        currency = _named(brand.currency)
        for name, words in (
            ("budget", _("What you plan to spend on it, in %(currency)s.")),
            ("spent", _("In %(currency)s. With it we tell what each redeemed gift cost you.")),
        ):
            self.fields[name].currency = brand.currency  # type: ignore[attr-defined]
            self.fields[name].help_text = words % {"currency": currency}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Campaign.objects.filter(name__iexact=name)
        if self.campaign is not None:
            others = others.exclude(pk=self.campaign.pk)
        if others.exists():
            raise forms.ValidationError(
                _("You already have a campaign of this name. Pick another, or open that one.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["least_recipients"] = cleaned.get("least_recipients") or 1
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        for name in ("starts_on", "ends_on"):
            if name in self.changed_data and (doubt := self._doubt(name, cleaned.get(name))):
                self.add_error(name, doubt)
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first. Which one is right?"))
        return cleaned

    def planned(self) -> dict[str, Any]:
        """What was said of the campaign, of a valid form."""
        return {name: said for name, said in self.cleaned_data.items() if name != "version"}

    def _doubt(self, name: str, day: date | None) -> str:
        """What is asked about a day that was typed, and is more likely a slip of the hand."""
        today = timezone.now().astimezone(self.brand.tz).date()
        if day is None:
            return ""
        if day < today - A_YEAR:
            return gettext("That is more than a year ago. Is the year right?")
        if day > today + AHEAD_MAX:
            return gettext("That is more than five years from now. Is the year right?")
        if name == "ends_on" and day < today and self.campaign is None:
            return gettext("That day is over, so the campaign would never run. Is it right?")
        return ""

    def _as_planned(self, campaign: Campaign) -> dict[str, Any]:
        return {
            "name": campaign.name,
            "headline": campaign.headline,
            "starts_on": campaign.starts_on,
            "ends_on": campaign.ends_on,
            "budget": campaign.budget,
            "spent": campaign.spent,
            "least_recipients": campaign.least_recipients,
            "treats": list(campaign.treats.values_list("pk", flat=True)),
            "version": campaigns.version(campaign),
        }


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
        label=_("Leads to"), queryset=None, required=False, empty_label=_("The shop's front page")
    )
    amount = forms.CharField(
        label=_("With the amount"), max_length=40, required=False, widget=AmountInput
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
            self.fields["amount"].help_text = words % {"currency": _named(self.currency)}
        else:
            del self.fields["amount"]

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
            "amount": amount,
            "version": links.version(link),
        }


def _named(currency: str) -> str:
    return str(get_currency_name(currency, count=2, locale=readers_locale()))
