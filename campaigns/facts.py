"""The one way a fact is written: once, and its sums with it."""

from django.db import IntegrityError, models, transaction

from campaigns import rollups
from campaigns.models import Fact
from redemption.models import Brand


def record(fact: Fact, *, brand: Brand) -> bool:
    """Write the fact and add it to the rollups in one transaction. False when it is known already,
    by its message or by what it tells of; nothing is counted then. Call it inside the brand's scope."""
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
            rollups.add(
                brand=brand,
                at=fact.occurred_at,
                counts=rollups.counted(fact),
                campaign_id=fact.campaign_id,
                link_id=fact.link_id,
                store_id=fact.store_id,
            )
    except IntegrityError:
        if not _is_known(fact):
            raise
        return False
    return True


def spend_over(*, amount: int, extra_amount: int, basket_total: int | None) -> int:
    """What a visit brought beyond the gift: the till's basket less the gift's worth, or, where the till
    told no total, what was paid for extras. Minor units, never negative."""
    return extra_amount if basket_total is None else max(basket_total - amount, 0)


def _is_known(fact: Fact) -> bool:
    return Fact.objects.filter(
        models.Q(message_id=fact.message_id)
        | models.Q(topic=fact.topic, subject_id=fact.subject_id)
    ).exists()
