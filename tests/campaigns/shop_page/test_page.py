"""/shop/<brand>/c/<campaign>/: what it promises, what it sells, and where it leads when it is over."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.models import Campaign
from giftshop.catalog.models import Treat
from giftshop.catalog.sold_out import mark_sold_out
from redemption.audit.actors import SYSTEM
from tests.cast import make_free_treat, make_treat
from tests.page_words import plain_text

PAGE = "/shop/frosty-spoon/c/two-for-the-weekend/"


@pytest.fixture
def sundae(brand: Brand) -> Treat:
    with scope(brand=brand):
        return make_treat(brand, "sundae")


def change(campaign: Campaign, **fields: Any) -> None:
    with scope(brand=campaign.brand):
        Campaign.objects.filter(pk=campaign.pk).update(**fields)


def shown(client: Client, address: str = PAGE) -> list[str]:
    """The slugs of its treats, as they stand there."""
    return [treat.slug for treat in client.get(address).context["landing"].treats]


def test_it_keeps_what_the_post_promised(
    client: Client, campaign: Campaign, store: Store, treat: Treat
) -> None:
    last = timezone.now().astimezone(campaign.brand.tz).date() + timedelta(days=9)
    promise = {"story": "Two scoops.\nOne for each of you.", "art": "art/frosty-spoon/hero.svg"}
    change(campaign, ends_on=last, least_recipients=2, **promise)
    answer = client.get(PAGE)
    page, words = answer.content.decode(), plain_text(answer.content.decode())
    assert "<h1>Two friends, two scoops</h1>" in page
    assert "Two scoops.<br>One for each of you." in page
    assert f"Until {last:%A, %B} {last.day}" in words
    assert "For 2 friends or more" in words
    assert "art/frosty-spoon/hero.svg" in page
    assert 'property="og:title" content="Two friends, two scoops"' in page
    assert f'rel="canonical" href="http://127.0.0.1:8000{PAGE}"' in page


def test_its_last_day_is_called_so_by_the_brands_calendar(
    client: Client, campaign: Campaign, store: Store, treat: Treat
) -> None:
    today = timezone.now().astimezone(campaign.brand.tz).date()
    change(campaign, ends_on=today)
    assert "Today is the last day" in client.get(PAGE).content.decode()
    change(campaign, ends_on=today - timedelta(days=1))
    assert client.get(PAGE).status_code == 302


def test_its_treats_stand_first_and_the_links_before_them(
    client: Client, campaign: Campaign, store: Store, treat: Treat, sundae: Treat
) -> None:
    assert shown(client) == ["double-scoop", "sundae"]  # it names none: all of them
    assert "See everything there is" not in client.get(PAGE).content.decode()
    with scope(brand=campaign.brand):
        campaign.treats.set([sundae])
    assert shown(client) == ["sundae"]
    assert "See everything there is" in client.get(PAGE).content.decode()
    assert shown(client, PAGE + "?treat=double-scoop") == ["double-scoop", "sundae"]
    assert shown(client, PAGE + "?treat=no-such-treat") == ["sundae"]


def test_a_treat_that_is_gone_drops_out(
    client: Client, campaign: Campaign, store: Store, treat: Treat, sundae: Treat
) -> None:
    with scope(brand=campaign.brand):
        campaign.treats.set([treat, sundae])
        mark_sold_out(store=store, things=[treat], by=SYSTEM)
    assert shown(client) == ["sundae"]
    assert shown(client, PAGE + "?treat=double-scoop") == ["sundae"]
    with scope(brand=campaign.brand):
        Treat.objects.filter(pk=sundae.pk).update(is_active=False)
        mark_sold_out(store=store, things=[], by=SYSTEM)
        campaign.treats.set([sundae])
    answer = client.get(PAGE)
    assert [treat.slug for treat in answer.context["landing"].treats] == ["double-scoop"]
    assert "What it was made for is gone for now." in answer.content.decode()


def test_an_amount_that_the_link_chose_goes_along(
    client: Client, brand: Brand, campaign: Campaign, store: Store
) -> None:
    make_free_treat(brand)
    page = client.get(PAGE + "?treat=a-gift&choice=a-gift:one:3700").content.decode()
    assert 'name="choice" value="a-gift:one:3700"' in page
    assert "$37.00" in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"archived_at": timezone.now()}, "That one is over."),
        ({"ends_on": date(2026, 1, 1)}, "That one is over."),
        ({"paused_at": timezone.now()}, "taking a break"),
        ({"starts_on": date(2099, 5, 1)}, "That one begins on Friday, May 1."),
        ({"is_draft": True}, ""),
    ],
)
def test_while_it_is_not_live_it_leads_to_the_shop_with_a_kind_line(
    client: Client, campaign: Campaign, store: Store, treat: Treat, state: dict[str, Any], said: str
) -> None:
    change(campaign, **state)
    answer = client.get(PAGE + "?utm_source=news&next=//evil.example")
    assert answer["Location"] == "/shop/frosty-spoon/?utm_source=news"
    page = client.get(answer["Location"])
    assert said in page.content.decode()
    assert bool(said) == bool(list(page.context["messages"]))


def test_an_unknown_one_and_one_of_another_brand_are_not_found(
    client: Client, campaign: Campaign, other_brand: Brand
) -> None:
    assert client.get("/shop/frosty-spoon/c/nothing/").status_code == 404
    assert client.get(PAGE.replace("frosty-spoon", "harbor-bean")).status_code == 404


def test_it_costs_a_menu_and_four_questions(
    client: Client,
    campaign: Campaign,
    store: Store,
    treat: Treat,
    django_assert_num_queries: Any,
) -> None:
    """The brand, the campaign, its treats, its picture; then what any shop asks."""
    client.get("/shop/frosty-spoon/")
    with django_assert_num_queries(4 + 7):
        client.get(PAGE)
