"""A lost tablet is cut off: its very next request is refused, and nothing that is under way slips through."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scopes_disabled

from brands.models import Store
from redemption.models import Code, Posting, Redemption
from redemption.redeem import write as write_redemption
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.cast import make_amount, symbols

Ask = Callable[..., Any]
SECOND = 1.0


def redeem(paired: PairedDevice, code: Code, *, key: str, amount: int | None = None) -> Any:
    body: dict[str, Any] = {"code": symbols(code)}
    body |= {"amount": amount} if amount else {"choices": {"flavour": "mint"}}
    return Client().post(
        "/api/v1/redemptions/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Device {paired.token}", "Idempotency-Key": key},
    )


def taken() -> int:
    with scopes_disabled():
        return Redemption.objects.count()


@pytest.fixture
def paired(till_system: PairedDevice) -> PairedDevice:
    """Who asks here is a program, but where the test says tablet."""
    return till_system


def test_the_next_request_is_refused_everywhere(
    paired: PairedDevice, store: Store, code: Code
) -> None:
    tablet = devices.pair_directly(store=store, name="Tablet")
    browser = Client()
    browser.cookies["device"] = tablet.token
    assert browser.get("/till/staff/").status_code == 200
    for revoked in (paired, tablet):
        devices.revoke(device=revoked.device)
    assert redeem(paired, code, key="k").status_code == 401
    assert browser.get("/till/staff/").status_code == 403
    assert taken() == 0


def test_a_redemption_that_was_read_before_is_not_written_after(
    paired: PairedDevice, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = write_redemption.spend

    def revoked_meanwhile(*args: Any, **kwargs: Any) -> bool:
        devices.revoke(device=paired.device)
        return write(*args, **kwargs)

    monkeypatch.setattr(write_redemption, "spend", revoked_meanwhile)
    before = Posting._base_manager.count()
    assert redeem(paired, code, key="k").status_code == 401
    assert taken() == 0
    assert Posting._base_manager.count() == before
    assert Code._base_manager.get(pk=code.pk).balance == code.balance


@pytest.mark.django_db(transaction=True)
def test_a_till_that_never_stops_is_cut_off_within_a_second(
    paired: PairedDevice, code: Code
) -> None:
    make_amount(code)
    calls: list[tuple[float, int]] = []
    called, stop = threading.Condition(), threading.Event()

    def redeem_on_and_on() -> None:
        try:
            while not stop.is_set():
                started = time.monotonic()
                answer = redeem(paired, code, key=f"k-{len(calls)}", amount=1)
                with called:
                    calls.append((started, answer.status_code))
                    called.notify()
        finally:
            connection.close()

    def wait_for_calls(count: int) -> None:
        with called:
            assert called.wait_for(lambda: len(calls) >= count, timeout=30)

    till = threading.Thread(target=redeem_on_and_on)
    till.start()
    try:
        wait_for_calls(5)
        devices.revoke(device=paired.device)
        revoked = time.monotonic()
        wait_for_calls(len(calls) + 5)
    finally:
        stop.set()
        till.join()
    after = [status for started, status in calls if started > revoked]
    assert after
    assert set(after) == {401}
    yes = [started for started, status in calls if status == 201]
    assert len(yes) >= 5
    assert max(yes) - revoked < SECOND
    assert taken() == len(yes)
