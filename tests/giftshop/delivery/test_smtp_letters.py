"""A letter that is filled in as bytes is the one that the library would have written."""

import email
import quopri
import re
from email import policy
from email.header import decode_header, make_header
from email.message import Message as Parsed
from typing import Any

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from brands.models import Brand
from giftshop.delivery import emails
from giftshop.delivery.email_parts import Letter
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import gifts as gift_sheets
from giftshop.delivery.shared import mime
from giftshop.orders.models import Gift
from redemption.codes import qr
from tests.cast import make_store, make_treat

pytestmark = pytest.mark.django_db

TRICKY = [
    "",
    "Ben",
    "דוד לוי",
    "كل عام\nوأنت بخير!",
    ".\n..\n.",
    "\r\n.\r\nMAIL FROM:<eve@x>",
    "=2E=\n=_words--",
    "--=_letter--",
    "<b>Amy</b> & Co",
    "trailing blank \t\nand soft = ",
    "=?utf-8?q?Ben?=",
    "ä" * 300,
    "x" * 1500,
    "👩\u200d👩\u200d👧\u200d👦" * 40,
]
WORDS = st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
NAMES = WORDS.map(lambda name: re.sub(r"[\r\n]", " ", name)[:80])
LANGUAGES = st.sampled_from(["en", "de", "es"])


@pytest.fixture
def delivery(gift: Gift, brand: Brand) -> Delivery:
    for number in range(5):
        make_store(brand, f"store-{number}")
    return Delivery(
        brand=gift.order.brand, purpose="gift", subject=f"gift:{gift.pk}", address="ben@x.example"
    )


def letter_of(delivery: Delivery, gift: Gift) -> Letter:
    with scope(brand=delivery.brand):
        return emails.gift_words(delivery, gift, plain="ABCDEFGHJKMNPQRST", token="t0ken")


def unpacked(raw: bytes) -> list[tuple[Any, ...]]:
    """Every part of it, as a mail program reads it."""
    return [_read(part) for part in email.message_from_bytes(raw).walk()]


def _read(part: Parsed) -> tuple[Any, ...]:
    names = {"date", "mime-version", "content-type", "content-transfer-encoding"}
    headers = {
        name.lower(): str(make_header(decode_header(value))).replace("\n", "")
        for name, value in part.items()
        if name.lower() not in names
    }
    content = part.get_payload(decode=True)
    if isinstance(content, bytes) and part.get_content_maintype() == "text":
        content = re.sub(rb"\r\n?", b"\n", content)
    return part.get_content_type(), part.get_content_charset(), headers, content


def taken(data: bytes) -> bytes:
    """As a server understands what follows DATA (RFC 5321, 4.5.2); refuses what some would not take."""
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    lines = data.split(b"\r\n")
    assert b"." not in lines
    assert max(map(len, lines)) <= 998
    assert max((len(word) for word in re.findall(rb"=\?utf-8\?\S+", data)), default=0) <= 75
    body = lines[lines.index(b"") :]
    assert max(len(line.removeprefix(b".")) for line in body) <= 76
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.tuples(NAMES, NAMES),
    words=WORDS,
    language=LANGUAGES,
    brand_name=NAMES,
    said=st.tuples(NAMES, WORDS),
    hides_code=st.booleans(),
)
@example(("Amy", "Ben"), "Enjoy!", "en", "Frosty", ("Scoop", "Ice"), False)
@example(("A" * 80, "דוד" * 26), ".", "de", "Eis & Söhne", ("Kugel", ".\n."), True)
def test_it_is_what_the_library_would_have_written(
    delivery: Delivery,
    gift: Gift,
    names: tuple[str, str],
    words: str,
    language: str,
    brand_name: str,
    said: tuple[str, str],
    hides_code: bool,
) -> None:
    """Whoever gives what to whom, in whatever words: laid out alone and written by the library it has the
    same headers, words and pictures."""
    gift.order.sender_name, gift.recipient.name = names
    gift.message, gift.recipient.language = words, language
    gift.label, gift.treat.description = said
    brand = gift.order.brand
    delivery.brand, brand.name, brand.hides_code = brand, brand_name, hides_code
    shared = letter_of(delivery, gift).as_smtp()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gift_sheets, "is_alone", lambda _gift: True)
        alone = letter_of(delivery, gift)
    assert unpacked(taken(shared)) == unpacked(alone.message().as_bytes())
    assert unpacked(taken(alone.as_smtp())) == unpacked(taken(shared))


