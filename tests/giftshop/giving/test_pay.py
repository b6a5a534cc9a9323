"""Pay: everything once more in plain words, and nothing before it is complete."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Price, Treat
from giftshop.giving import drafts
from giftshop.orders import own_drafts
from giftshop.orders.checkout import place_order
from giftshop.orders.models import Order
from giftshop.outbox import relay
from giftshop.payments import checkout_session
from giftshop.payments.stripe import sessions
from tests.cast import pay
from tests.giftshop.giving.steps import begin, ready_draft, url, walk_to_the_end

pytestmark = pytest.mark.django_db


def test_a_draft_made_for_tests_is_what_the_pages_leave(
    brand: Brand, treat: Treat, in_brand: Brand
) -> None:
    found = []
    for make in (ready_draft, walk_to_the_end):
        client = Client()
        draft = make(client, brand, treat)
        assert client.session[own_drafts.SESSION_KEY] == [str(draft.pk)]
        assert len({row.pop("key") for row in draft.data["rows"]}) == 2
        found.append((draft.data, client.get(url(draft, "pay")).status_code))
    assert found[0] == found[1]
    assert found[0][1] == 200


def test_it_sums_up_each_gift_and_says_the_act(client: Client, brand: Brand, treat: Treat) -> None:
    page = client.get(url(ready_draft(client, brand, treat), "pay")).content.decode()
    assert "Send 2 gifts for $13.00" in page
    assert 'Right away, to <bdi dir="ltr">ben@friends.example' in page
    assert "You get a link to send yourself" in page
    assert "amy@senders.example" in page


def test_it_shows_the_menus_price_of_now(client: Client, brand: Brand, treat: Treat) -> None:
    draft = ready_draft(client, brand, treat)
    Price.objects.filter(treat=treat, key="regular").update(amount=700)
    assert "$14.00" in client.get(url(draft, "pay")).content.decode()


def test_an_incomplete_draft_goes_back_to_what_is_missing(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = begin(client, brand, treat)
    assert client.get(url(draft, "pay")).url == url(draft, "who") + "?check=1#problems"


def test_coming_back_from_a_cancelled_payment_is_calm(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = ready_draft(client, brand, treat)
    page = client.get(url(draft, "pay"), {"cancelled": "1"}).content.decode()
    assert "Nothing was charged" in page
    assert "Send 2 gifts" in page


def test_a_paid_draft_leads_to_its_order(client: Client, brand: Brand, treat: Treat) -> None:
    draft = ready_draft(client, brand, treat)
    with scope(brand=brand):
        wanted = drafts.read(draft)
        order = place_order(
            brand=brand,
            key=drafts.fingerprint(draft),
            sender_name=wanted.sender_name,
            sender_email=wanted.sender_email,
            lines=wanted.lines,
            draft=draft,
        )
    pay(order)
    for name in ("who", "what", "say", "pay"):
        assert client.get(url(draft, name)).url == f"/orders/{order.link_token()}/"


@pytest.mark.parametrize("change", [{}, {"amount": 999}, {"most": 90_000}], ids=str)
def test_a_menu_that_changes_while_somebody_pays_is_looked_at_once_more(
    client: Client, brand: Brand, treat: Treat, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    """After the draft was read and before the order is placed; without a change the size is taken away."""
    draft, read = ready_draft(client, brand, treat), drafts.read

    def read_before(*args: Any, **how: Any) -> Any:
        wanted = read(*args, **how)
        prices = Price.objects.filter(treat=treat, key="regular")
        prices.update(**change) if change else prices.delete()
        return wanted

    monkeypatch.setattr(drafts, "read", read_before)
    answer = client.post(reverse("payment", args=[brand.slug, draft.pk]))
    monkeypatch.undo()
    assert answer.url == url(draft, "pay")
    assert "prices have just changed" in client.get(answer.url, follow=True).content.decode()
    with scope(brand=brand):
        assert not Order.objects.exists()


def test_the_page_stays_within_its_queries(
    client: Client, brand: Brand, treat: Treat, django_assert_max_num_queries: Any
) -> None:
    draft = ready_draft(client, brand, treat)
    with django_assert_max_num_queries(11):
        client.get(url(draft, "pay"))


def test_a_payment_page_that_cannot_be_reached_costs_nothing(
    client: Client, brand: Brand, treat: Treat
) -> None:
    draft = ready_draft(client, brand, treat)
    address = reverse("payment", args=[brand.slug, draft.pk])
    for _again in range(2):
        answer = client.post(address, follow=True)
        assert answer.redirect_chain[-1][0] == url(draft, "pay")
    assert "Nothing was charged" in answer.content.decode()
    with scope(brand=brand):
        assert draft.orders.count() == 1


def kinds_of_toasts(answer: Any) -> list[str]:
    return [message.level_tag for message in answer.context["messages"]]


def test_a_payment_page_that_is_refused_is_not_called_out_of_reach(
    client: Client, brand: Brand, treat: Treat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_fields: Any) -> None:
        raise sessions.SessionRefused("amount_too_small")

    monkeypatch.setattr(checkout_session, "open_page", refuse)
    address = reverse("payment", args=[brand.slug, ready_draft(client, brand, treat).pk])
    answer = client.post(address, follow=True)
    page = answer.content.decode()
    assert "The payment page refused this order. Nothing was charged." in page
    assert "can&#x27;t be reached" not in page


def test_what_was_changed_in_another_tab_is_told_and_stays(
    client: Client, brand: Brand, treat: Treat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outdated(**_order: object) -> str:
        raise checkout_session.OrderOutdated

    monkeypatch.setattr(checkout_session, "open_page", outdated)
    draft = ready_draft(client, brand, treat)
    answer = client.post(reverse("payment", args=[brand.slug, draft.pk]), follow=True)
    assert "was changed in another tab" in answer.content.decode()
    assert kinds_of_toasts(answer) == ["warning"]


@pytest.mark.parametrize("changed", ["price", "name"])
def test_what_changed_since_it_was_seen_is_looked_over_before_it_is_paid(
    client: Client, brand: Brand, treat: Treat, changed: str
) -> None:
    draft = ready_draft(client, brand, treat)
    seen = client.get(url(draft, "pay")).context["order"].digest
    with scope(brand=brand), drafts.changing(draft) as data:
        if changed == "price":
            Price.objects.filter(treat=treat, key="regular").update(amount=700)
        else:
            data["rows"][0]["name"] = "Benedict"
    address = reverse("payment", args=[brand.slug, draft.pk])
    answer = client.post(address, {"seen": seen}, follow=True)
    assert answer.redirect_chain == [(url(draft, "pay"), 302)]
    assert "not as it was when you saw it" in answer.content.decode()
    assert kinds_of_toasts(answer) == ["warning"], "it stays until it is dismissed"
    with scope(brand=brand):
        assert draft.orders.count() == 0

    now = answer.context["order"].digest
    client.post(address, {"seen": now})
    with scope(brand=brand):
        assert draft.orders.count() == 1


def test_the_bar_calls_done_only_what_asks_for_nothing_more(
    client: Client, brand: Brand, treat: Treat
) -> None:
    """Pay may be reached and is never done; Say is not done without a sender."""
    draft = ready_draft(client, brand, treat)

    def bar() -> list[tuple[bool, bool]]:
        told = client.get(url(draft, "who")).context["steps"]
        return [(bool(step["url"]), step["done"]) for step in told]

    assert bar() == [(False, True), (True, True), (True, True), (True, False)]
    with scope(brand=brand), drafts.changing(draft) as data:
        data["sender_name"] = ""
    assert bar() == [(False, True), (True, True), (True, False), (True, False)]


def test_the_language_read_when_it_is_paid_is_that_of_its_mails(
    client: Client, brand: Brand, treat: Treat, in_brand: Brand
) -> None:
    """Somebody comes back from the payment page, chooses German, and goes on to pay."""
    draft = ready_draft(client, brand, treat)
    paying = reverse("payment", args=[brand.slug, draft.pk])
    client.post(paying)
    (order,) = Order.objects.all()
    assert order.language == "en"

    client.post("/language/", {"language": "de", "next": "/"})
    client.post(paying)
    (order,) = Order.objects.select_related("brand")
    pay(order)
    mail.outbox.clear()
    relay.drain()
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert "sind bezahlt" in subjects["amy@senders.example"]
    assert subjects["ben@friends.example"] == "Ben, Amy schickt dir eine Leckerei"
