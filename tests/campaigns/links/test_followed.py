"""What greets who came by a link, and to how many it asks them to give."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand
from campaigns.links import links
from campaigns.links.followed import headline, least_recipients
from campaigns.models import Campaign, Link
from giftshop.catalog.models import Treat
from giftshop.orders import replies
from giftshop.orders.models import Order
from tests.campaigns.conftest import BROWSER, NOON
from tests.giftshop.giving.steps import BEN, CLEO, begin, keys, ready_draft, url, who_form
from tests.page_words import plain_text

SOON = NOON + timedelta(minutes=5)


def test_who_came_by_a_link_is_greeted(in_brand: Brand, link: Link) -> None:
    links.follow(link=link, visitor_id="amy", now=NOON)
    assert headline(brand=in_brand, visitor_id="amy", now=SOON) == "Two friends, two scoops"
    assert headline(brand=in_brand, visitor_id="ben", now=SOON) == ""
    assert headline(brand=in_brand, visitor_id="", now=SOON) == ""
    assert headline(brand=in_brand, visitor_id="amy", now=NOON + timedelta(days=31)) == ""


def test_another_brands_shop_greets_nobody(in_brand: Brand, other_brand: Brand, link: Link) -> None:
    links.follow(link=link, visitor_id="amy", now=NOON)
    assert headline(brand=other_brand, visitor_id="amy", now=SOON) == ""


def test_an_ended_campaign_greets_nobody(in_brand: Brand, link: Link) -> None:
    links.follow(link=link, visitor_id="amy", now=NOON)
    link.campaign.ends_on = NOON.date() - timedelta(days=1)
    link.campaign.save()
    assert headline(brand=in_brand, visitor_id="amy", now=SOON) == ""


def asks_for(campaign: Campaign, least: int) -> None:
    with scope(brand=campaign.brand):
        Campaign.objects.filter(pk=campaign.pk).update(least_recipients=least)


def test_a_running_campaign_says_to_how_many_it_asks_to_give(
    in_brand: Brand, other_brand: Brand, link: Link, django_assert_num_queries: Any
) -> None:
    links.follow(link=link, visitor_id="amy", now=NOON)
    asks_for(link.campaign, 3)
    with django_assert_num_queries(1):
        assert least_recipients(brand=in_brand, visitor_id="amy", now=SOON) == 3
    with django_assert_num_queries(0):
        assert least_recipients(brand=in_brand, visitor_id="", now=SOON) == 1
    assert least_recipients(brand=other_brand, visitor_id="amy", now=SOON) == 1
    assert least_recipients(brand=in_brand, visitor_id="amy", now=NOON + timedelta(days=31)) == 1
    Campaign.objects.filter(pk=link.campaign.pk).update(archived_at=NOON)
    assert least_recipients(brand=in_brand, visitor_id="amy", now=SOON) == 1


def follow(client: Client, link: Link) -> None:
    client.get(reverse("follow", args=[link.slug]), headers=BROWSER)


def test_who_came_by_its_link_gives_to_so_many_and_no_fewer(
    client: Client, brand: Brand, treat: Treat, link: Link
) -> None:
    asks_for(link.campaign, 3)
    follow(client, link)
    draft = begin(client, brand, treat)
    assert len(keys(draft)) == 3
    page = plain_text(client.get(url(draft, "who")).content.decode())
    assert "This offer is for 3 friends or more" in page
    refused = client.post(url(draft, "who"), who_form(draft, BEN, CLEO), follow=True)
    said = "This offer is for at least 3 friends. Add one more."
    assert said in plain_text(refused.content.decode())
    with_all = client.post(url(draft, "who"), who_form(draft, BEN, CLEO, {**CLEO, "name": "Dee"}))
    assert with_all.url == url(draft, "what")


def test_it_is_held_where_it_is_paid_and_not_after_the_campaign_has_ended(
    client: Client, brand: Brand, treat: Treat, link: Link
) -> None:
    draft = ready_draft(client, brand, treat)  # for two, before the link was followed
    assert client.get(url(draft, "pay")).status_code == 200
    asks_for(link.campaign, 3)
    follow(client, link)
    who = f"{url(draft, 'who')}?check=1#problems"
    assert client.get(url(draft, "pay")).headers["Location"] == who
    payment = reverse("payment", args=[brand.slug, draft.pk])
    assert client.post(payment).headers["Location"] == who
    with scope(brand=brand):
        assert not Order.objects.exists()
        Campaign.objects.update(ends_on=NOON.date())  # long over
    assert client.get(url(draft, "pay")).status_code == 200


def test_who_answers_a_gift_gives_to_its_sender_alone(
    client: Client, paid_order: Order, link: Link
) -> None:
    asks_for(link.campaign, 2)
    follow(client, link)
    with scope(brand=paid_order.brand):
        signed = replies.sign(paid_order.gifts.all()[0])
    begun = client.post(reverse("give-reply", args=[paid_order.brand.slug]), {"gift": signed})
    page = client.get(begun.headers["Location"]).content.decode()
    assert "This offer" not in page


@pytest.mark.parametrize("least", [0, 4])
def test_the_database_refuses_what_nobody_may_ask_for(campaign: Campaign, least: int) -> None:
    with pytest.raises(IntegrityError):
        asks_for(campaign, least)


def test_a_marketer_says_it_in_the_studio(owner_client: Client, campaign: Campaign) -> None:
    page = reverse("edit_campaign", args=[campaign.brand.slug, campaign.slug])
    form = {"name": campaign.name, "starts_on": "2026-01-01", "least_recipients": "2"}
    answer = owner_client.post(page, form, follow=True)
    assert "Asks for at least 2 friends" in plain_text(answer.content.decode())
    assert (
        '<option value="2" selected>two friends</option>' in owner_client.get(page).content.decode()
    )
