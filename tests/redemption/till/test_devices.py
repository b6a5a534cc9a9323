from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from redemption.audit.actors import Actor
from redemption.models import AuditEntry, Device, StaffMember
from redemption.till import devices
from redemption.till.devices import PairingRefused


def test_a_one_time_token_is_traded_for_a_lasting_one(store: Store) -> None:
    invited, one_time = devices.invite(store=store, name="Front counter")
    assert devices.device_for_token(one_time) is None
    paired = devices.pair(one_time_token=one_time)
    assert paired.device == invited
    found = devices.device_for_token(paired.token)
    assert found == invited
    assert found.store == store


def test_it_works_once(store: Store) -> None:
    _device, one_time = devices.invite(store=store, name="Front counter")
    devices.pair(one_time_token=one_time)
    with pytest.raises(PairingRefused):
        devices.pair(one_time_token=one_time)


def test_it_does_not_wait_for_ever(store: Store) -> None:
    _device, one_time = devices.invite(store=store, name="Front counter")
    with pytest.raises(PairingRefused):
        devices.pair(one_time_token=one_time, now=timezone.now() + timedelta(minutes=16))


def test_a_revoked_device_is_a_stranger_at_once(store: Store) -> None:
    paired = devices.pair_directly(store=store, name="Front counter")
    devices.revoke(device=paired.device)
    assert devices.device_for_token(paired.token) is None


def test_a_closed_stores_device_is_a_stranger(store: Store) -> None:
    paired = devices.pair_directly(store=store, name="Front counter")
    Store._base_manager.filter(pk=store.pk).update(is_active=False)
    assert devices.device_for_token(paired.token) is None


def test_the_database_keeps_no_token(store: Store) -> None:
    paired = devices.pair_directly(store=store, name="Front counter")
    with scope(brand=store.brand):
        row = Device.objects.filter(pk=paired.device.pk).values()[0]
    assert paired.token not in str(row)


def test_the_audit_log_tells_who_invited_paired_renamed_and_revoked(
    in_brand: Brand, store: Store, manager: StaffMember, device: Device
) -> None:
    mo = Actor.staff(manager)
    invited, one_time = devices.invite(
        store=store, name="Front counter", actor=mo, by_device=device
    )
    devices.pair(one_time_token=one_time)
    devices.rename(device=invited, name="Back counter", actor=mo, by_device=device)
    devices.revoke(device=invited, actor=mo, by_device=device)
    devices.revoke(device=invited, actor=mo)

    entries = AuditEntry.objects.order_by("number")
    assert [(entry.act, entry.actor_name) for entry in entries] == [
        ("device.invited", "Mo"),
        ("device.paired", "Giftshop"),
        ("device.renamed", "Mo"),
        ("device.revoked", "Mo"),
    ]
    assert {entry.subject for entry in entries} == {f"device:{invited.pk}"}
    assert entries[2].details == {"name": "Back counter", "before": "Front counter"}
    assert one_time not in str(list(entries.values()))


class TestCommand:
    def test_a_tablet_gets_a_link_whose_token_nobody_sees(
        self, store: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("pair_device", brand="frosty-spoon", store="pike-street")
        one_time = capsys.readouterr().out.strip().partition("/till/pair/#")[2]
        assert devices.device_for_token(one_time) is None
        paired = devices.pair(one_time_token=one_time)
        assert paired.device.profile == Device.Profile.POS

    def test_a_till_system_gets_its_profile(
        self, store: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command(
            "pair_device", brand="frosty-spoon", store="pike-street", profile="integration"
        )
        found = devices.device_for_token(capsys.readouterr().out.strip())
        assert found is not None
        assert found.profile == Device.Profile.INTEGRATION

    def test_a_link_pairs_the_tablet_that_opens_it(
        self, store: Store, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("pair_device", brand="frosty-spoon", store="pike-street", link=True)
        one_time = capsys.readouterr().out.strip().partition("/till/pair/#")[2]
        assert devices.pair(one_time_token=one_time).device.store == store

    def test_an_unknown_store_names_the_known_ones(self, store: Store) -> None:
        with pytest.raises(CommandError, match="pike-street"):
            call_command("pair_device", brand="frosty-spoon", store="nowhere")

    def test_an_unknown_brand_is_said(self, store: Store) -> None:
        with pytest.raises(CommandError, match="no brand"):
            call_command("pair_device", brand="nobody", store="pike-street")
