"""An owner tries the payments and opens the shop: from then on it sells."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.refused import Refused
from giftshop.payments.stripe import trial
from giftshop.payments.stripe.trial import Trial
from giftshop.studio.opening import checklist
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record


class OpeningRefusal(models.TextChoices):
    INCOMPLETE = "incomplete", _("Something is missing before the first sale: see what is open.")


class OpeningRefused(Refused[OpeningRefusal]):
    """`reason` in words for the owner."""


def try_payments(brand: Brand, *, now: datetime) -> Trial:
    """What Stripe says; the checklist shows when it last said yes. Asks the network, so it belongs outside
    a transaction."""
    said = trial.ask_stripe()
    Brand.objects.filter(pk=brand.pk).update(payments_tried_at=now if said.is_fine else None)
    return said


def open_shop(brand: Brand, *, by: Actor, now: datetime) -> bool:
    """Whether it was closed until now. Expects the brand's scope. Raises OpeningRefused.

    Stripe is not asked here: try_payments did, and says when.
    """
    with transaction.atomic():
        kept = Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        if kept.opened_at or kept.closed_at:
            return False
        if not checklist.read(kept).can_open:
            raise OpeningRefused(OpeningRefusal.INCOMPLETE)
        kept.opened_at = now
        kept.save(update_fields=["opened_at"])
        record(brand=kept, actor=by, act=Act.SHOP_OPENED, subject=f"brand:{kept.pk}", now=now)
    return True
