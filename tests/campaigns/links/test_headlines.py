"""The words that greet who came by a link."""

from datetime import timedelta

from brands.models import Brand
from campaigns.links import links
from campaigns.links.headlines import headline
from campaigns.models import Link
from tests.campaigns.conftest import NOON

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
