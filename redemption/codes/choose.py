"""The recipient picks a flavour before coming to the store. Until it is redeemed, it can be changed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from redemption import choices as gift_choices
from redemption.models import Code


class ChoosingRefused(Exception):
    """The gift can no longer be changed: it was enjoyed, or is no longer good."""


def choose(*, code_id: UUID, picks: gift_choices.Picks, now: datetime | None = None) -> Code:
    """Keep the picks on the code. Expects the brand's scope.

    Raises choices.WrongPick for what the gift does not offer, ChoosingRefused when it is too late.
    """
    now = now or timezone.now()
    with transaction.atomic():
        held = Code.objects.redeemable(now).locked().select_related("option_list")
        code = held.filter(pk=code_id).first()
        if code is None:
            raise ChoosingRefused
        code.picks = gift_choices.picks_of(gift_choices.apply(code.choices, picks))
        code.save(update_fields=["picks"])
        return code
