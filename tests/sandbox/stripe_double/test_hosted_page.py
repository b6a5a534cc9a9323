"""The payment page: every card, every mistake, and paying once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stripe_double import StripeDouble, buyer
from sandbox.stripe_double.cards import CARDS, luhn
from sandbox.stripe_double.checkout.words import WORDS, say

Make = Callable[..., Any]
DECLINES = {
    "4000000000000002": "Your card was declined.",
    "4000000000009995": "Your card has insufficient funds.",
    "4000000000009987": "Your card was declined.",
    "4000000000000069": "Your card has expired.",
    "4000000000000127": "Your card's security code is incorrect.",
    "4000000000000119": "An error occurred while processing your card. Try again in a little bit.",
    "4111111111111111": "Your card was declined. Your request was in test mode, but used a non test card.",
}
PAYING = [card.number for card in CARDS if not card.decline and not card.challenge]


@pytest.fixture
def session(client: Any, order: Make) -> Any:
    return client.v1.checkout.sessions.create(order())


@pytest.fixture
def now(client: Any, session: Any) -> Make:
    """The session as it is now, with its payment."""
    return lambda: client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )


def said(text: str | None) -> str:
    return (text or "").replace("&#x27;", "'")


def test_the_page_says_what_is_bought_from_whom_for_how_much(session: Any) -> None:
    page = buyer.look(session.url).page

    assert "Sandbox shop" in page
    assert "Latte" in page
    assert "Qty 2 · $6.50 each" in page
    assert "Pay $13.00" in page
    assert 'href="http://127.0.0.1:1/basket"' in page
    assert "Test mode" in page


def test_text_from_the_shop_cannot_become_markup(client: Any, order: Make) -> None:
    price = {
        "currency": "usd",
        "unit_amount": 650,
        "product_data": {"name": "<script>alert(1)</script>", "description": "<b>$x</b>"},
    }
    session = client.v1.checkout.sessions.create(
        order(line_items=[{"quantity": 1, "price_data": price}])
    )

    page = buyer.look(session.url).page

    assert "<script>alert" not in page
    assert "&lt;b&gt;$x&lt;/b&gt;" in page


@pytest.mark.parametrize("number", PAYING)
def test_a_paying_card_leads_back_to_the_shop(session: Any, now: Make, number: str) -> None:
    cvc = "1234" if number.startswith("3") else "123"

    landing = buyer.pay(session.url, number, cardCvc=cvc)

    assert (landing.status, landing.location) == (303, f"http://127.0.0.1:1/thanks?s={session.id}")
    assert now().payment_status == "paid"
    assert now().payment_intent.latest_charge.payment_method_details.card.last4 == number[-4:]


@pytest.mark.parametrize("number", DECLINES)
def test_a_declining_card_says_why_and_the_next_one_may_pay(
    session: Any, now: Make, number: str
) -> None:
    declined = buyer.pay(session.url, number)
    between = now()
    paid = buyer.pay(session.url)

    assert said(declined.alert) == DECLINES[number]
    assert (between.status, between.payment_intent.status) == ("open", "requires_payment_method")
    assert paid.location
    assert now().status == "complete"


@pytest.mark.parametrize("number", ["4000002500003155", "4000002760003184"])
def test_3d_secure_is_failed_then_passed(session: Any, now: Make, number: str) -> None:
    asked = buyer.pay(session.url, number)
    waiting = now().payment_intent.status
    failed = buyer.answer(str(asked.location), "fail")
    between = now()
    again = buyer.pay(session.url, number)
    passed = buyer.answer(str(again.location), "complete")

    assert asked.location == f"{session.url}/challenge"
    assert waiting == "requires_action"
    assert "unable to authenticate" in said(failed.alert)
    assert f'action="/c/pay/{session.id}"' in failed.page
    assert (between.status, between.payment_intent.status) == ("open", "requires_payment_method")
    assert passed.location == f"http://127.0.0.1:1/thanks?s={session.id}"
    assert (
        now().payment_intent.latest_charge.payment_method_details.card.three_d_secure.result
        == "authenticated"
    )


def test_a_challenge_can_be_passed_and_the_card_still_declined(session: Any, now: Make) -> None:
    asked = buyer.pay(session.url, "4000008400001629")
    declined = buyer.answer(str(asked.location), "complete")

    assert said(declined.alert) == "Your card has insufficient funds."
    assert now().status == "open"


def test_a_challenge_nobody_was_asked_leads_to_the_form(session: Any) -> None:
    assert buyer.answer(f"{session.url}/challenge", "complete").location == session.url


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"cardNumber": "4242 4242 4242 4241"}, "Your card number is invalid."),
        ({"cardNumber": "4242"}, "Your card number is incomplete."),
        ({"cardExpiry": "13 / 34"}, "Your card's expiration date is incomplete."),
        ({"cardExpiry": "12 / 20"}, "Your card's expiration year is in the past."),
        ({"cardCvc": "12"}, "Your card's security code is incomplete."),
        (
            {"cardNumber": "378282246310005", "cardCvc": "123"},
            "Your card's security code is incomplete.",
        ),
        ({"email": "jenny"}, "Your email is incomplete."),
        ({"email": ""}, "Enter your email."),
        ({"billingName": " "}, "Enter the name on the card."),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(
    session: Any, now: Make, details: dict[str, str], message: str
) -> None:
    landing = buyer.pay(
        session.url, **{"card": details.get("cardNumber", "4242424242424242"), **details}
    )

    assert said(landing.alert) == message
    assert 'aria-invalid="true"' in landing.page
    assert 'value="12 / ' in landing.page or "cardExpiry" in details
    assert now().payment_intent is None


def test_several_mistakes_are_all_marked(session: Any) -> None:
    page = buyer.pay(session.url, "1", cardExpiry="", cardCvc="").page

    assert page.count('aria-invalid="true"') == 3
    assert said(page).count("incomplete") == 3


def test_pressing_pay_twice_pays_once(client: Any, session: Any) -> None:
    with ThreadPoolExecutor(6) as pool:
        landings = list(pool.map(buyer.pay, [session.url] * 6))

    assert {landing.location for landing in landings} == {
        f"http://127.0.0.1:1/thanks?s={session.id}"
    }
    assert len(client.v1.charges.list().data) == 1


def test_a_paid_page_says_so_and_leads_on(session: Any) -> None:
    buyer.pay(session.url)

    page = buyer.look(session.url).page

    assert "Already paid" in page
    assert f'href="http://127.0.0.1:1/thanks?s={session.id}"' in page


def test_an_expired_page_says_so_and_takes_no_money(client: Any, session: Any) -> None:
    client.v1.checkout.sessions.expire(session.id)

    landing = buyer.pay(session.url)

    assert "This page has expired" in landing.page
    assert client.v1.charges.list().data == []


def test_an_unknown_page_is_404(double: StripeDouble) -> None:
    assert buyer.look(f"{double.url}/c/pay/cs_test_nobody").status == 404
    assert buyer.look(f"{double.url}/assets/../store.py").status == 404


def test_the_shops_email_is_kept(client: Any, order: Make) -> None:
    session = client.v1.checkout.sessions.create(order(customer_email="ann@example.com"))

    page = buyer.look(session.url).page
    buyer.pay(session.url, email="other@example.com")

    assert 'value="ann@example.com" required readonly' in page
    assert (
        client.v1.checkout.sessions.retrieve(session.id).customer_details.email == "ann@example.com"
    )


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("jpy", 500, "¥500"),
        ("eur", 1999, "€19.99"),
        ("sek", 123456, "SEK\N{NO-BREAK SPACE}1,234.56"),
    ],
)
def test_amounts_are_shown_in_their_currency(
    client: Any, order: Make, currency: str, amount: int, shown: str
) -> None:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Cake"}}
    session = client.v1.checkout.sessions.create(
        order(line_items=[{"quantity": 1, "price_data": price}])
    )

    assert f"Pay {shown}</button>" in buyer.look(session.url).page


def test_a_session_can_wear_its_brands_name_and_colours(client: Any, order: Make) -> None:
    brand = {"display_name": "Harbor Bean", "button_color": "#f4d35e"}
    session = client.v1.checkout.sessions.create(
        order(branding_settings=brand, submit_type="donate")
    )

    page = buyer.look(session.url).page
    css = buyer.look(f"{session.url}/brand.css").page

    assert "Harbor Bean" in page
    assert "Donate $13.00" in page
    assert "--accent: #f4d35e" in css
    assert "--on-accent: #1a1f36" in css


def test_cards_of_the_list_have_right_check_digits() -> None:
    assert all(luhn(card.number) for card in CARDS)
    assert not luhn("4242424242424241")


def test_expiry_is_judged_by_the_doubles_clock(double: StripeDouble, session: Any) -> None:
    this_month = time.strftime("%m / %y", time.gmtime(double.world.now() - 40 * 86400))

    assert "in the past" in str(buyer.pay(session.url, cardExpiry=this_month).alert)


@pytest.mark.parametrize(
    ("locale", "language", "words"),
    [
        ("de", "de", ("Mit Karte zahlen", "Zahlen $13.00", "Menge 2")),
        ("es-419", "es", ("Pagar con tarjeta", "Pagar $13.00", "Cantidad 2")),
        ("fr", "en", ("Pay with card", "Pay $13.00", "Qty 2")),
        ("auto", "en", ("Pay with card",)),
    ],
)
def test_the_page_speaks_the_sessions_language(
    client: Any, order: Make, double: StripeDouble, locale: str, language: str, words: Any
) -> None:
    session = client.v1.checkout.sessions.create(order(locale=locale))

    page = buyer.look(session.url).page
    refused = buyer.pay(session.url, "4000000000000002")
    double.close_page(session.id)
    over = buyer.look(session.url).page

    assert f'<html lang="{language}">' in page
    assert [each for each in words if each not in page] == []
    assert refused.alert == say("Your card was declined.", language)
    assert say("This page has expired", language) in over
    assert "{{" not in page + refused.page + over


def test_both_languages_say_the_same() -> None:
    assert list(WORDS["de"]) == list(WORDS["es"])
