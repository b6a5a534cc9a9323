"""The long form of the races: as many tills as will fit, for as long as it takes (make stress)."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db.models import F
from django_scopes import scope

from brands.models import Brand
from giftshop.offers.models import Offer, OfferUse
from redemption.models import IdempotencyRecord
from redemption.till.devices import PairedDevice
from tests.figures import Figure
from tests.races import (
    test_linear_balances,
    test_offers,
    test_partial_amounts,
    test_survival,
    test_two_tills,
)
from tests.races.durable import DurablePostgres, durable_postgres
from tests.races.tills import Tills
from tests.server import running

ROUNDS = 2000
TILLS = 64
PARTS = 10_000
OFFER_ROUNDS = 200
LINEAR_GIFTS, LINEAR_OPS, LINEAR_KILLS = 50, 200, 5
WEB_KILLS = 20
CRASHES = 10

pytestmark = [pytest.mark.stress, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tills(paired: PairedDevice) -> Iterator[Tills]:
    """Sixty-four, and as many threads in the server's two processes together."""
    with (
        running(threads=TILLS // 2) as server,
        closing(Tills(server, paired.token, TILLS)) as opened,
    ):
        yield opened


def test_sixty_four_tills_and_two_thousand_codes(
    tills: Tills, brand: Brand, figure: Figure
) -> None:
    found = test_two_tills.press_for_every_code(tills, brand, rounds=ROUNDS)
    assert found == {test_two_tills.one_yes(tills): ROUNDS}
    assert test_two_tills.redeemed(brand) == ROUNDS
    call_command("verify_ledger")
    test_two_tills.tell_of_one_yes(tills, figure, rounds=ROUNDS)


def test_sixty_four_phones_and_the_last_of_an_offer(brand: Brand, figure: Figure) -> None:
    assert test_offers.ask_for_the_last(brand, rounds=OFFER_ROUNDS) == {1: OFFER_ROUNDS}
    call_command("verify_ledger")
    test_offers.tell(figure, OFFER_ROUNDS)


def test_sixty_four_phones_and_the_rest_of_a_budget(brand: Brand, figure: Figure) -> None:
    had = test_offers.ask_for_what_a_budget_has(brand, rounds=OFFER_ROUNDS)
    with scope(brand=brand):
        assert set(Offer.objects.values_list("used", "spent")) == {(4, 2000)}
        assert OfferUse.objects.count() == had
    call_command("verify_ledger")
    figure(
        "I30",
        f"the rest of a budget, {test_offers.PHONES} phones at once",
        size=f"{OFFER_ROUNDS} rounds",
        result="0 cents over it",
        zero_in=OFFER_ROUNDS,
    )


def test_sixty_four_phones_and_the_last_discount_by_a_typed_code(
    brand: Brand, figure: Figure
) -> None:
    taken = test_offers.type_for_the_last(brand, rounds=OFFER_ROUNDS)
    with scope(brand=brand):
        assert OfferUse.objects.count() == taken
        assert not Offer.objects.filter(spent__gt=F("budget")).exists()
        assert not Offer.objects.filter(used__gt=F("uses_max")).exists()
    figure(
        "I30",
        f"the last discount by a typed code, of a number or a budget, {test_offers.PHONES} phones at once",
        size=f"{2 * OFFER_ROUNDS} rounds",
        result="0 taken twice, 0 cents over",
        zero_in=2 * OFFER_ROUNDS,
    )


def test_one_key_sent_by_sixty_four_at_once(tills: Tills, brand: Brand, figure: Figure) -> None:
    found = test_two_tills.press_one_key(tills, brand, rounds=ROUNDS)
    assert found == {test_two_tills.one_answer(tills): ROUNDS}
    assert test_two_tills.redeemed(brand) == ROUNDS
    assert IdempotencyRecord.objects.count() == ROUNDS
    call_command("verify_ledger")
    test_two_tills.tell_of_one_answer(tills, figure, rounds=ROUNDS)


def test_ten_thousand_parts_never_exceed_the_whole(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    redeemed, gone, readings = test_partial_amounts.take_all(paired, brand, ops=PARTS)
    assert redeemed == gone
    assert set(readings) == {(0, 0, 0)}
    call_command("verify_ledger")
    test_partial_amounts.tell(figure, ops=PARTS, readings=len(readings))


def test_ten_thousand_acts_have_an_order_though_the_server_is_killed(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    brand.reversal_window_seconds = 24 * 3600
    brand.save()
    judged = test_linear_balances.judge(
        paired, brand, gifts=LINEAR_GIFTS, ops_per_gift=LINEAR_OPS, kills=LINEAR_KILLS
    )
    assert judged.without_order == []
    call_command("verify_ledger")
    judged.tell(figure)


def test_what_was_acknowledged_survives_twenty_kills(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    day, found = test_survival.web_killed(paired, brand, kills=WEB_KILLS)
    assert found == {}
    call_command("verify_ledger")
    test_survival.tell(figure, day, test_survival.WEB_KILLED, kills=WEB_KILLS)


@pytest.fixture
def durable(transactional_db: None) -> Iterator[DurablePostgres]:
    with durable_postgres() as server:
        yield server


def test_what_was_acknowledged_survives_ten_crashes_of_the_database(
    durable: DurablePostgres, figure: Figure
) -> None:
    day, found = test_survival.database_crashed(durable, crashes=CRASHES)
    assert found == {}
    call_command("verify_ledger")
    test_survival.tell(figure, day, test_survival.DATABASE_CRASHED, kills=CRASHES)
