"""The picture beside a link: drawn once, small, and nothing on it that is not meant for everybody."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order
from giftshop.pictures import drawings, fonts
from giftshop.share_pictures import kept, of, sheet
from giftshop.share_pictures.draw import BYTES_MAX, draw
from giftshop.share_pictures.sheet import Sheet
from redemption.models import Code
from tests.cast import symbols
from tests.giftshop.delivery.conftest import fresh

pytestmark = pytest.mark.django_db

PREVIEWERS = {
    "WhatsApp": "WhatsApp/2.24.8.78 A",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Messages": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko)"
    " Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
}


@pytest.fixture(autouse=True)
def nothing_drawn() -> None:
    kept.forget()


def head(page: bytes) -> dict[str, str]:
    found = re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)"', page.decode())
    return dict(found)


def picture_of(client: Client, address: str) -> Any:
    return client.get(address.removeprefix("http://127.0.0.1:8000"))


def told(address: str) -> Sheet:
    return sheet.read(unquote(address).rpartition("/")[2].removesuffix(".jpg"))


def plain(title: str = "Amy has a gift for you", **fields: Any) -> Sheet:
    given = {"brand": "Frosty Spoon", "art": of.PRESENT, "is_gift": True, **fields}
    return Sheet(title=title, accent="#aa1144", paper="#fff4ec", ink="#221111", **given)


@pytest.mark.parametrize("messenger", PREVIEWERS)
def test_a_messenger_reads_the_page_and_shows_a_picture_and_the_gift_stays_closed(
    client: Client, gift: Gift, messenger: str
) -> None:
    page = client.get(f"/gift/{gift.link_token()}/", headers={"User-Agent": PREVIEWERS[messenger]})
    said = head(page.content)
    assert said["og:title"] == "Amy has a gift for you"
    assert said["og:image:alt"] == "Amy has a gift for you: a wrapped present"
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    answer = picture_of(client, said["og:image"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    with Image.open(BytesIO(answer.content)) as image:
        assert image.size == (1200, 630)
    assert len(answer.content) <= BYTES_MAX
    assert not [name for name in client.cookies if name.startswith("opened")]
    assert fresh(gift).opened_at is None


def test_its_address_says_nothing_of_the_gift_and_two_gifts_of_one_sender_share_it(
    gift: Gift, code: Code
) -> None:
    gift.message, address = "Words of mine", of.gift(gift).src
    said = repr(told(address))
    for private in (
        gift.link_token(),
        str(gift.pk),
        symbols(code),
        "Ben",
        "Words of mine",
        gift.label,
    ):
        assert private not in said
        assert private not in address
    other = Gift(order=gift.order, recipient=gift.recipient, treat=gift.treat)
    assert of.gift(other).src == address
    assert len(address) < 500


@pytest.mark.parametrize("signed", ["x", "W10~x", ".eJyLjgUAARUAuQ~abc", "../../etc", "%00~"])
def test_what_we_did_not_sign_is_not_drawn(client: Client, signed: str) -> None:
    assert client.get(f"/share/{signed}.jpg").status_code == 404


def test_a_changed_word_breaks_the_signature_and_an_older_sheet_is_none(client: Client) -> None:
    address = sheet.address(plain()).removeprefix("http://127.0.0.1:8000")
    content, _, ending = address.partition("~")
    assert client.get(f"{content[:-2]}AA~{ending}").status_code == 404
    older = sheet._signer().sign_object(["Hello", "Brand"], compress=True)
    assert client.get(f"/share/{older}.jpg").status_code == 404


def test_who_has_letters_that_we_cannot_draw_is_named_in_words_alone(gift: Gift) -> None:
    gift.order.sender_name = "ليلى"
    preview = of.gift(gift)
    assert "ليلى" in preview.title
    assert told(preview.src).title == "A gift for you"
    gift.order.sender_name = "Zoë Nguyễn"
    assert told(of.gift(gift).src).title == "Zoë has a gift for you"


def test_it_speaks_as_the_recipient_is_written_to(gift: Gift) -> None:
    gift.recipient.language = "de"
    with translation.override("en"):
        preview = of.gift(gift)
    assert preview.language == "de"
    assert preview.title != "Amy has a gift for you"
    gift.order.brand.languages = ["es"]
    assert of.gift(gift).language == "es"


def test_a_longest_name_and_a_noisy_photograph_stay_within_the_budget() -> None:
    noise = BytesIO()
    Image.effect_noise((1200, 630), 120).convert("RGB").save(noise, "JPEG", quality=95)
    long = "Wolfeschlegelsteinhausenbergerdorff " * 4
    for each in (plain(long), plain(long, fills=True, is_gift=False), plain("", fills=True)):
        assert len(draw(each, noise.getvalue())) <= BYTES_MAX


def test_words_stay_left_of_the_drawing() -> None:
    """The art's side is the same whatever is written beside it."""
    right = (660, 0, 1200, 630)
    for title in ("W" * 60, "Amy", "word " * 40):
        with Image.open(BytesIO(draw(plain(title, art="", brand="W" * 80), None))) as image:
            part = image.crop(right).convert("L")
            bare = part.resize((1, 1)).getpixel((0, 0))
        with Image.open(BytesIO(draw(plain("Amy", art="", brand=""), None))) as image:
            assert bare == image.crop(right).convert("L").resize((1, 1)).getpixel((0, 0))


