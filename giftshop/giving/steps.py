"""Who, What and (in say.py) Say: each step takes what was sent into the draft's data, shows it again,
and says what is still missing. Data are what was typed; nothing here touches the database.

    data = {
        "rows": [{"key", "name", "email", "phone", "way", "by_link", "choice", "message", "design", ...,
                  "reply": {"gift": "id", "name": "Amy", "address": "a•••@e•••.com"}}],
        "pasted": "lines not read yet", "read": ["keys of rows just read"],
        "asked": ["addresses we asked about"],
        "treats": "all" | "each", "choice": "double-scoop:regular", "amount": "37,50",
        "words": "all" | "each", "message": "", "design": "love",
        "when": "now" | "later" | "each", "date": "2026-05-03", "time": "09:00", "zone": "...",
        "sender_name": "", "sender_email": "", "sender_phone": "", "reached": 2,
        "promo": "welcome 10",
    }
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.models import Brand
from core.bidi import isolated
from core.forms.amount_field import written
from core.locales import readers_locale
from giftshop.catalog.menu import AN_AMOUNT, Offer
from giftshop.friends.parse import read_lines
from giftshop.friends.typos import suggestion
from giftshop.giving import recipient_rows
from giftshop.giving.forms import (
    PASTED_KEPT_MAX,
    Problem,
    RecipientForm,
    TreatForm,
    problems_of,
    typed,
)
from giftshop.giving.numbers_to_text import texts_of
from giftshop.giving.recipient_rows import Row
from giftshop.orders.models import RECIPIENTS_MAX
from giftshop.texts.ways import WAYS

Data = dict[str, Any]
NAMES = ("who", "what", "say", "pay")
UNREAD_SHOWN = 5
LINE_SHOWN_MAX = 60


def chosen(post: QueryDict, name: str, allowed: tuple[str, ...], before: str) -> str:
    value = post.get(name, before)
    return value if value in allowed else allowed[0]


def _start_of(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= LINE_SHOWN_MAX else f"{line[:LINE_SHOWN_MAX]}…"


def rows_sent(post: QueryDict) -> list[str]:
    return [
        key
        for key in post.getlist("row")[: recipient_rows.ROWS_MAX]
        if recipient_rows.KEY.fullmatch(key)
    ]


def _twice(row: Row) -> str:
    text = _("%(name)s is on the list twice. Take one away, or change the name or address.")
    return text % {"name": isolated(row["name"])}


class Who:
    """One to twenty recipients, by e-mail, by text where the shop sends any, or by a link that the sender
    passes on."""

    def __init__(
        self, data: Data, *, brand: Brand | None = None, check: bool = False, least: int = 1
    ) -> None:
        """`least`: how many there have to be. `brand`: to be asked about texts, in its scope; two queries if
        anybody is to get one. Without it nobody is."""
        self.data, self.least = data, least
        self.rows: list[Row] = data.get("rows") or [recipient_rows.new_row()]
        texted = filter(recipient_rows.is_texted, recipient_rows.filled(self.rows))
        phones = [str(row.get("phone") or "") for row in texted]
        self.texts = texts_of(brand, phones) if brand else None
        self.forms = [
            (row, self._form(row, check=check and not recipient_rows.is_empty(row)))
            for row in self.rows
        ]
        for row, form in self.forms:
            if recipient_rows.answered(row):
                form.describe("email", f"id_{row['key']}-email_known")
        if check and not recipient_rows.filled(self.rows):
            self.forms[0] = (self.rows[0], self._asking_for_somebody(self.rows[0]))
        if check:
            self._mark_repeated()
            self._describe_slips()

    def _form(self, row: Row, *, check: bool = True) -> RecipientForm:
        return RecipientForm.of(row, check=check, prefix=row["key"], texts=self.texts)

    def _mark_repeated(self) -> None:
        repeated = {row["key"]: row for row in recipient_rows.repeated(self.rows)}
        for row, form in self.forms:
            if row["key"] in repeated:
                form.full_clean()
                form.add_error("phone" if form.goes_by in WAYS else "email", _twice(row))

    def _describe_slips(self) -> None:
        slips = {row["key"] for row, _meant in self.hints()}
        for row, form in self.forms:
            if row["key"] in slips:
                form.describe("email", f"id_{row['key']}-email_hint")

    def _asking_for_somebody(self, row: Row) -> RecipientForm:
        """The first row's form, its name marked as what is missing: nobody is in any row."""
        form = self._form(row)
        form.errors.clear()
        form.add_error("name", _("Add at least one friend."))
        return form

    @staticmethod
    def take(data: Data, post: QueryDict) -> None:
        rows = data.setdefault("rows", [])
        recipient_rows.put_over(
            rows, ({"key": key, **RecipientForm.taken(post, key)} for key in rows_sent(post))
        )
        for row in rows:
            if row["key"] in rows_sent(post) and f"{row['key']}-way" not in post:
                row.pop("way", None)  # nobody was asked: the shop texts no more
        data["rows"] = recipient_rows.without(rows, post.getlist("removed"))
        data["pasted"] = typed(post, "pasted", PASTED_KEPT_MAX)
        data["read"] = []

    @staticmethod
    def take_pasted(data: Data) -> bool:
        """Turn pasted lines into recipients; lines that nobody can read, or has room for, stay.

        Whether there is somebody now whom the sender has not seen in a row of the page.
        """
        reading = read_lines(data.get("pasted", ""))
        rows = data.setdefault("rows", [])
        before = {row["key"]: recipient_rows.identity(row) for row in rows}
        left = list(recipient_rows.welcome(rows, reading.people))
        data["read"] = [
            row["key"] for row in rows if before.get(row["key"]) != recipient_rows.identity(row)
        ]
        too_many = [f"{p.name} <{p.email}>" if p.email else p.name for p in left]
        data["pasted"] = "\n".join([*(unread.line for unread in reading.unread), *too_many])
        return bool(data["read"])

    def answers(self) -> list[tuple[Row, RecipientForm]]:
        """Those who get something, each with what was said of them. Only after `problems()` found none."""
        found = [(row, self._form(row)) for row in recipient_rows.filled(self.rows)]
        for _row, form in found:
            form.full_clean()
        return found

    def just_read(self) -> list[Row]:
        """Rows that were read out of a paste a moment ago, to be looked at."""
        keys = self.data.get("read", [])
        return [row for row in self.rows if row["key"] in keys]

    def problems(self) -> list[Problem]:
        found = problems_of([
            (self._form(row), row.get("name") or _("Friend"))
            for row in recipient_rows.filled(self.rows)
        ])  # fmt: skip
        for row in recipient_rows.repeated(self.rows):
            where = "phone" if self.texts and recipient_rows.is_texted(row) else "email"
            found.append(Problem(_twice(row), f"id_{row['key']}-{where}"))
        if not recipient_rows.filled(self.rows):
            found.append(Problem(_("Add at least one friend."), f"id_{self.rows[0]['key']}-name"))
        elif (missing := self.least - len(recipient_rows.filled(self.rows))) > 0:
            text = ngettext(
                "This offer is for at least %(least)s friends. Add one more.",
                "This offer is for at least %(least)s friends. Add %(missing)s more.",
                missing,
            )
            words = text % {"least": self.least, "missing": missing}
            found.append(Problem(words, "recipients"))
        if len(recipient_rows.filled(self.rows)) > RECIPIENTS_MAX:
            text = _(
                "One present goes to %(most)s friends at most. Take some away; you can send again."
            )
            found.append(Problem(text % {"most": RECIPIENTS_MAX}))
        return found + self._unread()

    def _unread(self) -> list[Problem]:
        """What is still in the box, and why: how much, and the first lines of it."""
        lines = [line for line in self.data.get("pasted", "").splitlines() if line.strip()]
        if not lines:
            return []
        if len(recipient_rows.filled(self.rows)) >= RECIPIENTS_MAX:
            text = _("%(most)s friends are the most for one present; the rest is still in the box.")
            return [Problem(text % {"most": RECIPIENTS_MAX}, "id_pasted")]
        text = ngettext(
            "We could not read one line. It is still in the box: put it right or delete it.",
            "We could not read %(lines)s lines. They are still in the box: put them right or delete them.",
            len(lines),
        )
        unread = read_lines(self.data["pasted"]).unread[:UNREAD_SHOWN]
        why = [
            _("“%(line)s”: %(why)s")
            % {"line": isolated(_start_of(each.line)), "why": each.why.label}
            for each in unread
        ]
        return [Problem(text % {"lines": len(lines)}, "id_pasted", why)]

    def hints(self) -> list[tuple[Row, str]]:
        """Rows whose address looks like a slip, with the one that was probably meant."""
        return [
            (row, meant)
            for row in recipient_rows.filled(self.rows)
            if not row.get("by_link")
            and not recipient_rows.is_texted(row)
            and (meant := suggestion((row.get("email") or "").strip()))
        ]

    def ask_once(self) -> bool:
        """Whether there is a hint that the sender has not seen; from now on it counts as seen."""
        before = self.data.get("asked", [])
        now = [row["email"] for row, _meant in self.hints()]
        self.data["asked"] = now
        return any(email not in before for email in now)


