"""Campaigns and their links: made, changed, put away, by those who may."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Campaign, Fact, Link, Visit
from campaigns.planning import campaigns
from campaigns.planning.views import cost_per_gift
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from redemption.models import AuditEntry
from tests.campaigns.conftest import BROWSER, new_fact, record
from tests.cast import make_free_treat
from tests.page_words import plain_text
from tests.redemption.codes.qr_reader import read_svg

CAMPAIGNS = "/studio/frosty-spoon/campaigns/"
ONE = CAMPAIGNS + "two-for-the-weekend/"
TEACHER = CAMPAIGNS + "thank-a-teacher/"
LINKS = "/studio/frosty-spoon/links/"


SEATTLE = ZoneInfo("America/Los_Angeles")


def _day(days: int) -> str:
    """So many days from the brand's today, as a form sends it."""
    return (timezone.now().astimezone(SEATTLE) + timedelta(days=days)).date().isoformat()


def filled(**changes: Any) -> dict[str, Any]:
    wanted = {
        "name": "Thank a teacher",
        "headline": "For the one who taught you long division",
        "starts_on": _day(0),
        "ends_on": _day(28),
        "budget": "250.50",
        "spent": "",
    }
    return {**wanted, **changes}


def all_of(brand: Brand) -> list[Campaign]:
    with scope(brand=brand):
        return list(Campaign.objects.all())


