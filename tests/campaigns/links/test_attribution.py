"""The rule of attribution, as a table and as properties; and what inherits it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from brands.models import Brand
from campaigns.facts.subjects import NOBODY, Subject, subjects_of
from campaigns.links import attribution, links
from campaigns.links.attribution import WINDOW, Earned, Placed, earning_visit
from campaigns.models import Attribution, Campaign, Link
from campaigns.planning import campaigns
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from redemption.models import Code
from tests.campaigns.conftest import NOON
from tests.cast import Place, pay

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FIRST_ID = UUID(int=0)


@dataclass(frozen=True)
class Seen:
    name: str
    at: datetime
    id: UUID = FIRST_ID


@pytest.mark.parametrize(
    ("visits", "earned"),
    [
        ([], None),
        ([("poster", -DAY)], "poster"),
        ([("poster", -3 * DAY), ("post", -DAY)], "post"),
        ([("post", -DAY), ("poster", -3 * DAY)], "post"),
        ([("poster", -30 * DAY)], "poster"),
        ([("poster", -30 * DAY - SECOND)], None),
        ([("poster", timedelta(0))], "poster"),
        ([("poster", SECOND)], None),
        ([("poster", -DAY), ("post", SECOND)], "poster"),
        ([("poster", -31 * DAY), ("post", -29 * DAY), ("letter", 2 * DAY)], "post"),
    ],
)
def test_the_last_link_within_thirty_days_before_the_order_earns_it(
    visits: list[tuple[str, timedelta]], earned: str | None
) -> None:
    seen = [Seen(name, NOON + offset) for name, offset in visits]
    found = earning_visit(seen, ordered_at=NOON)
    assert (found.name if found else None) == earned


def test_of_two_visits_at_one_instant_the_later_made_earns() -> None:
    seen = [Seen("later", NOON, UUID(int=2)), Seen("earlier", NOON, UUID(int=1))]
    found = earning_visit(seen, ordered_at=NOON)
    assert found is not None
    assert found.name == "later"


MOMENTS = st.integers(-60 * 24, 60 * 24).map(lambda hours: NOON + timedelta(hours=hours))


@given(st.lists(st.tuples(MOMENTS, st.uuids())), MOMENTS, st.randoms())
def test_the_answer_is_in_time_unsurpassed_and_independent_of_order(
    visits: list[tuple[datetime, UUID]], ordered_at: datetime, random: object
) -> None:
    seen = [Seen("", at, key) for at, key in visits]
    found = earning_visit(seen, ordered_at=ordered_at)
    in_time = [visit for visit in seen if timedelta(0) <= ordered_at - visit.at <= WINDOW]
    assert (found is None) == (not in_time)
    if found is not None:
        assert found in in_time
        assert all((visit.at, visit.id) <= (found.at, found.id) for visit in in_time)
    random.shuffle(seen)  # type: ignore[attr-defined]
    again = earning_visit(seen, ordered_at=ordered_at)
    assert (again and (again.at, again.id)) == (found and (found.at, found.id))


def placed(order: Order) -> Placed:
    return Placed(order.pk, order.brand_id, bytes(order.visitor), order.placed_at)


def earned_by(order: Order) -> Earned:
    return attribution.of_orders([placed(order)])[order.pk]


def test_an_order_is_earned_by_its_own_visitors_last_link(
    in_brand: Brand, campaign: Campaign, link: Link, place: Place
) -> None:
    other = links.add(campaign=campaign, channel=Link.Channel.POSTER, name="Window")
    links.follow(link=other, visitor_id="amy", now=NOON - 2 * DAY)
    links.follow(link=link, visitor_id="amy", now=NOON - DAY)
    links.follow(link=other, visitor_id="somebody else", now=NOON)
    earned = earned_by(place(visitor_id="amy", now=NOON))
    assert earned == (campaign.pk, link.pk)


def test_a_decision_stands_whatever_is_seen_later(
    in_brand: Brand, link: Link, place: Place
) -> None:
    order = place(visitor_id="amy", now=NOON)
    assert earned_by(order) == NOBODY
    links.follow(link=link, visitor_id="amy", now=NOON - DAY)
    assert earned_by(order) == NOBODY
    assert Attribution.objects.count() == 1


def test_no_visitor_id_is_nobodys_order(in_brand: Brand, link: Link, place: Place) -> None:
    links.follow(link=link, visitor_id="", now=NOON - DAY)
    assert earned_by(place(now=NOON)) == NOBODY


def test_orders_are_decided_each_for_itself_in_four_statements(
    in_brand: Brand, link: Link, place: Place, django_assert_max_num_queries: Any
) -> None:
    for name in ("amy", "ben"):
        links.follow(link=link, visitor_id=name, now=NOON - DAY)
    orders = [place(visitor_id=name, now=NOON) for name in ("amy", "ben", "cleo", "")]
    orders.append(place(visitor_id="amy", now=NOON + 2 * WINDOW))
    with django_assert_max_num_queries(4):
        earned = attribution.of_orders([placed(order) for order in orders])
    assert [earned[order.pk].link_id for order in orders] == [link.pk, link.pk, None, None, None]


def test_an_order_costs_one_visit_however_many_its_browser_made(
    in_brand: Brand, campaign: Campaign, link: Link, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever follows links by script holds up no other facts."""
    other = links.add(campaign=campaign, channel=Link.Channel.POSTER, name="Window")
    for number in range(50):
        links.follow(link=other, visitor_id="amy", now=NOON - DAY - number * SECOND)
    links.follow(link=link, visitor_id="amy", now=NOON - DAY)  # at the same moment, but later made
    read, decide = list[object](), attribution.earning_visit

    def noted(visits: list[Any], ordered_at: datetime) -> Any:
        read.extend(visits)
        return decide(visits, ordered_at=ordered_at)

    monkeypatch.setattr(attribution, "earning_visit", noted)
    assert earned_by(place(visitor_id="amy", now=NOON)).link_id == link.pk
    assert len(read) == 1


