"""The question when a gift shall arrive, and on whose clock."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.day_input import DayInput
from giftshop import zone_search, zones
from giftshop.giving.forms import DraftForm
from giftshop.giving.schedule import ScheduleRefused, moment, refuse_far_off


class ZoneField(forms.CharField):
    """A time zone by the name of its place, as it is typed; cleaned, a name of the time zone database."""

    def __init__(self, **how: Any) -> None:
        super().__init__(
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false", "data-zone": ""}
            ),
            **how,
        )

    def prepare_value(self, value: Any) -> Any:
        return zone_search.typed_as(value) if value and zones.is_zone(value) else value

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value))
        zone = zone_search.one(typed) if typed else ""
        if zone is None and zone_search.search(typed):
            raise ValidationError(_("Several places are found. Choose one of them."))
        if zone is None:
            raise ValidationError(
                _("We know no such place. Try its country, or the nearest big city.")
            )
        return zone


class MomentForm(DraftForm):
    """A day and a time in a zone. All empty: as soon as it is paid."""

    date = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Write the day as 2026-05-03.")},
        widget=DayInput(),
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Write the time as 09:30.")},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = ZoneField(
        label=gettext_lazy("On the clock of"),
        help_text=gettext_lazy("A city or a country."),
        required=False,
    )

    def __init__(
        self, *args: Any, now: datetime, default_zone: str, is_required: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.default_zone, self.is_required = now, default_zone, is_required
        self.initial.setdefault("zone", default_zone)
        self.initial["zone"] = self.initial["zone"] or default_zone

    @classmethod
    def taken(cls, post: QueryDict, prefix: str = "") -> dict[str, str]:
        """A place that is found is kept as its zone, which is the same in every language."""
        answers = super().taken(post, prefix)
        if "zone" in answers:
            answers["zone"] = zone_search.one(answers["zone"]) or answers["zone"]
        return answers

    def clean_zone(self) -> str:
        return str(self.cleaned_data["zone"] or self.default_zone)

    @property
    def zones_to_choose(self) -> list[tuple[str, str]]:
        """With their labels, those that may be meant by what was typed and is none alone."""
        if "zone" not in self.errors:
            return []
        found = zone_search.search(str(self.data.get(self.add_prefix("zone"), "")))
        return [(zone, zones.label(zone, self.now)) for zone in found]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, at = cleaned.get("date"), cleaned.get("time")
        cleaned["deliver_at"] = None
        if not (day or at or self.is_required or self.errors.keys() & {"date", "time"}):
            return cleaned
        if not day and "date" not in self.errors:
            self.add_error("date", _("On which day shall it arrive?"))
        if not at and "time" not in self.errors:
            self.add_error("time", _("At what time?"))
        try:
            if day and at and "zone" in cleaned:
                zone = ZoneInfo(cleaned["zone"])
                cleaned["deliver_at"] = moment(day=day, at=at, zone=zone, now=self.now)
            elif day:
                refuse_far_off(day, self.now)
        except ScheduleRefused as refused:
            self.add_error(refused.field, str(refused))
        return cleaned
