"""Every page of a brand with 400 stores: no larger than a phone likes, no more statements than with three
stores, and no more than twice the work.

Pages come from the table of matrix.py, so that a new one is held to this from its first day. What a page
lists grows by pages and is found by a search; what it lets choose among is searched, too.
"""

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from brands.models import Store
from campaigns.models import Link
from giftshop.catalog.models import Treat
from redemption.models import Device, StaffMember
from tests.access.large_brand import DEVICES, FEW, FEW_LINKS, LINKS, STAFF, STORES, Place, build
from tests.access.matrix import ROWS, code_of
from tests.access.people import Person
from tests.access.test_matrix import _address
from tests.giftshop.giving.steps import ready_draft

BYTES_MAX = 60_000
BYTES_MAX_OF = {
    "gift": 25_000,
    "gift-stores": 25_000,
    "studio_brand_home": 66_000,  # every country, clock and currency, at any size of the brand
}
"""Of the HTML before it is compressed."""
RATIO_MAX = 2.0
"""Of the CPU at 400 stores to that at three; never mind below a few milliseconds."""
SETTLED_SECONDS = 0.004
ROUNDS_MAX = 12

NO_PAGES = {
    "theme": "a style sheet",
    "link_qr": "a picture",
    "link_png": "a picture",
    "link_poster": "a sheet",
    "link_cards": "a sheet",
    "till_manifest": "for the device's home screen",
    "api-schema": "for programs",
    "store_ranking_file": "a table",
    "link_ranking_file": "a table",
    "treat_ranking_file": "a table",
    "figure_csv": "a table",
    "reasons_gap_file": "a table",
    "studio_offer_qr": "a picture",
    "monday_letter": "leads to the page of its switch",
    "figure_xlsx": "a table",
    "campaign_path_csv": "a table",
    "campaign_path_xlsx": "a table",
    "brand_picture_permit": "a word to the proxy",
    "treat_picture_permit": "a word to the proxy",
    "campaign_picture_permit": "a word to the proxy",
    "news_picture_permit": "a word to the proxy",
    "brand_picture_upload": "leads to the page of the picture",
    "treat_picture_upload": "leads to the page of the picture",
    "campaign_picture_upload": "leads to the page of the picture",
    "news_picture_upload": "leads to the page of the picture",
    "picture_file": "a picture",
    "share_picture": "a picture",
    "menu_csv": "a table",
    "menu_xlsx": "a table",
    "menu_example_csv": "a table",
    "menu_example_xlsx": "a table",
    "menu_sheet_permit": "a word to the proxy",
    "studio_list_permit": "a word to the proxy",
    "studio_list_upload": "leads to the page of the list",
    "menu_sheet_upload": "leads to the page of the sheet",
    "typed_upload": "leads to the page of what was typed",
    "account_reset_password_from_key": "only with a link that was mailed",
    "healthz": "a word",
    "readyz": "a word",
    "status": "for machines",
    "language": "leads back",
    "opening_step": "leads to a step",
    "shop_opening": "of nobody whose shop is open",
    "follow": "leads to the shop",
    "studio": "leads to the brand",
    "order-unopened": "leads back to the order of a gift that was opened",
    "give-draft": "leads to a step",
    "new_password": "only with a link that was mailed",
    "google_callback": "only with the settings of that provider",
    "apple_finish_callback": "only with the settings of that provider",
    "account_passkey": "of nobody who has one",
    "account_recovery_codes_file": "a text",
    "own_invitation": "of nobody who has accepted one",
}
"""What a GET answers with that is no page of HTML, and why."""


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Place, Place]]:
    """Both brands, built once; all of it is taken back."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}),
    ):
        logging.disable(logging.INFO)
        around = transaction.atomic()
        around._from_testcase = True  # as Django's own TestCase: durable acts may run inside
        around.__enter__()
        try:
            small, large = build()
            for place in (small, large):
                prepare(place)
            # Now, or at the end of each test anew, for all these rows.
            connection.check_constraints()
            yield small, large
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
            connection.close()
            logging.disable(logging.NOTSET)


def prepare(place: Place) -> None:
    """Each is as far as they must be to see every page: a draft that is only to be paid, a gift found."""
    company = place.own
    sender = next(one for one in place.people if (one.role, one.place) == ("sender", "own"))
    with scope(brand=company.brand):
        treat = Treat.objects.get()
    company.draft = ready_draft(sender.client, company.brand, treat).pk
    operator = next(one for one in place.people if one.role == "operator")
    asked = {"text": company.order.number, "reason": "nothing came"}
    assert operator.client.post("/operator/support/", asked).status_code == 302
    manager = next(one for one in place.people if (one.role, one.place) == ("manager", "own"))
    found = manager.client.post("/till/manager/gifts/", {"text": code_of(company)})
    place.seen = found["Location"]


def person_of(place: Place, route: str) -> Person:
    return place.may_open(ROWS[route].rule)


def get(place: Place, route: str) -> HttpResponse:
    person = person_of(place, route)
    return person.client.get(address_of(place, route), headers=person.headers)


def address_of(place: Place, route: str) -> str:
    if route == "till_manager_gift":  # only as the search leads to it
        return place.seen
    return _address(place, person_of(place, route), route, ROWS[route], place.own)  # type: ignore[arg-type]


def cost(place: Place, route: str) -> float:
    """Seconds of this thread's CPU."""
    person, address = person_of(place, route), address_of(place, route)
    started = time.thread_time()
    person.client.get(address, headers=person.headers)
    return time.thread_time() - started


