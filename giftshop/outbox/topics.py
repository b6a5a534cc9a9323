"""The topics of the outbox: the register of what is told.

A topic that is not here cannot be written: the type checker refuses the name, emit() and subscribe() refuse
a string, and the database refuses a row (models.Message), so also one that a trigger writes.
To add a topic, name it here and make a migration. One that is retired stays until no row carries it.
"""

from enum import StrEnum


class Topic(StrEnum):
    """What happened, as <noun>.<verb>."""

    ORDER_PAID = "order.paid"
    GIFT_READY = "gift.ready"
    GIFT_SENT = "gift.sent"
    GIFT_OPENED = "gift.opened"
    GIFT_THANKED = "gift.thanked"
    GIFT_NOT_THEIRS = "gift.not_theirs"
    REMINDER_DUE = "reminder.due"
    GIFT_UNOPENED = "gift.unopened"
    PAYMENT_REFUSED = "payment.refused"
    REFUND_ASKED = "refund.asked"
    REFUND_MOVED = "refund.moved"
    DISPUTE_MOVED = "dispute.moved"
    WARNING_RAISED = "warning.raised"
    EVIDENCE_WRITTEN = "evidence.written"
    MEMBER_INVITED = "member.invited"
    ACCOUNT_NOTIFIED = "account.notified"
    PASSWORD_FORGOTTEN = "password.forgotten"  # nosec B105  # retired
    DELIVERY_REPORTED = "delivery.reported"
    GIFT_UNDELIVERABLE = "gift.undeliverable"
    CONSENT_ASKED = "consent.asked"
    EMAIL_REPEATED = "email.repeated"
    ORDERS_SOUGHT = "orders.sought"
    QUESTION_ASKED = "question.asked"
    QUESTION_ANSWERED = "question.answered"
    LETTER_DUE = "letter.due"
    PICTURE_UPLOADED = "picture.uploaded"
    OPENING_CODE_ASKED = "opening_code.asked"
    OFFER_USED = "offer.used"
    HANDOUT_MADE = "handout.made"
    HANDOUT_ENDED = "handout.ended"
    HANDOUT_DUE = "handout.due"
    # Told by triggers of the database.
    CODE_REDEEMED = "code.redeemed"
    REDEMPTION_REVERSED = "redemption.reversed"
    CODE_VOIDED = "code.voided"
    PROMOTION_MOVED = "promotion.moved"
    ALARM_RAISED = "alarm.raised"
