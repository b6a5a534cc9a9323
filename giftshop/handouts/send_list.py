"""Giving to everybody on a list: counted, kept free and promised in one commit; given as it is sent."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from brands.models import Brand
from core import validity
from giftshop.catalog.brands import language_shown
from giftshop.handouts.hand_out import count_all, left_of, made_by, offers, tell
from giftshop.handouts.models import Handout, HandoutLine, ListDraft
from giftshop.handouts.people import DryRun, Line, Row, holder_of, judge
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import Given, new_use
from giftshop.outbox.outbox import emit_many
from giftshop.outbox.topics import Topic
from redemption.audit.actors import Actor

KEPT = timedelta(days=1)
A_SECOND = 10
"""So many of a brand leave in each second: gifts that somebody paid for don't wait behind two thousand of
these, however many lists they stand on."""


class NothingWaits(Exception):
    """There is no such list any more, and it was not sent."""


class ChangedSince(Exception):
    """Others would get one than were shown, or something else."""


def keep(
    *, brand: Brand, user_id: UUID, offer: Offer, lines: list[Row], now: datetime
) -> ListDraft:
    """In place of what waited before. Another one each time, so that a page of an older one sends nothing.
    Expects the brand's scope."""
    with transaction.atomic():
        ListDraft.objects.filter(user=user_id).delete()
        return ListDraft.objects.create(
            brand=brand, user_id=user_id, offer=offer, lines=lines, created_at=now
        )


def waiting(user_id: UUID, now: datetime) -> ListDraft | None:
    """Theirs, unless it is too old. Expects the brand's scope."""
    drafts = ListDraft.objects.select_related("brand", "offer__brand")
    return drafts.filter(user=user_id, created_at__gt=now - KEPT).first()


def dry_run(draft: ListDraft, now: datetime) -> tuple[DryRun, int]:
    """Who would get one by now, and how many more the offer has. 4 queries at most."""
    given, left = left_of(draft.offer, now)
    return judge(draft.lines, draft.offer, draft.brand, given), left


def send(
    *,
    brand: Brand,
    user_id: UUID,
    draft_id: UUID,
    seen: str,
    reason: str,
    words: str,
    by: Actor,
    now: datetime,
) -> Handout:
    """To all who get one, if these are still the ones that were `seen`; once for each draft, however often it
    is asked. `words`: what `by` said of their consent, as it was shown. Expects the brand's scope. Raises
    NothingWaits, ChangedSince, FewerLeft, UseRefused, with nothing written."""
    if sent := Handout.objects.filter(key=draft_id).first():
        return sent
    with transaction.atomic():
        ahead = _turn(brand, now)
        drafts = ListDraft.objects.filter(user=user_id, created_at__gt=now - KEPT)
        draft = drafts.select_for_update().filter(pk=draft_id).first()
        if sent := Handout.objects.filter(key=draft_id).first():
            return sent
        if draft is None:
            raise NothingWaits
        offer = offers().locked().filter(pk=draft.offer_id).first()
        if offer is None:
            raise NothingWaits
        draft.offer, draft.brand = offer, brand
        told, _left = dry_run(draft, now)
        if told.version != seen or not told.people:
            raise ChangedSince
        given, before = count_all(offer, len(told.people), now)
        said = {"reason": reason, "consent_words": words}
        made = _make(draft, told, given, said, by, now, ahead)
        _promise(made, offer, given, told.people, now, ahead)
        draft.delete()
        tell(made, offer, before, by, now)
    return made


def _turn(brand: Brand, now: datetime) -> int:
    """How many of the brand's other lists wait, and leave before. Two lists at once take turns here, until
    commit. 2 queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"handouts:{brand.pk}"]
        )
    running = Handout.objects.filter(kind=Handout.Kind.LIST, ended_at=None, good_until__gt=now)
    waits = HandoutLine.objects.filter(handout__in=running, state=HandoutLine.State.WAITING)
    return waits.count()


def _make(
    draft: ListDraft,
    told: DryRun,
    given: Given,
    said: dict[str, str],
    by: Actor,
    now: datetime,
    ahead: int,
) -> Handout:
    """Its days count from when each is sent; the last of them ends so much later."""
    brand, number = draft.brand, len(told.people)
    last = now + timedelta(seconds=(ahead + number) / A_SECOND)
    return Handout.objects.create(
        brand=brand,
        offer=draft.offer,
        kind=Handout.Kind.LIST,
        key=draft.pk,
        terms=draft.offer.terms,
        label=given.label,
        number=number,
        amount=given.cost,
        good_from=now,
        good_until=validity.expiry(last, days=draft.offer.good_days, zone=brand.tz),
        language=language_shown(brand, brand.language),
        **said,
        **made_by(by, now),
    )


def _promise(
    made: Handout,
    offer: Offer,
    given: Given,
    people: list[Line],
    now: datetime,
    ahead: int,
) -> None:
    """One is kept free for each, whom a message of their own will be sent by."""
    uses = [new_use(offer, given, holder_of(line.email), now) for line in people]
    for use in uses:
        use.state, use.handout_id = OfferUse.State.RESERVED, made.pk
    OfferUse.objects.bulk_create(uses)
    lines = [
        HandoutLine(
            brand=made.brand, handout=made, position=at, name=line.name, email=line.email, use=use
        )
        for at, (line, use) in enumerate(zip(people, uses, strict=True), start=1)
    ]
    HandoutLine.objects.bulk_create(lines)
    emit_many(
        topic=Topic.HANDOUT_DUE,
        brand_id=made.brand_id,
        told=[
            ({"line_id": str(line.pk)}, now + timedelta(seconds=(ahead + at) // A_SECOND))
            for at, line in enumerate(lines)
        ],
        now=now,
    )
