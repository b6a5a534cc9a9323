"""/l/<slug>/: counts a person, leads to its campaign's page."""

import re
from datetime import date

import pytest
from django.test import Client
from django_scopes import scope

from campaigns.links import links
from campaigns.links.visitor_cookie import COOKIE
from campaigns.models import Campaign, Link, Visit
from campaigns.planning import campaigns
from tests.campaigns.conftest import BROWSER

PAGE = "/shop/frosty-spoon/c/two-for-the-weekend/"


def visits(link: Link) -> list[Visit]:
    with scope(brand=link.brand):
        return list(Visit.objects.order_by("at"))


def test_a_person_is_counted_remembered_and_led_on(link: Link, client: Client) -> None:
    answer = client.get(f"/l/{link.slug}/", headers=BROWSER)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "no-store" in answer["Cache-Control"]
    assert [visit.new_visitor for visit in visits(link)] == [True]


def test_the_same_browser_keeps_its_id(link: Link, client: Client) -> None:
    client.get(f"/l/{link.slug}/", headers=BROWSER)
    again = client.get(f"/l/{link.slug.upper()}/", headers=BROWSER)
    first, second = visits(link)
    assert bytes(first.visitor) == bytes(second.visitor)
    assert second.new_visitor is False
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert COOKIE not in again.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": "curl/8.5"},
        {},
        {**BROWSER, "Purpose": "prefetch"},
        {**BROWSER, "Sec-Fetch-Dest": "image"},
        {**BROWSER, "DNT": "1"},
        {**BROWSER, "Sec-GPC": "1"},
    ],
)
def test_who_is_no_person_is_led_on_uncounted(
    link: Link, client: Client, headers: dict[str, str]
) -> None:
    answer = client.get(f"/l/{link.slug}/", headers=headers)
    assert answer.status_code == 302
    assert not answer.cookies
    assert not visits(link)


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_who_asks_not_to_be_tracked_any_more_is_forgotten(
    link: Link, client: Client, header: str
) -> None:
    client.get(f"/l/{link.slug}/", headers=BROWSER)
    asked = {**BROWSER, header: "1"}
    assert "Two friends" not in client.get("/shop/frosty-spoon/", headers=asked).content.decode()
    assert client.cookies[COOKIE]["max-age"] == 0
    client.get(f"/l/{link.slug}/", headers=asked)
    assert len(visits(link)) == 1


def test_where_the_link_stood_is_kept_and_told_on(link: Link, client: Client) -> None:
    query = {"utm_source": "May\n news", "utm_medium": "email", "next": "//evil.example"}
    answer = client.get(f"/l/{link.slug}/", query, headers=BROWSER)
    assert answer["Location"] == f"{PAGE}?utm_source=May+news&utm_medium=email"
    assert [visit.source for visit in visits(link)] == ["May news"]
    assert client.get(answer["Location"]).status_code == 200


def test_head_answers_the_same_and_counts_nothing(link: Link, client: Client) -> None:
    answer = client.head(f"/l/{link.slug}/", headers=BROWSER)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert not visits(link)


def test_nothing_is_posted_to_a_link(link: Link, client: Client) -> None:
    assert client.post(f"/l/{link.slug}/").status_code == 405


def test_a_link_whose_campaign_is_over_still_leads_to_the_shop(link: Link, client: Client) -> None:
    with scope(brand=link.brand):
        link.campaign.ends_on = date(2026, 1, 2)
        link.campaign.save()
    answer = client.get(f"/l/{link.slug}/?utm_source=May", headers=BROWSER)
    assert answer["Location"] == "/shop/frosty-spoon/?utm_source=May"
    assert "That one is over." in client.get(answer["Location"]).content.decode()
    assert not visits(link)


def test_a_retired_link_leads_to_the_shop_and_says_on_where_it_stood(
    link: Link, client: Client
) -> None:
    with scope(brand=link.brand):
        links.retire(link)
    answer = client.get(f"/l/{link.slug}/?utm_source=May&next=//evil.example", headers=BROWSER)
    assert answer["Location"] == "/shop/frosty-spoon/?utm_source=May"
    assert not answer.cookies
    assert not visits(link)
    with scope(brand=link.brand):
        links.restore(link)
    assert client.get(f"/l/{link.slug}/", headers=BROWSER)["Location"] == PAGE
    assert len(visits(link)) == 1


