"""After handing over: what the till shows the recipient, and where it leads."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.counter import counter_links as tellers
from giftshop.giving import drafts
from giftshop.orders import counter_links
from giftshop.orders.models import CameBy, Draft, Gift, Order, Recipient
from redemption.models import Code, Redemption, StaffMember
from redemption.redeem.reverse import reverse as reverse_redemption
from redemption.till import counter_links as till_links
from tests.cast import make_free_treat, symbols
from tests.giftshop.giving.steps import url
from tests.page_words import plain_text
from tests.redemption.codes import qr_reader
from tests.redemption.till.views.conftest import sign_in, tablet_of

pytestmark = pytest.mark.django_db
CARD = 'id="counter-link" class="counter-link"'


@pytest.fixture
def till(paired: Any, cashier: StaffMember) -> Client:
    tablet = tablet_of(paired)
    assert sign_in(tablet, cashier).status_code == 302
    return tablet


def hand_over(till: Client, code: Code, **more: str) -> str:
    sent = {"code": symbols(code), "key": "key-1", "pick-flavour": "mint", **more}
    answer = till.post("/till/redemptions/", sent)
    assert answer.status_code == 201
    return str(answer.content.decode())


def address_on(html: str) -> str:
    """Read by a decoder that shares nothing with what drew it; without the host."""
    whole = qr_reader.read_svg(html[html.index(CARD) :])
    start = "http://testserver" if whole.startswith("http://testserver") else ""
    return whole[len(start) :] if start else "/" + whole.split("/", 3)[3]


@pytest.fixture
def shown(till: Client, code: Code) -> str:
    """What the QR on the till leads to, after Ben was handed over what Amy sent."""
    return address_on(hand_over(till, code))


def handed_over() -> Redemption:
    with scopes_disabled():
        return Redemption.objects.get()


def begun(client: Client, shown: str) -> Draft:
    answer = client.post(shown)
    assert answer.status_code == 302
    with scopes_disabled():
        return Draft.objects.select_related("brand").get(pk=answer["Location"].split("/")[4])


def test_the_till_shows_a_code_that_leads_to_a_present_for_the_sender(
    till: Client, client: Client, gift: Gift, code: Code
) -> None:
    html = hand_over(till, code)
    assert "Treat Amy back" in plain_text(html)
    shown = address_on(html)
    page = plain_text(client.get(shown).content.decode())
    assert "Send one back to Amy" in page
    assert gift.label in page
    assert "$6.50" in page
    draft = begun(client, shown)
    assert (draft.came_by, draft.from_gift_id) == (CameBy.COUNTER, gift.pk)
    assert draft.counter_store_id == handed_over().store_id
    who = client.get(url(draft, "who")).content.decode()
    assert 'value="Amy"' in who
    assert "a•••@s•••.example" in plain_text(who)


def test_it_says_nothing_of_the_code_the_recipient_or_the_senders_address(
    till: Client, client: Client, code: Code, gift: Gift
) -> None:
    html = hand_over(till, code)
    shown = address_on(html)
    draft = begun(client, shown)
    for page in (client.get(shown), client.get(url(draft, "who")), client.get(url(draft, "say"))):
        text = page.content.decode()
        assert gift.order.sender_email not in text
        assert 'value="Ben"' not in text
        assert "ben@friends.example" not in text
        assert symbols(code) not in text
    assert "sender_name" not in draft.data
    assert str(gift.pk) not in shown
    assert symbols(code) not in shown


def test_looking_at_it_changes_nothing_and_following_it_twice_begins_one(
    client: Client, shown: str
) -> None:
    client.get(shown)
    client.head(shown)
    with scopes_disabled():
        assert not Draft.objects.exists()
    assert begun(client, shown) == begun(client, shown)
    assert begun(Client(), shown) != begun(client, shown)


def test_an_order_placed_from_it_is_a_new_present_the_next_time(
    client: Client, shown: str, place: Any
) -> None:
    draft = begun(client, shown)
    place(draft=draft, key="one")
    assert begun(client, shown) != draft


@pytest.mark.parametrize("wrong", ["x", "A" * 38, "%00" * 9, "é" * 38, "A" * 5_000])
def test_forged_ones_lead_nowhere(client: Client, shown: str, wrong: str) -> None:
    assert client.get(f"/c/{wrong}/").status_code == 404
    signed = shown.split("/")[2]
    another = "A" if signed[30] != "A" else "B"  # within what is signed by
    assert client.get(f"/c/{signed[:30]}{another}{signed[31:]}/").status_code == 404


def test_it_is_over_after_a_day(client: Client, brand: Brand, shown: str) -> None:
    with time_machine.travel(timezone.now() + counter_links.LASTS + timedelta(minutes=1)):
        for answer in (client.get(shown), client.post(shown)):
            assert answer["Location"] == f"/shop/{brand.slug}/"
    with scope(brand=brand):
        assert not Draft.objects.exists()


def test_it_is_over_once_the_redemption_is_reversed(
    client: Client, brand: Brand, shown: str, cashier: StaffMember
) -> None:
    redemption = handed_over()
    with scope(brand=brand):
        reverse_redemption(
            device=redemption.device,
            redemption_id=redemption.pk,
            reason="wrong gift",
            staff=cashier,
            signed_in=True,
            now=timezone.now(),
        )
    assert client.get(shown)["Location"] == f"/shop/{brand.slug}/"


def test_a_shop_that_is_not_open_sells_nothing(client: Client, brand: Brand, shown: str) -> None:
    Brand.objects.filter(pk=brand.pk).update(opened_at=None)
    assert client.post(shown)["Location"] == f"/shop/{brand.slug}/"


def test_a_brand_switches_it_off(till: Client, brand: Brand, code: Code) -> None:
    Brand.objects.filter(pk=brand.pk).update(shows_counter_link=False)
    assert CARD not in hand_over(till, code)


def test_without_a_sender_it_is_a_treat_for_anybody(
    till: Client, client: Client, brand: Brand, code: Code, gift: Gift
) -> None:
    with scope(brand=brand):
        Order.objects.filter(pk=gift.order_id).update(
            sender_name="", sender_email="", sender_phone="", sender_erased_at=timezone.now()
        )
    html = hand_over(till, code)
    assert "Treat a friend" in plain_text(html)
    draft = begun(client, address_on(html))
    assert draft.from_gift_id == gift.pk
    assert draft.data["choice"] == "double-scoop:regular"
    assert not any("reply" in row for row in draft.data["rows"])


def test_a_code_that_nobody_sent_leads_to_a_present_too(
    till: Client, client: Client, brand: Brand, code: Code, gift: Gift
) -> None:
    with scope(brand=brand):
        Gift.objects.filter(pk=gift.pk).update(code=None)  # as one that a campaign gave away
    html = hand_over(till, code)
    assert "Treat a friend" in plain_text(html)
    draft = begun(client, address_on(html))
    assert (draft.came_by, draft.from_gift_id) == (CameBy.COUNTER, None)
    assert draft.counter_store_id == handed_over().store_id


def test_an_amount_is_answered_by_the_same_amount(
    till: Client, client: Client, brand: Brand, code: Code, gift: Gift
) -> None:
    with scope(brand=brand):
        free = make_free_treat(brand)
        price = free.prices.all()[0]
        Gift.objects.filter(pk=gift.pk).update(treat=free, price=price, amount=3_700, kind="value")
    shown = address_on(hand_over(till, code))
    assert "$37.00" in plain_text(client.get(shown).content.decode())
    assert begun(client, shown).data["choice"] == "a-gift:one:3700"


def test_its_words_are_in_the_recipients_language(till: Client, code: Code, gift: Gift) -> None:
    with scopes_disabled():
        Recipient.objects.filter(pk=gift.recipient_id).update(language="de")
    html = hand_over(till, code)
    assert 'lang="de"' in html[html.index(CARD) :]
    assert "Treat Amy back" not in html


def test_a_till_that_hears_late_shows_none(till: Client, code: Code) -> None:
    """Its answer was lost; it asks again under the same key when whoever came has left."""
    assert CARD in hand_over(till, code)
    assert CARD in hand_over(till, code), "at once"
    with time_machine.travel(timezone.now() + till_links.LATE + timedelta(seconds=1)):
        assert CARD not in hand_over(till, code)


def test_a_database_that_fails_takes_nothing_from_the_answer(
    till: Client, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(till_links, "_tellers", [fails])
    html = hand_over(till, code)
    assert "Hand it over" in html
    assert CARD not in html


def test_it_costs_one_query_and_the_page_few(
    client: Client, brand: Brand, shown: str, code: Code, django_assert_max_num_queries: Any
) -> None:
    with scope(brand=brand):
        redemption = Redemption.objects.select_related("device__brand").get()
        with django_assert_max_num_queries(1):
            assert tellers.of_redemption(redemption.device, redemption.pk).url.endswith(shown)
    with django_assert_max_num_queries(12):
        client.get(shown)


def test_what_it_begins_is_read_as_an_answer(client: Client, brand: Brand, shown: str) -> None:
    """At the address that the shop knows and nobody typed."""
    draft = begun(client, shown)
    draft.data |= {"message": "Your turn", "sender_name": "Ben", "sender_email": "b@x.example"}
    with scope(brand=brand):
        draft.save()
        (line,) = drafts.read(draft).lines
    assert (line.recipient_email, line.is_address_hidden) == ("amy@senders.example", True)
