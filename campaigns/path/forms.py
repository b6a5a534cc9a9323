"""What a marketer types of a post, and what an owner says of treats. Belongs inside the brand's scope."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Link
from campaigns.models.typed import COUNTED
from campaigns.path import goods, link_days
from core.bidi import isolated
from core.forms.amount_field import AmountField, WholeNumberField
from core.forms.day_input import DayInput
from core.forms.version import VersionedForm
from giftshop.catalog.models import Treat

TEXT_LENGTH_MAX = 60_000
FIRST_DAY = date(2000, 1, 1)


class LinkDayForm(VersionedForm):
    """`day` is the brand's; with `shown`, a day of which something is kept already, it stands in the form."""

    day = forms.DateField(label=_("Day"), widget=DayInput(), input_formats=["%Y-%m-%d"])
    likes = WholeNumberField(label=_("New likes"), required=False)
    comments = WholeNumberField(label=_("New comments"), required=False)
    shares = WholeNumberField(label=_("New shares"), required=False)
    cost = AmountField(label=_("What it cost"), required=False)

    def __init__(
        self, *args: Any, link: Link, today: date, shown: date | None = None, **kwargs: Any
    ) -> None:
        self.link, self.today = link, today
        day = shown or today
        kwargs.setdefault(
            "initial",
            {"day": day, "version": link_days.version(link, day)}
            | (link_days.said_of(link, day) if shown else {}),
        )
        super().__init__(*args, **kwargs)
        cost = self.fields["cost"]
        assert isinstance(cost, AmountField)  # nosec B101  # as declared above
        cost.currency = link.campaign.brand.currency
        for name in COUNTED:
            count = self.fields[name]
            assert isinstance(count, WholeNumberField)  # nosec B101
            count.widget.attrs |= {"min": 0, "max": link_days.COUNT_MAX, "inputmode": "numeric"}
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if wrong := wrong_day(day, self.today):
            raise forms.ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in COUNTED:
            if wrong := wrong_count(cleaned.get(name)):
                self.add_error(name, wrong)
        day, nothing = cleaned.get("day"), {name: cleaned.get(name) for name in link_days.SAID}
        is_empty = not self.errors and nothing == link_days.NOTHING
        if day and is_empty and link_days.said_of(self.link, day) == link_days.NOTHING:
            self.add_error("likes", gettext("Type at least one number."))
        return cleaned

    def said(self) -> dict[str, int | None]:
        """Of a valid form."""
        return {name: self.cleaned_data[name] for name in link_days.SAID}


def wrong_day(day: date, today: date) -> str:
    """Why nothing can be said of the day; empty: it can."""
    if day > today:
        return gettext("That day is still to come.")
    return gettext("Is the year right?") if day < FIRST_DAY else ""


def wrong_count(count: int | None) -> str:
    if count is None or 0 <= count <= link_days.COUNT_MAX:
        return ""
    return gettext("Write a number from 0 to a thousand million.")


class RowsForm(forms.Form):
    """Rows as a spreadsheet copies them, or as a CSV file has them."""

    rows = forms.CharField(
        label=_("Rows"),
        max_length=TEXT_LENGTH_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        self.campaign = campaign
        super().__init__(*args, **kwargs)


class TreatCostsForm(VersionedForm):
    """An amount for each of these treats."""

    def __init__(self, *args: Any, treats: list[Treat], currency: str, **kwargs: Any) -> None:
        self.treats = treats
        kept = goods.costs_of(treats)
        initial = {self.name_of(treat): kept.get(treat.pk) for treat in treats}
        kwargs.setdefault("initial", {**initial, "version": goods.version(treats)})
        super().__init__(*args, **kwargs)
        for treat in treats:
            self.fields[self.name_of(treat)] = AmountField(
                label=isolated(treat.name), required=False, currency=currency
            )

    @staticmethod
    def name_of(treat: Treat) -> str:
        return f"cost-{treat.pk}"

    def wanted(self) -> dict[Any, int | None]:
        """Of a valid form, by the treat's id."""
        return {treat.pk: self.cleaned_data[self.name_of(treat)] for treat in self.treats}
