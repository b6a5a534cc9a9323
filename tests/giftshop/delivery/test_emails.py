"""What is in the e-mails, read as a mail program reads them."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models.signals import post_init
from django.test import Client
from django.utils.formats import date_format
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from giftshop.catalog.colours import palette, to_hex
from giftshop.catalog.models import Treat
from giftshop.delivery import email_parts, emails, suppression
from giftshop.delivery.models import Delivery, Suppression
from giftshop.orders.models import Gift, Order, Recipient
from giftshop.outbox import relay
from tests.cast import line, make_store, pay, symbols
from tests.giftshop.delivery.conftest import html_of, letters_to, parsed
from tests.redemption.codes import qr_reader

pytestmark = pytest.mark.django_db


def pictures(message: mail.EmailMessage) -> dict[str, bytes]:
    return {
        part["Content-ID"].strip("<>"): part.get_content()
        for part in parsed(message).walk()
        if part["Content-ID"]
    }


def test_the_text_has_all_that_is_needed(delivered, gift, code):
    text = parsed(delivered).get_body(("plain",)).get_content()
    assert text.index("Amy") < text.index("Enjoy this, Ben!") < text.index("Double scoop, Regular")
    assert " ".join(code.reveal_grouped().split("-")) in text
    assert f"http://127.0.0.1:8000/gift/{gift.link_token()}/" in text
    assert f"Good until {date_format(code.last_day)}" in text
    assert "has paid for it" in text


def test_the_html_says_the_same_with_images_off(delivered, gift, code):
    html = html_of(delivered)
    assert html.index("Enjoy this, Ben!") < html.index("Double scoop, Regular")
    for group in code.reveal_grouped().split("-"):
        assert f">{group}</span>" in html
    button = re.search(r'<a href="([^"]+)"[^>]*>Open your gift from <bdi>Amy</bdi></a>', html)
    assert button
    assert button[1] == f"http://127.0.0.1:8000/gift/{gift.link_token()}/"
    assert all("alt=" in image for image in re.findall(r"<img[^>]*>", html))


def test_the_card_comes_first_then_the_present_then_the_code(delivered, gift, code):
    html = html_of(delivered)
    shown = [
        'src="cid:card"',
        "Enjoy this, Ben!",
        "Open your gift from",
        'src="cid:treat"',
        "Double scoop, Regular",
        'src="cid:qr"',
        f">{code.reveal_grouped()[:4]}</span>",
        "Is this real?",
    ]
    page = html[
        html.index('src="cid:card"') :
    ]  # before it are the words that a list of mails shows
    places = [page.index(each) for each in shown]
    assert places == sorted(places)
    text = parsed(delivered).get_body(("plain",)).get_content()
    assert text.index("Enjoy this") < text.index("/gift/") < text.index("Double scoop")
    assert text.index("Double scoop") < text.index(code.reveal_grouped()[:4])


def test_every_card_that_can_be_chosen_is_drawn_for_mails():
    for design in Gift.Design.values:
        assert email_parts.picture(f"art/cards/{design}.svg"), design


def test_a_brand_may_keep_the_code_for_the_page(gift, code, brand):
    brand.hides_code = True
    brand.save()
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    raw = message.message().as_bytes()
    words = html_of(message) + parsed(message).get_body(("plain",)).get_content()
    groups = [group for group in code.reveal_grouped().split("-") if len(group) > 1]
    for secret in (symbols(code), code.reveal_grouped(), *groups):
        assert secret not in words
        assert secret.encode() not in raw
    assert "qr" not in pictures(message)
    assert words.count("Open it while you are online.") == 2
    assert words.count(f"/gift/{gift.link_token()}/") >= 2


def test_the_first_contact_says_who_gave_the_address_and_what_rights_there_are(delivered, brand):
    text = parsed(delivered).get_body(("plain",)).get_content()
    for words in ("Amy gave", "They are used for nothing else.", "erased", "object"):
        assert words in " ".join(text.split())
        assert words in " ".join(re.sub("<[^>]+>", "", html_of(delivered)).split())


def test_no_header_is_folded_at_a_blank(gift):
    """Some servers take a folded List-Unsubscribe for an empty one. What is encoded is folded between its
    words."""
    relay.drain()
    for message in mail.outbox:
        head, _blank, _body = message.message().as_bytes().partition(b"\n\n")
        for place in re.finditer(rb"\n[ \t]", head):
            assert head[: place.start()].endswith(b"?="), head
        assert max(map(len, head.split(b"\n"))) <= 998
    assert any(
        re.search(rb"^List-Unsubscribe: <http", each.message().as_bytes(), re.MULTILINE)
        for each in mail.outbox
    )


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_no_mail_program_cuts_the_longest_gift_off(place, treat, brand, language):
    """Gmail shows 102 kB of a mail's HTML and hides the rest."""
    words = "👩\u200d👩\u200d👧\u200d👦" * 280
    for number in range(4):
        make_store(brand, f"store-{number}")
    order = place(lines=[line(treat, "Ben", message=words)])
    with scope(brand=brand):
        order.language = language
        order.save()
    pay(order)
    relay.drain()
    for message in mail.outbox:
        assert len(html_of(message).encode()) <= 102_000