class What:
    """One treat for all, or one each."""

    def __init__(
        self, data: Data, offered: Mapping[str, Offer], *, currency: str = "", check: bool = False
    ) -> None:
        self.data, self.offered, self.currency = data, offered, currency
        self.rows = recipient_rows.filled(data.get("rows", []))
        self.is_each = data.get("treats") == "each" and len(self.rows) > 1
        self.for_all = self._form(data, check=check and not self.is_each)
        self.forms = [
            (row, self._form({**data, **_own(row)}, check=check and self.is_each, of=row["key"]))
            for row in self.rows
        ]

    @staticmethod
    def take(data: Data, post: QueryDict) -> None:
        data["treats"] = chosen(post, "treats", ("all", "each"), data.get("treats", "all"))
        data.update(TreatForm.taken(post))
        of_chosen = f"amount-{slug_of(data.get('choice', ''))}"
        if of_chosen in post:
            data["amount"] = typed(post, of_chosen)
        sent = ({"key": key, **TreatForm.taken(post, key)} for key in rows_sent(post))
        update_rows(data, sent)

    def problems(self) -> list[Problem]:
        if not self.is_each:
            form = self._form(self.data, check=True)
            chosen = slug_of(self.data.get("choice", ""))
            at = f"amount-{chosen}" if "amount" in form.errors else "treats"
            return [Problem(problem.text, at) for problem in form.problems()]
        return problems_of([(self._strict(row), row["name"]) for row in self.rows])

    def _strict(self, row: Row) -> TreatForm:
        return self._form(self._answers(row), check=True, of=row["key"])

    def _form(self, answers: Mapping[str, Any], *, check: bool, of: str | None = None) -> TreatForm:
        asked = {name: answers.get(name, "") for name in ("choice", "amount")}
        how: dict[str, Any] = {"offered": self.offered, "currency": self.currency, "prefix": of}
        return TreatForm.of(self._as_offered(asked), check=check, **how)

    def _as_offered(self, asked: dict[str, str]) -> dict[str, str]:
        """An amount that is suggested no more was as good as typed."""
        price, _colon, amount = asked["choice"].rpartition(":")
        offer = self.offered.get(price)
        if asked["choice"] in self.offered or not (
            offer and offer.is_typed and AN_AMOUNT.fullmatch(amount)
        ):
            return asked
        return {"choice": price, "amount": written(int(amount), self.currency, readers_locale())}

    def offer_for(self, row: Row) -> Offer | None:
        return self.offered.get(str(self._as_offered(self._answers(row))["choice"]))

    def amount_for(self, row: Row) -> int | None:
        """Minor units; None while there is none that could be given."""
        offer = self.offer_for(row)
        if offer is None:
            return None
        if not offer.is_typed:
            return offer.amount
        form = self._strict(row)
        return form.given if form.is_valid() else None

    @property
    def is_answered(self) -> bool:
        """Whether something is chosen for everybody, on the menu or not."""
        return all(self._answers(row)["choice"] for row in self.rows)

    @property
    def rows_or_one(self) -> list[Row]:
        """For whom it is chosen; before anybody is named, for somebody."""
        return self.rows or [{"key": ""}]

    def total(self) -> int:
        """What it costs as far as it is chosen, minor units."""
        return sum(self.amount_for(row) or 0 for row in self.rows_or_one)

    def _answers(self, row: Row) -> dict[str, str]:
        answers = {**self.data, **_own(row)} if self.is_each else self.data
        return {name: str(answers.get(name, "")) for name in ("choice", "amount")}


def _own(row: Row) -> dict[str, str]:
    """What is said of this recipient alone; of an amount it is its own choice that counts."""
    return {name: row.get(name, "") for name in ("choice", "amount")} if row.get("choice") else {}


def slug_of(choice: object) -> str:
    """Of the treat that is chosen."""
    return str(choice).partition(":")[0]


def update_rows(data: Data, sent: Any) -> None:
    """Answers about rows that another tab has taken away are of no use any more."""
    known = {row["key"] for row in data.get("rows", [])}
    recipient_rows.put_over(data.get("rows", []), [row for row in sent if row["key"] in known])
