"""Stripe's events lose all but ids and types once nobody needs more, and not before they are worked off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from giftshop.payments.cut_events import WHOLE_FOR, cut
from giftshop.payments.models import StripeEvent
from tests import plans

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def event(name: str, *, done: bool = True) -> StripeEvent:
    return StripeEvent.objects.create(
        event_id=name,
        type="charge.refunded",
        object_id="ch_1",
        livemode=False,
        payload='{"data": {"object": {"amount": 650}}}',
        received_at=NOW,
        available_at=NOW,
        processed_at=NOW if done else None,
    )


def test_what_was_worked_off_is_cut_after_its_weeks() -> None:
    done, waiting = event("evt_1"), event("evt_2", done=False)
    assert cut(now=NOW + WHOLE_FOR) == 0
    assert cut(now=NOW + WHOLE_FOR + timedelta(seconds=1)) == 1
    assert cut(now=NOW + 2 * WHOLE_FOR) == 0
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.payload, done.event_id, done.object_id, done.type) == (
        "",
        "evt_1",
        "ch_1",
        "charge.refunded",
    )
    assert waiting.payload


def test_they_are_found_by_an_index() -> None:
    rows = StripeEvent.objects.whole().filter(processed_at__lt=NOW).order_by("processed_at")
    assert plans.along(rows, "stripe_event_whole")
