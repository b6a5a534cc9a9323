import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from redemption.models import AuditEntry, Device
from redemption.redeem import guess_limit
from redemption.till import devices
from tests.redemption.codes import qr_reader

DEVICES = "/till/manager/devices/"
ACTS = ("name/", "revocation/", "unblocking/")
SWITCH = 'class="languages"'


@pytest.fixture
def second(store: Store) -> Device:
    return devices.pair_directly(store=store, name="Terrace tablet").device


def test_the_devices_of_this_store_are_listed(
    console: Client, second: Device, device_b: Device
) -> None:
    text = console.get(DEVICES).content.decode()

    assert "Terrace tablet" in text
    assert "Not used yet" in text
    assert "in your hand" in text
    assert "Ballard tablet" not in text


def test_a_new_tablet_is_paired_by_the_square_or_the_text(console: Client, store: Store) -> None:
    answer = console.post(DEVICES, {"name": "Terrace tablet", "profile": "pos"})

    assert answer.status_code == 201
    shown = re.search(
        r'<dt>Text</dt><dd translate="no"><bdi dir="ltr">([\w-]+)</bdi></dd>',
        answer.content.decode(),
    )
    assert shown
    scanned = qr_reader.read_svg(answer.content.decode())
    assert scanned == f"http://127.0.0.1:8000/till/pair/#{shown[1]}"
    assert SWITCH not in answer.content.decode()  # in another language it would not be shown again
    assert SWITCH in console.get(DEVICES).content.decode()
    paired = devices.pair(one_time_token=shown[1])
    assert (paired.device.store, paired.device.name) == (store, "Terrace tablet")
    state = console.get(f"{DEVICES}{paired.device.pk}/state/").content
    assert b"Connected" in state
    assert b"hx-get" not in state


def test_a_square_that_is_out_of_date_says_so(console: Client, store: Store) -> None:
    old, _token = devices.invite(
        store=store, name="Late", now=timezone.now() - timedelta(minutes=16)
    )

    assert b"out of date" in console.get(f"{DEVICES}{old.pk}/state/").content


def test_a_name_is_changed_and_told(console: Client, second: Device, brand: Brand) -> None:
    console.post(f"{DEVICES}{second.pk}/name/", {"name": "Garden tablet"})

    second.refresh_from_db()
    assert second.name == "Garden tablet"
    with scope(brand=brand):
        entry = AuditEntry.objects.order_by("-number")[0]
    assert (entry.act, entry.actor_name) == ("device.renamed", "Mo")


def test_a_tablet_without_a_name_keeps_its_old_one(console: Client, second: Device) -> None:
    answer = console.post(f"{DEVICES}{second.pk}/name/", {"name": " "})

    assert answer.status_code == 422
    second.refresh_from_db()
    assert second.name == "Terrace tablet"


def test_a_revoked_tablet_is_a_stranger_at_once(console: Client, store: Store) -> None:
    lost = devices.pair_directly(store=store, name="Lost")
    console.post(f"{DEVICES}{lost.device.pk}/revocation/")

    assert devices.device_for_token(lost.token) is None
    assert lost.device not in console.get(DEVICES).context["connected"]


def test_the_tablet_in_hand_goes_only_when_it_is_meant(console: Client, device: Device) -> None:
    refused = console.post(f"{DEVICES}{device.pk}/revocation/")
    assert refused.status_code == 409
    assert b"in your hand" in refused.content
    assert console.get(DEVICES).status_code == 200

    console.post(f"{DEVICES}{device.pk}/revocation/", {"this_one": "yes"})
    assert console.get(DEVICES).status_code == 403


def test_a_tablet_stopped_after_wrong_codes_goes_on(
    console: Client, second: Device, brand: Brand
) -> None:
    for _ in range(10):
        guess_limit.note_wrong_try(device_id=second.pk, brand_id=brand.pk)
    page = f"{DEVICES}{second.pk}/"
    assert b"Slowed after wrong tries" in console.get(page).content
    console.post(f"{page}unblocking/")

    assert guess_limit.blocked_until(device_id=second.pk) is None
    assert b"Slowed after wrong tries" not in console.get(page).content


def test_a_device_of_another_store_or_brand_is_none(
    console: Client, device_b: Device, eves_device: Device
) -> None:
    for stranger in (device_b, eves_device):
        assert console.get(f"{DEVICES}{stranger.pk}/").status_code == 404
        assert console.get(f"{DEVICES}{stranger.pk}/state/").status_code == 404
        for act in ACTS:
            assert (
                console.post(f"{DEVICES}{stranger.pk}/{act}", {"name": "Mine"}).status_code == 404
            )
        with scopes_disabled():
            unchanged = Device.objects.get(pk=stranger.pk)
        assert (unchanged.name, unchanged.revoked_at) == (stranger.name, None)


def test_a_cashier_changes_no_device(danas: Client, second: Device) -> None:
    assert danas.post(DEVICES, {"name": "Mine", "profile": "pos"}).status_code == 403
    for act in ACTS:
        assert danas.post(f"{DEVICES}{second.pk}/{act}", {"name": "Mine"}).status_code == 403
    second.refresh_from_db()
    assert (second.name, second.revoked_at) == ("Terrace tablet", None)


def test_a_get_changes_nothing_and_forms_need_their_token(console: Client, second: Device) -> None:
    careless = Client(enforce_csrf_checks=True)
    careless.cookies = console.cookies
    for act in ACTS:
        assert console.get(f"{DEVICES}{second.pk}/{act}").status_code == 405
        assert careless.post(f"{DEVICES}{second.pk}/{act}", {"name": "Mine"}).status_code == 403
    second.refresh_from_db()
    assert (second.name, second.revoked_at) == ("Terrace tablet", None)
