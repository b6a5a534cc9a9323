"""A goodwill gift, as a till asks for it: one rule answers both endpoints."""

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Store
from redemption.audit.actors import Actor
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import Device, StaffMember
from redemption.till import devices
from tests.cast import make_staff, symbols


@pytest.mark.parametrize(
    ("profile", "by_giver", "reason"),
    [
        ("integration", True, "second_person"),
        ("integration", False, ""),
    ],
)
def test_look_up_and_redemption_agree(
    client: Client,
    store: Store,
    device: Device,
    manager: StaffMember,
    cashier: StaffMember,
    profile: str,
    by_giver: bool,
    reason: str,
) -> None:
    with scope(brand=store.brand):
        maker = manager if by_giver else make_staff(store, "Ada", StaffMember.Role.MANAGER)
        _invited, one_time = devices.invite(
            store=store, name="Phone", profile=profile, actor=Actor.staff(maker)
        )
        code = issue_goodwill_gift(
            staff=manager,
            amount=2500,
            label="On the house",
            reason="it melted",
            device=device,
        )
    token = devices.pair(one_time_token=one_time).token
    headers = {"Authorization": f"Device {token}", "Idempotency-Key": "k"}
    sent = {"content_type": "application/json", "headers": headers}
    looked = client.post("/api/v1/lookups/", {"code": symbols(code)}, **sent)
    body = {"code": symbols(code), "staff": str(cashier.pk)}
    redeemed = client.post("/api/v1/redemptions/", body, **sent)
    assert looked.json().get("reason", "") == reason
    assert looked.json()["status"] == ("refused" if reason else "redeemable")
    assert redeemed.status_code == (409 if reason else 201)
    assert redeemed.json().get("reason", "") == reason
    code.refresh_from_db()
    assert code.balance == (2500 if reason else 0)
