"""Links: their addresses, when they count, where they lead."""

import re
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction

from brands.models import Brand
from campaigns.dashboard.figures import FIGURES
from campaigns.dashboard.period import Period
from campaigns.links import attribution, links
from campaigns.links.followed import headline
from campaigns.links.utm import with_utm
from campaigns.models import Campaign, Link, Rollup, Visit
from campaigns.planning import campaigns
from campaigns.rows.asked import RowsAsked
from core import crypto
from core.ids import uuid7
from giftshop.accounts.store_sets import EVERYWHERE
from giftshop.catalog.models import Treat
from tests.campaigns.conftest import NOON
from tests.cast import make_free_treat

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_an_address_reads_well_and_cannot_be_guessed_from_another() -> None:
    slugs = {links.new_slug("Window at Pike Street") for _ in range(50)}
    assert len(slugs) == 50
    assert all(re.fullmatch(r"window-at-pike-street-[a-z0-9]{5}", slug) for slug in slugs)


@pytest.mark.parametrize("name", ["!!!", "抹茶", "x" * 60])
def test_any_name_makes_an_address_that_fits(name: str) -> None:
    assert 6 < len(links.new_slug(name)) <= 40


def test_a_campaign_has_one_link_of_a_name(in_brand: Brand, link: Link) -> None:
    with pytest.raises(IntegrityError):
        links.add(campaign=link.campaign, channel="poster", name="FRIDAY POST")


def test_a_link_counts_while_its_campaign_runs(in_brand: Brand, link: Link) -> None:
    campaign = link.campaign
    campaign.starts_on = campaign.ends_on = NOON.date()
    assert links.counts_now(link, now=NOON)
    assert not links.counts_now(link, now=NOON - DAY)
    assert not links.counts_now(link, now=NOON + DAY)
    campaigns.archive(campaign)
    assert not links.counts_now(link, now=NOON)


def test_following_records_a_visit_and_nothing_that_tells_who(in_brand: Brand, link: Link) -> None:
    links.follow(link=link, visitor_id="amy", new_visitor=True, now=NOON)
    visit = Visit.objects.get()
    assert b"amy" not in bytes(visit.visitor)
    assert {field.name for field in Visit._meta.fields} == {
        "id",
        "brand",
        "link",
        "campaign",
        "visitor",
        "new_visitor",
        "is_repeat",
        "said_yes",
        "source",
        "at",
    }
    assert Rollup.objects.seen_by(Rollup.Grain.LINK).get().visits == 1


def test_what_a_link_brought_stays_with_the_campaign_that_it_came_for(
    in_brand: Brand, link: Link
) -> None:
    first, other = (
        link.campaign,
        campaigns.plan(
            brand=in_brand, name="Thank a teacher", starts_on=NOON.date(), headline="Long division"
        ),
    )
    links.follow(link=link, visitor_id="amy", now=NOON)
    links.move(link, to=other, now=NOON)
    moved = Link.objects.with_everything().get()
    links.follow(link=moved, visitor_id="ben", now=NOON)
    assert dict(
        Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN).values_list("campaign__name", "visits")
    ) == {first.name: 1, other.name: 1}
    period = Period(NOON.date(), NOON.date())
    for campaign, visitor in ((first, "amy"), (other, "ben")):
        asked = RowsAsked(FIGURES["visits"], in_brand, EVERYWHERE, period, campaign=campaign)
        [visit] = asked.rows()
        assert bytes(visit.visitor) == crypto.token_digest(visitor)
    earned = attribution.of_orders([placed(in_brand, "amy"), placed(in_brand, "ben")])
    assert {by.campaign_id for by in earned.values()} == {first.pk, other.pk}
    assert {by.link_id for by in earned.values()} == {link.pk}
    assert headline(brand=in_brand, visitor_id="amy", now=NOON) == first.headline
    assert headline(brand=in_brand, visitor_id="ben", now=NOON) == "Long division"


def placed(brand: Brand, visitor: str) -> attribution.Placed:
    return attribution.Placed(uuid7(), brand.pk, crypto.token_digest(visitor), NOON + HOUR)


def test_a_visit_of_old_is_given_the_campaign_of_its_link(in_brand: Brand, link: Link) -> None:
    """As the migration fills it; the guard stands afterwards."""
    links.follow(link=link, visitor_id="amy", now=NOON)
    [migration] = migrations_called("visit_campaign")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE campaigns_visit ALTER campaign_id DROP NOT NULL")
        cursor.execute("ALTER TABLE campaigns_visit DISABLE TRIGGER USER")
        cursor.execute("UPDATE campaigns_visit SET campaign_id = NULL")
        cursor.execute("ALTER TABLE campaigns_visit ENABLE TRIGGER USER")
        cursor.execute(import_module(f"campaigns.migrations.{migration}").FILL)
    assert Visit.objects.get().campaign_id == link.campaign_id
    with pytest.raises(Error, match="only ever added"), transaction.atomic():
        Visit.objects.update(source="x")


def migrations_called(ending: str) -> list[str]:
    """The migrations called so, whatever their numbers."""
    found = iter_modules(import_module("campaigns.migrations").__path__)
    return [module.name for module in found if module.name.endswith(ending)]


PAGE = "/shop/frosty-spoon/c/two-for-the-weekend/"


def test_it_leads_to_its_campaigns_page_and_to_its_treat_there(
    in_brand: Brand, link: Link, treat: Treat
) -> None:
    assert links.destination(link) == PAGE
    link.treat = treat
    assert links.destination(link) == f"{PAGE}?treat=double-scoop"
    treat.is_active = False
    treat.save()
    assert links.destination(link) == PAGE


@pytest.mark.parametrize(
    "state", [{"paused_at": NOON}, {"is_draft": True}, {"archived_at": NOON}, {"ends_on": NOON}]
)
def test_while_its_campaign_is_not_live_it_leads_to_the_shop_and_counts_nothing(
    in_brand: Brand, link: Link, state: dict[str, Any]
) -> None:
    Campaign.objects.filter(pk=link.campaign_id).update(**state)
    kept = Link.objects.with_everything().get()
    later = NOON + 2 * DAY
    assert not links.counts_now(kept, now=later)
    assert links.destination(kept, now=later) == "/shop/frosty-spoon/"


def test_an_amount_goes_along_while_its_treat_is_given_for_it(
    in_brand: Brand, campaign: Campaign
) -> None:
    gift = make_free_treat(in_brand)
    link = links.add(campaign=campaign, channel="poster", name="Window", treat=gift, amount=3_700)
    at = f"{PAGE}?treat=a-gift&choice=a-gift%3Aone%3A3700"
    assert links.destination(link) == at
    assert with_utm(at, {"utm_source": "card"}) == f"{at}&utm_source=card"
    gift.prices.update(most=3_000, suggested=[])
    assert links.destination(link) == f"{PAGE}?treat=a-gift"


def test_two_names_that_read_alike_get_two_addresses(in_brand: Brand, campaign: Campaign) -> None:
    again = campaigns.plan(brand=in_brand, name="Two for the week end!", starts_on=NOON.date())
    third = campaigns.plan(brand=in_brand, name="Two for the weekend?", starts_on=NOON.date())
    new = campaigns.plan(brand=in_brand, name="New", starts_on=NOON.date())
    slugs = [campaign.slug, again.slug, third.slug]
    assert slugs == ["two-for-the-weekend", "two-for-the-week-end", "two-for-the-weekend-2"]
    assert new.slug != "new"