def test_the_receipt_says_what_a_receipt_has_to(gift, brand):
    brand.legal_name, brand.legal_address, brand.tax_id = (
        "Frosty GmbH",
        "Eisweg 1\n10115 Berlin",
        "DE123456789",
    )
    brand.save()
    relay.drain()
    (receipt,) = letters_to("amy@senders.example")
    text = parsed(receipt).get_body(("plain",)).get_content()
    for shown in (
        gift.order.number,
        "Enjoy this, Ben!",
        "Frosty GmbH",
        "10115 Berlin",
        "DE123456789",
        "No VAT or sales tax is shown here.",
        "Total",
    ):
        assert shown in text
        assert shown in html_of(receipt)


def test_the_qr_travels_inside_and_reads_as_the_code(delivered, code):
    inside = pictures(delivered)
    assert 'src="cid:qr"' in html_of(delivered)
    assert qr_reader.read_png(inside["qr"]) == symbols(code)
    assert set(re.findall(r'src="cid:(\w+)"', html_of(delivered))) == set(inside)


def test_nothing_is_fetched_and_nobody_is_watched(gift, client):
    client.post(f"/gift/{gift.link_token()}/opening/")
    client.post(f"/gift/{gift.link_token()}/thanks/", {"words": "Thanks"})
    relay.drain()
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        html = html_of(message)
        assert not re.search(r'(?:src|background)="(?!cid:)', html)
        assert "url(" not in html
        assert "@import" not in html
        assert "<link" not in html


def test_an_inline_picture_is_no_attachment(delivered):
    message = parsed(delivered)
    assert message.get_content_type() == "multipart/related"
    assert not [part for part in message.walk() if part.get_content_disposition() == "attachment"]


def test_it_comes_from_the_sender_by_way_of_the_brand(gift, brand):
    brand.support_email = "hello@frosty.example"
    brand.save()
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    headers = parsed(message)
    assert headers["From"] == "Amy via Frosty Spoon Creamery <gifts@example.com>"
    assert headers["Reply-To"] == "hello@frosty.example"
    assert headers["Subject"] == "Ben, Amy sent you a treat"


@pytest.mark.parametrize(
    "name",
    [
        "Amy\r\nBcc: all@friends.example",
        "أمينة\u2069\r\nBcc: all@friends.example",
        'Amy" <evil@x.example>, "',
        "Ámý 🍦 <b>",
        "A\x00my\u2028",
    ],
)
def test_nobody_writes_headers_of_their_own(place, brand, name):
    order = place(recipients=("Ben",))
    with scope(brand=brand):
        order.sender_name = name.replace("\x00", "")
        order.save()
    pay(order)
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    headers = parsed(message)
    assert headers["Bcc"] is None
    assert headers["To"] == "ben@friends.example"
    assert [address.addr_spec for address in headers["From"].addresses] == ["gifts@example.com"]
    assert "<b>" not in html_of(message)


def test_control_characters_never_reach_a_header():
    ends = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]
    for end in map(chr, ends):
        assert email_parts.name_in_line(f"a{end}b{end}{end}c").replace(" ", "") == "abc"
        assert len(email_parts.name_in_line(f"a{end}b").splitlines()) == 1
    assert email_parts.name_in_line("a\r\nb\x00c\u2028d\x85e") == "a b c d e"


def test_one_click_stops_it(delivered, gift, brand):
    headers = parsed(delivered)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].strip().strip("<>")
    assert link in html_of(delivered)
    assert "ben" not in link.lower().replace("127.0.0.1", "")

    path = link.removeprefix("http://127.0.0.1:8000")
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path).content.decode()
    assert "Never write to me again" in page
    assert "because a friend sent you a gift" in page
    assert not Suppression.objects.exists()
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert suppression.is_suppressed(address="Ben@Friends.example", brand=brand)


def test_one_may_stop_all_brands_at_once(delivered, other_brand):
    path = delivered.extra_headers["List-Unsubscribe"].strip("<>").partition(":8000")[2]
    Client().post(path, {"whose": "any"})
    assert suppression.is_suppressed(address="ben@friends.example", brand=other_brand)


def test_a_forged_stop_link_stops_nobody(delivered):
    path = delivered.extra_headers["List-Unsubscribe"].strip("<>").partition(":8000")[2]
    for forged in (path[:-3] + "x/", "/mail/stop/x/", "/mail/stop/x:y/"):
        assert Client().post(forged).status_code == 404
    assert not Suppression.objects.exists()


def test_the_receipt_says_what_went_to_whom(place, treat, brand):
    order = pay(place(lines=[line(treat, "Ben"), line(treat, "Cleo", channel="link", message="")]))
    relay.drain()
    (receipt,) = letters_to("amy@senders.example")
    assert receipt.subject == "Your 2 gifts from Frosty Spoon Creamery are paid"
    for words in (receipt.body, html_of(receipt)):
        for part in ("Ben", "Cleo", "$6.50", "$13.00", "You send the link yourself"):
            assert part in words
        assert f"http://127.0.0.1:8000/orders/{order.link_token()}/" in words
    assert "List-Unsubscribe" not in receipt.extra_headers
    with scope(brand=brand):
        for gift in order.gifts.with_everything():
            assert symbols(gift.code) not in receipt.message().as_string().replace("-", "")
            assert gift.link_token() not in receipt.message().as_string()