def ratio_of(small: Place, large: Place, route: str) -> tuple[float, float, float]:
    """The large page's work by the small one's; best of some rounds while it seems too much."""
    best = {True: 1e9, False: 1e9}
    for _number in range(ROUNDS_MAX):
        for place in (small, large):
            is_large = place is large
            best[is_large] = min(best[is_large], cost(place, route))
        if best[True] <= max(RATIO_MAX * best[False], SETTLED_SECONDS):
            break
    return best[True] / best[False], best[False], best[True]


def look(place: Place, route: str) -> tuple[HttpResponse, int, float]:
    """The page, its statements and its seconds of this thread's CPU."""
    started = time.thread_time()
    with CaptureQueriesContext(connection) as captured:
        response = get(place, route)
    return response, len(captured), time.thread_time() - started


PAGES = sorted(
    route for route, row in ROWS.items() if "GET" in row.answers and route not in NO_PAGES
)


@pytest.mark.django_db
def test_the_large_brand_is_large(places: tuple[Place, Place]) -> None:
    small, large = places
    for place, sizes in (
        (small, (FEW, 15, 6, FEW_LINKS)),
        (large, (STORES, DEVICES, STAFF, LINKS)),
    ):
        with scope(brand=place.own.brand):
            made = [model.objects.count() for model in (Store, Device, StaffMember, Link)]
        assert tuple(made) == sizes


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES)
def test_a_page_stays_as_it_is_when_the_brand_grows(
    places: tuple[Place, Place], route: str
) -> None:
    small, large = places
    after, many, then = look(large, route)  # the first: what is loaded once is counted against it
    before, few, once = look(small, route)
    if many > few:
        after, many, then = look(large, route)
    for response in (before, after):
        assert response.status_code == 200, (response.status_code, response.get("Location"))
        assert response["Content-Type"].startswith("text/html")
    said = []
    if len(after.content) > (most := BYTES_MAX_OF.get(route, BYTES_MAX)):
        said.append(f"{len(after.content):,} bytes, not {most:,} at most ({len(before.content):,})")
    if many > few:
        said.append(f"{many} statements at 400 stores, {few} at three")
    ratio = 0.0
    if then > max(RATIO_MAX * once, SETTLED_SECONDS):
        ratio, once, then = ratio_of(small, large, route)
    if then > max(RATIO_MAX * once, SETTLED_SECONDS):
        said.append(f"{ratio:.1f} times the CPU: {once * 1000:.1f} ms, then {then * 1000:.1f}")
    assert not said, f"{route}: " + "; ".join(said)
