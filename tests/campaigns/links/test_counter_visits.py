"""The counter of a store as a source of its own: who came by its code, and what they ordered."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from campaigns.models import Attribution, CounterVisit, Fact, Link
from giftshop.orders import counter_links
from giftshop.orders.models import CameBy, Draft, Gift, Order
from redemption.models import Device, Redemption
from redemption.redeem import redeem
from tests.campaigns.conftest import BROWSER, hear
from tests.cast import Place, pay, symbols

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(device: Device, gift: Gift) -> str:
    assert gift.code
    with scope(brand=device.brand):
        redeem.redeem(
            device=device, text=symbols(gift.code), key="one", picks={"flavour": ["mint"]}
        )
        redemption = Redemption.objects.get()
    return reverse("counter-link", args=[counter_links.sign(redemption.pk)])


def counted() -> list[Any]:
    with scopes_disabled():
        return list(CounterVisit.objects.values_list("store__slug", flat=True))


def test_each_phone_is_counted_once(shown: str) -> None:
    amy, ben = Client(), Client()
    for phone in (amy, ben, amy):
        assert phone.get(shown, headers=BROWSER).status_code == 200
    assert counted() == ["pike-street"] * 2
    assert amy.cookies["visitor"].value != ben.cookies["visitor"].value


@pytest.mark.parametrize(
    "headers",
    [
        {**BROWSER, "DNT": "1"},
        {**BROWSER, "Sec-GPC": "1"},
        {**BROWSER, "Sec-Purpose": "prefetch"},
        {**BROWSER, "Sec-Fetch-Dest": "image"},
        {"User-Agent": "curl/8"},
    ],
)
def test_robots_pages_fetched_ahead_and_who_asks_not_to_be_tracked_are_not(
    client: Client, shown: str, headers: dict[str, str]
) -> None:
    answer = client.get(shown, headers=headers)
    assert answer.status_code == 200
    assert "visitor" not in answer.cookies
    assert client.head(shown, headers=BROWSER).status_code == 200
    assert not counted()


def order_from(client: Client, shown: str, place: Place) -> Order:
    """Ben's phone begins a present by the code, and pays."""
    begun = client.post(shown, headers=BROWSER)["Location"].split("/")[4]
    with scopes_disabled():
        draft = Draft.objects.get(pk=begun)
    visitor = client.cookies["visitor"].value
    return pay(place(recipients=("Amy",), key="back", draft=draft, visitor_id=visitor))


def test_its_order_is_the_counters_and_no_links(
    client: Client, link: Link, shown: str, place: Place
) -> None:
    """Though the same browser had followed a link of a campaign before."""
    client.get(reverse("follow", args=[link.slug]), headers=BROWSER)
    client.get(shown, headers=BROWSER)
    order = order_from(client, shown, place)
    hear()
    with scope(brand=order.brand):
        assert (order.came_by, order.counter_store.slug) == (CameBy.COUNTER, "pike-street")
        assert Attribution.objects.get(order_id=order.pk).link is None
        facts = Fact.objects.filter(order_id=order.pk)
        assert facts.exists()
        assert not facts.exclude(link=None).exists()


def test_another_order_of_that_browser_is_its_links_still(
    client: Client, link: Link, shown: str, place: Place
) -> None:
    client.get(reverse("follow", args=[link.slug]), headers=BROWSER)
    client.get(shown, headers=BROWSER)
    order = pay(place(key="other", visitor_id=client.cookies["visitor"].value))
    hear()
    with scope(brand=order.brand):
        assert Attribution.objects.get(order_id=order.pk).link == link