def test_what_somebody_else_decides_meanwhile_stands(
    in_brand: Brand, link: Link, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place(visitor_id="amy", now=NOON)
    visit = links.follow(link=link, visitor_id="amy", now=NOON - DAY)

    def decide_late(_visits: object, ordered_at: datetime) -> None:
        Attribution.objects.create(
            brand=in_brand,
            order_id=order.pk,
            link=link,
            campaign=link.campaign,
            visit_id=visit.pk,
            decided_at=ordered_at,
        )

    monkeypatch.setattr(attribution, "earning_visit", decide_late)
    assert earned_by(order).link_id == link.pk


def subject_of(brand: Brand, code: Code) -> Subject:
    """What a redemption of the code is a fact of."""
    told = Message(topic="code.redeemed", brand_id=brand.pk, payload={"code_id": str(code.pk)})
    return subjects_of([told])[code.pk]


def test_a_code_inherits_from_the_order_of_its_gift(
    in_brand: Brand, link: Link, place: Place
) -> None:
    links.follow(link=link, visitor_id="amy", now=NOON - DAY)
    gift = pay(place(visitor_id="amy", now=NOON), now=NOON).gifts.all()[0]
    subject = subject_of(in_brand, gift.code)
    assert (subject.earned.link_id, subject.gift_id) == (link.pk, gift.pk)


def test_a_code_given_away_belongs_to_its_campaign(
    in_brand: Brand, campaign: Campaign, code: Code
) -> None:
    give_away(code, campaign)
    assert subject_of(in_brand, code).earned == (campaign.pk, None)
    assert subject_of(in_brand, code).gift_id is None


def test_a_campaign_of_another_brand_earns_nothing(
    in_brand: Brand, other_brand: Brand, code: Code
) -> None:
    with scope(brand=other_brand):
        foreign = campaigns.plan(brand=other_brand, name="Theirs", starts_on=NOON.date())
    give_away(code, foreign)
    assert subject_of(in_brand, code).earned == NOBODY


def give_away(code: Code, campaign: Campaign) -> None:
    Gift.objects.filter(code=code).update(code=None)
    Code.objects.filter(pk=code.pk).update(campaign_id=campaign.pk)
