"""A script is stopped, an office behind one address is not, and nobody waits for a stranger elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.http import rate_limits
from giftshop.http.rate_limits import LIMITS, Limit
from giftshop.orders.models import Draft
from redemption.models import RateCount
from tests.access.access_rules import (
    address_codes_asked_for,
    anyone,
    at_the_second_step,
    code_asked_for,
    no_owner_yet,
    nobody_yet,
    not_signed_in,
    opening_code_asked_for,
    proven,
    with_data_link,
    with_draft,
    with_gift_link,
    with_order_link,
)
from tests.access.matrix import ROWS
from tests.cast import PASSWORD

HERE, ELSEWHERE = "192.0.2.10", "192.0.2.20"
OPEN_TO_ANYBODY = {
    anyone, nobody_yet, not_signed_in, with_draft, with_gift_link, with_order_link,
    code_asked_for, address_codes_asked_for, at_the_second_step, no_owner_yet, proven,
    opening_code_asked_for, with_data_link,
}  # fmt: skip
LIMITED_OTHERWISE = {
    "account_login": "is the address of login",
    "stripe-webhook": "its signature is asked for before anything is kept",
    "mail-webhook": "its signature is asked for before anything is kept",
    "text-report": "its signature is asked for before anything is kept",
    "text-answer": "its signature is asked for before anything is kept",
    "logout": "keeps nothing",
    "language": "the browser keeps it, we nothing",
    "healthz": "keeps nothing",
    "readyz": "keeps nothing",
    "till_pair": "wrong pairing texts are counted (redemption/redeem/guess_limit.py)",
}


def begin(address: str = HERE, client: Client | None = None) -> Any:
    return (client or Client()).post("/shop/frosty-spoon/give/", REMOTE_ADDR=address)


def few(monkeypatch: pytest.MonkeyPatch, page: str, **limit: int) -> None:
    monkeypatch.setitem(LIMITS, page, Limit(**limit))


def test_every_page_that_anybody_may_write_to_has_a_limit() -> None:
    pages = {
        name for name, row in ROWS.items() if row.rule in OPEN_TO_ANYBODY and "POST" in row.answers
    }
    assert pages == set(LIMITS) | set(LIMITED_OTHERWISE)


@pytest.mark.django_db
class TestBeginning:
    def test_one_address_begins_so_many_and_another_is_not_bothered(
        self, brand: Brand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        most = 12
        few(monkeypatch, "give", per_address=most, per_session=LIMITS["give"].per_session)
        answers = [begin().status_code for _n in range(most + 5)]
        assert answers == [302] * most + [429] * 5
        with scopes_disabled():
            assert Draft.objects.count() == Session.objects.count() == most
        assert begin(ELSEWHERE).status_code == 302

    def test_one_browser_begins_so_many_wherever_it_is(self, brand: Brand) -> None:
        client, most = Client(), LIMITS["give"].per_session
        answers = [begin(f"192.0.2.{n}", client).status_code for n in range(most + 2)]
        assert answers == [302] * (most + 1) + [429]  # the first had no session yet

    def test_a_home_of_ipv6_is_one_address(
        self, brand: Brand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few(monkeypatch, "give", per_address=1)
        assert begin("2001:db8::1").status_code == 302
        assert begin("2001:db8::ffff").status_code == 429
        assert begin("2001:db8:0:1::1").status_code == 302

    def test_whoever_waited_may_go_on(self, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
        few(monkeypatch, "give", per_address=1)
        start = timezone.now()
        with time_machine.travel(start, tick=False) as clock:
            begin()
            refused = begin()
            assert refused.status_code == 429
            assert "A short pause" in refused.content.decode()
            assert "Wait 10 minutes" in refused.content.decode()
            clock.shift(timedelta(seconds=int(refused["Retry-After"])))
            assert begin().status_code == 302

    def test_it_costs_one_statement(
        self, brand: Brand, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few(monkeypatch, "give", per_address=1, per_session=9)
        begin()
        with django_assert_num_queries(1):
            assert begin().status_code == 429

    def test_no_address_is_kept(self, brand: Brand) -> None:
        begin()
        assert not any(HERE in str(row) for row in RateCount.objects.values_list())


@pytest.mark.django_db
def test_a_neighbour_who_begins_without_end_does_not_keep_me_from_going_on(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, "give", per_address=5)
    mine = Client()
    draft = begin(client=mine)["Location"]
    assert [begin().status_code for _n in range(6)][-1] == 429
    answer = mine.post(draft, {"sender_name": "Amy"}, REMOTE_ADDR=HERE)
    assert answer.status_code == 302


@pytest.mark.django_db
def test_saving_without_end_is_stopped_for_that_browser_alone(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, "give-who", per_session=3)
    mine, theirs = Client(), Client()
    my_draft, their_draft = begin(client=mine)["Location"], begin(client=theirs)["Location"]
    answers = [mine.post(my_draft, REMOTE_ADDR=HERE).status_code for _n in range(4)]
    assert answers == [302, 302, 302, 429]
    assert theirs.post(their_draft, REMOTE_ADDR=HERE).status_code == 302


@pytest.mark.django_db
def test_cookies_and_links_that_are_made_up_fill_no_table(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "LINK_ROWS", 3)
    who = begin()["Location"]
    for number in range(12):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = f"{number:032}"
        client.post(who, REMOTE_ADDR=HERE)
        client.post(reverse("gift-opening", args=[f"{number:043}"]), REMOTE_ADDR=HERE)
    rows = list(RateCount.objects.values_list("key", flat=True))
    assert not [key for key in rows if ":session:" in key]
    assert 0 < len([key for key in rows if ":link:" in key]) <= 3


@pytest.mark.django_db
def test_a_link_is_limited_by_itself(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, "gift-opening", per_link=3)
    mine, other = (reverse("gift-opening", args=[each * 43]) for each in "ab")
    answers = [Client().post(mine, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(4)]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    assert Client().post(other, REMOTE_ADDR=HERE).status_code != 429


def test_passwords_sprayed_over_names_are_stopped_and_the_owner_comes_in_from_elsewhere(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, "login", per_address=12)

    def sign_in(name: str, address: str, password: str) -> int:
        sent = {"username": name, "password": password}
        return Client().post("/accounts/login/", sent, REMOTE_ADDR=address).status_code

    most = LIMITS["login"].per_address
    answers = [sign_in(f"name{n}@example.com", HERE, "wrong") for n in range(most)]
    assert set(answers) == {200}
    assert sign_in(owner.email, HERE, PASSWORD) == 429
    assert sign_in(owner.email, ELSEWHERE, PASSWORD) == 302
