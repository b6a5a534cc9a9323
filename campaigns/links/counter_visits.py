"""Who came by the code that a till shows after handing over: a source of its own, the counter of a store."""

from datetime import datetime
from uuid import UUID

from brands.models import Store
from campaigns.models import CounterVisit
from core import crypto


def record(*, store: Store, redemption_id: UUID, visitor_id: str, now: datetime) -> None:
    """Each phone once for each code shown, however often it follows it; all phones without an id together
    once. One statement. Expects the brand's scope."""
    visit = CounterVisit(
        brand_id=store.brand_id,
        store=store,
        redemption_id=redemption_id,
        visitor=crypto.token_digest(visitor_id) if visitor_id else b"",
        at=now,
    )
    CounterVisit.objects.bulk_create([visit], ignore_conflicts=True)
