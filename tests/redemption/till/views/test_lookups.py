import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from redemption import code_format
from redemption.audit.actors import SYSTEM
from redemption.codes.rotate import rotate
from redemption.models import Code, Redemption, RetiredCode, StaffMember
from redemption.redeem import guess_limit
from tests.cast import PIN, flavour, make_store, put_on_hold
from tests.redemption.books import issued
from tests.redemption.till.views.conftest import MakeCode

LOOK = "/till/lookups/"


def said(client: Client, code: str) -> tuple[int, str]:
    answer = client.post(LOOK, {"code": code})
    return answer.status_code, answer.content.decode()


def test_a_good_code_shows_who_what_and_what_to_choose(till: Client, make_code: MakeCode) -> None:
    status, html = said(till, make_code())

    assert status == 200
    assert 'data-panel="look"' in html
    assert "For <bdi>Ben</bdi>" in html
    assert "Double scoop" in html
    assert 'value="pistachio"' in html
    assert "$0.50" in html


SCOOPS = {**flavour(("mint", 0), ("pistachio", 50)), "min": 2, "max": 2}


@pytest.mark.parametrize(
    ("picked", "least", "told", "untold"),
    [
        ([], 2, ["Choose:"], ["Mint", "Charge"]),
        (["mint"], 2, ["Flavour", "Mint", "Choose:"], ["Pistachio", "Charge"]),
        (["mint", "pistachio"], 2, ["Mint, Pistachio", "Charge at the till $0.50."], ["Choose:"]),
        ([], 0, ["For"], ["Choose:", "Flavour"]),
        (["mint"], 0, ["Flavour", "Mint"], ["Choose:"]),
    ],
)
def test_what_is_picked_is_said_and_only_what_is_missing_is_asked_for(
    till: Client,
    make_code: MakeCode,
    picked: list[str],
    least: int,
    told: list[str],
    untold: list[str],
) -> None:
    code = make_code(choices=[{**SCOOPS, "picked": picked, "min": least}])
    [words] = re.findall(r'data-say="([^"]*)"', said(till, code)[1])

    assert [one for one in told if one not in words] == []
    assert [one for one in untold if one in words] == []


def test_looking_changes_nothing(till: Client, make_code: MakeCode, every_brand: None) -> None:
    said(till, make_code())

    assert not Redemption.objects.exists()
    assert Code.objects.get().state == Code.State.ACTIVE


def test_each_look_makes_its_own_key(till: Client, make_code: MakeCode) -> None:
    code = make_code()

    assert (
        till.post(LOOK, {"code": code}).context["key"]
        != till.post(LOOK, {"code": code}).context["key"]
    )


def test_it_forgives_how_a_code_is_typed(till: Client, make_code: MakeCode) -> None:
    code = make_code()
    typed = "-".join(code[i : i + 4] for i in range(0, 17, 4)).lower().replace("0", "o")

    assert said(till, typed)[0] == 200


@pytest.mark.parametrize("text", ["", "hello", "00000000000000000", "7Q4K9XWM2HTDP6VC0" * 3])
def test_an_unknown_code_has_one_plain_answer(till: Client, text: str) -> None:
    status, html = said(till, text)

    assert status == 404
    assert "We don&#x27;t know this code." in html


def test_another_brand_learns_nothing_that_a_made_up_code_would_not_say(
    eves_till: Client, make_code: MakeCode
) -> None:
    assert said(eves_till, make_code()) == said(eves_till, "00000000000000000")


def test_another_store_learns_which_ones_take_it_and_nothing_else(
    till_b: Client, make_code: MakeCode, store: Store
) -> None:
    code = make_code(store_ids=[store.pk])
    status, html = said(till_b, code)
    confirmed = till_b.post("/till/redemptions/", {"code": code, "key": "k"})

    assert (status, confirmed.status_code) == (200, 409)
    for told in (html, confirmed.content.decode()):
        assert "This gift is for another store." in told
        assert "It is good at Pike Street." in told
        assert "Double scoop" not in told
        assert "Ben" not in told


def test_of_many_stores_some_are_named_and_of_none_a_manager_hears(
    till_b: Client, make_code: MakeCode, brand: Brand, store: Store
) -> None:
    others = [make_store(brand, f"store-{n}") for n in range(6)]
    many = make_code(store_ids=[other.pk for other in others])
    assert "It is good at Store 0, Store 1, Store 2, Store 3 and 2 more." in said(till_b, many)[1]

    none = make_code(store_ids=[store.pk])
    with scope(brand=brand):
        Store.objects.filter(pk=store.pk).update(is_active=False)
    assert "No store takes it right now." in said(till_b, none)[1]


