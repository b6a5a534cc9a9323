"""One of a list: given and sent by e-mail, or let go where it is not sent after all.

What is kept free for somebody becomes theirs in a commit of its own before the letter leaves. A list that is
stopped lets go of what was not given yet (end.py); a letter that is in a worker's hands at that moment asks
once more before it leaves, and what it was about is taken back.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.delivery.suppression import is_suppressed
from giftshop.handouts.emails import handed_out_letter
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import Given, count_back, issue_code, tell
from redemption.codes import void
from redemption.codes.own_reasons import OwnReason

State = HandoutLine.State


def send_one(*, line_id: UUID, now: datetime) -> None:
    """Once, however often it is asked. Expects the brand's scope and no transaction. Raises what
    delivery.send raises."""
    line = _find(line_id)
    if line.state != State.WAITING:
        return
    if not line.email or is_suppressed(address=line.email, brand=line.handout.brand):
        let_go([line], line.handout.offer_id, State.LEFT_OUT)
        with transaction.atomic():  # given, and its letter never left
            if HandoutLine.objects.filter(pk=line.pk, state=State.WAITING).update(
                state=State.LEFT_OUT
            ):
                _take_back(line.pk, now)
        return
    if _give(line, now):
        send(purpose=HANDED_OUT, about=_find(line_id), brand=line.handout.brand)


def let_go(lines: Iterable[HandoutLine], offer_id: UUID, state: State) -> None:
    """What is kept free for them is the offer's again. What was given already is not touched: its letter is
    on its way."""
    with transaction.atomic():
        offer = Offer.objects.select_related("brand").locked().get(pk=offer_id)
        kept = OfferUse.objects.filter(
            handout_line__in=lines, state=OfferUse.State.RESERVED
        ).select_for_update(of=("self",))
        uses = list(kept.order_by("pk"))
        if not uses:
            return
        ids = [use.pk for use in uses]
        HandoutLine.objects.filter(use__in=ids).update(state=state, use=None)
        OfferUse.objects.filter(pk__in=ids).delete()
        counted = Counter(
            (use.cost, timezone.localdate(use.used_at, offer.brand.tz)) for use in uses
        )
        for (cost, day), number in counted.items():  # of several lists: each at its price
            count_back(offer, number, cost, day)


def _find(line_id: UUID) -> HandoutLine:
    rows = HandoutLine.objects.select_related(
        "handout__brand",
        "handout__offer__brand",
        "use__offer__brand",
        "use__treat",
        "use__code__brand",
    )
    return rows.get(pk=line_id)


def _give(line: HandoutLine, now: datetime) -> bool:
    """Its code is theirs. False where the list was stopped."""
    if line.use_id is None:
        return False
    with transaction.atomic():
        kept = OfferUse.objects.select_related("offer__brand", "treat").filter(pk=line.use_id)
        use = kept.select_for_update(of=("self",)).first()
        if use is None:
            return False
        if use.state == OfferUse.State.RESERVED:
            use.code = issue_code(use, _as_promised(use, line.handout), now, now)
            use.state, use.used_at = OfferUse.State.USED, now
            use.save(update_fields=["code", "state", "used_at"])
            tell(use, "", now)
    return True


def _as_promised(use: OfferUse, handout: Handout) -> Given:
    """Whatever the menu says since; without its size what it was worth."""
    treat = use.treat
    price = treat.prices.filter(key=use.size, most=None).first() if treat else None
    if treat is None or price is None:
        return Given(handout.label, use.cost)
    return Given(handout.label, use.cost, treat, price)


def _still_holds(line: HandoutLine) -> bool:
    return Handout.objects.filter(pk=line.handout_id, ended_at=None).exists()


BECAME = {
    Delivery.State.SENT: State.SENT,
    Delivery.State.FAILED: State.CAME_BACK,
    Delivery.State.SUPPRESSED: State.LEFT_OUT,
    Delivery.State.OUTDATED: State.STOPPED,
}


def _note(line: HandoutLine, state: Delivery.State, now: datetime) -> None:
    """What reached nobody is taken back."""
    became = BECAME[state]
    HandoutLine.objects.filter(pk=line.pk).update(state=became)
    if became != State.SENT:
        _take_back(line.pk, now)


def _note_report(delivery: Delivery, _report: Report, now: datetime) -> None:
    """It came back: unless they opened it all the same, which happens."""
    if delivery.state == Delivery.State.BOUNCED:
        line_id = UUID(delivery.subject.partition(":")[2])
        unopened = HandoutLine.objects.filter(pk=line_id, opened_at=None)
        if unopened.update(state=State.CAME_BACK):
            _take_back(line_id, now)


def _take_back(line_id: UUID, now: datetime) -> None:
    codes = OfferUse.objects.filter(handout_line=line_id, code__isnull=False)
    for code_id in codes.values_list("code", flat=True):
        void.take_back(code_id=code_id, reason=OwnReason.NOT_REACHED, now=now)


HANDED_OUT = register(
    Purpose[HandoutLine](
        name="handed_out",
        subject=lambda line: f"handed_out:{line.pk}",
        address=lambda line: line.email,
        compose=handed_out_letter,
        is_recipients=True,
        still_holds=_still_holds,
        followed_by=_note,
        when_reported=_note_report,
        why=_(
            "This shop wrote to you because it has that you agreed to its mail. What it gave you stays yours."
        ),
    )
)
