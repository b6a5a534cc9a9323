"""The counter at Pike Street: its tablet, and Dana who signed in on it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page

from brands.models import Brand, Store
from redemption.codes import issue
from redemption.codes.issue import CodeSpec
from redemption.models import Code, StaffMember
from redemption.till import devices, session
from redemption.till.devices import PairedDevice
from tests.browsers import chromium
from tests.camera import FakeCamera
from tests.cast import PIN, flavour, make_staff, symbols
from tests.redemption.till.views.paired_pages import open_till

MakeCode = Callable[..., str]
DanasTill = Callable[..., AbstractContextManager[Page]]


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
    client = tablet_of(devices.pair_directly(store=store_b, name="Ballard tablet"))
    sign_in(client, make_staff(store_b, "Theo"))
    return client


@pytest.fixture
def eves_till(other_store: Store) -> Client:
    """Another brand's counter."""
    client = tablet_of(devices.pair_directly(store=other_store, name="Eve's tablet"))
    sign_in(client, make_staff(other_store, "Eve"))
    return client


@pytest.fixture
def danas_till(
    site: str, camera: FakeCamera, paired: PairedDevice, cashier: StaffMember, every_brand: None
) -> DanasTill:
    """with danas_till() as page: Dana at Pike Street's tablet, in a browser of her own, and signed in there;
    with danas_till(sees=True) it sees what is held before its camera.

    During the block this thread must not ask the database.
    """

    @contextmanager
    def open_(**options: Any) -> Iterator[Page]:
        answer = HttpResponse()
        session.sign_in(answer, cashier, paired.device, timezone.now())
        mine = answer.cookies[session.staff_cookie()].value
        with chromium(camera) as browser:
            yield open_till(browser, site, paired.token, "Dana", signed_in=mine, **options)

    return open_


FLAVOUR = flavour(("mint", 0), ("pistachio", 50))


@pytest.fixture
def make_code(brand: Brand) -> MakeCode:
    """make_code() -> the 17 symbols of a new double scoop for Ben, its flavour still open."""
    numbers = iter(range(1000))

    def make(
        *, choices: Sequence[Any] = (FLAVOUR,), expires_at: Any = None, now: Any = None, **spec: Any
    ) -> str:
        wanted = {"label": "Double scoop", "amount": 650, "recipient_name": "Ben", **spec}
        reference = f"test:{next(numbers)}"
        with scope(brand=brand):
            [code] = issue.issue(
                brand=brand,
                reference=reference,
                origin=Code.Origin.PAID,
                specs=[CodeSpec(reference=reference, choices=choices, **wanted)],
                now=now or timezone.now(),
                expires_at=expires_at,
            )
        return symbols(code)

    return make
