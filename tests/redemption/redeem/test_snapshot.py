"""What a till goes by is of this moment, whatever was read before; and nothing is asked that was not read."""

import re
from collections.abc import Callable
from contextlib import closing
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from brands.models import Brand, Store
from redemption.models import Account, Code, Device, Posting, StaffMember
from redemption.redeem import snapshot
from redemption.redeem.lookup import look_up
from redemption.redeem.redeem import redeem
from redemption.redeem.rules import Redeemed
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.races.gifts import issue
from tests.races.tills import LOOKUPS, Till
from tests.redemption.till.views.conftest import MakeCode, make_code, sign_in, tablet_of
from tests.server import running

__all__ = ["make_code"]

FAR = "Pacific/Kiritimati"
"""Where it is tomorrow already."""


def elsewhere(act: Callable[[], object]) -> None:
    """In another thread, so over another connection: committed at once, as by another process."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()


def change(model: type[Brand | Store | Device], row: Brand | Store | Device, **fields: Any) -> None:
    elsewhere(lambda: model._base_manager.filter(pk=row.pk).update(**fields))


@pytest.mark.django_db(transaction=True)
class TestTheNextAnswer:
    def test_of_a_programs_look_up(self, brand: Brand, till_system: PairedDevice) -> None:
        """The brand's calendar: the last day is another."""
        text = symbols(issue(brand, 1)[0])

        def last_day() -> Any:
            return look_up(device=till_system.token, text=text).code.last_day

        before = last_day()
        change(Brand, brand, time_zone=FAR)
        assert last_day() != before

    def test_of_a_redemption(self, brand: Brand, store: Store, device: Device) -> None:
        """How long it may be undone, and whose the money is."""
        codes = [symbols(code) for code in issue(brand, 2)]

        def redeemed(n: int) -> tuple[float, str]:
            done = redeem(device=device, text=codes[n], key=f"k{n}").outcome
            assert isinstance(done, Redeemed)
            with scopes_disabled():
                posting = Posting.objects.exclude(account=Account.GIFT_LIABILITY)
                account = posting.get(entry__reference=f"redemption:{done.id}").account
            return (done.reversible_until - done.redeemed_at).total_seconds(), account

        assert redeemed(0) == (60, Account.SALES)
        change(Brand, brand, reversal_window_seconds=7)
        change(Store, store, operator="Pike Scoops LLC")
        assert redeemed(1) == (7, Account.STORE_PAYABLE)

    def test_of_what_a_device_may(
        self, client: Client, brand: Brand, till_system: PairedDevice
    ) -> None:
        body = {"code": symbols(issue(brand, 1)[0]), "amount": 10**6}
        headers = {"Authorization": f"Device {till_system.token}", "Idempotency-Key": "k"}

        def statuses() -> list[int]:
            return [
                client.post(
                    f"/api/v1/{endpoint}/", asked, content_type="application/json", headers=headers
                ).status_code
                for endpoint, asked in (("redemptions", body), ("lookups", {"code": body["code"]}))
            ]

        assert statuses() == [409, 200]
        change(Device, till_system.device, profile=Device.Profile.DISPLAY)
        assert statuses() == [403, 200]
        change(Device, till_system.device, profile=Device.Profile.POS)
        assert statuses() == [403, 403]
        change(Device, till_system.device, revoked_at=timezone.now())
        assert statuses() == [401, 401]

    def test_of_a_closed_store(self, brand: Brand, store: Store, device: Device) -> None:
        text = symbols(issue(brand, 1)[0])
        assert look_up(device=device, text=text).refusal is None
        change(Store, store, is_active=False)
        with pytest.raises(snapshot.StrangeDevice):
            look_up(device=device, text=text)

    def test_of_the_tablet(
        self,
        paired: PairedDevice,
        brand: Brand,
        store: Store,
        device_b: Device,
        cashier: StaffMember,
        make_code: MakeCode,
    ) -> None:
        """Names and clocks, in the words of the page."""
        tablet, here, there = tablet_of(paired), make_code(choices=()), make_code(choices=())
        sign_in(tablet, cashier)
        assert redeem(device=paired.device, text=here, key="k").redeemed
        assert redeem(device=device_b, text=there, key="k").redeemed

        def words(code: str) -> str:
            told = tablet.post("/till/lookups/", {"code": code}).content.decode()
            found = re.search(r"First used at ([^<\"]+)", told)
            assert found
            return found[1]

        page = tablet.get("/till/")
        assert (page.context["brand"].name, b"Pike Street" in page.content) == (brand.name, True)
        assert words(there).startswith("Ballard, ")
        before = words(here)
        change(Brand, brand, name="Frostier")
        change(Store, device_b.store, name="Fremont")
        change(Store, store, name="Pine Street", time_zone=FAR)
        page = tablet.get("/till/")
        assert (page.context["brand"].name, b"Pine Street" in page.content) == ("Frostier", True)
        assert words(there).startswith("Fremont, ")
        assert words(here).startswith("Pine Street, ")
        assert words(here).partition(", ")[2] != before.partition(", ")[2], "by another clock"


