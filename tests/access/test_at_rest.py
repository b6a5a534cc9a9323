"""Who has read the whole database has read it, and nothing more: no value in it opens anything."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.template.base import Template
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from campaigns.links.visitor_cookie import COOKIE as VISITOR_COOKIE
from giftshop.accounts.models import Membership
from giftshop.orders.models import Draft, Gift
from giftshop.payments import inbox
from giftshop.payments.models import Payment
from giftshop.payments.stripe import events, sessions
from redemption.till import devices
from redemption.till.session import device_cookie, staff_cookie
from tests.access.at_rest import PAGES, Knocking, opened, values
from tests.access.people import Company, build_company
from tests.campaigns.conftest import BROWSER, hear
from tests.cast import PASSWORD, PIN, make_user, symbols

SESSION_ID = "cs_test_a1Dk8mVtQ3xYz0bC4nL7pR2sW9eU5hJ6gF"
HEADLINE = "Two friends, two scoops"
FILLED = {
    *("django_session", "orders_draft", "orders_order", "orders_gift", "orders_recipient"),
    *("payments_payment", "payments_stripeevent", "outbox_message", "delivery_delivery"),
    *("redemption_device", "redemption_staffmember", "redemption_code", "redemption_redemption"),
    *("redemption_auditentry", "redemption_idempotencyrecord", "redemption_ratecount"),
    *(
        "accounts_user",
        "axes_accesslog",
        "campaigns_visit",
        "campaigns_attribution",
        "campaigns_fact",
    ),
}
SECRETLESS = {"the return from paying"}
"""Pages that no value opens at all, whoever made it: the browser counts."""

Secrets = dict[str, str]
"""By page, what opens it, as it was once given to a person and nowhere kept."""


@pytest.fixture
def company(db: None) -> Company:
    return build_company("frosty-spoon", "Quillon", counters=1)


@pytest.fixture
def secrets(company: Company) -> Secrets:
    """Everybody has been there: what each of them took away."""
    counter, brand = company.counters[0], company.brand
    make_user(brand, "owner@quillon.example", Membership.Role.OWNER)
    member = Client()
    sign_in = {"username": "owner@quillon.example", "password": PASSWORD}
    assert member.post("/accounts/login/", sign_in).status_code == 302
    with scope(brand=brand):
        company.campaign.headline = HEADLINE
        company.campaign.save()
    sender = Client()
    sender.get(f"/l/{company.link.slug}/", headers=BROWSER)
    begun = sender.post(f"/shop/{brand.slug}/give/")
    with scope(brand=brand):
        company.draft = Draft.objects.get(pk=begun["Location"].split("/")[4]).pk
        pays_for(company)
    tablet = Client()
    tablet.cookies[device_cookie()] = counter.tokens["tablet"]
    tablet.post("/till/sessions/", {"staff": str(counter.manager.pk), "pin": PIN})
    _invited, one_time = devices.invite(store=counter.store, name="Window")
    with scopes_disabled():
        hear()
    assert company.gift.code is not None
    return {
        "a member's session": member.cookies[settings.SESSION_COOKIE_NAME].value,
        "a sender's session": sender.cookies[settings.SESSION_COOKIE_NAME].value,
        "a visitor's cookie": sender.cookies[VISITOR_COOKIE].value,
        "a tablet's cookie": tablet.cookies[device_cookie()].value,
        "the cookie of somebody at a till": tablet.cookies[staff_cookie()].value,
        "a PIN": PIN,
        "an API token": counter.tokens["integration"],
        "a code at the till": symbols(company.gift.code),
        "an order's link": company.order.link_token(),
        "a gift's link": company.gift.link_token(),
        "a tablet's invitation": one_time,
        "a link to stop mail": company.stop,
    }


def pays_for(company: Company) -> None:
    """The sender paid at the second try, and Stripe has told of the first."""
    order, now = company.order, timezone.now()
    order.draft_id = company.draft
    order.save(update_fields=["draft"])
    amount = {"amount": order.total, "currency": order.currency}
    times = {"opened_at": now, "asked_at": now, "expires_at": now}
    first = Payment.objects.create(brand=company.brand, order=order, attempt=3, **amount, **times)
    first.remember_page(session_id=f"{SESSION_ID}X", url=f"https://checkout.example/{SESSION_ID}#x")
    Payment.objects.filter(order=order, state=Payment.State.PAID).update(session_id=SESSION_ID)
    told = {
        "id": "evt_1Rk8mVtQ3xYz0bC4nL7pR2s",
        "object": "event",
        "type": "checkout.session.expired",
        "livemode": False,
        "data": {"object": {"id": f"{SESSION_ID}X", "client_reference_id": str(order.pk)}},
    }
    inbox.store(events=[events._event(told)])


@pytest.fixture
def at(company: Company, secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> Iterator[Knocking]:
    # What a page says is of no matter here, whether it opens is; and of what it costs it is the half.
    monkeypatch.setattr(Template, "render", lambda self, context: "")
    # Stripe has no news of the attempt that is open.
    monkeypatch.setattr(sessions, "retrieve", lambda _session_id: None)
    counter = company.counters[0]
    logging.disable(logging.INFO)  # thousands of lines of requests that nobody reads
    yield Knocking(
        brand=company.brand,
        session_id=SESSION_ID,
        tablet=secrets["a tablet's cookie"],
        program=secrets["an API token"],
        people=[counter.cashier, counter.manager],
    )
    logging.disable(logging.NOTSET)


def test_no_value_of_the_database_opens_a_page(at: Knocking, secrets: Secrets) -> None:
    """No secret that was given to somebody is kept, and what is kept is tried at every sixth page, in turns;
    `make stress` tries each value at each page."""
    kept = values()
    assert not set(kept) & set(secrets.values())
    nothing_opens(at, secrets, kept, turns=6)


@pytest.mark.stress
def test_not_one_value_of_the_database_opens_a_page(at: Knocking, secrets: Secrets) -> None:
    nothing_opens(at, secrets, values(), turns=1)


def nothing_opens(at: Knocking, secrets: Secrets, kept: dict[str, str], *, turns: int) -> None:
    assert {f"{place.split('.')[0]}" for place in kept.values()} >= FILLED
    opens = [
        f"{place} opens {pages}"
        for number, (text, place) in enumerate(kept.items())
        if (pages := opened(at, text, list(PAGES)[number % turns :: turns]))
    ]
    assert opens == []
    for page, secret in secrets.items():
        assert page in opened(at, secret), f"the control: {page} was closed to everybody"
    assert set(secrets) | SECRETLESS == set(PAGES)


def test_a_secret_that_was_kept_by_mistake_is_found(
    at: Knocking, secrets: Secrets, company: Company
) -> None:
    """The control: within a text, within JSON, and as bytes."""
    gifts = Gift._base_manager.filter(pk=company.gift.pk)
    pages = Payment._base_manager.filter(session_id=f"{SESSION_ID}X")
    plants: dict[str, tuple[QuerySet[Any], Any]] = {
        "orders_gift.message": (gifts, f"so: {', '.join(secrets.values())}, you see"),
        "orders_gift.picks": (gifts, {"kept": {"by mistake": list(secrets.values())}}),
        "payments_payment.url_ciphertext": (pages, "\n".join(secrets.values()).encode()),
    }
    for place, (rows, plant) in plants.items():
        column = place.split(".")[1]
        before = rows.values(column).get()
        rows.update(**{column: plant})
        kept = values()
        for page, secret in secrets.items():
            assert kept[secret] == place
            assert PAGES[page](at, secret)
        rows.update(**before)


def test_the_hash_of_a_pin_is_not_enough_to_try_all_pins(company: Company) -> None:
    """There are ten thousand of them; the key that is not in the database is what stops it."""
    member = company.counters[0].manager
    assert member.has_pin(PIN)
    assert not check_password(PIN, member.pin_hash)
    assert check_password(PIN, make_password(PIN)), "the control: without the key it fits"
