"""What a marketer says of a campaign: its promise, its days, its treats, its words. Belongs inside the
brand's scope."""

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from campaigns.dashboard.period import EARLIEST
from campaigns.models import Campaign, Network
from campaigns.models.campaign import SHARE_TEXT_LENGTH_MAX
from campaigns.planning import campaigns, states
from campaigns.planning.forms import currency_named
from core.forms.amount_field import AmountField
from core.forms.day_input import DayInput
from core.forms.line_field import LineField
from core.forms.version import VersionedForm
from core.scoped_choices import scoped_choices
from giftshop.catalog.models import Treat
from giftshop.studio.brand.forms import ParagraphsField

A_YEAR = timedelta(days=366)
AHEAD_MAX = 5 * A_YEAR
SCENES = (
    ("art/frosty-spoon/hero.svg", _("Ice cream")),
    ("art/harbor-bean/hero.svg", _("Coffee")),
    ("art/pizza/hero.svg", _("Pizza")),
    ("art/flowers/hero.svg", _("Flowers")),
    ("art/neutral/hero.svg", _("A present")),
)
"""Our drawings that fill a picture."""
ANSWERS = ("began", "stops")
"""Ticks that answer what the form asks back."""


def words_field(network: Network) -> forms.CharField:
    return ParagraphsField(
        label=network.label,
        max_length=SHARE_TEXT_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CampaignForm(VersionedForm):
    name = LineField(label=_("Name"), max_length=60, help_text=_("For you and your colleagues."))
    headline = LineField(
        label=_("Headline"),
        max_length=90,
        required=False,
        help_text=_("What your post promises, in one sentence. It stands on top of its page."),
    )
    story = ParagraphsField(
        label=_("Story"),
        max_length=600,
        required=False,
        help_text=_("Two or three sentences below it: why, for whom, what they get."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    art = forms.ChoiceField(label=_("Picture"), required=False, widget=forms.RadioSelect)
    treats: "forms.ModelMultipleChoiceField[Treat]" = forms.ModelMultipleChoiceField(
        label=_("Treats"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which treats it is about. Tick none if it is about all of them."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=DayInput(),
        required=False,
        help_text=_("Leave it empty if it goes on."),
    )
    began = forms.BooleanField(label=_("Yes, these days are right"), required=False)
    least_recipients = forms.TypedChoiceField(
        label=_("For at least"),
        choices=[(1, _("one friend")), (2, _("two friends")), (3, _("three friends"))],
        coerce=int,
        required=False,
        help_text=_("Whoever comes by one of its links is asked to give to so many at once."),
    )
    text_instagram = words_field(Network.INSTAGRAM)
    text_facebook = words_field(Network.FACEBOOK)
    text_whatsapp = words_field(Network.WHATSAPP)
    text_x = words_field(Network.X)
    text_elsewhere = words_field(Network.ELSEWHERE)
    budget = AmountField(label=_("Budget"), required=False)
    spent = AmountField(label=_("Spent so far"), required=False)
    stops = forms.BooleanField(label=_("Yes, do it"), required=False)

    def __init__(
        self, *args: Any, brand: Brand, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        self.brand, self.campaign, self.now = brand, campaign, timezone.now()
        if campaign is not None:
            kwargs.setdefault("initial", self._as_planned(campaign))
        super().__init__(*args, **kwargs)
        scoped_choices(self, "treats", Treat.objects.in_menu_order())
        self.fields["art"].choices = self._drawings()  # type: ignore[attr-defined]
        currency = currency_named(brand.currency)
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
        stops = [] if self.errors or cleaned.get("stops") else list(self._stops(cleaned))
        if stops:
            self.add_error("stops", " ".join(stops))
        return cleaned

    def planned(self) -> dict[str, Any]:
        """What was said of the campaign, of a valid form."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"version", *ANSWERS} and not name.startswith("text_")
        }
        return {**said, "share_texts": self.share_texts()}

    def share_texts(self) -> dict[str, str]:
        """By network, of what is filled in right."""
        texts = {each: self.cleaned_data.get(f"text_{each}", "") for each in Network.values}
        return {network: text for network, text in texts.items() if text}

    @property
    def texts(self) -> Iterator[BoundField]:
        return (self[f"text_{network}"] for network in Network.values)

    @property
    def asks_for_days(self) -> bool:
        """Whether a tick would let the days pass as they are."""
        doubted = {"starts_on", "ends_on"} & set(self.errors)
        return bool(self["began"].value()) or any(
            error.code == "past" for name in doubted for error in self.errors[name].as_data()
        )

    def _doubt(self, name: str, day: date | None) -> forms.ValidationError | None:
        """What is asked about a day that was typed, and is more likely a slip of the hand. Days of the past
        are right once that was said."""
        today = self.now.astimezone(self.brand.tz).date()
        if day is None:
            return None
        if day > today + AHEAD_MAX:
            return forms.ValidationError(
                gettext("That is more than five years from now. Is the year right?")
            )
        if day < EARLIEST:
            return forms.ValidationError(gettext("Is the year right?"))
        if day >= today or self.cleaned_data.get("began"):
            return None
        if day < today - A_YEAR:
            words = gettext("That is more than a year ago. Is the year right?")
        elif name == "starts_on":
            words = gettext("That day is over. Did it begin then?")
        elif self.campaign is None:
            words = gettext("That day is over, so the campaign would never run. Is it right?")
        else:
            words = gettext("That day is over. Did it end then?")
        return forms.ValidationError(words, code="past")

    def _stops(self, cleaned: dict[str, Any]) -> Iterator[str]:
        """What of a campaign that is live would stop, in words."""
        if self.campaign is None or (stake := states.at_stake(self.campaign, self.now)) is None:
            return
        changed = copy.copy(self.campaign)
        changed.starts_on, changed.ends_on = cleaned["starts_on"], cleaned["ends_on"]
        if changed.state_at(self.now) != Campaign.State.LIVE:
            yield gettext("It is live, and would stop with these days.")
            yield from stake_in_words(stake)
        elif not cleaned["treats"] and self.initial["treats"]:
            yield gettext("It is live, and would be about no treat of its own any more.")
            yield gettext("Its page would show your whole menu.")

    def _drawings(self) -> list[tuple[str, Any]]:
        """Scenes, and things of the menu by the names of their treats; what it has is among them."""
        menu = Treat.objects.in_menu_order().exclude(art="").values_list("art", "name")
        known: dict[str, Any] = {"": _("As on top of your shop"), **dict(SCENES)}
        for art, name in menu:
            known.setdefault(art, name)
        if self.campaign and self.campaign.art:
            known.setdefault(self.campaign.art, _("As it is"))
        return list(known.items())

    def _as_planned(self, campaign: Campaign) -> dict[str, Any]:
        own = {name: getattr(campaign, name) for name in campaigns.CHANGED if name != "share_texts"}
        texts = {f"text_{each}": campaign.share_texts.get(each, "") for each in Network.values}
        return {
            **own,
            **texts,
            "treats": list(campaign.treats.values_list("pk", flat=True)),
            "version": campaigns.version(campaign),
        }


def stake_in_words(stake: states.Stake) -> Iterator[str]:
    """ "4 links then lead to your shop. 23 people came by them today." """
    yield ngettext(
        "%(count)d link would lead to your shop and count nothing.",
        "%(count)d links would lead to your shop and count nothing.",
        stake.links,
    ) % {"count": stake.links}
    yield ngettext(
        "There was %(count)d visit today.", "There were %(count)d visits today.", stake.visits
    ) % {"count": stake.visits}
