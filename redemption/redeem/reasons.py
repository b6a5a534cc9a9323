"""Why something is refused: stable words for programs, plain ones for the person who asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from redemption.choices import Choice


class Reason(models.TextChoices):
    """Why a code is not accepted."""

    UNKNOWN_CODE = "unknown_code", _("We don't know this code.")
    REPLACED = (
        "replaced",
        _("This code or link was replaced. The newest e-mail or link has the good one."),
    )
    ALREADY_REDEEMED = "already_redeemed", _("This gift has already been enjoyed.")
    INSUFFICIENT_BALANCE = "insufficient_balance", _("There is not enough left on this gift.")
    EXPIRED = "expired", _("This gift has expired.")
    NOT_YET_VALID = "not_yet_valid", _("This gift can't be used yet.")
    ON_HOLD = "on_hold", _("This gift is on hold.")
    VOIDED = "voided", _("This gift was cancelled.")
    WRONG_STORE = "wrong_store", _("This gift is for another store.")
    SECOND_PERSON = (
        "second_person",
        _("This gift was issued by hand: somebody else has to hand it over."),
    )
    TOO_MANY_TRIES = (
        "too_many_tries",
        _("Too many wrong codes were tried here. Wait a few minutes."),
    )
    MANAGER_NEEDED = (
        "manager_needed",
        _("Far too many wrong codes were tried here. A manager's PIN is needed."),
    )
    CHOICES_REQUIRED = "choices_required", _("Ask the guest to choose first.")
    INVALID = "invalid", _("That doesn't fit this gift.")
    IDEMPOTENCY_KEY_REUSED = (
        "idempotency_key_reused",
        _("This request was sent before with other contents."),
    )
    BUSY = "busy", _("This gift is being used at another till right now. Try again.")


STATUS_CODES = {
    Reason.UNKNOWN_CODE: 404,
    Reason.REPLACED: 404,
    Reason.CHOICES_REQUIRED: 422,
    Reason.INVALID: 422,
    Reason.IDEMPOTENCY_KEY_REUSED: 422,
    Reason.TOO_MANY_TRIES: 429,
    Reason.MANAGER_NEEDED: 429,
    Reason.BUSY: 503,
}
"""HTTP status by reason; 409 for the rest."""


def status_code(reason: Reason) -> int:
    return STATUS_CODES.get(reason, 409)


class FirstUse(NamedTuple):
    """When and where a spent code was used; staff may say it to the recipient."""

    at: datetime
    store: str
    amount: int
    """Minor units."""
    currency: str
    redemption_id: UUID | None = None
    """This and the store's id are for our own pages; no answer tells them, so a kept one has none."""
    store_id: UUID | None = None


class Refusal(NamedTuple):
    """A no, and the facts that go with its reason; those of other reasons stay empty.

    What is told of it is worded elsewhere: for programs in payloads.py, for people on their page.
    """

    reason: Reason
    first_use: FirstUse | None = None
    """Already redeemed. None when nothing of it stands any more."""
    expires_at: datetime | None = None
    """Expired; `last_day` too, which is the one for people: on the brand's calendar."""
    last_day: date | None = None
    valid_from: datetime | None = None
    """Not yet valid."""
    balance: int | None = None
    """Insufficient balance: what is left, in minor units of `currency`."""
    currency: str = ""
    choices: Sequence[Choice] = ()
    """Choices required: those that are still open."""
    problem: str = ""
    """Invalid: what does not fit, in a sentence; `choice` is the key of the choice that it is about."""
    choice: str = ""
    retry_after: int | None = None
    """Too many tries, or a manager needed: seconds."""
