"""What an owner fills in about a store. Belongs inside the brand's scope."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands import phone_numbers
from brands.models import Brand, Store
from core import opening_hours
from core.forms.line_field import LineField
from core.forms.locked import lock
from core.forms.long_select import LongSelect
from core.forms.version import VersionedForm, version_of
from giftshop import places
from giftshop.studio.stores import maps
from giftshop.studio.stores.changes import StoreFacts

DAYS = range(7)
TIMES = ["%H:%M", "%H:%M:%S", "%H.%M", "%H", "%I:%M %p", "%I %p", "%I%p"]
NOT_A_PHONE = _(
    "This is no phone number of that country. Write it with its area code, "
    "or begin with + and the country code."
)

RUN = {
    *("phone", "version"),
    *(f"{name}_{day}" for name in ("opens", "closes", "closed") for day in DAYS),
}
"""Fields of whoever runs a store and does not change what it is."""

_NOT_ON_EARTH = _("Latitude goes from -90 to 90, longitude from -180 to 180.")
_WHEN = _("When does it open and close that day? Or is it closed?")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


@dataclass(frozen=True)
class DayRow:
    """One weekday's three fields, as the page shows them in a line."""

    name: str
    opens: BoundField
    closes: BoundField
    closed: BoundField

    @property
    def times(self) -> list[BoundField]:
        return [self.opens, self.closes]


