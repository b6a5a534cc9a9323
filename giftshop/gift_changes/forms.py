"""A gift as its sender may change it: the questions of the give flow, over what is kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from brands import phone_numbers
from core.bidi import in_one_line, without_turning
from core.forms.version import VersionedForm, saved_by_now, version_of
from giftshop import zones
from giftshop.catalog.brands import languages_of
from giftshop.delivery.mend import Wanted, is_to_come
from giftshop.giving.forms import (
    DraftForm,
    Problem,
    RecipientForm,
    WordsForm,
    problems_of,
)
from giftshop.giving.moment_form import MomentForm
from giftshop.giving.numbers_to_text import texts_of
from giftshop.orders.models import Gift
from giftshop.texts.ways import WAY_OF, WAYS


class KeptForm(VersionedForm):
    """What all of the page was filled in over, and whether the gift waits for its day."""

    when = forms.ChoiceField(
        choices=[("later", gettext_lazy("On a day")), ("now", gettext_lazy("Right away"))],
        required=False,
        widget=forms.RadioSelect,
    )


class Change:
    """The forms of the page: over the gift as it is kept, with what was typed. No query but for a number
    that was typed. `hidden`: what is shown of an address that the sender does not know, `number`: where a
    text goes; empty for any other."""

    def __init__(self, gift: Gift, *, now: datetime, post: QueryDict | None = None) -> None:
        self.was, self.now = Wanted.of(gift), now
        self.hidden = gift.recipient.shown_email if gift.recipient.is_address_hidden else ""
        self.asks_when = is_to_come(gift, now)
        zone = self.was.time_zone or gift.order.brand.time_zone
        local = self.was.deliver_at and self.was.deliver_at.astimezone(zones.zone(zone))
        self.kept = KeptForm(post, initial={"version": version_of(self.was.facts), "when": "later"})
        self.when = "now" if post is not None and post.get("when") == "now" else "later"
        typed = [post.get("phone", "")] if post is not None and post.get("way") in WAYS else []
        self.texts = texts_of(gift.order.brand, typed)
        way = WAY_OF.get(self.was.channel, "")
        stays = bool(way) and (self.texts is None or way not in self.texts.ways)
        self.number = self.was.phone if stays else ""
        self.recipient = self._over(
            RecipientForm,
            post,
            {
                "name": self.was.name,
                "email": "" if self.hidden else self.was.email,
                "phone": phone_numbers.shown(self.was.phone, gift.order.brand.country),
                "by_link": self.was.channel == Gift.Channel.LINK,
                "way": way,
            },
            texts=self.texts,
        )
        self.language = gift.language
        self.words = self._over(
            WordsForm,
            post,
            {
                "message": self.was.message,
                "design": self.was.design,
                "language": gift.language,
            },
            languages=languages_of(gift.order.brand),
        )
        self.moment = self._over(
            MomentForm,
            post if self.asks_when and self.when == "later" else None,
            {"date": local and local.date(), "time": local and local.time(), "zone": zone},
            now=now,
            default_zone=zone,
            is_required=True,
        )

    def _over(self, form: type[DraftForm], post: QueryDict | None, kept: Any, **how: Any) -> Any:
        if post is None:
            return form(initial=kept, **how)
        # As in the give flow: where an address stays that is not shown, or a number, none is typed.
        reply = {"reply": "on"} if self.hidden or self.number else {}
        return form({**form.taken(post), **reply}, initial=kept, **how)

    @property
    def asked(self) -> list[DraftForm]:
        """Those that were sent."""
        return [form for form in (self.recipient, self.words, self.moment) if form.is_bound]

    @property
    def card(self) -> str:
        """The card that is chosen."""
        return str(self.words["design"].value() or Gift.Design.JUST_BECAUSE.value)

    def problems(self) -> list[Problem]:
        """What is to be put right; none when it can be saved."""
        self.kept.is_valid()  # reads the version; nothing in it can be wrong for a person
        return problems_of([(form, "") for form in self.asked])

    def refuse(self, field: str, text: str) -> None:
        form = self.moment if field in self.moment.fields else self.recipient
        form.add_error(field, text)

    def wanted(self) -> Wanted:
        """Only after `problems()` found none."""
        who, words = self.recipient.cleaned_data, self.words.cleaned_data
        by_link = self.recipient.goes_by == "link"
        return Wanted(
            name=in_one_line(who["name"]),
            **self._way(by_link, who["email"].strip()),
            language=self._spoken(words.get("language") or ""),
            message=without_turning(words["message"]),
            design=words["design"],
            **self._moment(by_link),
        )

    def _spoken(self, language: str) -> str:
        """As it is kept where none is asked for, or the one that it is in already."""
        return self.was.language if language in ("", self.language) else language

    def _way(self, by_link: bool, email: str) -> dict[str, Any]:
        """How it goes, and where to: as it was where nothing is typed over that."""
        if by_link:
            return {"channel": Gift.Channel.LINK, "email": "", "phone": ""}
        if self.recipient.goes_by in WAYS:
            channel = self.recipient.channel
            return {"channel": channel, "email": "", "phone": self.recipient.number}
        if email or not (self.hidden or self.number):
            return {"channel": Gift.Channel.EMAIL, "email": email, "phone": ""}
        kept = self.was
        return {"channel": kept.channel, "email": kept.email, "phone": kept.phone}

    def _moment(self, by_link: bool) -> dict[str, Any]:
        """A link has no time: its sender has."""
        kept = {"deliver_at": self.was.deliver_at, "time_zone": self.was.time_zone}
        if not self.asks_when:
            return kept
        if by_link or self.when == "now":
            return {**kept, "deliver_at": None}
        said = self.moment.cleaned_data
        return {"deliver_at": said["deliver_at"], "time_zone": said["zone"]}

    def show_over_saved(self) -> None:
        """What was typed stays, over what is kept by now."""
        self.kept.is_valid()
        self.kept.show_over_saved()

    def saved_by_now(self) -> list[dict[str, str]]:
        return list(self._differences())

    def _differences(self) -> Iterator[dict[str, str]]:
        for form in self.asked:
            yield from saved_by_now(cast(forms.BaseForm, form))
