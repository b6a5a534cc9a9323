"""Say, the third step: the words, the card, the day, and who it is from. Data as in steps.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from brands.models import Brand
from giftshop import zones
from giftshop.catalog.brands import languages_of
from giftshop.friends.typos import suggestion
from giftshop.giving import recipient_rows
from giftshop.giving.forms import (
    DraftForm,
    Problem,
    SenderForm,
    WordsForm,
    problems_of,
)
from giftshop.giving.moment_form import MomentForm
from giftshop.giving.numbers_to_text import texts_of
from giftshop.giving.recipient_rows import Row
from giftshop.giving.steps import Data, chosen, rows_sent, update_rows
from giftshop.orders.models import Gift
from giftshop.texts.allowed import To
from giftshop.texts.ways import WAYS


class Say:
    """The words, the card, the day, and who it is from."""

    def __init__(self, data: Data, *, brand: Brand, now: datetime, check: bool = False) -> None:
        self.data, self.brand, self.now = data, brand, now
        self.rows = recipient_rows.filled(data.get("rows", []))
        self.mailed = [row for row in self.rows if not row.get("by_link")]
        self.is_each = data.get("words") == "each" and len(self.rows) > 1
        self.when = self._when()
        self.languages = languages_of(brand)
        self.words = self._words(data, check=check and not self.is_each)
        self.moment = self._moment(data, check=check and self.when == "later", is_required=True)
        self.sender = self._sender(check=check)
        if check and self.sender_meant():
            self.sender.describe("sender_email", "id_sender_email_hint")
        self.words_each = [
            (
                row,
                self._words(self._own_words(row), check=check and self.is_each, prefix=row["key"]),
            )
            for row in self.rows
        ]
        self.moment_each = [
            (row, self._moment(row, check=check and self.when == "each", prefix=row["key"]))
            for row in self.mailed
        ]

    @staticmethod
    def take(data: Data, post: QueryDict) -> None:
        data["words"] = chosen(post, "words", ("all", "each"), data.get("words", "all"))
        data["when"] = chosen(post, "when", ("now", "later", "each"), data.get("when", "now"))
        common = {name: data.get(name, "") for name in WordsForm.base_fields}
        for form in (WordsForm, MomentForm, SenderForm):
            data.update(form.taken(post))
        rows = {row["key"]: row for row in data.get("rows", [])}
        sent = []
        for key in rows_sent(post):
            words = WordsForm.taken(post, key)
            if data["words"] == "all":  # what only repeats the common card is nobody's own
                words = {
                    name: text
                    for name, text in words.items()
                    if name in rows.get(key, {}) or text not in ("", common[name], data.get(name))
                }
            sent.append({"key": key, **words, **MomentForm.taken(post, key)})
        update_rows(data, sent)

    @staticmethod
    def correct_sender(data: Data) -> None:
        """Take the sender's address that was probably meant."""
        data["sender_email"] = suggestion(_sender_email(data)) or data.get("sender_email", "")

    def sender_meant(self) -> str | None:
        """The sender's address that was probably meant, where the one that was typed looks like a slip."""
        return suggestion(_sender_email(self.data))

    def ask_once(self) -> bool:
        """Whether there is a slip that the sender has not been asked about; now it counts as asked."""
        before, now = self.data.get("sender_asked"), _sender_email(self.data)
        self.data["sender_asked"] = now
        return self.sender_meant() is not None and before != now

    def preview(self) -> dict[str, Any]:
        """The card beside the form: that of the first recipient, if each has one."""
        answers = self._own_words(self.rows[0]) if self.is_each else self.data
        return {
            "message": answers.get("message", ""),
            "design": known_design(answers.get("design", "")),
            "row": self.rows[0] if self.rows else None,
            "language": self._language(answers),
        }

    def _sender(self, *, check: bool) -> SenderForm:
        """Asked for a number of their own where links can be texted to it; two queries if there is one."""
        typed = filter(None, [str(self.data.get("sender_phone") or "").strip()])
        has_links = len(self.mailed) < len(self.rows)
        texts = texts_of(self.brand, typed, to=To.SENDER) if has_links else None
        refused = self.data.get("refused", "")
        return SenderForm.of(self.data, check=check, brand=self.brand, refused=refused, texts=texts)

    def sender_number(self) -> tuple[str, Gift.Channel]:
        """E.164, or nothing, and how links get there. Only after `problems()` found none."""
        form = self._sender(check=True)
        form.full_clean()
        return form.number, Gift.Channel(WAYS[form.way])

    def problems(self) -> list[Problem]:
        strict = Say(self.data, brand=self.brand, now=self.now, check=True)
        asked: list[tuple[DraftForm, str]] = [(strict.words, "")]
        if self.is_each:
            asked = [(form, row["name"]) for row, form in strict.words_each]
        if self.when == "later":
            asked.append((strict.moment, ""))
        if self.when == "each":
            asked += [(form, row["name"]) for row, form in strict.moment_each]
        return problems_of([*asked, (strict.sender, "")])

    def words_for(self, row: Row) -> dict[str, str]:
        """{"message", "design"} as the card will carry them, {"language"} where the brand has several (empty:
        nobody was asked). Only after `problems()` found none."""
        answers = self._own_words(row) if self.is_each else self.data
        return dict(_clean(self._words(answers, check=True)))

    def moment_for(self, row: Row) -> tuple[datetime | None, str]:
        """When it goes out (None: at once) and on whose clock. A link has no time: its sender has."""
        if row.get("by_link"):
            return None, ""
        answers = self.data if self.when == "later" else row
        if self.when == "now":
            return None, self._zone()
        cleaned = _clean(self._moment(answers, check=True, is_required=self.when == "later"))
        return cleaned["deliver_at"], str(cleaned["zone"])

    def _when(self) -> str:
        when = str(self.data.get("when", "now"))
        if not self.mailed:
            return "now"
        return "later" if when == "each" and len(self.mailed) == 1 else when

    def _words(self, answers: Mapping[str, Any], *, check: bool, **how: Any) -> WordsForm:
        return WordsForm.of(answers, check=check, languages=self.languages, **how)

    def _language(self, answers: Mapping[str, Any]) -> str:
        """What the recipient is going to read."""
        chosen = str(answers.get("language") or get_language())
        return chosen if chosen in self.languages else self.languages[0]

    def _own_words(self, row: Row) -> dict[str, str]:
        """What was said of this recipient; where nothing was yet, what was said of all."""
        words = {
            name: str(row.get(name, self.data.get(name, ""))) for name in WordsForm.base_fields
        }
        return {**words, "design": words["design"] or Gift.Design.JUST_BECAUSE.value}

    def _zone(self) -> str:
        """Whose clock counts where nobody said: the one chosen for all, else the brand's."""
        zone = str(self.data.get("zone") or "")
        return zone if zones.is_zone(zone) else self.brand.time_zone

    def design(self) -> str:
        """The common card; what is not a card of ours is the plain favourite."""
        return known_design(self.data.get("design", ""))

    def _moment(self, answers: Mapping[str, Any], *, check: bool, **how: Any) -> MomentForm:
        asked = {name: answers.get(name, "") for name in MomentForm.base_fields}
        default = self.brand.time_zone if answers is self.data else self._zone()
        asked["zone"] = asked["zone"] or default
        return MomentForm.of(asked, check=check, now=self.now, default_zone=default, **how)


def known_design(design: Any) -> str:
    """The card, or the plain favourite."""
    return str(design) if design in Gift.Design.values else Gift.Design.JUST_BECAUSE.value


def _sender_email(data: Data) -> str:
    return str(data.get("sender_email") or "").strip()


def _clean(form: DraftForm) -> dict[str, Any]:
    if not form.is_valid():
        raise ValueError("answers are read only after the step found nothing to put right")
    return form.cleaned_data
