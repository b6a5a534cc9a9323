"""The audit log of what staff and managers did, each entry sealed to the one before it.

An entry's seal is a keyed digest (core/crypto.py) of its own words and of the seal before: whoever changes,
deletes, inserts or swaps an entry would have to make every later seal anew, and the key is not in the
database. What happens by the thousand (redemptions, reversals, refusals) has rows of its own that the
database never lets anybody edit; a digest of them joins the audit log from time to time (checkpoints.py).
verify.py walks all of it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto
from core.times import moment
from redemption.audit.actors import Actor
from redemption.models import AuditEntry, Device

GENESIS = bytes(32)
"""What the first entry of a brand is sealed to."""


class Act(TextChoices):
    CODE_VOIDED = "code.voided", _("Gift cancelled")
    CODE_HELD = "code.held", _("Gift put on hold")
    CODE_RELEASED = "code.released", _("Gift taken off hold")
    CODE_ROTATED = "code.rotated", _("New code for a gift")
    CODE_REDUCED = "code.reduced", _("Part of a gift paid back")
    CODE_EXPIRED = "code.expired", _("Gift expired")
    CODE_EXTENDED = "code.extended", _("Gift extended")
    CODE_ISSUED = "code.issued", _("Gift issued by hand")
    CREDIT_GIVEN = "credit.given", _("Given back as a credit")
    CODE_LOOKED_UP = "code.looked_up", _("Gift looked up")
    REFUND_ASKED = "refund.asked", _("Refund asked for")
    REFUND_DECIDED = "refund.decided", _("Refund matched to its gifts")
    DISPUTE_DECIDED = "dispute.decided", _("Lost dispute matched to its gifts")
    WARNING_CLEARED = "warning.cleared", _("Warning set aside")
    EVIDENCE_SENT = "evidence.sent", _("Evidence sent to the bank")
    VOID_REQUESTED = "void.requested", _("Cancellation asked for")
    VOID_DECLINED = "void.declined", _("Cancellation declined")
    REDEMPTION_REVERSED = "redemption.reversed", _("Redemption undone")
    STAFF_ADDED = "staff.added", _("Staff member added")
    STAFF_CHANGED = "staff.changed", _("Staff member changed")
    STAFF_PIN_RESET = "staff.pin_reset", _("PIN reset")
    STAFF_PIN_CHOSEN = "staff.pin_chosen", _("PIN of their own chosen")
    STAFF_UNLOCKED = "staff.unlocked", _("PIN may be tried again")
    STAFF_DEACTIVATED = "staff.deactivated", _("Staff member deactivated")
    STAFF_SIGNED_IN = "staff.signed_in", _("Signed in at a device")
    STAFF_LOCKED = "staff.locked", _("PIN paused")
    DEVICE_INVITED = "device.invited", _("Device added")
    DEVICE_PAIRED = "device.paired", _("Device connected")
    DEVICE_RENAMED = "device.renamed", _("Device renamed")
    DEVICE_REVOKED = "device.revoked", _("Device disconnected")
    DEVICE_PINS_PAUSED = "device.pins_paused", _("PINs paused at a device")
    DEVICE_UNBLOCKED = "device.unblocked", _("Device let go on")
    STORE_CHANGED = "store.changed", _("Store changed")
    STORE_ADDED = "store.added", _("Store added")
    BRAND_OPENED = "brand.opened", _("Brand opened")
    BRAND_APPROVED = "brand.approved", _("Brand approved")
    BRAND_CLOSED = "brand.closed", _("Brand closed, unopened")
    SHOP_OPENED = "shop.opened", _("Shop opened to senders")
    BRAND_CHANGED = "brand.changed", _("Brand changed")
    TREAT_ADDED = "treat.added", _("Treat added")
    TREAT_CHANGED = "treat.changed", _("Treat changed")
    TREAT_ARCHIVED = "treat.archived", _("Treat archived")
    TREAT_RESTORED = "treat.restored", _("Treat on the menu again")
    MENU_IMPORTED = "menu.imported", _("Menu taken over from a sheet")
    PICTURE_UPLOADED = "picture.uploaded", _("Picture uploaded")
    PICTURE_CHANGED = "picture.changed", _("Picture described anew")
    PICTURE_REMOVED = "picture.removed", _("Picture taken away")
    MEMBER_INVITED = "member.invited", _("Colleague invited")
    INVITATION_WITHDRAWN = "invitation.withdrawn", _("Invitation withdrawn")
    MEMBER_JOINED = "member.joined", _("Colleague joined")
    MEMBER_CHANGED = "member.changed", _("Colleague's role changed")
    MEMBER_ADDRESS_CHANGED = "member.address_changed", _("Colleague's e-mail address changed")
    MEMBER_REMOVED = "member.removed", _("Colleague removed")
    FACTOR_ADDED = "factor.added", _("Second factor added")
    FACTOR_REMOVED = "factor.removed", _("Second factor removed")
    FACTORS_RESET = "factors.reset", _("Second factors reset")
    RECOVERY_CODES_MADE = "recovery_codes.made", _("New recovery codes")
    NEWS_ADDED = "news.added", _("News written")
    NEWS_CHANGED = "news.changed", _("News changed")
    NEWS_PUBLISHED = "news.published", _("News put on show")
    NEWS_TAKEN_DOWN = "news.taken_down", _("News taken down")
    NEWS_DELETED = "news.deleted", _("News deleted")
    QUESTION_ANSWERED = "question.answered", _("Question answered")
    QUESTION_SHOWN = "question.shown", _("Question shown on the shop")
    QUESTION_TAKEN_DOWN = "question.taken_down", _("Question taken off the shop")
    QUESTION_CLOSED = "question.closed", _("Question closed")
    REVIEW_SHOWN = "review.shown", _("Review shown")
    REVIEW_HIDDEN = "review.hidden", _("Review hidden")
    QUESTION_REOPENED = "question.reopened", _("Question waits again")
    CAMPAIGN_PLANNED = "campaign.planned", _("Campaign planned")
    CAMPAIGN_DRAFTED = "campaign.drafted", _("Campaign drafted")
    CAMPAIGN_COPIED = "campaign.copied", _("Campaign copied")
    CAMPAIGN_PUT_LIVE = "campaign.put_live", _("Campaign put live")
    CAMPAIGN_PAUSED = "campaign.paused", _("Campaign paused")
    CAMPAIGN_RESUMED = "campaign.resumed", _("Campaign goes on")
    CAMPAIGN_CHANGED = "campaign.changed", _("Campaign changed")
    CAMPAIGN_ARCHIVED = "campaign.archived", _("Campaign put away")
    CAMPAIGN_RESTORED = "campaign.restored", _("Campaign brought back")
    LINK_ADDED = "link.added", _("Link added")
    LINK_CHANGED = "link.changed", _("Link changed")
    LINK_MOVED = "link.moved", _("Link moved to another campaign")
    LINK_RETIRED = "link.retired", _("Link retired")
    LINK_RESTORED = "link.restored", _("Link counts again")
    OFFER_ADDED = "offer.added", _("Offer made")
    OFFER_CHANGED = "offer.changed", _("Offer changed")
    OFFER_PAUSED = "offer.paused", _("Offer paused")
    OFFER_WENT_ON = "offer.went_on", _("Offer goes on")
    HANDED_OUT = "handout.made", _("Codes handed out")
    HANDOUT_PRINTED = "handout.printed", _("Sheet of codes downloaded")
    HANDOUT_ENDED = "handout.ended", _("Handout taken back")
    LIST_STOPPED = "handout.stopped", _("Mail to a list stopped")
    COME_BACK_KEPT = "come_back.kept", _("Kept though its gift's use was undone: it was used")
    LINK_DAY_TYPED = "link.day_typed", _("Likes and costs of a link typed")
    TREAT_COST_CHANGED = "treat.cost_changed", _("Cost of a treat changed")
    POLICY_CHANGED = "policy.changed", _("Rules changed")
    SHIFT_EXPORTED = "shift.exported", _("Shift summary taken")
    ORDERS_SEARCHED = "orders.searched", _("Orders searched")
    ORDER_LOOKED_UP = "order.looked_up", _("Order looked up")
    EMAIL_REPEATED = "email.repeated", _("E-mail sent again")
    FACTS_SEALED = "facts.sealed", _("Redemptions sealed")


def record(
    *,
    brand: Brand,
    actor: Actor,
    act: Act,
    subject: str,
    now: datetime,
    details: dict[str, Any] | None = None,
    device: Device | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of the act itself. 3 statements.

    `subject`: what it was done to, as kind:<id>. `details`: JSON without codes, PINs or addresses.
    Acts of one brand take turns here. Raises RuntimeError outside a transaction.
    """
    told = Told(act, subject, details or {})
    [entry] = record_all(brand=brand, actor=actor, told=[told], now=now, device=device)
    return entry


