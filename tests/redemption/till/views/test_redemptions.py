from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from redemption.models import Code, Redemption, StaffMember
from redemption.redeem import payloads
from tests.redemption.till.views.conftest import MakeCode

CONFIRM = "/till/redemptions/"


def confirm(client: Client, code: str, key: str = "key-1", **more: Any) -> Any:
    return client.post(CONFIRM, {"code": code, "key": key, **more})


def test_a_confirmed_gift_is_handed_over_once(
    till: Client, cashier: StaffMember, make_code: MakeCode, every_brand: None
) -> None:
    answer = confirm(till, make_code(), **{"pick-flavour": "pistachio"})
    html = answer.content.decode()

    assert answer.status_code == 201
    assert "Hand it over" in html
    assert "Pistachio" in html
    assert "Charge $0.50 at the till." in html
    assert "1 gift today" in html
    assert Redemption.objects.get().staff == cashier


def test_the_same_key_is_answered_alike_and_counts_once(
    till: Client, make_code: MakeCode, every_brand: None
) -> None:
    code = make_code()
    first, second = (confirm(till, code, **{"pick-flavour": "mint"}) for _ in range(2))

    assert first.status_code == second.status_code == 201
    assert "Hand it over" in second.content.decode()
    assert Redemption.objects.count() == 1


def test_only_a_repeat_is_read_back_from_what_was_kept(
    till: Client, make_code: MakeCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says the same, though another gift was taken meanwhile."""
    read_back = []
    outcome = payloads.outcome
    monkeypatch.setattr(payloads, "outcome", lambda body: read_back.append(body) or outcome(body))
    gift = make_code(kind=Code.Kind.VALUE, amount=2500, choices=(), label="Gift card")
    first = confirm(till, gift, "key-1", amount="650")
    confirm(till, gift, "key-2", amount="850")
    refused = confirm(till, gift, "key-3", amount="2000")
    assert not read_back

    for before, key, amount in ((first, "key-1", "650"), (refused, "key-3", "2000")):
        again = confirm(till, gift, key, amount=amount)
        assert again.status_code == before.status_code
        assert again.context["verdict"] == before.context["verdict"]
    assert len(read_back) == 2


def test_a_missing_choice_is_asked_for_under_the_same_key(
    till: Client, make_code: MakeCode, every_brand: None
) -> None:
    code = make_code()
    asked = confirm(till, code)

    assert asked.status_code == 422
    assert asked.context["key"] == "key-1"
    assert b"Ask the guest to choose first." in asked.content
    assert confirm(till, code, **{"pick-flavour": "mint"}).status_code == 201


def test_a_flavour_that_is_not_offered_is_explained(
    till: Client, make_code: MakeCode, every_brand: None
) -> None:
    answer = confirm(till, make_code(), **{"pick-flavour": "garlic"})

    assert answer.status_code == 422
    assert not Redemption.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"code": "x"}, {"key": "k"}, {"amount": "-5"}])
def test_bad_input_is_explained(till: Client, sent: dict[str, str]) -> None:
    answer = till.post(CONFIRM, sent)

    assert answer.status_code == 422
    assert b'id="panel"' in answer.content


def test_part_of_an_amount_leaves_the_rest(till: Client, make_code: MakeCode) -> None:
    code = make_code(kind=Code.Kind.VALUE, amount=2500, choices=(), label="Gift card")
    html = confirm(till, code, amount="650").content.decode()

    assert "Take off $6.50" in html
    assert "$18.50 is left on it." in html

    assert "$18.50" in till.post("/till/lookups/", {"code": code}).content.decode()


def test_more_than_is_left_is_refused(till: Client, make_code: MakeCode, every_brand: None) -> None:
    code = make_code(kind=Code.Kind.VALUE, amount=500, choices=(), label="Gift card")
    answer = confirm(till, code, amount="650")

    assert answer.status_code == 409
    assert b"$5.00 is left on it." in answer.content
    assert not Redemption.objects.exists()


def test_a_second_tablet_hears_when_and_where(
    till: Client, till_b: Client, make_code: MakeCode
) -> None:
    code = make_code(choices=())
    confirm(till, code)
    answer = confirm(till_b, code, "key-2")

    assert answer.status_code == 409
    assert b"First used at Pike Street, today at" in answer.content


def test_another_brands_tablet_does_not_know_it(
    eves_till: Client, make_code: MakeCode, every_brand: None
) -> None:
    answer = confirm(eves_till, make_code(choices=()))

    assert answer.status_code == 404
    assert b"We don&#x27;t know this code." in answer.content
    assert not Redemption.objects.exists()


def test_looking_at_the_address_redeems_nothing(till: Client) -> None:
    assert till.get(CONFIRM).status_code == 405


def test_it_costs_few_queries(till: Client, make_code: MakeCode) -> None:
    code = make_code(choices=())
    with CaptureQueriesContext(connection) as asked:
        confirm(till, code)

    questions = [query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(questions) <= 12


def test_what_the_recipient_bought_in_all_is_kept_if_somebody_says_so(
    till: Client, make_code: MakeCode, every_brand: None
) -> None:
    code = make_code()
    asked_again = confirm(till, code, basket_total="980").content.decode()
    assert 'name="basket_total" value="980"' in asked_again
    assert "$9.80" in asked_again

    confirm(till, code, basket_total="980", **{"pick-flavour": "mint"})
    assert Redemption.objects.get().basket_total == 980


@pytest.mark.parametrize("wrong", ["-1", "ten", "9" * 13])
def test_a_basket_that_is_no_sum_is_refused(
    till: Client, make_code: MakeCode, every_brand: None, wrong: str
) -> None:
    assert confirm(till, make_code(choices=()), basket_total=wrong).status_code == 422
    assert not Redemption.objects.exists()


def test_what_the_recipient_still_pays_is_said(till: Client, make_code: MakeCode) -> None:
    extra = confirm(till, make_code(), "key-1", **{"pick-flavour": "pistachio"})
    assert b"Charge $0.50 at the till." in extra.content

    amount = make_code(kind=Code.Kind.VALUE, amount=500, choices=(), label="Gift card")
    over = confirm(till, amount, "key-2", basket_total="820")
    assert b"Charge $3.20 at the till." in over.content
