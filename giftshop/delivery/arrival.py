"""How a gift's newest delivery stands, and why it did not arrive: for its sender's page and the letter to
them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from giftshop.delivery import reports
from giftshop.delivery.channels.outcomes import NOT_REACHED
from giftshop.delivery.models import Attempt, Delivery, Report
from giftshop.orders.models import Gift
from redemption.models import Code

PURPOSE = "gift"
_ANSWERED_NO = re.compile(r"4\d\d\b|SMTP\w+ \d{3}$")
"""As channels tell of a server that was asked and did not take it. One that fails (500 and above, of an API)
or hangs up may have taken it before."""


@dataclass(frozen=True)
class Arrival:
    state: Delivery.State
    reason: Report.Reason | None
    """Why it is not there; None while nobody said so."""
    is_put_off: bool
    """The other side said that it takes it later."""

    @property
    def reason_words(self) -> str:
        """In the active language; empty without a reason."""
        return str(self.reason.label) if self.reason else ""


def newest_of(gift: Gift) -> Delivery | None:
    return _of([gift]).first()


def of_gifts(gifts: Iterable[Gift]) -> dict[UUID, Arrival]:
    """The newest delivery of each that has one, by the gift's id. One query, in the brand's scope."""
    of_it = Report.objects.filter(delivery=OuterRef("pk")).order_by("-at")
    bounce = of_it.filter(state=Report.State.BOUNCED)
    refusal = Attempt.objects.filter(delivery=OuterRef("pk"), outcome=Attempt.Outcome.REFUSED)
    found = _of(gifts).annotate(
        why=Coalesce(Subquery(bounce.values("reason")[:1]), Value("")),
        error=Coalesce(Subquery(refusal.order_by("-at").values("error")[:1]), Value("")),
        said=Coalesce(Subquery(of_it.values("state")[:1]), Value("")),
    )
    return {
        UUID(delivery.subject.partition(":")[2]): Arrival(
            state=Delivery.State(delivery.state),
            reason=_reason(delivery.state, delivery.why, delivery.error),
            is_put_off=delivery.said == Report.State.DEFERRED,
        )
        for delivery in found
    }


def is_for_its_sender(gift: Gift) -> bool:
    """Whether it is still worth the sender's while to bring it by other means. Expects its code."""
    is_good = gift.code is not None and gift.code.state in {Code.State.ACTIVE, Code.State.ON_HOLD}
    return bool(gift.undeliverable_at and not gift.opened_at and is_good)


def _of(gifts: Iterable[Gift]) -> QuerySet[Delivery]:
    subjects = [f"gift:{gift.pk}" for gift in gifts]
    return (
        Delivery.objects.filter(subject__in=subjects, purpose=PURPOSE)
        .order_by("subject", "-version")
        .distinct("subject")
    )


def _reason(state: str, why: str, error: str) -> Report.Reason | None:
    if state == Delivery.State.SUPPRESSED:
        return Report.Reason.UNWANTED
    if state == Delivery.State.BOUNCED:
        return Report.Reason(why or Report.Reason.OTHER)
    if state == Delivery.State.FAILED:
        return reports.reason_of(error)
    return None


def never_left(delivery: Delivery, state: Delivery.State) -> bool:
    """In doubt no. `state`: in which it is over. Each try was refused, put off by an answer, or reached
    nobody; one of which nothing is known, as its worker died, may have got through. Two queries."""
    tries = list(Attempt.objects.filter(delivery=delivery).values_list("outcome", "error"))
    ended_before_it_began = state == Delivery.State.OUTDATED
    if len(tries) + ended_before_it_began < delivery.attempts_made:
        return False
    is_certain = all(
        outcome == Attempt.Outcome.REFUSED
        or (
            outcome == Attempt.Outcome.DEFERRED
            and (error.startswith(NOT_REACHED) or bool(_ANSWERED_NO.match(error)))
        )
        for outcome, error in tries
    )
    return is_certain and not Report.objects.filter(delivery=delivery).exists()
