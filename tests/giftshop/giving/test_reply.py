"""Send one back: begun on a gift's page, with its sender filled in and never their address."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.giving import drafts
from giftshop.orders import replies
from giftshop.orders.models import Draft, Gift, Order
from tests.cast import make_free_treat
from tests.giftshop.giving.steps import begin, keys, now_in, open_a_store, url, who_form
from tests.page_words import plain_text

pytestmark = pytest.mark.django_db
AMY = "amy@senders.example"
MASKED = "a•••@s•••.example"


@pytest.fixture
def gift(paid_order: Order) -> Gift:
    open_a_store(paid_order.brand)
    with scope(brand=paid_order.brand):
        gifts = Gift.objects.select_related("order", "treat", "price", "recipient")
        return gifts.order_by("position")[0]


def answer(client: Client, gift: Gift, signed: str | None = None, **headers: str) -> str:
    """Where the gift page's button leads."""
    posted = {"gift": replies.sign(gift) if signed is None else signed}
    way = reverse("give-reply", args=[gift.order.brand.slug])
    return str(client.post(way, posted, headers=headers)["Location"])


def begun(client: Client, gift: Gift) -> Draft:
    with scope(brand=gift.order.brand):
        return Draft.objects.select_related("brand").get(pk=answer(client, gift).split("/")[4])


def all_said(draft: Draft) -> None:
    with scope(brand=draft.brand):
        draft.data |= {"message": "Your turn", "sender_email": "ben@friends.example"}
        draft.save()


def test_whoever_sent_it_is_filled_in_with_the_same_treat(client: Client, gift: Gift) -> None:
    draft = begun(client, gift)
    page = client.get(url(draft, "who")).content.decode()
    assert f'value="{gift.order.sender_name}"' in page
    assert f"{gift.treat.name}, {gift.price and gift.price.name}" in plain_text(page)
    assert MASKED in plain_text(page)
    assert draft.data["choice"] == f"{gift.treat.slug}:{gift.price and gift.price.key}"
    assert draft.data["sender_name"] == "Ben"


def test_an_amount_is_answered_by_the_same_amount(client: Client, brand: Brand, gift: Gift) -> None:
    with scope(brand=brand):
        free = make_free_treat(brand)
        Gift.objects.filter(pk=gift.pk).update(
            treat=free, price=free.prices.all()[0], amount=3_700, kind="value"
        )
    assert begun(client, gift).data["choice"] == "a-gift:one:3700"


def test_a_treat_that_is_gone_is_chosen_anew(client: Client, brand: Brand, gift: Gift) -> None:
    with scope(brand=brand):
        Treat.objects.filter(pk=gift.treat_id).update(is_active=False)
    draft = begun(client, gift)
    assert "choice" not in draft.data
    assert client.get(url(draft, "who")).status_code == 200


def test_the_address_is_on_no_page_and_on_the_order(client: Client, gift: Gift) -> None:
    draft = begun(client, gift)
    all_said(draft)
    client.post(url(draft, "who"), who_form(draft, {"name": "Amy"}))
    for step in ("who", "what", "say", "pay"):
        page = client.get(url(draft, step), {"check": 1})
        assert page.status_code == 200
        assert AMY not in page.content.decode()
        assert AMY not in str(client.session.items())
    assert MASKED in plain_text(client.get(url(draft, "pay")).content.decode())
    assert AMY not in str(now_in(draft).data)
    with scope(brand=draft.brand):
        (line,) = drafts.read(now_in(draft)).lines
    assert (line.recipient_email, line.shown_email) == (AMY, MASKED)


def test_what_the_page_sends_to_prove_it_was_seen_says_nothing_of_the_address(
    client: Client, gift: Gift
) -> None:
    draft = begun(client, gift)
    all_said(draft)
    with scope(brand=draft.brand):
        before = drafts.read(draft).digest
        Order.objects.update(sender_email="ava@somewhere.example")
        assert drafts.read(draft).digest == before


def test_an_address_that_is_typed_takes_its_place(client: Client, gift: Gift) -> None:
    draft = begun(client, gift)
    all_said(draft)
    client.post(url(draft, "who"), who_form(draft, {"name": "Amy", "email": "amy@another.example"}))
    with scope(brand=draft.brand):
        (line,) = drafts.read(now_in(draft)).lines
    assert (line.recipient_email, line.shown_email) == ("amy@another.example",) * 2


def test_nobody_says_by_a_form_whose_gift_is_answered(client: Client, gift: Gift) -> None:
    draft = begin(client, gift.order.brand)
    client.post(url(draft, "who"), who_form(draft, {"name": "Amy", "reply": str(gift.pk)}))
    assert (
        f'id="id_{keys(draft)[0]}-email_error"'
        in client.get(url(draft, "who"), {"check": 1}).content.decode()
    )


def test_forged_and_foreign_ones_lead_to_the_shop(
    client: Client, gift: Gift, other_brand: Brand
) -> None:
    shop = reverse("shop", args=[gift.order.brand.slug])
    assert answer(client, gift, "") == shop
    assert answer(client, gift, replies.sign(gift)[:-1] + "x") == shop
    assert answer(client, gift, "\x00" * 5_000) == shop
    assert answer(client, gift, **{"Sec-Fetch-Site": "cross-site"}) == shop
    elsewhere = reverse("give-reply", args=[other_brand.slug])
    answered = client.post(elsewhere, {"gift": replies.sign(gift)})
    assert answered["Location"] == reverse("shop", args=[other_brand.slug])
    with scope(brand=gift.order.brand):
        assert not Draft.objects.exists()
