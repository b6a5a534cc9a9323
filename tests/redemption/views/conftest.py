"""The counter at Pike Street: its tablet, and Dana who signed in on it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from redemption import issuing, pairing
from redemption.issuing import CodeSpec
from redemption.models import Brand, Code, StaffMember, Store
from redemption.pairing import PairedDevice
from tests import server
from tests.camera import FakeCamera
from tests.cast import PIN, symbols

MakeCode = Callable[..., str]


def tablet_of(paired: PairedDevice) -> Client:
    client = Client()
    client.cookies["device"] = paired.token
    return client


def sign_in(client: Client, member: StaffMember, pin: str = PIN, **headers: Any) -> Any:
    return client.post("/till/sessions/", {"staff": str(member.pk), "pin": pin}, **headers)


@pytest.fixture
def tablet(paired: PairedDevice) -> Client:
    return tablet_of(paired)


@pytest.fixture
def till(tablet: Client, cashier: StaffMember) -> Client:
    """Dana at Pike Street's tablet."""
    assert sign_in(tablet, cashier).status_code == 302
    return tablet


@pytest.fixture
def till_b(store_b: Store) -> Client:
    """Theo at Ballard's."""
    from tests.cast import make_staff

    client = tablet_of(pairing.pair_directly(store=store_b, name="Ballard tablet"))
    sign_in(client, make_staff(store_b, "Theo"))
    return client


@pytest.fixture
def eves_till(other_store: Store) -> Client:
    """Another brand's counter."""
    from tests.cast import make_staff

    client = tablet_of(pairing.pair_directly(store=other_store, name="Eve's tablet"))
    sign_in(client, make_staff(other_store, "Eve"))
    return client


@pytest.fixture
def camera(tmp_path: Path) -> FakeCamera:
    return FakeCamera(tmp_path / "camera.mjpeg")


@pytest.fixture
def site() -> Iterator[str]:
    """Where the product runs, for tests in a browser."""
    with server.running(threads=4, DEBUG="1") as running:
        yield running.url


FLAVOUR = {
    "key": "flavour",
    "name": "Flavour",
    "chooser": "recipient",
    "min": 1,
    "max": 1,
    "options": [
        {"key": "mint", "label": "Mint", "extra": 0},
        {"key": "pistachio", "label": "Pistachio", "extra": 50},
    ],
    "picked": [],
}


@pytest.fixture
def make_code(brand: Brand) -> MakeCode:
    """make_code() -> the 17 symbols of a new double scoop for Ben, its flavour still open."""
    numbers = iter(range(1000))

    def make(
        *, choices: Sequence[Any] = (FLAVOUR,), expires_at: Any = None, now: Any = None, **spec: Any
    ) -> str:
        wanted = {"label": "Double scoop", "amount": 650, "bearer_name": "Ben", **spec}
        reference = f"test:{next(numbers)}"
        with scope(brand=brand):
            [code] = issuing.issue(
                brand=brand,
                reference=reference,
                origin=Code.Origin.PAID,
                specs=[CodeSpec(reference=reference, choices=choices, **wanted)],
                now=now or timezone.now(),
                expires_at=expires_at,
            )
        return symbols(code)

    return make