def test_a_used_code_says_where_and_when(till: Client, till_b: Client, make_code: MakeCode) -> None:
    code = make_code(choices=())
    till.post("/till/redemptions/", {"code": code, "key": "k"})
    _status, html = said(till_b, code)

    assert "Already used" in html
    assert "First used at Pike Street, today at" in html


def test_what_this_tablet_just_redeemed_can_still_be_reversed(
    till: Client, till_b: Client, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    till.post("/till/redemptions/", {"code": code, "key": "k"})

    assert "reversal-dialog" in said(till, code)[1]
    assert "reversal-dialog" not in said(till_b, code)[1]


def expired(make_code: MakeCode) -> str:
    now = timezone.now()
    return make_code(now=now - timedelta(days=9), expires_at=now - timedelta(days=1))


def too_early(make_code: MakeCode) -> str:
    now = timezone.now()
    return make_code(now=now + timedelta(days=1), expires_at=now + timedelta(days=9))


@pytest.mark.parametrize(
    ("make", "word", "why"),
    [
        (expired, "Expired", "It was good until"),
        (too_early, "Too early", "It is good from"),
    ],
)
def test_a_refusal_says_why(
    till: Client, make_code: MakeCode, make: Any, word: str, why: str
) -> None:
    _status, html = said(till, make(make_code))

    assert word in html
    assert why in html


def test_a_code_on_hold_is_refused(till: Client, make_code: MakeCode, brand: Brand) -> None:
    code = make_code()
    with scope(brand=brand):
        put_on_hold(Code.objects.get())

    assert "On hold" in said(till, code)[1]


def test_a_look_costs_few_queries(
    till: Client, make_code: MakeCode, django_assert_max_num_queries: Any
) -> None:
    code = make_code()
    with django_assert_max_num_queries(6):
        till.post(LOOK, {"code": code})


def test_too_many_wrong_codes_say_how_long_to_wait_and_who_can_help(
    till: Client, every_brand: None
) -> None:
    for _ in range(guess_limit.TRIES_PER_DEVICE):
        said(till, code_format.generate())
    status, html = said(till, code_format.generate())

    assert status == 429
    assert "Wait a little" in html
    assert re.search(r"Wait \d+ minutes\.|Wait a minute\.", html)
    assert "A manager can let this device go on." in html


def test_a_managers_pin_lets_the_tablet_go_on(
    till: Client, every_brand: None, manager: StaffMember, cashier: StaffMember, make_code: MakeCode
) -> None:
    code = make_code()
    for _ in range(guess_limit.TRIES_PER_DEVICE):
        said(till, code_format.generate())
    status, html = said(till, code_format.generate())
    assert status == 429
    assert "/till/unblocking/" in html
    assert said(till, code)[0] == 200, "a good code goes on all the while"

    page = till.get("/till/unblocking/").content.decode()
    assert "Mo" in page
    assert "Dana" not in page
    for who, pin in ((cashier, PIN), (manager, "0000")):
        refused = till.post("/till/unblocking/", {"staff": str(who.pk), "pin": pin})
        assert refused.status_code == 422
    assert said(till, code_format.generate())[0] == 429
    assert till.post("/till/unblocking/", {"staff": str(manager.pk), "pin": PIN}).status_code == 302
    assert said(till, code_format.generate())[0] == 404


def rotated(code: str) -> str:
    """The new symbols of the gift."""
    with scopes_disabled():
        found = Code.objects.matching(code_format.normalise(code)).get()
        again = rotate(code_id=found.pk, actor=SYSTEM, reason="a slip", now=timezone.now())
    return again.reveal() or ""


def test_a_code_that_was_replaced_is_said_to_be_old(till: Client, make_code: MakeCode) -> None:
    old = make_code()
    new = rotated(old)
    status, html = said(till, old)
    assert status == 404
    assert "Old code" in html
    assert "The newest e-mail or link has the good one." in html
    assert said(till, new)[0] == 200


def test_another_brand_is_not_told_that_it_was_one(
    till: Client, make_code: MakeCode, other_brand: Brand
) -> None:
    old = make_code()
    rotated(old)
    with scopes_disabled():
        RetiredCode.objects.update(code=issued_elsewhere(other_brand))
    assert "Not found" in said(till, old)[1]


def issued_elsewhere(brand: Brand) -> Code:
    with scope(brand=brand):
        return issued(brand, 500)
