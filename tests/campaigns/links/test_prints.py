"""A link on paper, read by others' programs: its address by a decoder, its words by a reader of PDFs."""

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django_scopes import scope
from PIL import Image

from brands.models import Brand
from campaigns.links import links, prints
from campaigns.models import Campaign, Link
from giftshop.catalog.models import Treat
from giftshop.pictures import files
from giftshop.printed_cards.paper import A4, LETTER

pytestmark = pytest.mark.django_db
LINKS = "/studio/frosty-spoon/links/"
PIXELS_PER_POINT = 3


def _codes(pdf: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=PIXELS_PER_POINT).to_pil() for page in pages]
    return [found.text for each in pictures for found in zxingcpp.read_barcodes(each)]


def _words(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.mark.parametrize(("kind", "copies"), [("poster", 1), ("cards", 4)])
@pytest.mark.parametrize("of_treat", [False, True], ids=["shop", "treat"])
def test_it_says_the_campaign_and_leads_there(
    owner_client: Client,
    brand: Brand,
    link: Link,
    treat: Treat,
    kind: str,
    copies: int,
    of_treat: bool,
) -> None:
    if of_treat:
        with scope(brand=brand):
            Link.objects.update(treat=treat)
    answer = owner_client.get(f"{LINKS}{link.slug}/{kind}.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert f'filename="{link.slug}-{kind}.pdf"' in answer["Content-Disposition"]
    assert _codes(answer.content) == [links.address(link)] * copies
    told = _words(answer.content)
    assert told.count(f"/l/{link.slug}/") == copies
    assert told.count("Point your phone's camera here") == copies
    for words in ("Two friends, two scoops", brand.name):
        assert words in told


@pytest.mark.parametrize(("country", "paper"), [("US", LETTER), ("DE", A4)])
@pytest.mark.parametrize("headline", ["", "\U0001f366\U0001f366", "Geschenke fürs Wochenende " * 3])
def test_it_fits_its_paper_whatever_is_said(
    brand: Brand, link: Link, country: str, paper: tuple[float, float], headline: str
) -> None:
    Brand.objects.update(
        country=country, name="Donaudampfschifffahrtseiscafé am langen Kai Nummer 5"
    )
    with scope(brand=brand):
        Campaign.objects.update(headline=headline[:90])
        shown = prints.of_link(Link.objects.with_everything().get(pk=link.pk))
    assert shown.paper == paper
    for draw, copies in ((prints.poster, 1), (prints.cards, 4)):
        pdf = draw(shown)
        [page] = pypdfium2.PdfDocument(pdf)
        assert page.get_size() == pytest.approx([side * 72 / 25.4 for side in paper], abs=0.1)
        assert _codes(pdf) == [links.address(link)] * copies
        assert ("Treat a friend" in _words(pdf)) is not headline.startswith("Gesch")


def test_the_png_is_read_as_the_svg_is(owner_client: Client, link: Link) -> None:
    answer = owner_client.get(f"{LINKS}{link.slug}.png")
    assert answer["Content-Type"] == "image/png"
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)))
    assert found.text == links.address(link)


def test_a_name_in_letters_that_our_faces_lack_is_left_out(
    owner_client: Client, brand: Brand, link: Link
) -> None:
    Brand.objects.update(name="\u0644\u064a\u0644\u0649 \u0645\u0646\u0635\u0648\u0631")
    for kind in ("poster", "cards"):
        answer = owner_client.get(f"{LINKS}{link.slug}/{kind}.pdf")
        assert answer.status_code == 200
        assert set(_codes(answer.content)) == {links.address(link)}


def test_a_poster_without_its_picture_is_a_poster_still(
    owner_client: Client, brand: Brand, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the storage of pictures says."""

    def failing(name: str) -> bytes:
        raise ConnectionError(name)

    monkeypatch.setattr(files, "_read", failing)
    file = f"{'a' * 32}/{'b' * 32}.jpg"
    brand.pictures = {"hero": {"alt": "", "share": [[1200, 630, file]]}}
    brand.save()
    answer = owner_client.get(f"{LINKS}{link.slug}/poster.pdf")
    assert answer.status_code == 200
    assert _codes(answer.content) == [links.address(link)]
