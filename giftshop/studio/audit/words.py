"""What an entry of the audit log tells beyond who, what and when: its details, in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brands import phone_numbers
from brands.models import Brand, Returns
from core import validity
from core.templatetags.money import money
from giftshop.accounts.models import Membership
from giftshop.catalog import contents
from giftshop.orders.vat import VatLine
from giftshop.pictures.models import Picture
from giftshop.reviews.models import Review
from giftshop.team.where import ALL_STORES
from redemption.models import StaffMember
from redemption.redeem import reversal_reasons

NOTHING = gettext_lazy("nothing")
TO = "\N{EN DASH}"
SHOWN_MAX = 200
"""Characters of one value; the entry itself keeps the whole."""
UNSAID = {
    *("name", "code", "currency", "request", "asked_by", "profile"),
    *("kid", "after", "until", "digest", "refund", "dispute", "held_for", "state"),
}
"""Said elsewhere in the line, or of use to programs only: verify_audit reads the whole."""

LABELS = {
    "active": gettext_lazy("Works here"),
    "added": gettext_lazy("Added"),
    "alt": gettext_lazy("What is to be seen"),
    "allergens": gettext_lazy("Allergens"),
    "amount": gettext_lazy("Amount"),
    "asked_by_name": gettext_lazy("Asked for by"),
    "because": gettext_lazy("Reason"),
    "before": gettext_lazy("Before"),
    "by": gettext_lazy("Looked for by"),
    "breakage_after_days": gettext_lazy("Counts as earned after it expired"),
    "art": gettext_lazy("Picture"),
    "budget": gettext_lazy("Planned spend"),
    "campaign": gettext_lazy("Campaign"),
    "category": gettext_lazy("Category"),
    "channel": gettext_lazy("Where it is put"),
    "changed": gettext_lazy("Changed"),
    "city": gettext_lazy("City"),
    "codes": gettext_lazy("Gifts"),
    "comments": gettext_lazy("Comments"),
    "cost": gettext_lazy("Cost"),
    "likes": gettext_lazy("Likes"),
    "contents_of_choices": gettext_lazy("Allergens and diet of choices"),
    "copy_of": gettext_lazy("Copy of"),
    "country": gettext_lazy("Country"),
    "currency": gettext_lazy("Currency"),
    "day": gettext_lazy("Day"),
    "email": gettext_lazy("E-mail"),
    "found": gettext_lazy("Found"),
    "order": gettext_lazy("Order"),
    "description": gettext_lazy("In a sentence"),
    "diet": gettext_lazy("Diet"),
    "from": gettext_lazy("From"),
    "gift_valid_days": gettext_lazy("New gifts are good"),
    "goodwill_person_limit": gettext_lazy("By hand, one person in a day"),
    "goodwill_store_limit": gettext_lazy("By hand, a store in a day"),
    "happens_on": gettext_lazy("Day of the event"),
    "headline": gettext_lazy("Headline"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "least_recipients": gettext_lazy("For at least"),
    "link": gettext_lazy("Link"),
    "spent": gettext_lazy("Spent so far"),
    "treat": gettext_lazy("Leads to"),
    "treats": gettext_lazy("Treats"),
    "vat_rate": gettext_lazy("VAT at the sale"),
    "vat_on_amounts": gettext_lazy("VAT at the sale of amounts, too"),
    "returns_unopened": gettext_lazy("Unopened gifts go back by themselves"),
    "shows_counter_link": gettext_lazy("Code at the counter to treat a sender back"),
    "hides_code": gettext_lazy("Code kept out of gift mails"),
    "texts": gettext_lazy("Text messages"),
    "texts_refused": gettext_lazy("Texts refused by phone companies"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "whatsapp_refused": gettext_lazy("Messages refused by WhatsApp"),
    "hours": gettext_lazy("Opening hours"),
    "is_active": gettext_lazy("On"),
    "language": gettext_lazy("Language"),
    "languages": gettext_lazy("Pages are shown in"),
    "latitude": gettext_lazy("Latitude"),
    "legal_address": gettext_lazy("Address"),
    "legal_name": gettext_lazy("Legal name"),
    "mail_name": gettext_lazy("E-mails are from"),
    "left": gettext_lazy("Left on it"),
    "longitude": gettext_lazy("Longitude"),
    "managers_reverse_same_day": gettext_lazy("Managers undo until the day ends"),
    "name": gettext_lazy("Name"),
    "note": gettext_lazy("Note"),
    "option_groups": gettext_lazy("What the recipient chooses"),
    "on_sale_from": gettext_lazy("On sale from"),
    "on_sale_until": gettext_lazy("On sale until"),
    "operator": gettext_lazy("Franchisee"),
    "phone": gettext_lazy("Phone"),
    "picture": gettext_lazy("Picture"),
    "postal_code": gettext_lazy("Postal code"),
    "reason": gettext_lazy("Reason"),
    "reply_email": gettext_lazy("Answers go to"),
    "redemptions": gettext_lazy("Redeemed"),
    "register_entry": gettext_lazy("Register and number"),
    "representative": gettext_lazy("Represented by"),
    "region": gettext_lazy("State or region"),
    "reversals": gettext_lazy("Undone"),
    "reversal_window_seconds": gettext_lazy("Cashiers undo"),
    "role": gettext_lazy("Role"),
    "rows": gettext_lazy("Rows"),
    "sheet": gettext_lazy("File"),
    "shares": gettext_lazy("Shares"),
    "shown": gettext_lazy("On the shop"),
    "shown_from": gettext_lazy("On show from"),
    "shown_until": gettext_lazy("On show until"),
    "sizes": gettext_lazy("Sizes and prices"),
    "sold_out": gettext_lazy("Sold out"),
    "spam": gettext_lazy("Spam"),
    "staff": gettext_lazy("Named by the till"),
    "stars": gettext_lazy("Stars"),
    "stores": gettext_lazy("Stores"),
    "statement_suffix": gettext_lazy("On bank statements"),
    "story": gettext_lazy("Story"),
    "support_email": gettext_lazy("E-mail for questions"),
    "support_phone": gettext_lazy("Phone for questions"),
    "tagline": gettext_lazy("In a few words"),
    "tax_id": gettext_lazy("Tax id"),
    "terms": gettext_lazy("Terms"),
    "theme": gettext_lazy("Look"),
    "street": gettext_lazy("Street and number"),
    "text_instagram": gettext_lazy("Words for Instagram"),
    "text_facebook": gettext_lazy("Words for Facebook"),
    "text_whatsapp": gettext_lazy("Words for WhatsApp"),
    "text_x": gettext_lazy("Words for X"),
    "text_elsewhere": gettext_lazy("Words for anywhere else"),
    "title": gettext_lazy("Title"),
    "words": gettext_lazy("In a few sentences"),
    "time_zone": gettext_lazy("Time zone"),
    "to": gettext_lazy("Until"),
    "translations": gettext_lazy("In other languages"),
    "vouched": gettext_lazy("The owner vouched for them"),
    "void_limit": gettext_lazy("Two people cancel above"),
    "withdrawal_days": gettext_lazy("Senders take back"),
    "returns_as": gettext_lazy("For a gift that comes back"),
}


def call_by_label(name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """What a room above keeps by its key is shown by its label. Told once, as that room starts."""
    labels = dict(choices)
    SAYING[name] = lambda value: str(labels.get(value, value) or NOTHING)


def notes(details: Mapping[str, Any], tz: ZoneInfo) -> list[tuple[str, str]]:
    """[("City", "Seattle → Tacoma"), ("Reason", "Wrong size")]; what changed comes first."""
    currency = str(details.get("currency", ""))
    told = list(_changed(details.get("changes"), currency, tz))
    for name, value in details.items():
        if name in UNSAID or name == "changes":
            continue
        if name == "role" and isinstance(value, list):
            told += _changed({name: value}, currency, tz)
        else:
            told.append((_label(name), _say(name, value, currency, tz)))
    return told


def _changed(changes: Any, currency: str, tz: ZoneInfo) -> Iterator[tuple[str, str]]:
    before, after = (changes or {}).get("currency", (currency, currency))
    for name, (old, new) in (changes or {}).items():
        was, now = _say(name, old, before, tz), _say(name, new, after, tz)
        yield _label(name), (now if old is None and name not in MAY_BE_NONE else f"{was} → {now}")


def _label(name: str) -> str:
    return str(LABELS.get(name, name.replace("_", " ").capitalize()))


def _say(name: str, value: Any, currency: str, tz: ZoneInfo) -> str:
    if name in SAYING:
        return SAYING[name](value)
    if name in MONEY and currency and isinstance(value, int):
        return money(value, currency)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return str(NOTHING)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, str) and name in {"from", "to"}:
        return _last_day(value, tz)
    return Truncator(str(value)).chars(SHOWN_MAX)


def _last_day(text: str, tz: ZoneInfo) -> str:
    """Of a gift that was given more time: from one last day to another."""
    try:
        at: datetime | None = parse_datetime(text)
    except ValueError:
        return text
    return date_format(validity.last_day(at, tz), "DATE_FORMAT") if at else text


def _day(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "DATE_FORMAT") if day else text


def _day_or_none(text: Any) -> str:
    return _day(text) if text else str(NOTHING)


def _hours(week: Any) -> str:
    """Monday to Friday alike is said once: "Mon-Fri 08:00-18:00, Sat 09:00-12:00, Sun closed"."""
    if not isinstance(week, list) or len(week) != 7:
        return str(NOTHING)
    said = []
    for hours, group in groupby(range(7), key=lambda day: str(week[day])):
        days = list(group)
        first, last = (str(WEEKDAYS_ABBR[day]) for day in (days[0], days[-1]))
        names = first if len(days) == 1 else f"{first}{TO}{last}"
        said.append(f"{names} {hours or _('closed')}")
    return ", ".join(said)


def _phone(text: Any) -> str:
    """With its country's code: whose it was is not told beside it."""
    return phone_numbers.shown(str(text), "") if text else str(NOTHING)


