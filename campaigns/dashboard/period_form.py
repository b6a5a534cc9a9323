"""The days that somebody picks for a page of figures."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.dashboard import period as periods
from campaigns.dashboard.period import DAYS_MAX, Fault, Period

WORDS: dict[Fault, str | Promise] = {
    Fault.TOO_EARLY: _("Nobody counted gifts then. Is the year right?"),
    Fault.TO_COME: _("That day is still to come. Pick today, or one before."),
    Fault.BEFORE_THE_FIRST: _("The last day is before the first. Which one is right?"),
    Fault.TOO_MANY: _("That is more than %(days)s days. Pick fewer."),
}


A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class PeriodForm(forms.Form):
    """A first and a last day, called as in an address: ?from=2026-05-01&to=2026-05-03.

    Anybody can write an address, and the page is compressed: what is no day is not said back in it
    (giftshop/http/compression.py). A browser's calendar would show nothing of it either.
    """

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        today: date,
        shown: Period | None = None,
    ) -> None:
        """`shown`: what stands in a form that nobody filled in yet."""
        initial = {"from": shown.first, "to": shown.last} if shown else None
        days = data and {name: each for name, each in data.items() if A_DAY.fullmatch(each)}
        super().__init__(days, initial=initial, auto_id="period-%s")
        self.today = today
        self.fields["from"] = _day(_("First day"), max=today.isoformat())
        self.fields["to"] = _day(_("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        faults = periods.faults_of(cleaned.get("from"), cleaned.get("to"), today=self.today)
        for name, fault in faults.items():
            self.add_error(name, str(WORDS[fault]) % {"days": DAYS_MAX})
        return cleaned

    def period(self) -> Period:
        """Of a valid form: the days picked, up to today."""
        return Period(self.cleaned_data["from"], self.cleaned_data["to"]).until(self.today)


def _day(label: Any, **attrs: str) -> forms.DateField:
    box = forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=box)
