"""Erasing what is kept of a recipient: names, words, addresses. The books name nobody and stay as they are.

The gift stays good for whoever has its link or code, unless it is given back. Of the person there remains a
keyed digest of an address that wants no letters, if they said so.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from core.bidi import in_one_line
from giftshop.delivery import purposes
from giftshop.delivery.models import Delivery
from giftshop.friends.addresses import addresses_in, mailbox
from giftshop.openings.models import OpeningCode
from giftshop.orders.models import Draft, Gift, Order, Recipient
from giftshop.privacy.person import Person, Role
from giftshop.reasons import answer as reasons
from giftshop.reviews import write as reviews
from giftshop.reviews.models import Review
from giftshop.texts.models import Consent
from redemption.codes.forget_recipients import forget_recipients

AT_ONCE = 50
"""Gifts of one transaction: a till that wants one of them waits for so many at most."""
TURNS = 40
"""Of one request; nobody was sent two thousand gifts by one shop."""


def erase(person: Person, *, now: datetime) -> int:
    """All that the link proves to be theirs; how many gifts that were. Again, it finds nothing. Expects the
    brand's scope and no transaction."""
    erased = 0
    for _turn in range(TURNS):
        ids = _theirs(person)
        if not ids:
            break
        erased += len(erase_recipients(ids, now=now))
    if person.delivery and person.role is Role.RECIPIENT and person.address:
        with transaction.atomic():
            _erase_where_it_came_by_mistake(person.address, now)
            _erase_in_drafts([person.address])
            erase_in_letters(_letters_like(person.delivery, person.address), now)
    return erased


def _theirs(person: Person) -> list[UUID]:
    if person.role is not Role.RECIPIENT:
        return []
    left = Gift.objects.filter(recipient__erased_at__isnull=True)
    if person.is_proven and person.address:
        held = Gift.objects.held_back().for_address(person.address)
        left = left.for_address(person.address).exclude(pk__in=held.values("pk"))
    elif person.gift and not person.is_proven:
        left = left.filter(pk=person.gift.pk)
    else:
        return []
    return list(left.values_list("pk", flat=True)[:AT_ONCE])


def _erase_where_it_came_by_mistake(address: str, now: datetime) -> None:
    """Of gifts that they said are not for them only the address is theirs: name and words are somebody
    else's, whom the sender still wants to reach."""
    theirs = Gift.objects.held_back().for_address(address)
    _lock_orders(theirs)
    held = list(theirs)  # as it is now: a sender who was faster wrote another's address
    Recipient.objects.filter(gifts__in=held).update(email="", phone="")
    subjects = Q(subject__in=[f"gift:{gift.pk}" for gift in held])
    erase_in_letters(subjects & Q(purpose__in=purposes.of_recipients()), now)


def _letters_like(letter: Delivery, address: str) -> Q:
    """This one, and what else was sent there about the same: also where that goes to somebody else by now."""
    sent = Q(purpose__in=purposes.of_recipients(), over_at__isnull=False, address__iexact=address)
    return Q(pk=letter.pk) | Q(sent, subject=letter.subject)


def _lock_orders(gifts: QuerySet[Gift]) -> None:
    """Until commit, before any of their codes."""
    orders = set(gifts.values_list("order", flat=True))
    list(Order.objects.locked().filter(pk__in=orders).order_by("pk"))


def erase_recipients(
    gift_ids: Collection[UUID], *, now: datetime, by_wish: bool = True
) -> list[UUID]:
    """Whoever these gifts are for; the ids of those that were not erased before. One transaction: all of it
    or nothing. Expects the brand's scope.

    `by_wish`: they asked for it, so that what they said of a treat goes, too, and whatever others have begun
    to send them; else it is only old.

    26 statements, and a few for each review, each answer that a till was given and each draft.
    """
    with transaction.atomic():
        _lock_orders(Gift.objects.filter(pk__in=gift_ids))
        rows = Gift.objects.filter(pk__in=gift_ids, recipient__erased_at__isnull=True)
        gifts = list(rows.select_related("recipient").order_by("pk"))
        ids = [gift.pk for gift in gifts]
        forget_recipients([gift.code_id for gift in gifts if gift.code_id])
        if by_wish:
            for gift_id in Review.objects.filter(gift__in=ids).values_list("gift", flat=True):
                reviews.take_back(gift_id=gift_id, now=now)
            reasons.forget(map(reasons.subject_of_gift, ids))
            _erase_in_drafts({gift.recipient.email for gift in gifts} - {""})
            _erase_consents(gifts, now)
        _erase_in_own_drafts(gifts)
        subjects = Q(subject__in=[f"gift:{each}" for each in ids])
        theirs = subjects & Q(purpose__in=purposes.of_recipients())
        erase_in_letters(theirs | _letters_with_codes(ids, now), now)
        # What was not brought yet can't be: the sender sees that, and has the link to pass on.
        waiting = Q(sent_at=None, undeliverable_at=None, opened_at=None, code__isnull=False)
        on_its_way = waiting & ~Q(channel=Gift.Channel.LINK)
        Gift.objects.filter(on_its_way, pk__in=ids).update(undeliverable_at=now)
        Gift.objects.filter(pk__in=ids).update(message="", thanks="")
        Recipient.objects.filter(gifts__in=ids).update(
            name="", email="", phone="", language="", time_zone="", erased_at=now
        )
    return ids