def _seconds(value: Any) -> str:
    return ngettext("%(count)d second", "%(count)d seconds", int(value)) % {"count": int(value)}


def _days(value: Any) -> str:
    if value is None:
        return _("never")
    return ngettext("%(count)d day", "%(count)d days", int(value)) % {"count": int(value)}


def _days_if_any(value: Any) -> str:
    return str(NOTHING) if value is None else _days(value)


def _percent(value: Any) -> str:
    """Basis points."""
    if value is None:
        return str(NOTHING)
    return _("%(percent)s percent") % {"percent": VatLine(int(value), 0, 0).percent}


def _returns(value: Any) -> str:
    return str(dict(Returns.choices).get(value, value))


def _allergens(value: Any) -> str:
    if value is None:
        return _("not said yet")
    return contents.names(value) or _("none of the fourteen")


def _diet(value: Any) -> str:
    return ", ".join(contents.marks(value or ())) or str(NOTHING)


def _of_choices(value: Any) -> str:
    """[["Mint", ["milk"], ["vegetarian"]]]: "Mint: Milk, Vegetarian"."""
    said = [
        f"{label}: {', '.join([_allergens(allergens), *contents.marks(diet)])}"
        for label, allergens, diet in value or ()
    ]
    return "; ".join(said) or str(NOTHING)


