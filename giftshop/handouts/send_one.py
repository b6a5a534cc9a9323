"""One of a list: given and sent by e-mail, or let go where it is not sent after all.

What is kept free for somebody becomes theirs in a commit of its own before the letter leaves. A list that is
stopped lets go of what was not given yet (end.py); a letter that is in a worker's hands at that moment asks
once more before it leaves.

What was given and certainly never arrived is taken back, and its cost is the offer's again: to whoever it was
for nothing was promised. Where a try may have got through it stays good, stopped or not.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import crypto
from giftshop.delivery.arrival import never_left
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.delivery.suppression import is_suppressed
from giftshop.handouts.emails import handed_out_letter
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import Given, count_back, issue_code, tell
from redemption.codes import acts, void
from redemption.codes.own_reasons import OwnReason
from redemption.models import Code

State = HandoutLine.State
ABOUT = "handed_out:"


def send_one(*, line_id: UUID, now: datetime) -> None:
    """Once, however often it is asked. Expects the brand's scope and no transaction. Raises what
    delivery.send raises."""
    line = _find(line_id)
    if line.state != State.WAITING:
        return
    if not line.email or is_suppressed(address=line.email, brand=line.handout.brand):
        let_go([line], line.handout.offer_id, State.LEFT_OUT)
        with transaction.atomic():  # given already
            letter = letters([line.pk]).select_for_update(no_key=True).first()
            if HandoutLine.objects.filter(pk=line.pk, state=State.WAITING).exists():
                _become(line.pk, State.LEFT_OUT, letter, Delivery.State.SUPPRESSED, now)
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


def letters(line_ids: Iterable[UUID]) -> QuerySet[Delivery]:
    """Of these lines, as far as they were begun."""
    its = [f"{ABOUT}{pk}" for pk in line_ids]
    return Delivery.objects.filter(purpose=HANDED_OUT.name, subject__in=its)


def line_of(letter: Delivery) -> UUID:
    return UUID(letter.subject.removeprefix(ABOUT))


def outdate(letter: Delivery, now: datetime) -> bool:
    """Of a list that was stopped a letter that waits for its next try: it is over, and so is what it was
    about. False where a worker has it in hand, who asks for itself. Expects the brand's scope and no
    transaction."""
    over = {
        "state": Delivery.State.OUTDATED,
        "over_at": now,
        "attempts_made": F("attempts_made") + 1,
    }
    with transaction.atomic():
        waits = Delivery.objects.filter(pk=letter.pk, state=Delivery.State.PENDING)
        if not waits.update(**over):
            return False
        letter.refresh_from_db(fields=["attempts_made"])
        _become(line_of(letter), State.STOPPED, letter, Delivery.State.OUTDATED, now)
    return True


def _note(line: HandoutLine, state: Delivery.State, now: datetime) -> None:
    _become(line.pk, BECAME[state], letters([line.pk]).first(), state, now)


def _become(
    line_id: UUID, became: State, letter: Delivery | None, over: Delivery.State, now: datetime
) -> None:
    """What never left is taken back; what may have arrived counts as sent. `letter`: None: none was begun.
    `over`: in which state it is over. The caller holds the letter."""
    if became != State.SENT and letter and not never_left(letter, over):
        became = State.SENT
    lines = HandoutLine.objects.filter(pk=line_id)
    if became != State.SENT and lines.filter(opened_at__isnull=False).exists():
        became = State.SENT
    lines.update(state=became)
    if became != State.SENT:
        _take_back(line_id, now)


def _note_report(delivery: Delivery, _report: Report, now: datetime) -> None:
    """It came back: unless they opened it all the same, which happens."""
    if delivery.state == Delivery.State.BOUNCED:
        line_id = line_of(delivery)
        unopened = HandoutLine.objects.filter(pk=line_id, opened_at=None)
        if unopened.update(state=State.CAME_BACK):
            _take_back(line_id, now)


def _take_back(line_id: UUID, now: datetime) -> None:
    """What it was given is void, and its cost the offer's again, once; unless something of it was used, and
    so it had arrived. Expects a transaction."""
    line = HandoutLine.objects.select_related("handout").get(pk=line_id)
    use = OfferUse.objects.filter(handout_line=line_id, code__isnull=False).first()
    if use is None or use.code_id is None or use.not_reached_at:
        return
    offer = Offer.objects.select_related("brand").locked().get(pk=use.offer_id)
    code = acts.lock(use.code_id)
    if code.balance < code.amount and code.state != Code.State.EXPIRED:
        return
    void.take_back(code_id=code.pk, reason=OwnReason.NOT_REACHED, now=now)
    # Nobody's by now: the same address may be given another.
    use.person, use.not_reached_at = crypto.digest(f"not_reached:{use.pk}"), now
    use.save(update_fields=["person", "not_reached_at"])
    count_back(offer, 1, use.cost, timezone.localdate(line.handout.made_at, offer.brand.tz))


HANDED_OUT = register(
    Purpose[HandoutLine](
        name="handed_out",
        subject=lambda line: f"{ABOUT}{line.pk}",
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
