"""A price may hold from a day on, by the brand's calendar; what was ordered keeps the amount it had."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import User
from giftshop.catalog import menu
from giftshop.catalog.models import Price, Treat
from giftshop.giving import drafts
from redemption.models import AuditEntry
from tests.cast import Place
from tests.giftshop.giving.steps import ready_draft

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 1)
BEFORE = datetime(2026, 12, 1, 7, 59, tzinfo=UTC)
"""A minute to midnight in Los Angeles, where the brand is at home."""
AFTER = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
PAGE = "/studio/frosty-spoon/menu/double-scoop/"


@pytest.fixture
def dearer(treat: Treat, store: Store) -> Price:
    price = treat.prices.get(key="regular")
    price.later_amount, price.later_from = 700, DAY
    price.save()
    return price


def shown(brand: Brand, now: datetime) -> int:
    with scope(brand=brand):
        return menu.read(brand, now).offers()["double-scoop:regular"].price.amount


def sent(treat: Treat, **changed: str) -> dict[str, Any]:
    """What the treat's page sends, its first size changed."""
    sizes = list(treat.prices.all())
    form = {"name": treat.name, "art": treat.art, "groups-TOTAL_FORMS": "0"}
    form |= {"groups-INITIAL_FORMS": "0", "sizes-TOTAL_FORMS": str(len(sizes))}
    form["sizes-INITIAL_FORMS"] = str(len(sizes))
    for number, price in enumerate(sizes):
        row = {"key": price.key, "name": price.name, "amount": f"{price.amount / 100:.2f}"}
        form |= {f"sizes-{number}-{name}": value for name, value in row.items()}
    return form | {f"sizes-0-{name}": value for name, value in changed.items()}


def test_it_holds_from_the_brands_midnight_on(brand: Brand, dearer: Price, client: Client) -> None:
    assert (shown(brand, BEFORE), shown(brand, AFTER)) == (650, 700)
    for now, words in ((BEFORE, "$6.50"), (AFTER, "$7")):
        with time_machine.travel(now, tick=False):
            assert words in client.get("/shop/frosty-spoon/").content.decode()


def test_an_order_keeps_its_amount_and_the_same_wish_is_another_order_after(
    brand: Brand, dearer: Price, place: Place, client: Client
) -> None:
    draft = ready_draft(client, brand, dearer.treat)
    with scope(brand=brand):
        with time_machine.travel(BEFORE, tick=False):
            order, key, seen = place(now=BEFORE), drafts.fingerprint(draft), drafts.read(draft)
        with time_machine.travel(AFTER, tick=False):
            assert drafts.fingerprint(draft) != key
            assert drafts.read(draft).digest != seen.digest
        assert {gift.amount for gift in order.gifts.all()} == {650}


def test_an_owner_says_it_and_it_is_on_the_audit_log(
    brand: Brand, treat: Treat, client: Client, owner: User
) -> None:
    with time_machine.travel(BEFORE, tick=False), scope(brand=brand):
        client.force_login(owner)
        wanted = sent(treat, later_amount="7.25", later_from="2026-12-24")
        assert client.post(PAGE, wanted).status_code == 302
        price = treat.prices.get(key="regular")
        assert (price.amount, price.later_amount, price.later_from) == (
            650,
            725,
            date(2026, 12, 24),
        )
        told = AuditEntry.objects.get(act="treat.changed").details["changes"]["sizes"][1]
        assert told[0].endswith("USD, 7.25 from 2026-12-24")
        assert "Dec. 24, 2026: $7.25" in client.get("/studio/frosty-spoon/menu/").content.decode()


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ({"later_amount": "7.25"}, "From which day on?"),
        ({"later_from": "2026-12-24"}, "What will it cost then?"),
        ({"later_amount": "7.25", "later_from": "2026-11-30"}, "Choose a day after today"),
        ({"later_amount": "7.25", "later_from": "2030-01-01"}, "within two years"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    brand: Brand, treat: Treat, client: Client, owner: User, later: dict[str, str], words: str
) -> None:
    with time_machine.travel(BEFORE, tick=False), scope(brand=brand):
        client.force_login(owner)
        answer = client.post(PAGE, sent(treat, **later))
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_once_it_holds_it_is_the_price_that_the_page_shows(
    brand: Brand, dearer: Price, client: Client, owner: User
) -> None:
    with time_machine.travel(AFTER, tick=False), scope(brand=brand):
        client.force_login(owner)
        page = client.get(PAGE).content.decode()
        assert 'name="sizes-0-amount" value="7.00"' in page
        assert 'value="2026-12-01"' not in page
        client.post(PAGE, sent(dearer.treat, amount="7.00"))
        dearer.refresh_from_db()
        assert (dearer.amount, dearer.later_amount, dearer.later_from) == (700, None, None)


def test_the_database_refuses_half_of_it(treat: Treat) -> None:
    for half in (
        {"later_amount": 700},
        {"later_from": DAY},
        {"later_amount": 0, "later_from": DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Price.objects.filter(treat=treat).update(**half)


def test_one_that_began_while_its_form_was_open_is_not_put_back_unseen(
    brand: Brand, dearer: Price, client: Client, owner: User
) -> None:
    with time_machine.travel(BEFORE, tick=False), scope(brand=brand):
        client.force_login(owner)
        version = client.get(PAGE).context["entry"].treat.initial["version"]
    with time_machine.travel(AFTER, tick=False), scope(brand=brand):
        client.force_login(owner)
        wanted = {**sent(dearer.treat, amount="6.50"), "version": version}
        answer = client.post(PAGE, wanted)
        assert answer.status_code == 409
        assert "7.00" in answer.content.decode()
        dearer.refresh_from_db()
        assert dearer.on(DAY) == 700
        meant = {**wanted, "version": answer.context["entry"].treat.initial["version"]}
        assert client.post(PAGE, meant).status_code == 302
        dearer.refresh_from_db()
        assert dearer.on(DAY) == 650