def typed(length: int, label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    """A line of text that no browser fills in with its owner's own address."""
    box = forms.TextInput(attrs={"autocomplete": "off"})
    return LineField(label=label, max_length=length, required=required, widget=box, **more)


class StoreForm(VersionedForm):
    name = typed(80, _("Name"), help_text=_("As friends know it: “Pike Street”."))
    street = typed(120, _("Street and number"))
    city = typed(80, _("City"))
    region = typed(80, _("State or region"), required=False)
    postal_code = typed(16, _("Postal code"), required=False)
    country = forms.ChoiceField(label=_("Country"), choices=places.countries, widget=LongSelect)
    phone = typed(
        48,
        _("Phone"),
        required=False,
        help_text=_("Friends can call it from their gift."),
    )
    latitude = typed(
        maps.LENGTH_MAX,
        _("Latitude"),
        required=False,
        help_text=_("Or paste here: 47.6097, -122.3331, or a link from a map."),
    )
    longitude = typed(24, _("Longitude"), required=False)
    operator = typed(
        120, _("Franchisee"), required=False, help_text=_("Empty: you run this store yourself.")
    )
    is_active = forms.BooleanField(label=_("This store is on"), required=False)

    def __init__(
        self, *args: Any, brand: Brand, zones: Iterable[str], store: Store | None = None, **kw: Any
    ) -> None:
        """`zones`: those offered first."""
        kw.setdefault("initial", _as_it_is(store) if store else _as_the_brand(brand))
        super().__init__(*args, **kw)
        self.kept_phone = store.phone if store else ""
        self.kept: dict[str, Any] = {}
        """What is not theirs to change, by its name in StoreFacts."""
        own = [store.time_zone] if store else []
        near = [*own, brand.time_zone, *zones]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            help_text=_("Its days, hours and summaries follow this clock."),
            choices=places.every_zone(timezone.now(), first=near),
            widget=LongSelect,
        )
        for day in DAYS:
            named = {"day": _name_of(day)}
            self.fields[f"opens_{day}"] = _time(gettext("%(day)s, opens") % named)
            self.fields[f"closes_{day}"] = _time(gettext("%(day)s, closes") % named)
            self.fields[f"closed_{day}"] = forms.BooleanField(
                label=gettext("%(day)s, closed") % named, required=False
            )

    def keep(self, store: Store, *, but: Container[str]) -> None:
        """All but these fields is shown, and stays as it is whatever is sent."""
        lock(self, but=but)
        self.initial.update(
            {name: value for name, value in _as_it_is(store).items() if name not in but}
        )
        self.kept = {
            name: getattr(store, name)
            for name in StoreFacts.__dataclass_fields__
            if name != "hours" and name not in but
        }

    def days(self) -> Iterator[DayRow]:
        for day in DAYS:
            yield DayRow(
                _name_of(day), self[f"opens_{day}"], self[f"closes_{day}"], self[f"closed_{day}"]
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_phone(cleaned)
        self._clean_position(cleaned)
        self._clean_hours(cleaned)
        return cleaned

    def facts(self) -> StoreFacts:
        """Of a valid form."""
        names = set(StoreFacts.__dataclass_fields__)
        said = {name: self.cleaned_data[name] for name in names}
        return StoreFacts(**{**said, **self.kept})

    def map_url(self) -> str:
        """Where the two numbers lead as they stand, saved or just typed."""
        both = maps.position_in(_pair(self["latitude"].value(), self["longitude"].value()))
        return maps.map_url(*both) if both else ""

    def _clean_phone(self, cleaned: dict[str, Any]) -> None:
        """As numbers are kept. What was there before and is not touched stops nobody, read or not."""
        try:
            if typed := cleaned.get("phone"):
                # While the country itself is wrong, by the one that was offered.
                country = cleaned.get("country") or self.initial["country"]
                cleaned["phone"] = phone_numbers.read(typed, country)
        except phone_numbers.NotAPhoneNumber:
            if "phone" in self.changed_data:
                self.add_error("phone", NOT_A_PHONE)
            cleaned["phone"] = self.kept_phone

    def _clean_position(self, cleaned: dict[str, Any]) -> None:
        """Two numbers; what was pasted whole into the first is split. Each is judged by itself."""
        first, second = cleaned.get("latitude") or "", cleaned.get("longitude") or ""
        both = maps.position_in(first) if not _is_number(first) else None
        cleaned["latitude"] = cleaned["longitude"] = None
        if both:
            cleaned["latitude"], cleaned["longitude"] = both
            return
        if first and not _is_number(first):
            self.add_error("latitude", _no_position(first))
        elif first and not _is_within(first, maps.LATITUDE_MAX):
            self.add_error("latitude", _NOT_ON_EARTH)
        if second and not _is_number(second):
            self.add_error("longitude", _("Write a number, like -122.3331."))
        elif second and not _is_within(second, maps.LONGITUDE_MAX):
            self.add_error("longitude", _NOT_ON_EARTH)
        missing = "longitude" if _is_number(first) else "latitude"
        if bool(first) != bool(second) and missing not in self.errors:
            self.add_error(missing, _("A position needs both numbers, or none."))
        if first and not {"latitude", "longitude"} & set(self.errors):
            cleaned["latitude"], cleaned["longitude"] = maps.position_in(_pair(first, second)) or (
                None,
                None,
            )

    def _clean_hours(self, cleaned: dict[str, Any]) -> None:
        """Each day closed or with both times; or nothing said at all, which is shown as nothing."""
        days = [
            [cleaned.get(f"{name}_{day}") for name in ("opens", "closes", "closed")] for day in DAYS
        ]
        broken = [f"opens_{day}" in self.errors or f"closes_{day}" in self.errors for day in DAYS]
        if not any(broken) and not any(value not in (None, False) for row in days for value in row):
            cleaned["hours"] = ()
            return
        for day, (opens, closes, closed) in enumerate(days):
            for name, time in {"opens": opens, "closes": closes}.items():
                is_said = f"{name}_{day}" in self.errors or (
                    name == "closes" and opens is None and not broken[day]
                )  # at the first of the two, where none was filled in
                if not closed and time is None and not is_said:
                    self.add_error(f"{name}_{day}", _WHEN)
        cleaned["hours"] = tuple(
            opening_hours.write(opens, closes)
            if opens is not None and closes is not None and not closed
            else ""
            for opens, closes, closed in days
        )


def copied_to_all_days(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed so far, with Monday's hours on every day."""
    monday = {name: data.get(f"{name}_0", "") for name in ("opens", "closes", "closed")}
    every_day = {f"{name}_{day}": value for day in DAYS for name, value in monday.items()}
    return {**{name: data.get(name, "") for name in data}, **every_day}


def _as_the_brand(brand: Brand) -> dict[str, Any]:
    return {"country": brand.country, "time_zone": brand.time_zone, "is_active": True}


def _as_it_is(store: Store) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: getattr(store, name) for name in StoreFacts.__dataclass_fields__ if name != "hours"
    }
    facts["version"] = version_of(StoreFacts.of(store).values())
    facts["phone"] = phone_numbers.shown(store.phone, store.country)
    if len(store.hours) == len(DAYS):
        for day in DAYS:
            opens, closes = opening_hours.read(store.hours[day]) or (None, None)
            facts |= {f"opens_{day}": opens, f"closes_{day}": closes}
            facts[f"closed_{day}"] = store.hours[day] == ""
    return facts


def _name_of(day: int) -> str:
    """Monday of 0, with a capital in every language."""
    return capfirst(str(WEEKDAYS[day]))


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=TIMES,
        widget=TimeInput(),
        error_messages={"invalid": _("Write a time like 18:00.")},
    )


def _no_position(text: str) -> Any:
    if "://" in text:
        return _(
            "This link doesn't say where it is. Open it, and copy the two numbers from the map."
        )
    return _("There is no position in this. It looks like 47.6097, -122.3331.")


def _pair(first: Any, second: Any) -> str:
    """What was typed as two numbers, in the form that is pasted."""
    numbers = [_number(first), _number(second)]
    return ", ".join(f"{number:.6f}" for number in numbers if number is not None)


def _is_number(text: Any) -> bool:
    return _number(text) is not None


def _is_within(text: Any, most: float) -> bool:
    """Not of "nan", which is within nothing."""
    number = _number(text)
    return number is not None and abs(number) <= most


def _number(text: Any) -> float | None:
    """Also with a comma, as many people write it."""
    try:
        return float(str(text)[: maps.LENGTH_MAX].replace(",", "."))
    except ValueError:
        return None
