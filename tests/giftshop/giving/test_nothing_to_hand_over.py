"""What no store can hand over is not sold: said in the shop, on the way, and when it comes to paying."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog import sold_out
from giftshop.catalog.models import Treat
from giftshop.orders.models import Order
from redemption.audit.actors import SYSTEM
from tests.cast import Place, line, make_treat, pay
from tests.giftshop.giving.steps import ready_draft, url

pytestmark = pytest.mark.django_db
GONE = "Sold out today in all stores"
CLOSED = "No store is open for gifts right now"


def sell_out(treat: Treat, *stores: Store) -> None:
    with scope(brand=treat.brand):
        for store in stores:
            sold_out.mark_sold_out(store=store, things=[treat], by=SYSTEM)


def switch_off(brand: Brand) -> None:
    with scope(brand=brand):
        Store.objects.update(is_active=False)


def page(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


def placed(brand: Brand) -> int:
    with scope(brand=brand):
        return Order.objects.count()


def test_a_brand_without_a_store_that_is_on_sells_nothing(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    assert CLOSED not in page(client, f"/shop/{brand.slug}/")
    switch_off(brand)
    shop = page(client, f"/shop/{brand.slug}/")
    assert CLOSED in shop
    assert "Double scoop" in shop
    assert "Give a treat" not in shop
    assert 'name="treat"' not in shop


def test_stores_that_are_switched_off_meanwhile_stop_a_draft_at_every_step(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = ready_draft(client, brand, treat)
    switch_off(brand)
    for step in ("what", "pay"):
        assert CLOSED in page(client, url(draft, step))
    paid = client.post(reverse("payment", args=[brand.slug, draft.pk]), follow=True)
    assert CLOSED in paid.content.decode()
    assert placed(brand) == 0


def test_a_treat_that_all_stores_are_out_of_is_said_and_not_sold(
    client: Client, brand: Brand, treat: Treat, store: Store, store_b: Store
) -> None:
    sell_out(treat, store)
    assert GONE not in page(client, f"/shop/{brand.slug}/")
    sell_out(treat, store_b)
    make_treat(brand, "mint-shake")
    shop = page(client, f"/shop/{brand.slug}/")
    assert shop.count(GONE) == 1
    assert 'value="double-scoop"' not in shop
    assert 'value="mint-shake"' in shop


def test_a_treat_that_sold_out_meanwhile_is_not_paid_for(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    draft = ready_draft(client, brand, treat)
    sell_out(treat, store)
    paid = client.post(reverse("payment", args=[brand.slug, draft.pk]), follow=True)
    assert paid.redirect_chain[0][0] == url(draft, "what") + "?check=1#problems"
    assert "Double scoop is sold out today in all stores" in paid.content.decode()
    assert placed(brand) == 0
    what = page(client, url(draft, "what"))
    assert '<fieldset class="pick" disabled>' in what
    with scope(brand=brand):
        sold_out.mark_sold_out(store=store, things=[], by=SYSTEM)
    assert "Send 2 gifts" in page(client, url(draft, "pay"))


def test_a_store_that_is_off_does_not_count(
    client: Client, brand: Brand, treat: Treat, store: Store, store_b: Store
) -> None:
    with scope(brand=brand):
        Store.objects.filter(pk=store_b.pk).update(is_active=False)
    sell_out(treat, store)
    assert GONE in page(client, f"/shop/{brand.slug}/")


def test_what_was_gone_yesterday_is_there_today(
    in_brand: Brand, treat: Treat, store: Store
) -> None:
    now = timezone.now()
    sold_out.mark_sold_out(store=store, things=[treat], by=SYSTEM, now=now)
    assert sold_out.nowhere([treat], 1, now).treats == {treat.pk}
    assert not sold_out.nowhere([treat], 1, now + timedelta(days=1)).treats
    assert not sold_out.nowhere([treat], 0, now).treats


@pytest.mark.parametrize("limited", [False, True])
def test_a_gift_page_never_counts_to_0_stores(
    client: Client, brand: Brand, treat: Treat, place: Place, store: Store, limited: bool
) -> None:
    order = pay(place(lines=[line(treat)]))
    with scope(brand=brand):
        [gift] = order.gifts.with_everything()
        if limited and gift.code:
            gift.code.store_ids = [store.pk]
            gift.code.save(update_fields=["store_ids"])
    switch_off(brand)
    client.post(f"/gift/{gift.link_token()}/opening/")
    told = page(client, f"/gift/{gift.link_token()}/")
    assert "No store can hand it over right now" in told
    assert "It stays good." in told
    assert "any of 0" not in told
    assert "Where to enjoy it" not in told


def test_a_size_that_all_stores_are_out_of_is_not_sold_and_the_other_is(
    client: Client, brand: Brand, treat: Treat, store: Store
) -> None:
    large = treat.prices.get(key="large")
    draft = ready_draft(client, brand, treat)
    with scope(brand=brand):
        sold_out.mark_sold_out(store=store, things=[large], by=SYSTEM)
    assert GONE not in page(client, f"/shop/{brand.slug}/")
    client.post(url(draft, "what"), {"treats": "all", "choice": "double-scoop:large"})
    paid = client.post(reverse("payment", args=[brand.slug, draft.pk]), follow=True)
    assert "Double scoop, Large is sold out today in all stores" in paid.content.decode()
    assert placed(brand) == 0
    client.post(url(draft, "what"), {"treats": "all", "choice": "double-scoop:regular"})
    assert "Send 2 gifts" in page(client, url(draft, "pay"))
