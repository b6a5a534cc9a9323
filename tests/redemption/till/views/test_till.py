import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from redemption.models import Device
from redemption.till import devices
from tests.redemption.till.views.conftest import MakeCode, tablet_of


def test_a_stranger_is_shown_how_to_connect(client: Client, db: None) -> None:
    assert client.get("/till/").headers["Location"] == "/till/pair/"


def test_only_our_own_pages_may_use_the_camera_and_nothing_is_cached(till: Client) -> None:
    page = till.get("/till/")

    assert page.headers["Permissions-Policy"].startswith("camera=(self), ")
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/till/"),
        ("get", "/till/staff/"),
        ("post", "/till/sessions/"),
        ("post", "/till/lookups/"),
        ("post", "/till/redemptions/"),
    ],
)
def test_a_revoked_tablet_is_refused_at_its_next_request(
    till: Client, device: Device, brand: Brand, method: str, path: str
) -> None:
    with scope(brand=brand):
        devices.revoke(device=device)
    answer = getattr(till, method)(path)

    assert answer.status_code == 403
    assert answer.headers["X-Till"] == "disconnected"
    assert b"This device was disconnected" in answer.content


def test_a_display_is_no_till(brand: Brand, store: object) -> None:
    display = devices.pair_directly(store=store, name="Menu", profile=Device.Profile.DISPLAY)  # type: ignore[arg-type]

    assert tablet_of(display).get("/till/").status_code == 403


@pytest.mark.parametrize("path", ["/till/lookups/", "/till/redemptions/"])
def test_without_a_pin_nothing_is_looked_at(tablet: Client, path: str, make_code: MakeCode) -> None:
    answer = tablet.post(path, {"code": make_code(), "key": "k"})

    assert answer.status_code == 401
    assert answer.headers["X-Till"] == "pin"
    assert answer.content == b""


def test_a_forged_request_is_refused(till: Client, make_code: MakeCode) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = till.cookies

    assert forged.post("/till/lookups/", {"code": make_code()}).status_code == 403


def test_the_tablet_is_noted_as_seen(till: Client, device: Device, brand: Brand) -> None:
    till.get("/till/")

    with scope(brand=brand):
        assert Device.objects.get(pk=device.pk).last_seen_at


def test_todays_gifts_and_the_open_reversal_survive_a_reload(
    till: Client, make_code: MakeCode
) -> None:
    assert b"0 gifts today" in till.get("/till/").content
    till.post("/till/redemptions/", {"code": make_code(choices=()), "key": "k"})
    page = till.get("/till/")

    assert b"1 gift today" in page.content
    assert b"Undo Double scoop?" in page.content


def test_the_page_costs_few_queries(till: Client, django_assert_max_num_queries: object) -> None:
    till.get("/till/")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        till.get("/till/")


def test_it_can_be_installed(client: Client) -> None:
    manifest = client.get("/till/manifest.webmanifest").json()
    icons = {(icon["sizes"], icon.get("purpose")) for icon in manifest["icons"]}

    assert (manifest["start_url"], manifest["display"]) == ("/till/", "standalone")
    for purpose in ("any", "maskable"):
        assert {("192x192", purpose), ("512x512", purpose)} <= icons
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon["src"]
