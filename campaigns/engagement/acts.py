"""What people did with a brand in some days beyond buying and eating, and who all were there to do it.

By whom an act was is a word that is the same for one person and is kept nowhere: their mailbox or number in
one spelling, else the digest of their browser, else the gift or order alone. Who was erased has no mailbox:
what is left of them counts for each gift or order by itself.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, Min, OuterRef

from brands.models import Brand
from campaigns.engagement.kinds import Kind
from campaigns.models import CounterVisit, Visit
from campaigns.moments import Moments
from core import crypto
from giftshop.friends.addresses import mailbox
from giftshop.orders.models import Gift, Order
from giftshop.questions.models import Question
from giftshop.reasons.answer import subject_of_gift, subject_of_order
from giftshop.reasons.models import Answer
from giftshop.reviews.models import Review
from giftshop.texts.models import Consent


class Act(NamedTuple):
    person: str
    kind: Kind
    day: date
    """By the brand's clock."""
    about: str = ""
    """A treat, a link, a store or stars; never a person."""


class Days:
    """All of a brand's acts in some days, and everybody it met in them: senders, recipients of what was
    sold then, and whoever did anything. Expects the brand's scope. Nine queries."""

    def __init__(self, brand: Brand, moments: Moments) -> None:
        self.brand, self.moments = brand, moments
        self.everybody: set[str] = set()
        self.acts: list[Act] = []
        self._browsers: dict[bytes, str] = {}
        """Whose a browser is: theirs who first ordered in it."""
        self._subjects: dict[str, str] = {}
        """By what an answer is keyed by, whose it is."""
        for acts in (
            self._orders(),
            self._gifts(),
            self._thanks(),
            self._reviews(),
            self._questions(),
            self._links(),
            self._counters(),
            self._yeses(),
            self._answers(),
        ):
            self.acts += acts
        self.everybody |= {act.person for act in self.acts}

    def _day(self, at: datetime | None) -> date:
        """Of a moment that the rows asked for have."""
        assert at is not None  # nosec B101
        return at.astimezone(self.brand.tz).date()

    def _orders(self) -> Iterator[Act]:
        worded = Gift.objects.filter(order=OuterRef("pk"), message__gt="")
        orders = Order.objects.paid().filter(paid_at__range=self.moments).order_by("paid_at", "pk")
        rows = orders.annotate(has_words=Exists(worded)).values_list(
            "pk", "paid_at", "sender_email", "visitor", "from_gift_id", "has_words"
        )
        for pk, paid_at, email, visitor, from_gift, has_words in rows:
            browser = bytes(visitor)
            person = mailbox(email) if email else self._of_browser(browser, f"order:{pk}")
            if browser and email:
                self._browsers.setdefault(browser, person)
            self.everybody.add(person)
            self._subjects[subject_of_order(pk)] = person
            if from_gift and has_words:
                yield Act(person, Kind.SENT_ON, self._day(paid_at))

    def _gifts(self) -> Iterator[Act]:
        sold = Order.objects.paid().filter(paid_at__range=self.moments).values("pk")
        rows = Gift.objects.filter(order__in=sold)
        for pk, email, phone in rows.values_list("pk", "recipient__email", "recipient__phone"):
            self.everybody.add(self._recipient(pk, email, phone))
        yield from ()

    def _thanks(self) -> Iterator[Act]:
        rows = Gift.objects.filter(thanked_at__range=self.moments).values_list(
            "pk", "recipient__email", "recipient__phone", "thanked_at", "treat__name"
        )
        for pk, email, phone, at, treat in rows:
            yield Act(self._recipient(pk, email, phone), Kind.THANKS, self._day(at), treat)

    def _reviews(self) -> Iterator[Act]:
        said = Review.objects.filter(state__in=Review.State, changed_at__range=self.moments)
        rows = said.values_list(
            *("gift", "gift__recipient__email", "gift__recipient__phone"),
            *("changed_at", "treat__name", "stars", "words"),
        )
        for pk, email, phone, at, treat, stars, words in rows:
            kind = Kind.REVIEW if words else Kind.RATING
            about = f"{treat} {'★' * stars}"
            yield Act(self._recipient(pk, email, phone), kind, self._day(at), about)

    def _questions(self) -> Iterator[Act]:
        states = [state for state in Question.State if state != Question.State.SPAM]
        asked = Question.objects.filter(state__in=states, changed_at__gte=self.moments[0])
        asked = asked.filter(asked_at__range=self.moments)
        for pk, email, at, treat in asked.values_list("pk", "email", "asked_at", "treat__name"):
            person = mailbox(email) if email else f"question:{pk}"
            yield Act(person, Kind.QUESTION, self._day(at), treat or "")

    def _links(self) -> Iterator[Act]:
        """Each link once for each browser that is known again, when it first came by it."""
        known = Visit.objects.filter(at__range=self.moments).exclude(visitor=b"")
        followed = known.values("visitor", "link__name")
        for row in followed.annotate(first=Min("at")):
            person = self._of_browser(bytes(row["visitor"]), "")
            yield Act(person, Kind.LINK, self._day(row["first"]), row["link__name"])

    def _counters(self) -> Iterator[Act]:
        followed = CounterVisit.objects.filter(at__range=self.moments).exclude(visitor=b"")
        for visitor, at, store in followed.values_list("visitor", "at", "store__name"):
            yield Act(self._of_browser(bytes(visitor), ""), Kind.COUNTER, self._day(at), store)

    def _yeses(self) -> Iterator[Act]:
        given = Consent.objects.filter(given_at__range=self.moments, withdrawn_at=None)
        for phone, at, channel in given.values_list("phone", "given_at", "channel"):
            yield Act(mailbox(phone), Kind.YES, self._day(at), str(Consent.Channel(channel).label))

    def _answers(self) -> Iterator[Act]:
        """That somebody answered, not what: an answer names nobody, and is found by what it is keyed by."""
        sides = [side for side in Answer.Side if side not in Answer.TEAM]
        days = [self._day(moment) for moment in self.moments]
        rows = Answer.objects.filter(side__in=sides, day__range=days)
        answers = [(bytes(key), pk, day) for key, pk, day in rows.values_list("key", "pk", "day")]
        if not answers:
            return
        keys = crypto.digest_many(self._subjects)
        whose = dict(zip(keys, self._subjects.values(), strict=True))
        for key, pk, day in answers:
            yield Act(whose.get(key, f"answer:{pk}"), Kind.ANSWER, day)

    def _of_browser(self, visitor: bytes, otherwise: str) -> str:
        if not visitor:
            return otherwise
        return self._browsers.get(visitor, f"browser:{visitor.hex()}")

    def _recipient(self, gift_id: UUID, email: str, phone: str) -> str:
        """Whoever answers by the gift's page is they, whenever it was sold."""
        person = mailbox(email or phone) if email or phone else f"gift:{gift_id}"
        self._subjects[subject_of_gift(gift_id)] = person
        return person