def test_the_shop_its_treat_and_the_directory_have_theirs(
    client: Client, brand: Brand, other_brand: Brand, treat: Treat
) -> None:
    brand.theme = {"art": "frosty-spoon"}
    brand.save()
    shop = head(client.get("/shop/frosty-spoon/").content)
    assert told(shop["og:image"]).art == "art/frosty-spoon/mail/preview.png"
    chosen = head(client.get("/shop/frosty-spoon/?choice=double-scoop:regular").content)
    assert chosen["og:title"] in {treat.name, shop["og:title"]}
    every = head(client.get("/").content)
    assert every["og:title"] == "A treat, from you, to a friend"
    for said in (shop, chosen, every):
        answer = picture_of(client, said["og:image"])
        assert answer.status_code == 200
        assert "X-Robots-Tag" not in answer
        assert len(answer.content) <= BYTES_MAX


def test_a_treat_is_shown_by_name_and_drawing(treat: Treat) -> None:
    treat.art = "art/frosty-spoon/double-scoop.svg"
    seen = told(of.treat(treat).src)
    assert (seen.title, seen.art) == (treat.name, "art/frosty-spoon/mail/double-scoop.png")
    assert drawings.content(seen.art)
    promised = of.campaign(
        treat.brand, "Summer is here", "art/frosty-spoon/mail/hero.png", fills=True
    )
    assert told(promised.src).title == "Summer is here"


def test_another_name_or_colour_is_another_address(brand: Brand) -> None:
    before = of.shop(brand).src
    assert of.shop(brand).src == before
    brand.theme = {"accent": "#118833"}
    assert of.shop(brand).src != before


def test_it_asks_nothing_of_the_database(
    client: Client, gift: Gift, django_assert_num_queries: Any
) -> None:
    address = of.gift(gift).src
    with django_assert_num_queries(0):
        assert picture_of(client, address).status_code == 200


class TestDrawnOnce:
    def test_several_at_once_draw_one(self) -> None:
        drawn: list[int] = []
        all_asked = threading.Barrier(8)
        begun, may_end = threading.Event(), threading.Event()

        def make() -> bytes:
            drawn.append(1)
            begun.set()
            assert may_end.wait(20)
            return b"picture"

        def ask() -> bytes:
            all_asked.wait(20)
            return kept.find("one", make)

        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(ask) for _ in range(8)]
            assert begun.wait(20)
            may_end.set()
            assert {each.result(20) for each in asked} == {b"picture"}
        assert len(drawn) == 1

    def test_without_what_is_kept_each_would_draw(self) -> None:
        """The positive control: another key each time is drawn each time."""
        drawn: list[int] = []
        for key in ("a", "b", "c"):
            kept.find(key, lambda: bytes(drawn.append(1) or b"x"))
        assert len(drawn) == 3

    def test_a_drawing_that_fails_is_drawn_again_and_leaves_room(self) -> None:
        def fail() -> bytes:
            raise OSError("no art")

        for _ in range(2 * kept.DRAWN_AT_ONCE):
            with pytest.raises(OSError, match="no art"):
                kept.find("one", fail)
        assert kept.find("one", lambda: b"picture") == b"picture"

    def test_more_at_once_are_asked_to_come_back(self, client: Client, gift: Gift) -> None:
        address = of.gift(gift).src
        for _ in range(kept.DRAWN_AT_ONCE):
            assert kept._slots.acquire(blocking=False)
        try:
            answer = picture_of(client, address)
            assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        finally:
            for _ in range(kept.DRAWN_AT_ONCE):
                kept._slots.release()
        assert picture_of(client, address).status_code == 200

    def test_it_keeps_a_bounded_number(self) -> None:
        for number in range(kept.KEPT_MAX + 10):
            kept.find(str(number), lambda: b"x")
        assert len(kept._kept) == kept.KEPT_MAX
        assert kept.find("0", lambda: b"anew") == b"anew"


def test_a_face_says_which_letters_it_has() -> None:
    assert fonts.has_all(fonts.DISPLAY, "Zoë Łukasz Nguyễn İpek")
    assert not fonts.has_all(fonts.DISPLAY, "Amy 🎁")
    assert not fonts.has_all(fonts.TEXT, "Ольга")
    assert (
        "".join(run for _file, run in fonts.runs(fonts.DISPLAY, "Zoe\u0308 Łuk 🎁")) == "Zoë Łuk "
    )


def test_the_senders_mail_is_on_no_picture(paid_order: Order, gift: Gift) -> None:
    assert paid_order.sender_email not in repr(told(of.gift(gift).src))
