"""The cards on paper, read by others' programs."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.handouts import end, hand_out, print_sheet
from giftshop.handouts.models import Handout
from giftshop.handouts.print_sheet import NothingGood
from giftshop.handouts.sheet import ACROSS, DOWN, HEIGHT, PER_PAGE, WIDTH
from giftshop.offers.models import Offer
from giftshop.printed_cards.paper import A4, LETTER
from redemption.code_format import grouped
from redemption.models import AuditEntry, Code
from tests.cast import symbols, today
from tests.giftshop.handouts.made import LATER, codes_of, make_sheet
from tests.giftshop.offers.made import MIA, make_offer

pytestmark = pytest.mark.django_db

POINTS_PER_MM = 72 / 25.4


def drawn(made: Handout, now: Any = LATER) -> bytes:
    with scope(brand=made.brand):
        shown = Handout.objects.select_related("brand", "offer").get(pk=made.pk)
        return print_sheet.pdf(shown, by=MIA, now=now)


def codes_on(pdf: bytes) -> list[str]:
    """By another's decoder, out of another's rendering."""
    pages = [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    return sorted(found.text for each in pages for found in zxingcpp.read_barcodes(each))


def words_on(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_each_card_holds_its_code_and_all_that_is_to_be_known(brand: Brand, treat: Treat) -> None:
    made = make_sheet(make_offer(brand, treat), PER_PAGE + 2, terms="One for each person.")
    pdf, codes = drawn(made), codes_of(made)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    assert codes_on(pdf) == sorted(symbols(code) for code in codes)
    words = words_on(pdf)
    for code in codes:
        assert words.count(grouped(symbols(code))) == 1
    for said in (
        *("A scoop on us", "Double scoop, Regular", "Good until June 30, 2026"),
        *("Show this at the counter", "A promotional gift", "One for each person."),
        brand.name,
    ):
        assert words.count(said) == len(codes), said


@pytest.mark.parametrize(("country", "paper"), [("US", LETTER), ("DE", A4)])
def test_on_the_paper_of_its_country_with_marks_beside_the_cards(
    brand: Brand, treat: Treat, country: str, paper: tuple[float, float]
) -> None:
    Brand.objects.filter(pk=brand.pk).update(country=country)
    pdf = drawn(make_sheet(make_offer(brand, treat), 1))
    [page] = pypdfium2.PdfDocument(pdf)
    size = tuple(round(each / POINTS_PER_MM, 1) for each in page.get_size())
    assert size == paper
    left, top = (
        (of - by) / 2 for of, by in zip(paper, (ACROSS * WIDTH, DOWN * HEIGHT), strict=True)
    )
    assert min(left, top) > 8, "what printers leave white"
    picture = page.render(scale=4).to_pil().convert("L")
    to_pixels = 4 * POINTS_PER_MM
    for column in range(ACROSS + 1):
        x = round((left + column * WIDTH) * to_pixels)
        near = [picture.getpixel((at, round((top - 3) * to_pixels))) for at in range(x - 3, x + 4)]
        assert min(near) < 200, f"no mark above column {column}"


def test_in_the_brands_language(brand: Brand, treat: Treat) -> None:
    Brand.objects.filter(pk=brand.pk).update(language="de", languages=["de"])
    words = words_on(drawn(make_sheet(make_offer(brand, treat), 1)))
    assert "Zeig das an der Theke" in words
    assert "Gültig bis 30. Juni 2026" in words


def test_an_amount_and_days_to_come(brand: Brand) -> None:
    first = LATER.date() + timedelta(days=2)
    words = words_on(drawn(make_sheet(make_offer(brand), 1, first_day=first)))
    assert "$5.00" in words
    assert "Good from 06/03/2026 to 06/30/2026" in words


def test_once_more_without_what_is_not_good_any_more(brand: Brand, treat: Treat) -> None:
    made = make_sheet(make_offer(brand, treat), 3)
    one, two, three = codes_of(made)
    with scope(brand=brand):
        Code.objects.filter(pk=one.pk).update(state="redeemed", balance=0)
    assert codes_on(drawn(made)) == sorted(map(symbols, (two, three)))
    with scope(brand=brand):
        [entry] = AuditEntry.objects.filter(act="handout.printed")
        assert entry.details == {"name": "A scoop on us", "codes": 2}
    with pytest.raises(NothingGood):
        drawn(made, made.good_until)
    with scope(brand=brand):
        end.end(handout_id=made.pk, reason="Lost", by=MIA, now=LATER)
    with pytest.raises(NothingGood):
        drawn(made)


@pytest.mark.parametrize("label", ["x" * 124, "\uff57" * 60, "Ein " * 30])
def test_the_longest_words_leave_the_qr_alone(brand: Brand, treat: Treat, label: str) -> None:
    made = make_sheet(make_offer(brand, treat, name=label[:80]), 2, terms=f"{label} " * 3)
    with scope(brand=brand):
        Handout.objects.update(label=label)
        Brand.objects.update(name=label[:60])
    assert codes_on(drawn(made)) == sorted(symbols(code) for code in codes_of(made))


class TestPages:
    @pytest.fixture
    def path(self, brand: Brand) -> str:
        return f"/studio/{brand.slug}/offers/"

    def said(self, brand: Brand, **more: str) -> dict[str, str]:
        day = today(brand)
        return {
            "number": "3",
            "reason": "The street fair",
            "first_day": str(day),
            "last_day": str(day + timedelta(days=20)),
            "terms": "",
            **more,
        }

    def test_from_the_offer_to_the_pdf(
        self, owner_client: Client, brand: Brand, treat: Treat, path: str
    ) -> None:
        offer = make_offer(brand, treat)
        form = f"{path}{offer.pk}/sheet/"
        assert form in owner_client.get(f"{path}{offer.pk}/").content.decode()
        page = owner_client.get(form).content.decode()
        assert "costs you $6.50 at most. 100 are left" in page
        key = page.split('name="key" value="')[1].split('"')[0]
        said = self.said(brand, key=key)
        first, again = (owner_client.post(form, said)["Location"] for _twice in range(2))
        assert first == again
        other = owner_client.post(form, {**said, "number": "2"})["Location"]
        assert other != first, "with other answers it is another"
        made = Handout._base_manager.get(pk=first.split("/")[-2])
        page = owner_client.get(first).content.decode()
        assert "$19.50 of treats at most" in page
        assert "The street fair" in owner_client.get(f"{path}handouts/").content.decode()
        answer = owner_client.post(f"{first}sheet/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert "no-store" in answer["Cache-Control"]
        codes = codes_of(made)
        assert codes_on(answer.content) == sorted(map(symbols, codes))
        for shown in (
            first,
            f"{path}{offer.pk}/",
            f"{path}handouts/",
            f"/studio/{brand.slug}/audit/",
        ):
            words = owner_client.get(shown).content.decode()
            assert not [code for code in codes if grouped(symbols(code))[:-6] in words], shown

    def test_an_offer_that_became_one_for_others_meanwhile_hands_out_nothing(
        self,
        owner_client: Client,
        brand: Brand,
        treat: Treat,
        path: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        offer = make_offer(brand, treat)
        hand_out_now = hand_out.sheet

        def a_moment_later(**asked: Any) -> Handout:
            Offer._base_manager.update(whom=Offer.Whom.RECIPIENT)
            return hand_out_now(**asked)

        monkeypatch.setattr(hand_out, "sheet", a_moment_later)
        answer = owner_client.post(f"{path}{offer.pk}/sheet/", self.said(brand))
        assert answer.status_code == 404
        assert not Handout._base_manager.exists()

    def test_it_is_taken_back_for_a_reason(
        self, owner_client: Client, brand: Brand, treat: Treat, path: str
    ) -> None:
        made = make_sheet(make_offer(brand, treat), now=timezone.now(), last_day=today(brand))
        page = f"{path}handouts/{made.pk}/"
        assert owner_client.post(f"{page}end/", {"reason": " "}).status_code == 422
        assert owner_client.post(f"{page}end/", {"reason": "Stolen"})["Location"] == page
        words = owner_client.get(page).content.decode()
        assert "Stolen" in words
        assert "Taken back by" in words
        answer = owner_client.post(f"{page}sheet/")
        assert (answer.status_code, "nothing to print" in answer.content.decode()) == (409, True)

    def test_fewer_are_left_than_were_asked_for(
        self, owner_client: Client, brand: Brand, treat: Treat, path: str
    ) -> None:
        offer = make_offer(brand, treat, uses_max=2)
        answer = owner_client.post(f"{path}{offer.pk}/sheet/", self.said(brand))
        assert (answer.status_code, "Only 2 are left by now." in answer.content.decode()) == (
            422,
            True,
        )
        Treat._base_manager.update(is_active=False)
        answer = owner_client.post(f"{path}{offer.pk}/sheet/", self.said(brand))
        assert "It is not on the menu right now." in answer.content.decode()
