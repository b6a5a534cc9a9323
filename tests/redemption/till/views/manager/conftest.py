"""Mo, Pike Street's manager, at the counter's tablet."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from core.ids import uuid7
from redemption.models import Code, Device, Redemption, RefusedAttempt, StaffMember
from redemption.till import devices
from tests.redemption.till.views.conftest import MakeCode, sign_in, tablet_of

MakeRedemption = Callable[..., Redemption]


@pytest.fixture
def console(tablet: Client, manager: StaffMember) -> Client:
    """Mo signed in at Pike Street's tablet."""
    assert sign_in(tablet, manager).status_code == 302
    return tablet


@pytest.fixture
def danas(store: Store, cashier: StaffMember) -> Client:
    """A cashier's tablet at the same store."""
    client = tablet_of(devices.pair_directly(store=store, name="Dana's tablet"))
    assert sign_in(client, cashier).status_code == 302
    return client


@pytest.fixture
def redeemed(brand: Brand, device: Device, make_code: MakeCode) -> MakeRedemption:
    """redeemed(at=...) -> a row as the till writes it. Figures only: no posting, no spent code."""

    def make(*, at: datetime, staff: StaffMember | None = None, **fields: Any) -> Redemption:
        make_code()
        with scope(brand=brand):
            wanted = {"amount": 650, "currency": "USD", "device": device, "store": device.store}
            return Redemption.objects.create(
                brand=brand,
                code=Code.objects.order_by("-pk")[0],
                staff=staff,
                idempotency_key=str(uuid7()),
                redeemed_at=at,
                **{**wanted, **fields},
            )

    return make


@pytest.fixture
def refuse(brand: Brand, device: Device) -> Callable[..., RefusedAttempt]:
    def make(*, at: datetime, reason: str, **fields: Any) -> RefusedAttempt:
        with scope(brand=brand):
            wanted = {"device": device, "store": device.store, "act": "lookup"}
            return RefusedAttempt.objects.create(
                brand=brand, reason=reason, attempted_at=at, **{**wanted, **fields}
            )

    return make