class Told(NamedTuple):
    """What an entry tells: see `record`."""

    act: Act
    subject: str
    details: dict[str, Any]


def record_all(
    *,
    brand: Brand,
    actor: Actor,
    told: Sequence[Told],
    now: datetime,
    device: Device | None = None,
) -> list[AuditEntry]:
    """The same for several at once, in this order; 3 statements, however many."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of what it tells about")
    take_turns(brand)
    last = AuditEntry.objects.filter(brand=brand).order_by("-number").first()
    before, previous = (last.number, bytes(last.seal)) if last else (0, GENESIS)
    entries = []
    for number, each in enumerate(told, start=before + 1):
        entry = AuditEntry(
            brand=brand,
            number=number,
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            device=device,
            act=each.act,
            subject=each.subject,
            details=json.loads(json.dumps(each.details)),  # as it will be read again
            kid=crypto.current_kid(),
            previous=previous,
        )
        entry.seal = previous = seal_of(entry)
        entries.append(entry)
    return AuditEntry.objects.bulk_create(entries, batch_size=500)


def seal_of(entry: AuditEntry) -> bytes:
    """The keyed digest of everything the entry says, its place and the seal before it. 32 bytes."""
    words = [
        str(entry.brand_id),
        entry.number,
        moment(entry.at),
        entry.at.microsecond,
        entry.actor_kind,
        str(entry.actor_id),
        entry.actor_name,
        str(entry.device_id),
        entry.act,
        entry.subject,
        entry.details,
        bytes(entry.previous).hex(),
    ]
    return crypto.digest("audit:" + json.dumps(words, sort_keys=True), kid=entry.kid)


def take_turns(brand: Brand) -> None:
    """Hold the brand's audit log until commit; a lock of its own, since its row is read by everybody.
    The last lock to take: who holds it and then waits for a code could wait for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit:{brand.pk}"]
        )
