"""A campaign's states: who puts it into which, what it counts then, and what is asked first."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from PIL import Image

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Campaign, Link, Visit
from campaigns.shop_page import pictures
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.outbox import relay
from giftshop.pictures.upload import upload
from redemption.audit.actors import SYSTEM
from redemption.models import AuditEntry
from tests.campaigns.conftest import BROWSER
from tests.campaigns.planning.test_views import CAMPAIGNS, ONE, _day, filled
from tests.giftshop.offers.made import make_offer
from tests.page_words import plain_text


def kept(campaign: Campaign) -> Campaign:
    with scope(brand=campaign.brand):
        return Campaign.objects.select_related("brand").get(pk=campaign.pk)


def state(campaign: Campaign) -> str:
    return kept(campaign).state_at(timezone.now())


def acts(brand: Brand) -> list[str]:
    with scope(brand=brand):
        found = AuditEntry.objects.filter(act__startswith="campaign.").order_by("number")
        return [entry.act.removeprefix("campaign.") for entry in found]


def visits(brand: Brand) -> int:
    with scope(brand=brand):
        return Visit.objects.count()


@pytest.mark.parametrize(("first", "then"), [(0, "live"), (3, "planned")])
def test_a_new_one_is_a_draft_until_it_is_put_live(
    owner_client: Client, brand: Brand, first: int, then: str
) -> None:
    owner_client.post(CAMPAIGNS + "new/", filled(starts_on=_day(first)))
    with scope(brand=brand):
        made = Campaign.objects.select_related("brand").get()
    assert state(made) == "draft"
    page = owner_client.get(CAMPAIGNS + "thank-a-teacher/").content.decode()
    assert ("Put it live" if then == "live" else "Plan it") in page
    for _time in range(2):
        owner_client.post(CAMPAIGNS + "thank-a-teacher/release/")
    assert state(made) == then
    assert acts(brand) == ["drafted", "put_live"]


def test_a_draft_whose_days_are_over_is_not_put_live(
    owner_client: Client, campaign: Campaign
) -> None:
    with scope(brand=campaign.brand):
        Campaign.objects.update(is_draft=True, ends_on=date(2026, 1, 2))
    answer = owner_client.post(ONE + "release/", follow=True)
    assert "Its last day is over. Give it other days first." in answer.content.decode()
    assert state(campaign) == "draft"


def test_while_it_is_paused_nothing_counts(
    owner_client: Client, client: Client, brand: Brand, link: Link
) -> None:
    way = f"/l/{link.slug}/"
    for _time in range(2):
        owner_client.post(ONE + "pause/")
    assert state(link.campaign) == "paused"
    assert client.get(way, headers=BROWSER)["Location"] == "/shop/frosty-spoon/"
    assert visits(brand) == 0
    assert "It is paused" in owner_client.get(ONE).content.decode()
    owner_client.post(ONE + "resumption/")
    assert client.get(way, headers=BROWSER)["Location"].endswith("/c/two-for-the-weekend/")
    assert visits(brand) == 1
    assert acts(brand)[1:] == ["paused", "resumed"]
    told = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert "Campaign paused" in told
    assert "Campaign goes on" in told


def test_pausing_and_putting_away_say_what_stops(
    owner_client: Client, brand: Brand, link: Link
) -> None:
    with scope(brand=brand):
        links.add(campaign=link.campaign, channel="poster", name="Window")
        for visitor in ("amy", "ben", "cleo"):
            links.follow(link=link, visitor_id=visitor, now=timezone.now())
    words = plain_text(owner_client.get(ONE).content.decode())
    said = "2 links would lead to your shop and count nothing. There were 3 visits today."
    assert words.count(said) == 2  # in each dialog


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        ({"starts_on": _day(2), "ends_on": ""}, "It is live, and would stop with these days."),
        ({"starts_on": "2026-01-01", "ends_on": _day(-1), "began": "on"}, "would stop"),
    ],
)
def test_days_that_stop_it_are_asked_about(
    owner_client: Client, campaign: Campaign, days: dict[str, Any], asked: str
) -> None:
    refused = owner_client.post(ONE + "edit/", filled(**days))
    assert refused.status_code == 422
    words = plain_text(refused.content.decode())
    assert asked in words
    assert "0 links would lead to your shop" in words
    assert state(campaign) == "live"
    assert owner_client.post(ONE + "edit/", filled(**days, stops="on")).status_code == 302
    assert state(campaign) != "live"


def test_taking_its_last_treat_away_is_asked_about(
    owner_client: Client, campaign: Campaign, treat: Treat
) -> None:
    with scope(brand=campaign.brand):
        campaign.treats.set([treat])
    sent = filled(starts_on="2026-01-01", treats=[])
    refused = owner_client.post(ONE + "edit/", sent)
    assert refused.status_code == 422
    assert "Its page would show your whole menu." in plain_text(refused.content.decode())
    assert owner_client.post(ONE + "edit/", {**sent, "stops": "on"}).status_code == 302


def test_a_day_of_the_past_is_right_once_that_was_said(owner_client: Client, brand: Brand) -> None:
    past = filled(starts_on="2011-05-01", ends_on="")
    refused = owner_client.post(CAMPAIGNS + "new/", past)
    assert refused.status_code == 422
    assert "Yes, these days are right" in refused.content.decode()
    assert owner_client.post(CAMPAIGNS + "new/", {**past, "began": "on"}).status_code == 302
    with scope(brand=brand):
        assert Campaign.objects.get().starts_on == date(2011, 5, 1)


def test_a_treat_that_its_page_leaves_out_is_told(
    owner_client: Client, campaign: Campaign, store: Store, treat: Treat
) -> None:
    with scope(brand=campaign.brand):
        campaign.treats.set([treat])
    assert "Left out of its page" not in owner_client.get(ONE).content.decode()
    with scope(brand=campaign.brand):
        Treat.objects.update(is_active=False)
    assert "Left out of its page" in owner_client.get(ONE).content.decode()


def test_the_words_of_each_network_are_kept_and_told(
    owner_client: Client, campaign: Campaign, link: Link
) -> None:
    sent = filled(starts_on="2026-01-01", name=campaign.name, text_whatsapp="For\r\nyou two")
    assert owner_client.post(ONE + "edit/", sent).status_code == 302
    assert kept(campaign).share_texts == {"whatsapp": "For\nyou two"}
    assert "For\nyou two" in owner_client.get(ONE + "edit/").content.decode()
    told = plain_text(owner_client.get("/studio/frosty-spoon/audit/").content.decode())
    assert "Words for WhatsApp nothing → For you two" in told


def test_a_first_day_before_anybody_counted_is_refused_whatever_is_ticked(
    owner_client: Client, link: Link
) -> None:
    """A slip of the hand in a year would have its page look at two thousand of them."""
    for year in ("0001", "0202", "1999"):
        wrong = filled(starts_on=f"{year}-01-01", ends_on="", began="on", stops="on")
        for page in (CAMPAIGNS + "new/", ONE + "edit/"):
            answer = owner_client.post(page, wrong)
            assert answer.status_code == 422, (year, page)
            assert "Is the year right?" in answer.content.decode()


# --- A copy ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_links", [True, False])
def test_a_copy_is_a_draft_with_its_links_where_they_are_wanted(
    owner_client: Client, brand: Brand, link: Link, treat: Treat, with_links: bool
) -> None:
    campaign = link.campaign
    with scope(brand=brand):
        texts = {"x": "Two scoops"}
        Campaign.objects.update(ends_on=date(2026, 1, 31), spent=500, share_texts=texts)
        campaign.treats.set([treat])
        offer = make_offer(brand)
        Link.objects.filter(pk=link.pk).update(offer=offer)
        links.follow(link=link, visitor_id="amy", now=timezone.now())
    sent = {"links": "yes"} if with_links else {}
    places = [owner_client.post(ONE + "copy/", sent)["Location"] for _time in range(2)]
    assert [place.split("/")[-3] for place in places] == [
        "two-for-the-weekend-copy",
        "two-for-the-weekend-copy-2",
    ]
    with scope(brand=brand):
        first = Campaign.objects.select_related("brand").get(slug="two-for-the-weekend-copy")
        assert (first.name, first.headline, first.budget, first.spent) == (
            "Two for the weekend (copy)",
            campaign.headline,
            campaign.budget,
            None,
        )
        assert first.ends_on == first.starts_on + timedelta(days=30)
        assert first.share_texts == texts
        assert list(first.treats.all()) == [treat]
        copied = [(each.name, each.offer) for each in first.links.select_related("offer")]
        assert copied == [("Friday post", offer)] * with_links
        assert link.slug not in {each.slug for each in first.links.all()}
        assert not Visit.objects.filter(campaign=first).exists()
    assert state(first) == "draft"
    told = plain_text(owner_client.get("/studio/frosty-spoon/audit/").content.decode())
    assert "Copy of Two for the weekend" in told


@pytest.mark.django_db(transaction=True)
def test_a_copy_has_a_picture_of_its_own(
    owner_client: Client, campaign: Campaign, tmp_path: Any, settings: Any
) -> None:
    options = {**settings.STORAGES["pictures"]["OPTIONS"], "location": str(tmp_path)}
    settings.STORAGES["pictures"] = {**settings.STORAGES["pictures"], "OPTIONS": options}
    file = BytesIO()
    Image.new("RGB", (900, 600), "#c2185b").save(file, "JPEG")
    file.seek(0)
    with scope(brand=campaign.brand):
        upload(place=pictures.place(campaign), file=file, alt="Two", by=SYSTEM, now=timezone.now())
    relay.drain()
    owner_client.post(ONE + "copy/")
    relay.drain()
    with scope(brand=campaign.brand):
        copied = Campaign.objects.select_related("brand").get(slug="two-for-the-weekend-copy")
        both = [pictures.uploaded(each) for each in (campaign, copied)]
    assert [each["alt"] for each in both] == ["Two", "Two"]
    assert both[0]["wide"] != both[1]["wide"]
    shown = owner_client.get("/shop/frosty-spoon/c/two-for-the-weekend/").content.decode()
    assert both[0]["wide"][0][2] in shown


# --- The preview ----------------------------------------------------------------------------------------


def test_the_preview_shows_what_is_typed_and_writes_nothing(
    owner_client: Client, campaign: Campaign, store: Store, treat: Treat, owner: User
) -> None:
    typed = filled(
        headline="Long division, short queue",
        story="For teachers.",
        least_recipients="2",
        treats=[str(treat.pk)],
        starts_on="never",
    )
    for address in (ONE + "preview/", CAMPAIGNS + "new/preview/"):
        answer = owner_client.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "<h1>Long division, short queue</h1>" in page
        assert "For 2 friends or more" in page
        assert '<base target="_blank">' in page
        assert "form-action 'none'" in answer["Content-Security-Policy"]
    assert kept(campaign).headline == "Two friends, two scoops"
    assert acts(campaign.brand) == ["planned"]


def test_the_preview_of_what_is_typed_wrong_shows_what_is_kept(
    owner_client: Client, campaign: Campaign, store: Store, treat: Treat
) -> None:
    page = owner_client.post(ONE + "preview/", filled(headline="x" * 91)).content.decode()
    assert "<h1>Two friends, two scoops</h1>" in page
