"""A gift on paper: read by others' programs, with all that a store and a recipient need."""

import logging
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Store
from giftshop.catalog.models import Treat
from giftshop.delivery.mend import Wanted, mend
from giftshop.orders.models import Gift, Order
from giftshop.pictures import fonts
from giftshop.printed_cards import of_gift
from giftshop.printed_cards.card import HEIGHT, WIDTH, Card, draw
from giftshop.printed_cards.words import printable
from redemption.models import Code
from tests.cast import put_on_hold, symbols
from tests.giftshop.delivery.conftest import fresh

pytestmark = pytest.mark.django_db

PIXELS_PER_POINT = 3
POINTS_PER_MM = 72 / 25.4


def made(gift: Gift, code: Code) -> Card:
    with scope(brand=gift.order.brand):
        whole = Gift.objects.with_everything().get(pk=gift.pk)
        whole.message, whole.order.sender_name = gift.message, gift.order.sender_name
        whole.recipient.name, whole.recipient.language = (
            gift.recipient.name,
            gift.recipient.language,
        )
        return of_gift.card(whole, code, symbols(code))


def words_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def read_qr(pdf: bytes) -> list[str]:
    """By another's decoder, out of another's rendering."""
    pages = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=PIXELS_PER_POINT).to_pil() for page in pages]
    return [found.text for each in pictures for found in zxingcpp.read_barcodes(each)]


def url(gift: Gift) -> str:
    return f"/orders/{gift.order.link_token()}/gifts/{gift.position}/card/"


def test_it_is_printed_from_the_orders_page(
    client: Client, gift: Gift, code: Code, store: Store, paid_order: Order
) -> None:
    order = client.get(f"/orders/{paid_order.link_token()}/").content.decode()
    assert url(gift) in order
    page = client.get(url(gift)).content.decode()
    assert "Whoever holds the paper holds the gift" in page
    assert fresh(gift).printed_at is None, "a look prints nothing"
    answer = Client(enforce_csrf_checks=True).post(url(gift))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    first = fresh(gift).printed_at
    assert first
    client.post(url(gift))
    assert fresh(gift).printed_at == first
    told = words_of(answer.content)
    for words in ("For Ben", "Enjoy this, Ben!", "Amy", "Double scoop", code.reveal_grouped()):
        assert words in told
    assert "Good until" in told
    assert store.name in told
    assert read_qr(answer.content) == [symbols(code)]


def test_a_card_whose_code_was_replaced_while_it_was_made_is_not_given_out(
    client: Client, gift: Gift, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = of_gift.card

    def meanwhile(gift: Gift, code: Code, plain: str) -> Card:
        made = card(gift, code, plain)
        wanted = replace(Wanted.of(gift), message="Other words")
        assert mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
        return made

    monkeypatch.setattr(of_gift, "card", meanwhile)
    answer = client.post(url(gift))
    assert (answer.status_code, fresh(gift).printed_at) == (409, None)
    monkeypatch.undo()
    assert client.post(url(gift)).status_code == 200


def test_it_is_a6_and_small(gift: Gift, code: Code) -> None:
    pdf = draw(made(gift, code))
    pages = pypdfium2.PdfDocument(pdf)
    assert len(pages) == 2
    for page in pages:
        assert [round(side / POINTS_PER_MM) for side in page.get_size()] == [WIDTH, HEIGHT]
    assert len(pdf) < 300 * 1024


def test_all_letters_are_in_the_file(gift: Gift, code: Code) -> None:
    """No printer has to have our faces."""
    gift.message = "Zoë, Łukasz, Nguyễn, İpek: ¡gracias! Grüße"
    gift.recipient.name = "Nguyễn"
    pdf = draw(made(gift, code))
    assert pdf.count(b"/FontFile2") + pdf.count(b"/FontFile3") >= 4
    assert b"/BaseFont /Helvetica" not in pdf
    assert "Zoë, Łukasz, Nguyễn, İpek: ¡gracias! Grüße" in words_of(pdf)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Well done 🎉🎉 you", "Well done you"),
        ("Ünïcode\nin two lines", "Ünïcode\nin two lines"),
        ("أحسنت", ""),
        ("Ольга and Amy", ""),
        ("🎁", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_printed_is_left_out_whole(words: str, printed: str) -> None:
    assert printable(words, fonts.LETTER) == printed


def test_a_card_without_words_or_names_is_still_a_gift(gift: Gift, code: Code) -> None:
    gift.message, gift.order.sender_name, gift.recipient.name = "أحسنت", "ليلى", "أمل"
    card = made(gift, code)
    assert (card.title, card.words, card.sender) == ("", "", "")
    assert read_qr(draw(card)) == [symbols(code)]


def test_the_page_says_that_something_stays_off(client: Client, gift: Gift, code: Code) -> None:
    said = "can't be printed. They are left out."
    assert said not in client.get(url(gift)).content.decode()
    with scopes_disabled():
        Gift.objects.filter(pk=gift.pk).update(message="Well done 🎉")
    assert said in client.get(url(gift)).content.decode()


def test_the_longest_stays_on_the_paper(gift: Gift, code: Code) -> None:
    """Nothing is written beyond the edges, and the code is read all the same."""
    card = replace(
        made(gift, code),
        title="For " + "W" * 60,
        words="W" * 280,
        sender="W" * 60,
        brand="W" * 80,
        treat="W" * 124,
        show="Show this " * 12,
        until="Good until " * 6,
        places="\n".join(["W" * 200] * 4),
    )
    pdf = draw(card)
    assert read_qr(pdf) == [symbols(code)]
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        width, height = page.get_size()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            assert 0 <= left <= right <= width
            assert 0 <= bottom <= top <= height


def test_it_speaks_as_the_recipient_is_written_to(gift: Gift, code: Code) -> None:
    gift.recipient.language = "de"
    assert made(gift, code).title == "Für Ben"


@pytest.mark.parametrize("why", ["opened", "held", "not due", "other"])
def test_what_is_past_is_not_printed(
    client: Client, gift: Gift, code: Code, place: Any, why: str
) -> None:
    address = url(gift)
    if why == "opened":
        with scopes_disabled():
            Gift.objects.filter(pk=gift.pk).update(opened_at=timezone.now())
    if why == "held":
        put_on_hold(code)
    if why == "not due":
        with scopes_disabled():
            later = timezone.now() + timedelta(days=2)
            Gift.objects.filter(pk=gift.pk).update(deliver_at=later)
    if why == "other":
        address = re.sub(r"gifts/[^/]+", "gifts/99", address)
    answer = client.post(address)
    assert answer.status_code == (404 if why == "other" else 409)
    assert answer["Content-Type"].startswith("text/html")
    assert symbols(code)[:4] not in answer.content.decode()
    assert fresh(gift).printed_at is None
    assert client.get(address).status_code == (404 if why == "other" else 200)


def test_the_library_of_faces_is_quiet(
    gift: Gift, code: Code, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        draw(made(gift, code))
    assert not [each for each in caplog.records if each.name.startswith(("fontTools", "fpdf"))]


def test_an_order_that_is_not_paid_has_no_card(client: Client, place: Any, treat: Treat) -> None:
    order = place()
    with scope(brand=order.brand):
        gift = order.gifts.with_everything()[0]
    assert client.get(url(gift)).status_code == 404
