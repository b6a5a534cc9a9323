"""VAT as the receipt shows it: integers that add up, and what was said at the sale."""

from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import translation
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders import vat
from giftshop.orders.models import Gift
from giftshop.orders.vat import VatLine
from giftshop.outbox import relay
from tests.access import markup
from tests.cast import Place, line, make_free_treat, pay
from tests.giftshop.delivery.conftest import letters_to

AMY = "amy@senders.example"


def gift(amount: int, rate: int | None) -> Gift:
    return Gift(amount=amount, vat_rate=rate)


@pytest.mark.parametrize(
    ("gross", "rate", "vat_in_it"),
    [
        (11900, 1900, 1900),
        (650, 1900, 104),  # 103.78
        (107, 700, 7),
        (1, 1900, 0),  # 0.16
        (3, 2000, 1),  # 0.5: half a unit up
        (9, 2000, 2),  # 1.5
        (650, 0, 0),
        (650, 10_000, 325),
        (999, 750, 70),  # 69.70
        (10**15, 1900, 159_663_865_546_218),
    ],
)
def test_it_is_taken_from_the_price_and_adds_up(gross: int, rate: int, vat_in_it: int) -> None:
    found = vat.of_gifts([gift(gross, rate)])
    assert found == vat.Vat([VatLine(rate, gross - vat_in_it, vat_in_it)], is_whole=True)


def test_it_is_rounded_once_for_each_rate() -> None:
    gifts = [gift(3, 2000), gift(3, 2000), gift(107, 700), gift(500, None)]
    found = vat.of_gifts(gifts)
    assert found.lines == [VatLine(2000, 5, 1), VatLine(700, 100, 7)]
    assert not found.is_whole
    assert vat.of_gifts([gift(500, None)]) == vat.Vat([], is_whole=False)


@pytest.mark.parametrize(
    ("rate", "en", "de"),
    [(1900, "19", "19"), (2000, "20", "20"), (750, "7.5", "7,5"), (0, "0", "0")],
)
def test_a_rate_reads_as_it_is_written(rate: int, en: str, de: str) -> None:
    with translation.override("en"):
        assert VatLine(rate, 0, 0).percent == en
    with translation.override("de"):
        assert VatLine(rate, 0, 0).percent == de


def receipt() -> str:
    relay.drain()
    letter = next(each for each in letters_to(AMY) if "paid" in str(each.subject))
    assert isinstance(letter, EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    body = " ".join(letter.body.split())
    for words in ("Net", "No VAT or sales tax", "falls due when they are used"):
        assert (words in html) == (words in body), "both parts say the same"
    return body


@pytest.mark.django_db
def test_what_was_said_at_the_sale_stays_with_the_order(
    brand: Brand, place: Place, client: Client
) -> None:
    Brand.objects.update(vat_rate=1900)
    brand.refresh_from_db()
    order = pay(place())
    Brand.objects.update(vat_rate=700)
    assert "Net $10.92, 19% VAT $2.08" in receipt()
    page = client.get(f"/orders/{order.link_token()}/").content.decode()
    assert "19</bdi>% VAT in it" in page or "19% VAT in it" in page.replace("\u2066", "").replace(
        "\u2069", ""
    )
    assert "$2.08" in page
    assert "No VAT or sales tax" not in page
    assert markup.faults(page) == []


@pytest.mark.django_db
@pytest.mark.parametrize("on_amounts", [False, True])
def test_a_gift_of_an_amount_is_taxed_when_it_is_used_unless_the_brand_says_so(
    brand: Brand, treat: Treat, place: Place, client: Client, on_amounts: bool
) -> None:
    Brand.objects.update(vat_rate=1900, vat_on_amounts=on_amounts)
    brand.refresh_from_db()
    with scope(brand=brand):
        free = make_free_treat(brand)
    order = pay(place(lines=[line(treat, "Ben"), line(free, "Cleo", given=1000)]))
    with scope(brand=brand):
        rates: list[Any] = list(order.gifts.order_by("position").values_list("vat_rate", flat=True))
    assert rates == [1900, 1900 if on_amounts else None]
    said = "Net $13.87, 19% VAT $2.63" if on_amounts else "Net $5.46, 19% VAT $1.04"
    body = receipt()
    assert said in body
    assert ("falls due when they are used" in body) != on_amounts
    page = client.get(f"/orders/{order.link_token()}/").content.decode()
    assert ("falls due when they are used" in page) != on_amounts


@pytest.mark.django_db
def test_where_nothing_is_said_the_plain_sentence_stays(place: Place, client: Client) -> None:
    order = pay(place())
    body = receipt()
    assert "No VAT or sales tax is shown here." in body
    assert "Net" not in body
    page = client.get(f"/orders/{order.link_token()}/").content.decode()
    assert "No VAT or sales tax is shown here." in page
    mail.outbox.clear()