def test_a_campaign_put_away_counts_no_more(link: Link, client: Client) -> None:
    with scope(brand=link.brand):
        campaigns.archive(link.campaign)
    assert client.get(f"/l/{link.slug}/", headers=BROWSER).status_code == 302
    assert not visits(link)


def test_an_unknown_link_is_not_found(client: Client, db: None) -> None:
    assert client.get("/l/never-made-22222/", headers=BROWSER).status_code == 404


@pytest.mark.parametrize(
    "query", ["next=https://evil.example", "url=//evil.example", "to=javascript:1"]
)
def test_no_address_from_outside_is_followed(link: Link, client: Client, query: str) -> None:
    answer = client.get(f"/l/{link.slug}/?{query}", headers=BROWSER)
    assert answer["Location"] == PAGE


def test_the_shop_greets_who_came_by_the_link(link: Link, client: Client) -> None:
    assert "Two friends, two scoops" not in client.get("/shop/frosty-spoon/").content.decode()
    client.get(f"/l/{link.slug}/", headers=BROWSER)
    assert "Two friends, two scoops" in client.get("/shop/frosty-spoon/").content.decode()


def test_follows_beyond_the_limit_lead_on_uncounted(
    link: Link, every_brand: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("giftshop.http.rate_limits.VISITS_PER_ADDRESS", 2)
    for _n in range(4):
        answer = Client().get(f"/l/{link.slug}/", headers={"User-Agent": "Mozilla/5.0"})
        assert answer.status_code == 302
    assert Visit.objects.count() == 2


@pytest.mark.parametrize("agent", ["Viber/13.3", "WhatsApp/2.24", "facebookexternalhit/1.1"])
def test_a_messenger_is_shown_the_campaigns_headline_and_is_not_counted(
    link: Link, client: Client, agent: str
) -> None:
    with scope(brand=link.brand):
        Campaign.objects.filter(pk=link.campaign_id).update(headline="Cold days, warm friends")
    answer = client.get(f"/l/{link.slug}/", headers={"User-Agent": agent})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'property="og:title" content="Cold days, warm friends"' in page
    assert 'href="http://127.0.0.1:8000/shop/frosty-spoon/c/two-for-the-weekend/"' in page
    [picture] = re.findall(r'og:image" content="http://127.0.0.1:8000(/share/[^"]+)"', page)
    assert client.get(picture)["Content-Type"] == "image/jpeg"
    assert not answer.cookies
    assert not visits(link)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("WhatsApp/2.24", "Just between us: two scoops."),
        ("facebookexternalhit/1.1", "Two scoops, two friends."),
        ("Viber/13.3", "For whoever sees it first"),
    ],
)
def test_each_network_is_told_its_own_words(
    link: Link, client: Client, agent: str, said: str
) -> None:
    """Those for the place that the link is for, where the network is none that we have words for."""
    texts = {
        "whatsapp": "Just between us: two scoops.",
        "elsewhere": "Two scoops, two friends.",
        "instagram": "For whoever sees it first",
    }
    with scope(brand=link.brand):
        Campaign.objects.filter(pk=link.campaign_id).update(share_texts=texts)
    page = client.get(f"/l/{link.slug}/", headers={"User-Agent": agent}).content.decode()
    assert f'property="og:description" content="{said}"' in page


def test_a_messenger_is_led_on_before_and_after_the_campaign(link: Link, client: Client) -> None:
    with scope(brand=link.brand):
        Campaign.objects.filter(pk=link.campaign_id).update(
            ends_on=date(2020, 1, 1), starts_on=date(2019, 1, 1)
        )
    answer = client.get(f"/l/{link.slug}/", headers={"User-Agent": "WhatsApp/2.24"})
    assert answer.status_code == 302