def _because(value: Any) -> str:
    """Why a review is hidden."""
    return str(dict(Review.Reason.choices).get(value, value))


def _stores(value: Any) -> str:
    """Of staff or of a member: by their slugs; a member may have all of the brand's."""
    if value == ALL_STORES:
        return _("all stores")
    return ", ".join(value) if isinstance(value, list) and value else str(NOTHING)


def _by(value: Any) -> str:
    """What an operator looked for an order by."""
    return str(LOOKED_FOR_BY.get(value, value))


def _email(value: Any) -> str:
    """Which e-mail was sent again."""
    return str(EMAILS.get(value, value))


def _purpose(value: Any) -> str:
    """Of a picture."""
    return str(dict(Picture.Purpose.choices).get(value, value))


def _drawing(value: Any) -> str:
    """ "art/frosty-spoon/double-scoop.svg": "double scoop"."""
    name = str(value).rpartition("/")[2].removesuffix(".svg").replace("-", " ")
    return name or str(NOTHING)


def _role(value: Any) -> str:
    """Of staff at the counter, or of a member of the studio."""
    return str(
        {**dict(Membership.Role.choices), **dict(StaffMember.Role.choices)}.get(value, value)
    )


LOOKED_FOR_BY = {
    "email": gettext_lazy("an e-mail address"),
    "last_four": gettext_lazy("the last four signs of a code"),
    "code": gettext_lazy("a code"),
    "number": gettext_lazy("an order number"),
    "payment": gettext_lazy("a payment"),
    "id": gettext_lazy("an id"),
}
EMAILS = {"receipt": gettext_lazy("Receipt"), "gift": gettext_lazy("Gift")}
MONEY = {
    "amount",
    "budget",
    "cost",
    "spent",
    "left",
    "goodwill_person_limit",
    "goodwill_store_limit",
    "void_limit",
}
MAY_BE_NONE = {
    "allergens",
    "breakage_after_days",
    "latitude",
    "longitude",
    "vat_rate",
    "withdrawal_days",
}
SAYING: dict[str, Callable[[Any], str]] = {
    "allergens": _allergens,
    "art": _drawing,
    "contents_of_choices": _of_choices,
    "diet": _diet,
    "because": _because,
    "breakage_after_days": _days,
    "by": _by,
    "day": _day,
    "email": _email,
    "gift_valid_days": _days,
    "happens_on": _day_or_none,
    "starts_on": _day_or_none,
    "ends_on": _day_or_none,
    "hours": _hours,
    "on_sale_from": _day_or_none,
    "on_sale_until": _day_or_none,
    "phone": _phone,
    "support_phone": _phone,
    "picture": _purpose,
    "reason": reversal_reasons.in_words,
    "reversal_window_seconds": _seconds,
    "stores": _stores,
    "role": _role,
    "shown_from": _day,
    "shown_until": _day,
    "vat_rate": _percent,
    "withdrawal_days": _days_if_any,
    "returns_as": _returns,
}


call_by_label("texts", Brand.Texts.choices)