def test_it_speaks_the_senders_language_and_writes_dates_their_way(place, brand, code):
    order = pay(place(recipients=("Ben",), language="de"))
    mail.outbox.clear()
    relay.drain()
    (message,) = [m for m in letters_to("ben@friends.example") if m.alternatives][-1:]
    with scope(brand=brand):
        until = order.gifts.with_everything().get().code.last_day
    assert f"Gültig bis {until.day}. " in message.body
    assert 'lang="de"' in html_of(message)
    receipts = [m.body for m in letters_to("amy@senders.example")]
    assert any("6,50\xa0$" in body for body in receipts)


def test_the_first_stores_are_named_and_the_rest_counted(gift, brand):
    for number in range(5):
        make_store(brand, f"store-{number}")
    loaded = []

    def note(instance, **_):
        loaded.append(instance)

    post_init.connect(note, Store)
    relay.drain()
    post_init.disconnect(note, Store)
    assert len(loaded) == 3  # once for the gifts of a group, however many stores there are
    (message,) = letters_to("ben@friends.example")
    assert "Store 2" in message.body
    assert "Store 3" not in message.body
    assert "And 2 more stores" in message.body


def test_a_treat_without_a_picture_still_makes_a_letter(gift, treat, brand):
    with scope(brand=brand):
        treat.art = "art/nowhere/nothing.svg"
        treat.save()
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    assert set(pictures(message)) == {"qr", "card"}


def test_words_in_html_are_words(place, treat):
    pay(place(lines=[line(treat, "Ben", message="<img src=x onerror=alert(1)> & you")]))
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    assert "<img src=x" not in html_of(message)
    assert "<img src=x onerror=alert(1)> & you" in message.body


def test_every_delivery_names_its_brand(delivered, brand):
    with scopes_disabled():
        assert set(Delivery.objects.values_list("brand", flat=True)) == {brand.pk}


@pytest.mark.parametrize(
    ("oklch", "expected"),
    [
        ((1.0, 0.0, 0.0), "#ffffff"),
        ((0.0, 0.0, 0.0), "#000000"),
        ((0.628, 0.2577, 29.23), "#ff0000"),
    ],
)
def test_colours_come_out_as_screens_show_them(oklch, expected):
    assert to_hex(oklch) == expected


@pytest.mark.parametrize(
    "theme",
    [
        {},
        {"accent": "#ffee00"},
        {"accent": "oklch(0.9 0.3 120)"},
        {"accent": "oklch(52% 0.2 5deg)"},
        {"accent": "javascript:"},
    ],
)
def test_white_words_on_the_accent_stay_readable_whatever_a_brand_picks(theme):
    colours = palette(Brand(theme=theme))
    assert contrast(colours.accent, "#ffffff") >= 4.5
    assert contrast(colours.ink, colours.paper) >= 7
    assert contrast(colours.soft, colours.paper) >= 4.5
    assert contrast(colours.dark_ink, colours.dark_surface) >= 7


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("art", "support"),
    [
        ("../../etc/passwd", "hello@frosty.example"),
        ("art/../../../x.svg", "hello@frosty.example"),
        ("art/frosty-spoon/double-scoop.svg", "a@frosty.example\r\nBcc: eve@x.example"),
        ("art/\x01.svg", "nobody"),
    ],
)
def test_what_a_brand_has_wrong_stops_none_of_its_mails(gift, code, brand, art, support):
    """As an earlier database may hold it: the database of today refuses such drawings."""
    delivery = Delivery(brand=brand, purpose="gift", address="ben@friends.example", pk=gift.pk)
    gift.treat.art, gift.order.brand.support_email, brand.support_email = art, support, support
    with scope(brand=brand):
        for letter in (
            emails.gift_letter(delivery, gift),
            emails.receipt_letter(delivery, gift.order),
        ):
            message = letter.message()
            assert "eve@x.example" not in str(message["Reply-To"])
            assert message["Bcc"] is None


def test_no_drawing_lies_outside_its_folder(brand, treat):
    with scope(brand=brand), pytest.raises(IntegrityError), transaction.atomic():
        Treat.objects.filter(pk=treat.pk).update(art="art/../../secret.svg")


def test_subject_and_from_are_turned_by_nobody(gift, brand):
    with scope(brand=brand):
        Order.objects.filter(pk=gift.order_id).update(sender_name="A\u202emy\u2066")
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    assert message.subject == "Ben, Amy sent you a treat"
    assert "Amy via" in message.from_email


def test_both_mails_greet_by_the_name_that_is_clear(gift, brand):
    with scope(brand=brand):
        Recipient.objects.filter(pk=gift.recipient_id).update(name="Mr. & Mrs. Smith")
    relay.drain()
    (message,) = letters_to("ben@friends.example")
    assert message.subject == "Mr. & Mrs. Smith, Amy sent you a treat"
