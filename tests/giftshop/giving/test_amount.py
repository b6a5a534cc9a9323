"""An amount that its sender names: tapped or typed, for all or for each, between the limits of the menu."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Price, Treat
from giftshop.giving import drafts
from giftshop.orders.checkout import OrderRefused
from giftshop.orders.models import Draft, Order
from redemption.models import Code
from tests.cast import Place, line, make_free_treat, pay
from tests.giftshop.giving.steps import (
    BEN,
    CARD,
    CLEO,
    SENDER,
    begin,
    keys,
    now_in,
    open_a_store,
    url,
    who_form,
)

pytestmark = pytest.mark.django_db

TYPED = {"treats": "all", "choice": "a-gift:one"}


@pytest.fixture
def free(brand: Brand) -> Treat:
    return make_free_treat(brand)


@pytest.fixture
def draft(client: Client, brand: Brand, treat: Treat, free: Treat) -> Draft:
    draft = begin(client, brand)
    client.post(url(draft, "who"), who_form(draft, BEN, CLEO))
    return now_in(draft)


def page(client: Client, draft: Draft) -> str:
    return str(client.get(url(draft, "what"), {"check": "1"}).content.decode())


def test_the_first_suggestion_is_chosen_already(client: Client, brand: Brand, free: Treat) -> None:
    assert begin(client, brand, free).data["choice"] == "a-gift:one:1000"


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("a-gift:one:3700", "a-gift:one:3700"),
        ("a-gift:one:2500", "a-gift:one:2500"),
        ("a-gift:one:499", ""),
        ("a-gift:one:20001", ""),
        ("a-gift:one:٣٧٠٠", ""),
        (f"a-gift:one:{'9' * 5_000}", ""),
        ("a-gift:two:3700", ""),
        ("double-scoop:regular:3700", ""),
        ('"><script>:1', ""),
    ],
)
def test_a_link_chooses_an_amount(
    client: Client, brand: Brand, treat: Treat, free: Treat, asked: str, chosen: str
) -> None:
    open_a_store(brand)
    shop = client.get(f"/shop/{brand.slug}/", {"choice": asked}).content.decode()
    assert (f'name="choice" value="{chosen}"' in shop) is bool(chosen)
    assert ('name="choice"' in shop) is bool(chosen)
    client.post(f"/shop/{brand.slug}/give/", {"treat": free.slug, "choice": asked})
    with scope(brand=brand):
        draft = Draft.objects.get()
    assert draft.data["choice"] == (chosen or "a-gift:one:1000")
    client.post(url(draft, "who"), who_form(draft, BEN))
    what = client.get(url(draft, "what")).content.decode()
    assert ('value="37.00"' in what) is (chosen == "a-gift:one:3700")


def test_a_tap_is_enough(client: Client, draft: Draft) -> None:
    form = {"treats": "all", "choice": "a-gift:one:2500"}
    assert client.post(url(draft, "what"), form).url == url(draft, "say")
    assert "$50.00" in page(client, draft)


@pytest.mark.parametrize(
    ("typed", "total"), [("37.50", "$75.00"), ("$5", "$10.00"), ("200", "$400.00")]
)
def test_what_is_typed_is_given_to_each(
    client: Client, draft: Draft, typed: str, total: str
) -> None:
    form = {**TYPED, "amount-a-gift": typed}
    assert client.post(url(draft, "what"), form).url == url(draft, "say")
    shown = page(client, draft)
    assert total in shown
    assert f'value="{typed}"' in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *[(typed, "Choose an amount from $5.00 to $200.00.") for typed in ("", "4.99", "200.01")],
        *[("-20", "Choose an amount from $5.00"), ("9" * 18, "Choose an amount from $5.00")],
        *[("a lot", "Write an amount, like 250."), ("10.005", "at most 2 digits")],
    ],
)
def test_what_cannot_be_given_is_said_at_its_field(
    client: Client, draft: Draft, typed: str, said: str
) -> None:
    form = {**TYPED, "amount-a-gift": typed}
    answer = client.post(url(draft, "what"), form)
    assert answer.url == url(draft, "what") + "?check=1#problems"
    shown = page(client, draft)
    assert said in shown
    assert 'href="#amount-a-gift"' in shown
    assert (
        'aria-describedby="amount-a-gift_helptext amount-a-gift_error" aria-invalid="true"' in shown
    )
    assert f'value="{typed}"' in shown
    assert client.get(url(draft, "pay")).url == url(draft, "what") + "?check=1#problems"


def test_each_has_an_amount_of_their_own(client: Client, draft: Draft) -> None:
    ben, cleo = keys(draft)
    form = {"treats": "each", "row": [ben, cleo], f"{ben}-choice": "a-gift:one:2500"}
    form |= {f"{cleo}-choice": "a-gift:one", f"{cleo}-amount": "2"}
    page = client.post(url(draft, "what"), form, follow=True).content.decode()
    assert "Cleo: Choose an amount from $5.00 to $200.00." in page
    assert f'href="#id_{cleo}-amount"' in page
    form[f"{cleo}-amount"] = "37.50"
    assert client.post(url(draft, "what"), form).url == url(draft, "say")
    assert "$62.50" in client.get(url(draft, "what")).content.decode()


def test_what_is_suggested_no_more_is_as_good_as_typed(
    client: Client, draft: Draft, free: Treat
) -> None:
    client.post(url(draft, "what"), {"treats": "all", "choice": "a-gift:one:2500"})
    Price.objects.filter(treat=free).update(suggested=[1_000])
    shown = page(client, draft)
    assert 'value="25.00"' in shown
    assert "$50.00" in shown
    Price.objects.filter(treat=free).update(most=2_000)
    assert "Choose an amount from $5.00 to $20.00." in page(client, draft)


def _said(client: Client, draft: Draft, **form: Any) -> None:
    client.post(url(draft, "what"), {**TYPED, **form})
    client.post(url(draft, "say"), {**CARD, **SENDER})


def test_it_is_looked_over_and_placed(client: Client, draft: Draft, brand: Brand) -> None:
    _said(client, draft, **{"amount-a-gift": "37.50"})
    shown = client.get(url(draft, "pay")).content.decode()
    assert shown.count("$37.50") == 2
    assert "in parts if your friend likes" in shown
    assert "It can be used once" not in shown
    with scope(brand=brand):
        wanted = drafts.read(now_in(draft))
        before = drafts.fingerprint(now_in(draft))
    assert [(one.amount, one.label) for one in wanted.lines] == [(3_750, "A gift")] * 2
    _said(client, draft, **{"amount-a-gift": "38"})
    with scope(brand=brand):
        again = drafts.read(now_in(draft))
        assert drafts.fingerprint(now_in(draft)) != before
    assert again.digest != wanted.digest


def test_its_code_is_good_for_the_amount(brand: Brand, place: Place, free: Treat) -> None:
    price = free.prices.get()
    with scope(brand=brand):
        given = line(free, "Ben", price=price, given=3_750)
        order = pay(place(lines=[given, line(free, "Cleo", price=price, given=500)]))
        first, second = Code.objects.order_by("reference").filter(reference__startswith="gift:")
    assert order.total == 4_250
    assert {first.amount, second.amount} == {3_750, 500}
    assert (first.kind, first.label, first.choices) == (Code.Kind.VALUE, "A gift", [])
    Price.objects.filter(treat=free).update(amount=10_000)  # what was sold stays as it is
    with scope(brand=brand):
        assert Order.objects.get(pk=order.pk).total == 4_250
        assert order.gifts.first().is_amount


@pytest.mark.parametrize("given", [0, 499, 20_001])
def test_no_order_is_placed_beyond_the_limits(
    brand: Brand, place: Place, free: Treat, given: int
) -> None:
    lines = [line(free, price=free.prices.get(), given=given)]
    with pytest.raises(OrderRefused, match=r"choose an amount from \$5.00 to \$200.00"):
        place(lines=lines)


def test_an_amount_named_for_a_size_changes_nothing(place: Place, treat: Treat) -> None:
    assert place(lines=[line(treat, given=1)]).total == 650
