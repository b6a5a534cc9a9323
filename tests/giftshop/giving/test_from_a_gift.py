"""The shop, come to from a gift's page: the present that begins there keeps which gift led to it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand
from giftshop.orders import replies
from giftshop.orders.models import CameBy, Draft, Gift
from tests.giftshop.giving.steps import open_a_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(brand: Brand) -> str:
    open_a_store(brand)
    return reverse("shop", args=[brand.slug])


def sent_by(page: str) -> list[str]:
    """What the page's forms say of where they were come to from."""
    return re.findall(r'<input type="hidden" name="gift" value="([^"]*)">', page)


def begun(client: Client, brand: Brand, gift: str) -> Draft:
    begin = client.post(reverse("give", args=[brand.slug]), {"gift": gift})
    with scope(brand=brand):
        return Draft.objects.get(pk=begin["Location"].split("/")[4])


def test_an_opened_gift_leads_to_the_shop_that_keeps_it(
    client: Client, brand: Brand, shop: str, gift: Gift
) -> None:
    token = gift.link_token()
    client.post(reverse("gift-opening", args=[token]), {"key": "x"})
    html = client.get(reverse("gift", args=[token])).content.decode()
    found = re.search(rf'href="({shop}\?gift=[^"]+)"', html)
    assert found
    (signed, *others) = sent_by(client.get(found[1]).content.decode())
    assert set(others) <= {signed}
    draft = begun(client, brand, signed)
    assert (draft.came_by, draft.from_gift_id) == (CameBy.SHOP, gift.pk)
    assert not any("reply" in row for row in draft.data["rows"])


def test_a_wrapped_gift_and_a_strangers_word_are_not_kept(
    client: Client, brand: Brand, shop: str, gift: Gift
) -> None:
    html = client.get(reverse("gift", args=[gift.link_token()])).content.decode()
    assert "?gift=" not in html
    for word in ("x", f"{gift.pk}:forged", f"{replies.sign(gift)}x", "a" * 5_000):
        assert sent_by(client.get(shop, {"gift": word}).content.decode()) == []
        draft = begun(client, brand, word)
        assert (draft.came_by, draft.from_gift_id) == ("", None)


def test_another_brands_gift_is_none_of_this_shop(
    client: Client, brand: Brand, shop: str, gift: Gift, other_brand: Brand
) -> None:
    open_a_store(other_brand)
    draft = begun(client, other_brand, replies.sign(gift))
    assert (draft.came_by, draft.from_gift_id) == ("", None)