def test_what_changed_shows_at_once(delivery: Delivery, gift: Gift, brand: Brand) -> None:
    """Nothing that is kept of a letter outlives what it says."""
    with scope(brand=brand):
        other = make_treat(brand, "other")
        other.description = "Of the other kind"

    def change(of: Any, name: str, value: Any) -> None:
        before = letter_of(delivery, gift).as_smtp()
        setattr(of, name, value)
        after = letter_of(delivery, gift)
        assert unpacked(taken(after.as_smtp())) == unpacked(after.message().as_bytes())
        assert after.as_smtp() != before, name

    change(gift, "message", "Other words")
    change(gift.recipient, "language", "de")
    change(gift, "treat", other)
    change(gift, "label", "Three scoops")
    change(gift, "design", next(each for each in Gift.Design.values if each != gift.design))
    change(gift.treat, "description", "Of a third kind")
    change(gift.recipient, "name", "Cleo")
    change(gift.order, "sender_name", "Dana")
    change(gift.order.brand, "name", "Harbor Bean")
    change(gift.order.brand, "legal_name", "Harbor Bean Ltd")
    change(gift.order.brand, "theme", {"accent": "#123456"})
    change(gift.order.brand, "hides_code", True)


@given(WORDS)
@settings(max_examples=200, deadline=None)
def test_encoded_words_are_the_words(words: str) -> None:
    whole = mime.whole([], [mime.quoted(words)], [], [])
    part = next(
        part
        for part in email.message_from_bytes(taken(whole)).walk()
        if part.get_content_type() == "text/plain"
    )
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode().replace("\r\n", "\n") == re.sub(r"\r\n?", "\n", words)


@pytest.mark.parametrize("end", ["", " ", "\t", "é", "=", ".", " \n", "é\t\n", "==\t\nx"])
@pytest.mark.parametrize("before", ["x", "é", "=", "x=", "xx=", "."])
def test_no_line_of_words_is_too_long(before: str, end: str) -> None:
    """Wherever it would have to be broken (RFC 2045, 6.7: 76 characters)."""
    for length in range(1, 160):
        words = (before * length)[:length] + end
        lines = mime.quoted(words).split(b"\r\n")
        assert max(len(line) - line.startswith(b"..") for line in lines) <= 76, words
        assert not any(re.search(rb"=[0-9A-F]?$", line.removesuffix(b"=")) for line in lines), words
        said = quopri.decodestring(b"\n".join(re.sub(rb"^\.\.", b".", line) for line in lines))
        assert said.decode() == words


@pytest.mark.parametrize("name", ["=?utf-8?q?Ben?=", "a =?b", "=?=?=?"])
def test_a_name_that_looks_encoded_is_read_as_it_was_typed(
    delivery: Delivery, gift: Gift, name: str
) -> None:
    """By whichever way it leaves."""
    gift.recipient.name = gift.order.sender_name = name
    letter = letter_of(delivery, gift)
    for raw in (taken(letter.as_smtp()), letter.message().as_bytes()):
        read = email.message_from_bytes(raw, policy=policy.default)
        assert read["Subject"] == letter.subject
        assert gift.recipient.short_name in letter.subject
        (told,) = read["From"].addresses
        assert told.display_name.startswith(name)


@pytest.mark.parametrize("header", ["Subject", "To", "From"])
def test_nobody_writes_a_header(delivery: Delivery, gift: Gift, header: str) -> None:
    letter = letter_of(delivery, gift)
    letter.extra_headers[header] = "Ben\r\nBcc: eve@x.example"
    with pytest.raises(ValueError, match="newlines"):
        letter.as_smtp()


def test_a_picture_is_encoded_line_by_line() -> None:
    for content in (b"", b"x" * 57, b"x" * 58, qr.png("ABCDEFGHJKMNPQRST")):
        part = email.message_from_bytes(
            mime.whole([], [], [], [mime.picture("qr", content, "png")])
        )
        assert part.get_payload(1).get_payload(decode=True) == content  # type: ignore[union-attr]