@pytest.mark.django_db(transaction=True)
def test_a_manager_who_may_reverse_no_more_is_not_named(
    paired: PairedDevice, brand: Brand, cashier: StaffMember, make_code: MakeCode
) -> None:
    """A rule that the look-up itself does not read: the page asks the brand of this request for it."""
    change(Brand, brand, reversal_window_seconds=0)
    tablet, text = tablet_of(paired), make_code(choices=())
    sign_in(tablet, cashier)
    assert redeem(device=paired.device, text=text, key="k").redeemed
    for may in (True, False, True):
        change(Brand, brand, managers_reverse_same_day=may)
        told = tablet.post("/till/lookups/", {"code": text}).content.decode()
        assert ("A manager can undo it today." in told) is may


@pytest.mark.django_db(transaction=True)
def test_every_process_and_thread_answers_with_what_is_true_now(
    brand: Brand, till_system: PairedDevice
) -> None:
    """Two workers of two threads, all of which had answered before the change."""
    text = symbols(issue(brand, 1)[0])
    with running(threads=2, options=["--workers", "2"]) as server:

        def days() -> set[str]:
            found = set()
            for _ in range(12):
                with closing(Till(server, till_system.token, 30)) as till:
                    answer = till.ask(LOOKUPS, {"code": text})
                    assert answer.status == 200
                    found.add(answer.json["gift"]["last_day"])
            return found

        before = days()
        Brand.objects.filter(pk=brand.pk).update(time_zone=FAR)
        after = days()
    assert len(before) == len(after) == 1
    assert before != after


class TestWhatWasNotRead:
    @pytest.fixture
    def seen(self, device: Device, code: Code) -> snapshot.Snapshot:
        return snapshot.read(device=device, symbols=symbols(code), now=timezone.now())

    @pytest.mark.parametrize("field", ["name", "brand", "store", "token_digest", "time_zone"])
    def test_of_a_till_is_an_error(self, seen: snapshot.Snapshot, field: str) -> None:
        with pytest.raises(AttributeError):
            getattr(seen.till, field)

    @pytest.mark.parametrize("field", ["ciphertext", "digest", "last4", "brand", "reference"])
    def test_of_a_code_is_an_error(self, seen: snapshot.Snapshot, field: str) -> None:
        with pytest.raises(AttributeError):
            getattr(seen.code, field)

    def test_and_nothing_read_can_be_changed(self, seen: snapshot.Snapshot) -> None:
        for read, field in ((seen.till, "currency"), (seen.code, "balance"), (seen, "till")):
            with pytest.raises(AttributeError):
                setattr(read, field, None)

    def test_no_statement_but_the_one(
        self, device: Device, code: Code, django_assert_num_queries: Any
    ) -> None:
        """Whatever is asked of it afterwards."""
        Device._base_manager.update(last_seen_at=timezone.now())
        with django_assert_num_queries(1):
            seen = snapshot.read(device=device, symbols=symbols(code), now=timezone.now())
            assert seen.code is not None
            for part in (seen.till, seen.code):
                for name in dir(part):
                    getattr(part, name)
        assert seen.code.last_day == code.last_day
        assert seen.code.choices == code.choices
