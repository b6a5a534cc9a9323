"""What an owner is told of somebody who tries codes or PINs, or gives many goodwill gifts: in the
studio for a day, and by e-mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.bidi import isolated
from redemption.models import Alarm, RefusedAttempt
from redemption.redeem import guess_limit
from redemption.redeem.reasons import Reason
from redemption.till import pin_tries

SHOWN_FOR = timedelta(hours=24)
PLACES_MAX = 5


@dataclass(frozen=True)
class Place:
    """A counter at which wrong codes were tried."""

    store: str
    device: str
    count: int


@dataclass(frozen=True)
class Words:
    """What is told of one alarm, in the active language and time zone."""

    subject: str
    """An e-mail's, with %(brand)s where the brand's name stands."""
    title: str
    what: str
    done: str
    advice: str

    @property
    def in_short(self) -> str:
        return f"{self.what} {self.advice}"


def recent(now: datetime) -> list[Alarm]:
    """The brand's alarms of the last day, newest first. Expects its scope. One query."""
    alarms = Alarm.objects.filter(raised_at__gt=now - SHOWN_FOR).select_related("device__store")
    return list(alarms.order_by("-raised_at"))


def words_of(alarm: Alarm) -> Words:
    """By its kind: what happened since when, what we did, and what an owner can do."""
    return _WORDS[Alarm.Kind(alarm.kind)](alarm)


def _wrong_codes(alarm: Alarm) -> Words:
    return Words(
        subject=_("%(brand)s: somebody is trying codes at your stores"),
        title=_("Somebody is trying codes at your stores"),
        what=ngettext(
            "%(count)s code that does not exist was tried since %(since)s on %(day)s.",
            "%(count)s codes that do not exist were tried since %(since)s on %(day)s.",
            alarm.count,
        )
        % _numbers(alarm),
        done=_(
            "Every one was refused. This device is refused more of them until a manager types their PIN"
            " on it, or lets it go on in the console. Real gifts keep working."
        )
        if alarm.device
        else _(
            "Every one was refused. A device that tries %(per_device)s wrong codes is refused more of"
            " them for %(pause)s minutes, and whoever tries on from elsewhere has to wait as well. Real"
            " gifts keep working. Nobody finds one this way: there are far too many codes."
        )
        % {"per_device": guess_limit.TRIES_PER_DEVICE, "pause": minutes(guess_limit.BLOCKED_FOR)},
        advice=_(
            "Call the store and ask what is going on: a broken scanner does this too. If a device is"
            " not where it should be, disconnect it; its next touch is refused."
        ),
    )


def _wrong_pins(alarm: Alarm) -> Words:
    return Words(
        subject=_("%(brand)s: somebody is trying PINs at your store"),
        title=_("Somebody is trying PINs at your store"),
        what=ngettext(
            "%(count)s wrong PIN was typed at %(place)s since %(since)s on %(day)s.",
            "%(count)s wrong PINs were typed at %(place)s since %(since)s on %(day)s.",
            alarm.count,
        )
        % {**_numbers(alarm), "place": _place(alarm)},
        done=_(
            "Every one was refused, and there is a pause of up to %(pause)s minutes before each more at"
            " that device. Everybody can sign in at your other devices, and whoever was signed in goes"
            " on. You can end a pause on the person's page."
        )
        % {"pause": minutes(pin_tries.PAUSE_MAX)},
        advice=_(
            "Call the store and ask who is at the device. If it is not where it should be, disconnect"
            " it; its next touch is refused."
        ),
    )


def _numbers(alarm: Alarm) -> dict[str, object]:
    since = localtime(alarm.since)
    return {"count": alarm.count, "day": date_format(since), "since": time_format(since)}


def _place(alarm: Alarm) -> str:
    device = alarm.device
    return f"{isolated(device.name)}, {isolated(device.store.name)}" if device else ""


def _goodwill(alarm: Alarm) -> Words:
    return Words(
        subject=_("%(brand)s: many gifts by hand at your store"),
        title=_("Many gifts by hand at your store"),
        what=ngettext(
            "%(count)s gift was made by hand at %(place)s since %(since)s on %(day)s, and then more was"
            " asked for than a day allows.",
            "%(count)s gifts were made by hand at %(place)s since %(since)s on %(day)s, and then more"
            " was asked for than a day allows.",
            alarm.count,
        )
        % {**_numbers(alarm), "place": _place(alarm)},
        done=_(
            "What goes beyond your limits was refused. Each gift is in Activity and in the store's"
            " shift summary, with who made it and why."
        ),
        advice=_(
            "Ask the store what happened. The limits for a day are yours to set, under Rules."
        ),
    )


def _copied_token(alarm: Alarm) -> Words:
    return Words(
        subject=_("%(brand)s: there may be a copy of a device"),
        title=_("There may be a copy of a device"),
        what=_(
            "A device's key changes each day. One that “%(place)s” had until %(since)s on %(day)s was"
            " used again."
        )
        % {**_numbers(alarm), "place": _place(alarm)},
        done=_("The old key was refused. Whatever has the new one goes on; that may be the copy."),
        advice=_(
            "Call the store and ask whether somebody set the device's browser back to an older state. If"
            " not, disconnect the device and add it anew: then no copy of it is good any more."
        ),
    )


_WORDS = {
    Alarm.Kind.WRONG_TRIES: _wrong_codes,
    Alarm.Kind.WRONG_PINS: _wrong_pins,
    Alarm.Kind.GOODWILL: _goodwill,
    Alarm.Kind.COPIED_TOKEN: _copied_token,
}


def minutes(lasting: timedelta) -> int:
    return int(lasting.total_seconds() // 60)


def tried_at(alarm: Alarm) -> list[Place]:
    """Where it was: the alarm's own device, or where most of the wrong codes were tried, as far as that was
    at a counter. Expects the scope."""
    if alarm.device:
        return [Place(alarm.device.store.name, alarm.device.name, alarm.count)]
    refused = (
        RefusedAttempt.objects.filter(
            reason=Reason.UNKNOWN_CODE,
            attempted_at__range=(alarm.since, alarm.raised_at),
        )
        .values("store__name", "device__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "store__name", "device__name")[:PLACES_MAX]
    )
    return [Place(row["store__name"], row["device__name"], row["count"]) for row in refused]