def test_a_campaign_is_made(owner_client: Client, owner: User, brand: Brand, treat: Treat) -> None:
    answer = owner_client.post(CAMPAIGNS + "new/", filled(treats=[str(treat.pk)]))
    assert answer["Location"] == CAMPAIGNS + "thank-a-teacher/"
    [made] = all_of(brand)
    assert (made.budget, made.spent, made.created_by) == (25_050, None, owner)
    assert made.is_draft
    with scope(brand=brand):
        assert list(made.treats.all()) == [treat]
    assert "Thank a teacher" in owner_client.get(CAMPAIGNS).content.decode()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": ""}, "This is still missing."),
        ({"name": "x" * 61}, "room for 60 characters"),
        ({"ends_on": _day(-4)}, "Which one is right?"),
        ({"starts_on": "someday"}, "Write the day as 2026-05-03."),
        ({"starts_on": "2011-05-01", "ends_on": ""}, "more than a year ago. Is the year right?"),
        ({"starts_on": "1999-05-01", "ends_on": "1999-05-31"}, "Is the year right?"),
        ({"starts_on": "9999-05-01", "ends_on": ""}, "more than five years from now"),
        ({"starts_on": _day(-1)}, "That day is over. Did it begin then?"),
        ({"story": "x" * 601}, "room for 600 characters"),
        ({"text_x": "x" * 281}, "room for 280 characters"),
        ({"art": "art/frosty-spoon/../x.svg"}, "Choose one from the list."),
        ({"ends_on": "9999-12-31"}, "more than five years from now"),
        ({"starts_on": _day(-30), "ends_on": _day(-3)}, "would never run. Is it right?"),
        ({"budget": "lots"}, "Write an amount, like 250."),
        ({"spent": "lots"}, "Write an amount, like 250."),
        ({"budget": "-5"}, "not less than nothing"),
        ({"budget": "1.234"}, "at most 2 digits"),
        ({"treats": ["00000000-0000-0000-0000-000000000000"]}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_is_explained_and_the_rest_kept(
    owner_client: Client, brand: Brand, changes: dict[str, Any], word: str
) -> None:
    page = owner_client.post(CAMPAIGNS + "new/", filled(**changes))
    assert page.status_code == 422
    assert word in page.content.decode()
    assert "long division" in page.content.decode()
    assert all_of(brand) == []


def test_sending_the_form_twice_makes_one(owner_client: Client, brand: Brand) -> None:
    owner_client.post(CAMPAIGNS + "new/", filled())
    again = owner_client.post(CAMPAIGNS + "new/", filled(name="thank a TEACHER"))
    assert "already have a campaign of this name" in again.content.decode()
    assert len(all_of(brand)) == 1


def test_a_treat_of_another_brand_cannot_be_picked(
    owner_client: Client, brand: Brand, other_brand: Brand
) -> None:
    from tests.cast import make_treat

    with scope(brand=other_brand):
        foreign = make_treat(other_brand)
    page = owner_client.post(CAMPAIGNS + "new/", filled(treats=[str(foreign.pk)]))
    assert "Choose one from the list." in page.content.decode()


def test_changing_keeps_the_address(owner_client: Client, campaign: Campaign) -> None:
    shown = owner_client.get(ONE + "edit/").content.decode()
    assert 'value="600.00"' in shown
    answer = owner_client.post(ONE + "edit/", filled(budget=""))
    assert answer["Location"] == ONE
    [changed] = all_of(campaign.brand)
    assert (changed.name, changed.slug) == ("Thank a teacher", "two-for-the-weekend")
    assert changed.budget is None


def test_its_own_name_is_not_in_the_way(owner_client: Client, campaign: Campaign) -> None:
    answer = owner_client.post(ONE + "edit/", filled(name=campaign.name))
    assert answer.status_code == 302


@pytest.mark.parametrize("address", ["new/", "two-for-the-weekend/edit/"])
def test_finance_may_look_but_not_change(
    client_of: Callable[[User], Client], finance: User, link: Link, address: str
) -> None:
    client = client_of(finance)
    assert client.get(CAMPAIGNS).status_code == 200
    page = client.get(ONE).content.decode()
    assert "Add a link" not in page
    assert "Change" not in page
    assert client.get(CAMPAIGNS + address).status_code == 404
    assert client.post(CAMPAIGNS + address, filled()).status_code == 404
    assert client.post(ONE + "links/", {"channel": "poster", "name": "x"}).status_code == 404
    assert client.post(ONE + "archival/").status_code == 404


def test_a_marketer_may_change(
    client_of: Callable[[User], Client], marketer: User, campaign: Campaign
) -> None:
    assert client_of(marketer).post(ONE + "edit/", filled()).status_code == 302


@pytest.mark.parametrize("path", ["", "edit/", "links/", "archival/", "return/"])
def test_a_stranger_finds_nothing(
    client_of: Callable[[User], Client], eve: User, link: Link, path: str
) -> None:
    client = client_of(eve)
    assert client.get(ONE + path).status_code in {404, 405}
    assert client.post(ONE + path, filled()).status_code in {404, 405}
    theirs = ONE.replace("frosty-spoon", "harbor-bean") + path
    assert client.get(theirs).status_code in {404, 405}
    assert client.post(theirs, filled()).status_code in {404, 405}
    assert client.get(f"/studio/harbor-bean/links/{link.slug}.svg").status_code == 404


def test_a_link_is_added_once(owner_client: Client, campaign: Campaign) -> None:
    form = {"channel": "poster", "name": "Window at Pike Street", "treat": ""}
    assert owner_client.post(ONE + "links/", form)["Location"] == ONE + "#its-links"
    again = owner_client.post(ONE + "links/", form)
    assert again.status_code == 422
    assert "has a link of this name already" in again.content.decode()
    with scope(brand=campaign.brand):
        link = Link.objects.get()
    assert f"/l/{link.slug}/" in owner_client.get(ONE).content.decode()


def test_a_links_qr_says_its_address(owner_client: Client, link: Link) -> None:
    answer = owner_client.get(f"/studio/frosty-spoon/links/{link.slug}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert f"{link.slug}.svg" in answer["Content-Disposition"]
    assert read_svg(answer.content.decode()) == f"http://127.0.0.1:8000/l/{link.slug}/"


def test_put_away_and_brought_back(owner_client: Client, campaign: Campaign) -> None:
    owner_client.post(ONE + "archival/")
    owner_client.post(ONE + "archival/")
    assert all_of(campaign.brand)[0].archived_at is not None
    assert "1 put away" in owner_client.get(CAMPAIGNS).content.decode()
    owner_client.post(ONE + "return/")
    assert all_of(campaign.brand)[0].archived_at is None


def test_its_page_shows_its_own_figures_and_what_a_gift_cost(
    owner_client: Client, campaign: Campaign
) -> None:
    brand, now = campaign.brand, timezone.now()
    with scope(brand=brand):
        mine = new_fact(brand, quantity=3, amount=1950, occurred_at=now, campaign=campaign)
        record(mine)
        record(new_fact(brand, amount=88_800, occurred_at=now))
        for _ in range(4):
            redeemed = new_fact(brand, Fact.Topic.CODE_REDEEMED, occurred_at=now, campaign=campaign)
            record(redeemed)
    text = owner_client.get(ONE).content.decode()
    assert "$19.50" in text
    assert "$888" not in text
    assert "Planned spend" in text
    assert "Nothing is noted as spent yet." in text
    with scope(brand=brand):
        Campaign.objects.update(spent=60_000)
    text = owner_client.get(ONE).content.decode()
    assert "$150.00" in text
    assert "$600.00 spent, over 4 redeemed so far" in text
    listing = owner_client.get("/studio/frosty-spoon/figures/revenue/?campaign=" + campaign.slug)
    assert [row.amount for row in listing.context["page"].rows] == [1950]


@pytest.mark.parametrize(
    ("spent", "redeemed", "cost"),
    [(60_000, 400, 150), (100, 3, 33), (None, 4, None), (100, 0, None), (100, -1, None)],
)
def test_cost_per_gift(spent: int | None, redeemed: int, cost: int | None) -> None:
    assert cost_per_gift(spent, redeemed) == cost


def days_ago(days: int, brand: Brand) -> date:
    return (timezone.now().astimezone(brand.tz) - timedelta(days=days)).date()


@pytest.fixture
def ended(campaign: Campaign) -> Campaign:
    """It ran for twenty days and ended 25 days ago. Of thirty gifts sold, ten came in its days, fifteen
    later; a sender who had followed its link bought one more after it."""
    brand = campaign.brand
    campaign.starts_on, campaign.ends_on = days_ago(44, brand), days_ago(25, brand)
    with scope(brand=brand):
        campaign.save()
        for days, sold, redeemed in ((30, 30, (28,) * 10 + (5,) * 15), (24, 1, ())):
            at = timezone.now() - timedelta(days=days)
            by = {"campaign": campaign, "sold_at": at}
            order = new_fact(brand, quantity=sold, amount=650 * sold, occurred_at=at, **by)
            record(order)
            for later in redeemed:
                at = timezone.now() - timedelta(days=later)
                of = {**by, "order_id": order.subject_id}
                record(new_fact(brand, Fact.Topic.CODE_REDEEMED, occurred_at=at, **of))
    return campaign


def test_a_campaign_that_ended_opens_on_its_own_days(owner_client: Client, ended: Campaign) -> None:
    dashboard = owner_client.get(ONE).context["dashboard"]
    assert dashboard.days_answer == (
        "Sold in these days: 30, so far 25 of them redeemed (83%). "
        "Redeemed in these days: 10, whenever they were sold."
    )
    assert not dashboard.goes_on


def test_its_card_in_the_list_and_its_page_agree(owner_client: Client, ended: Campaign) -> None:
    [row] = owner_client.get(CAMPAIGNS).context["current"]
    assert row["figures"] == owner_client.get(ONE).context["dashboard"].now
    assert (row["figures"].gifts_sold, row["figures"].redeemed) == (30, 10)


@pytest.mark.parametrize("days", ["own", "7", "28", "56"])
def test_days_in_which_it_did_not_run_are_compared_with_nothing(
    owner_client: Client, ended: Campaign, days: str
) -> None:
    page = owner_client.get(ONE, {"days": days})
    told = {tile.compare for tile in page.context["dashboard"].tiles if not tile.unknown}
    assert told == {"nothing earlier to compare with"}


def test_the_rows_behind_its_figures_are_of_its_own_days(
    owner_client: Client, ended: Campaign
) -> None:
    tile = next(
        t for t in owner_client.get(ONE).context["dashboard"].tiles if "redeemed/" in t.href
    )
    rows = owner_client.get(tile.href).context["page"].rows
    assert sum(row.quantity for row in rows) == int(tile.value) == 10


def test_one_put_away_ends_that_day(owner_client: Client, ended: Campaign) -> None:
    with scope(brand=ended.brand):
        ended.archived_at = timezone.now() - timedelta(days=29)
        ended.save()
    [row] = owner_client.get(CAMPAIGNS).context["archived"]
    assert row["figures"] == owner_client.get(ONE).context["dashboard"].now
    assert (row["figures"].gifts_sold, row["figures"].redeemed) == (30, 0)


@pytest.mark.parametrize(
    ("typed", "leads_to", "kept", "words"),
    [
        ("37", "a-gift", 3_700, ""),
        ("", "a-gift", None, ""),
        ("4", "a-gift", None, "Choose an amount from $5.00 to $200.00."),
        ("much", "a-gift", None, "Write an amount, like 250."),
        ("37", "double-scoop", None, "Choose a gift of any amount above, or leave this empty."),
        ("37", "", None, "Choose a gift of any amount above, or leave this empty."),
    ],
)
def test_a_link_chooses_an_amount(
    owner_client: Client, brand: Brand, campaign: Campaign, treat: Treat,
    typed: str, leads_to: str, kept: int | None, words: str,
) -> None:  # fmt: skip
    treats = {treat.slug: treat.pk, "a-gift": make_free_treat(brand).pk, "": ""}
    sent = {"channel": "poster", "name": "Window", "treat": treats[leads_to], "amount": typed}
    answer = owner_client.post(ONE + "links/", sent)
    page = owner_client.get(ONE) if answer.status_code == 302 else answer
    assert answer.status_code == (422 if words else 302)
    assert words in page.content.decode()
    assert ("$37.00" in page.content.decode()) is bool(kept)
    with scope(brand=brand):
        assert list(Link.objects.values_list("amount", flat=True)) == ([] if words else [kept])


# --- A link, once it is there ---------------------------------------------------------------------------


def _acts(brand: Brand) -> list[tuple[str, dict[str, Any]]]:
    with scope(brand=brand):
        found = AuditEntry.objects.filter(act__regex="^(link|campaign)[.]").order_by("number")
        return [(entry.act, entry.details.get("changes", {})) for entry in found]


def test_a_typing_mistake_in_a_link_is_mended_and_its_address_stays(
    owner_client: Client, brand: Brand, link: Link, treat: Treat
) -> None:
    page = owner_client.get(f"{LINKS}{link.slug}/")
    form = page.context["form"]
    sent = {
        "channel": "tiktok",
        "name": "Sunday post",
        "treat": treat.pk,
        "version": form["version"].value(),
    }
    answer = owner_client.post(f"{LINKS}{link.slug}/change/", sent)
    assert answer["Location"] == f"{LINKS}{link.slug}/"
    with scope(brand=brand):
        kept = Link.objects.get()
    assert (kept.name, kept.channel, kept.treat, kept.slug) == (
        "Sunday post",
        "tiktok",
        treat,
        link.slug,
    )
    assert _acts(brand)[-1] == (
        "link.changed",
        {
            "channel": ["instagram", "tiktok"],
            "name": ["Friday post", "Sunday post"],
            "treat": [None, treat.name],
        },
    )
    told = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert "Friday post → Sunday post" in told
    again = owner_client.post(f"{LINKS}{link.slug}/change/", {**sent, "name": "Monday post"})
    assert again.status_code == 409
    assert "Sunday post" in again.content.decode()


def test_a_link_is_moved_to_another_campaign_and_its_address_stays(
    owner_client: Client, brand: Brand, link: Link
) -> None:
    page = owner_client.get(f"{LINKS}{link.slug}/").content.decode()
    assert "Move it to another campaign" not in page  # there is none
    with scope(brand=brand):
        other = campaigns.plan(brand=brand, name="Thank a teacher", starts_on=date(2026, 1, 1))
        links.add(campaign=other, channel="poster", name="Friday POST")
    move = f"{LINKS}{link.slug}/campaign/"
    refused = owner_client.post(move, {"campaign": str(other.pk)})
    assert refused.status_code == 422
    assert "Rename this one first." in refused.content.decode()
    with scope(brand=brand):
        Link.objects.exclude(pk=link.pk).update(name="Window")
    for _time in range(2):
        answer = owner_client.post(move, {"campaign": str(other.pk)}, follow=True)
        assert "From now on it counts for “Thank a teacher”." in answer.content.decode()
    with scope(brand=brand):
        assert Link.objects.get(pk=link.pk).campaign == other
    assert [act for act, _changes in _acts(brand)].count("link.moved") == 1
    told = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert "Two for the weekend → Thank a teacher" in told


def test_a_moved_link_stands_with_its_figures_where_it_was(
    owner_client: Client, brand: Brand, link: Link
) -> None:
    with scope(brand=brand):
        links.follow(link=link, visitor_id="amy", now=timezone.now())
        other = campaigns.plan(brand=brand, name="Thank a teacher", starts_on=date(2026, 1, 1))
        links.move(link, to=other)
    before, now = (plain_text(owner_client.get(each).content.decode()) for each in (ONE, TEACHER))
    assert "Counts for Thank a teacher by now" in before
    assert "Friday post" in now
    assert "by now" not in now


def test_a_link_to_a_treat_that_is_off_the_menu_keeps_it(
    owner_client: Client, brand: Brand, link: Link, treat: Treat
) -> None:
    with scope(brand=brand):
        Link.objects.update(treat=treat)
        Treat.objects.update(is_active=False)
    shown = owner_client.get(f"{LINKS}{link.slug}/").context["form"]
    sent = {each.html_name: each.value() or "" for each in shown}
    owner_client.post(f"{LINKS}{link.slug}/change/", {**sent, "name": "Sunday post"})
    with scope(brand=brand):
        kept = Link.objects.get()
    assert (kept.name, kept.treat_id) == ("Sunday post", treat.pk)


@pytest.mark.parametrize(
    ("currency", "amount"), [("KWD", 5_500), ("KWD", 1_250_500), ("USD", 3_700)]
)
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_link_is_renamed_with_the_amount_that_it_shows(
    owner_client: Client, brand: Brand, link: Link, currency: str, amount: int, language: str
) -> None:
    Brand.objects.update(currency=currency)
    free = make_free_treat(brand)
    with scope(brand=brand):
        free.prices.update(amount=100, most=9_000_000, suggested=[])
        Link.objects.update(treat=free, amount=amount)
    asked = {"Accept-Language": language}
    shown = owner_client.get(f"{LINKS}{link.slug}/", headers=asked).context["form"]
    sent = {each.html_name: each.value() or "" for each in shown}
    sent["name"] = "Sunday post"
    answer = owner_client.post(f"{LINKS}{link.slug}/change/", sent, headers=asked)
    assert answer.status_code == 302, answer.content.decode()
    with scope(brand=brand):
        kept = Link.objects.get()
    assert (kept.name, kept.amount) == ("Sunday post", amount)


def test_a_link_can_not_take_the_name_of_another(
    owner_client: Client, brand: Brand, link: Link
) -> None:
    with scope(brand=brand):
        links.add(campaign=link.campaign, channel="poster", name="Window")
    sent = {"channel": "poster", "name": "window"}
    answer = owner_client.post(f"{LINKS}{link.slug}/change/", sent)
    assert answer.status_code == 422
    assert "This campaign has a link of this name already." in answer.content.decode()
    same = owner_client.post(f"{LINKS}{link.slug}/change/", {**sent, "name": "FRIDAY post"})
    assert same.status_code == 302


def test_a_retired_link_leads_to_the_shop_and_counts_no_more(
    owner_client: Client, client: Client, brand: Brand, link: Link, treat: Treat
) -> None:
    with scope(brand=brand):
        Link.objects.update(treat=treat)
    way = f"/l/{link.slug}/"
    for act in ("retirement", "retirement"):
        owner_client.post(f"{LINKS}{link.slug}/{act}/")
    assert client.get(way, headers=BROWSER)["Location"] == "/shop/frosty-spoon/"
    with scope(brand=brand):
        assert not Visit.objects.exists()
    assert "Retired" in owner_client.get(ONE).content.decode()
    owner_client.post(f"{LINKS}{link.slug}/return/")
    assert (
        client.get(way, headers=BROWSER)["Location"]
        == "/shop/frosty-spoon/c/two-for-the-weekend/?treat=double-scoop"
    )
    with scope(brand=brand):
        assert Visit.objects.count() == 1
    assert [act for act, _changes in _acts(brand)][-2:] == ["link.retired", "link.restored"]


def test_each_act_on_a_campaign_is_on_the_audit_log(
    owner_client: Client, owner: User, brand: Brand
) -> None:
    owner_client.post(CAMPAIGNS + "new/", filled())
    one = CAMPAIGNS + "thank-a-teacher/"
    owner_client.post(one + "edit/", filled(budget="300"))
    owner_client.post(one + "edit/", filled(budget="300"))
    for act in ("archival", "archival", "return", "return"):
        owner_client.post(one + f"{act}/")
    assert _acts(brand) == [
        ("campaign.drafted", {}),
        ("campaign.changed", {"budget": [25_050, 30_000]}),
        ("campaign.archived", {}),
        ("campaign.restored", {}),
    ]
    with scope(brand=brand):
        assert {entry.actor_id for entry in AuditEntry.objects.all()} == {owner.pk}
    assert "$250.50 → $300.00" in owner_client.get("/studio/frosty-spoon/audit/").content.decode()


def test_an_amount_is_asked_for_only_where_there_is_one(
    owner_client: Client, brand: Brand, campaign: Campaign, treat: Treat
) -> None:
    assert 'name="amount"' not in owner_client.get(ONE).content.decode()
    make_free_treat(brand)
    assert 'name="amount"' in owner_client.get(ONE).content.decode()
