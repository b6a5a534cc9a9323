"""A treat may be on sale in some days only, by the brand's calendar; what was bought in them stays good."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Campaign, Link
from giftshop.accounts.models import User
from giftshop.catalog import menu
from giftshop.catalog.models import Treat
from giftshop.giving import drafts
from giftshop.orders.checkout import OrderRefused
from giftshop.reviews import rank
from giftshop.reviews.models import Standing
from redemption.models import AuditEntry, Device
from redemption.redeem.redeem import redeem
from tests.cast import Place, pay, symbols
from tests.giftshop.catalog.test_later_prices import sent
from tests.giftshop.giving.steps import ready_draft

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 12, 5), date(2026, 12, 24)
MIDNIGHT = datetime(2026, 12, 5, 8, tzinfo=UTC)
"""In Los Angeles, where the brand is at home."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OVER = MIDNIGHT + 20 * DAY
PAGE = "/studio/frosty-spoon/menu/double-scoop/"


@pytest.fixture
def seasonal(treat: Treat, store: Store) -> Treat:
    treat.on_sale_from, treat.on_sale_until = FIRST, LAST
    treat.save()
    return treat


@pytest.mark.parametrize(
    ("now", "is_there"),
    [
        (MIDNIGHT - MINUTE, False),
        (MIDNIGHT, True),
        (OVER - MINUTE, True),
        (OVER, False),
    ],
)
def test_it_is_offered_from_the_brands_midnight_to_that_of_its_last_day(
    brand: Brand, seasonal: Treat, place: Place, client: Client, now: datetime, is_there: bool
) -> None:
    campaign = Campaign(brand=brand, slug="x", starts_on=FIRST - 9 * DAY)
    link = Link(brand=brand, treat=seasonal, campaign=campaign, slug="x")
    with time_machine.travel(now, tick=False):
        shop = client.get("/shop/frosty-spoon/").content.decode()
        assert ('id="treat-double-scoop"' in shop) is is_there
        assert ("On sale until Dec. 24, 2026" in shop) is is_there
        asked = client.get("/shop/frosty-spoon/questions/").content.decode()
        assert ('value="double-scoop"' in asked) is is_there
        assert ("?treat=" in links.destination(link)) is is_there
        with scope(brand=brand):
            assert bool(menu.read(brand, now).offers()) is is_there
            begun = drafts.begin(brand=brand, session=client.session, treat_slug=seasonal.slug)
            assert ("choice" in begun.data) is is_there
        if is_there:
            place()
        else:
            with pytest.raises(OrderRefused, match="no longer on the menu"):
                place()


def test_an_end_or_a_beginning_may_be_missing(brand: Brand, seasonal: Treat) -> None:
    seasonal.on_sale_from = None
    seasonal.save()
    with scope(brand=brand):
        assert Treat.objects.on_sale(FIRST - DAY).exists()
        assert not Treat.objects.on_sale(LAST + DAY).exists()
        Treat.objects.update(on_sale_from=FIRST, on_sale_until=None)
        assert not Treat.objects.on_sale(FIRST - DAY).exists()
        assert Treat.objects.on_sale(LAST + DAY).exists()


def test_a_draft_whose_treat_has_ended_asks_for_another(
    brand: Brand, seasonal: Treat, client: Client
) -> None:
    with time_machine.travel(MIDNIGHT, tick=False):
        draft = ready_draft(client, brand, seasonal)
    with scope(brand=brand), pytest.raises(drafts.DraftIncomplete) as told:
        drafts.read(draft, OVER)
    assert told.value.step == "what"
    assert "no longer on the menu" in told.value.message


def test_a_gift_of_it_is_handed_over_after_its_last_day(
    brand: Brand, seasonal: Treat, place: Place, device: Device
) -> None:
    with time_machine.travel(MIDNIGHT, tick=False), scope(brand=brand):
        gift = pay(place()).gifts.with_everything().get(position=1)
        assert gift.code is not None
    with time_machine.travel(OVER, tick=False):
        done = redeem(
            device=device, text=symbols(gift.code), key="after", picks={"flavour": ["mint"]}
        )
    assert done.status_code == 201
    assert done.body["balance"]["amount"] == 0


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (MIDNIGHT - DAY, "from Dec. 5, 2026"),
        (MIDNIGHT, "until Dec. 24, 2026"),
        (OVER, "ended"),
    ],
)
def test_the_studio_says_its_days(
    brand: Brand, seasonal: Treat, client: Client, owner: User, now: datetime, words: str
) -> None:
    owner.memberships.update(grace_from=now)  # who joined long ago shows a second factor first
    with time_machine.travel(now, tick=False):
        client.force_login(owner)
        assert words in client.get("/studio/frosty-spoon/menu/").content.decode()


def test_days_are_set_and_every_fault_is_told_at_once(
    brand: Brand, treat: Treat, client: Client, owner: User
) -> None:
    with time_machine.travel(MIDNIGHT, tick=False), scope(brand=brand):
        client.force_login(owner)
        days = {"on_sale_from": "2026-12-24", "on_sale_until": "2026-12-05"}
        page = client.post(PAGE, {**sent(treat), **days, "name": ""}).content.decode()
        assert "The last day is before the first." in page
        assert "This field is required." in page or "Name:" in page
        assert 'value="2026-12-24"' in page
        far = {"on_sale_from": "2036-12-05"}
        assert "Is the year right?" in client.post(PAGE, {**sent(treat), **far}).content.decode()
        days = {"on_sale_from": "2026-12-05", "on_sale_until": "2026-12-24"}
        assert client.post(PAGE, {**sent(treat), **days}).status_code == 302
        treat.refresh_from_db()
        assert (treat.on_sale_from, treat.on_sale_until) == (FIRST, LAST)
        told = AuditEntry.objects.get(act="treat.changed").details["changes"]
        assert told["on_sale_until"] == [None, "2026-12-24"]


def test_the_database_refuses_an_end_before_the_beginning(treat: Treat) -> None:
    treat.on_sale_from, treat.on_sale_until = LAST, FIRST
    with pytest.raises(IntegrityError, match="treat_on_sale_until"), transaction.atomic():
        treat.save()


def test_what_is_not_on_sale_is_not_ranked(brand: Brand, seasonal: Treat) -> None:
    with scope(brand=brand):
        Standing.objects.create(brand=brand, treat=seasonal, given_lately=9, counted_at=MIDNIGHT)
        assert rank.read(LAST).gifts == 9
        assert rank.read(LAST + DAY).gifts == 0