def _letters_with_codes(gift_ids: Collection[UUID], now: datetime) -> Q:
    """By which they looked into their gift on one more phone."""
    asked = OpeningCode.objects.filter(gift__in=gift_ids, reader=OpeningCode.Reader.RECIPIENT)
    asked.filter(used_at=None).update(used_at=now, ciphertext=None)  # there is nowhere to send it
    subjects = [f"gift:{each}" for each in gift_ids]
    return Q(subject__in=subjects, addressee__startswith=f"{OpeningCode.Reader.RECIPIENT}:")


def erase_in_letters(which: Q, now: datetime) -> None:
    """The addresses that they went to. What waits or is being sent is over; a worker that has it in hand
    finds its row taken away."""
    letters = Delivery.objects.filter(which)
    letters.filter(over_at__isnull=True).update(
        state=Delivery.State.SUPPRESSED, over_at=now, leased_until=None, worker_id=None
    )
    letters.exclude(address="").update(address="")


def _erase_consents(gifts: Collection[Gift], now: datetime) -> None:
    """Their own yes to texts, at their number or asked on these pages. Without it nobody texts them."""
    numbers = {gift.recipient.phone for gift in gifts} - {""}
    pages = [f"gift:{gift.pk}" for gift in gifts]
    asked = Consent.objects.filter(Q(phone__in=numbers) | Q(page__in=pages))
    subjects = [f"consent:{each}" for each in asked.values_list("pk", flat=True)]
    if subjects:
        erase_in_letters(Q(subject__in=subjects), now)
        asked.delete()


def _erase_in_drafts(addresses: Collection[str]) -> None:
    """In whatever any sender is still putting together. Their other rows stay."""
    for address in addresses:
        for draft in Draft.objects.naming(address).select_for_update().order_by("pk"):
            save_draft(draft, without_person(draft.data, {mailbox(address)}, set()))


def _erase_in_own_drafts(gifts: Collection[Gift]) -> None:
    """Where gifts came from: also those that name nobody's address. Their words are sent."""
    names = {_plain(gift.recipient.name) for gift in gifts}
    known = {mailbox(gift.recipient.email) for gift in gifts if gift.recipient.email}
    own = Draft.objects.filter(orders__gifts__in=[gift.pk for gift in gifts]).values("pk")
    for draft in Draft.objects.filter(pk__in=own).select_for_update().order_by("pk"):
        save_draft(draft, {**without_person(draft.data, known, names), "message": ""})


def save_draft(draft: Draft, data: dict[str, Any]) -> None:
    """Where something of it changed."""
    if data != draft.data:
        draft.data = data
        draft.save(update_fields=["data"])


def without_person(data: dict[str, Any], known: set[str], names: set[str]) -> dict[str, Any]:
    """A draft's answers without whoever has one of these mailboxes or names: their row is empty, and lines in
    which a mailbox stands are gone. What the sender says of themselves stays."""
    return {
        key: [_row_without(row, known, names) for row in value]
        if key == "rows" and isinstance(value, list)
        else _without(key, value, known)
        for key, value in data.items()
    }


def _row_without(row: Any, known: set[str], names: set[str]) -> Any:
    if not isinstance(row, dict):
        return row
    is_meant = mailbox(str(row.get("email") or "")) in known or _plain(row.get("name")) in names
    return {"key": row.get("key", ""), "name": "", "email": "", "by_link": ""} if is_meant else row


def _without(key: str, value: Any, known: set[str]) -> Any:
    """Pasted lists hold one person a line."""
    if key == "sender_email":
        return value
    if isinstance(value, dict):
        return {name: _without(name, each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [_without("", each, known) for each in value]
    if not isinstance(value, str) or "@" not in value:
        return value
    lines = value.splitlines()
    return "\n".join(
        line for line in lines if known.isdisjoint(mailbox(each) for each in addresses_in(line))
    )


def _plain(name: Any) -> str:
    """Of nobody: a text that no name is."""
    return in_one_line(str(name or "")).casefold() or "\n"
