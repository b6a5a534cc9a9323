"""A gift mail is laid out once for all that are alike, and is the one that each would have got alone."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.delivery import subscribers
from giftshop.delivery.email_parts import Letter
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import gifts as gift_sheets
from giftshop.delivery.shared import letters as shared_letters
from giftshop.delivery.shared.letters import Own, Written
from giftshop.orders.models import Gift
from tests.cast import line, make_store, pay

pytestmark = pytest.mark.django_db

NAMES = ["Ben", "דוד לוי", "<b>Amy</b> & Co", "own-recipient-", "{{ sender }}", 'Ann\'O "Quote"']
WORDS = [
    "",
    "Enjoy!",
    "كل عام\nوأنت بخير!",
    "<script>x</script>\n" * 9,
    "{% url 'x' %} own-url-",
    "& " * 60,
]


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_letters, "_kept", {})


@pytest.fixture
def gifts(place: Callable[..., Any], treat: Treat, brand: Brand) -> list[Gift]:
    for number in range(5):
        make_store(brand, f"store-{number}")
    lines = [
        line(treat, name, recipient_email=f"r{number}@friends.example", message=words)
        for number, (name, words) in enumerate(zip(itertools.cycle(NAMES), WORDS * 3, strict=False))
    ]
    order = pay(place(lines=lines))
    with scope(brand=brand):
        return list(order.gifts.with_everything())


def written(gift: Gift, sender: str, language: str) -> tuple[str, str, str]:
    gift.order.sender_name, gift.recipient.language, gift.order.language = (
        sender,
        language,
        language,
    )
    delivery = Delivery(brand=gift.order.brand, purpose="gift", address=gift.recipient.email)
    with scope(brand=gift.order.brand):
        letter = subscribers.GIFT.compose(delivery, gift)
    assert isinstance(letter, Letter)
    return str(letter.subject), letter.written.text, letter.written.html


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_each_gets_what_they_would_have_got_alone(
    gifts: list[Gift], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever they are called and wrote, and in whatever order they come."""
    senders = itertools.cycle(reversed(NAMES))
    pairs = [(gift, next(senders)) for gift in [*gifts, *reversed(gifts)]]
    monkeypatch.setattr(gift_sheets, "stop_url", lambda _d: "https://x/stop/?a&b")
    monkeypatch.setattr(gift_sheets.data_links, "of_letter", lambda _d: "https://x/data/?a&b")
    shared = [written(gift, sender, language) for gift, sender in pairs]
    kept = len(shared_letters._kept)
    assert 0 < kept < len(gifts)
    with monkeypatch.context() as patched:
        patched.setattr(gift_sheets, "is_alone", lambda _gift: True)
        alone = [written(gift, sender, language) for gift, sender in pairs]
    assert shared == alone


def test_what_is_kept_holds_nothing_of_anybody(gifts: list[Gift]) -> None:
    for gift in gifts:
        written(gift, "Amira the sender", "en")
    kept = repr(shared_letters._kept)
    assert "Where to enjoy it" in kept
    for gift in gifts:
        assert gift.code is not None
        secrets = {gift.link_token(), str(gift.pk), *(gift.code.reveal_grouped() or "").split("-")}
        for own in {*secrets, "Amira the sender", gift.recipient.email, gift.message.strip()}:
            assert len(own) < 3 or own not in kept


def test_what_is_put_in_is_not_looked_at_again() -> None:
    """Even by somebody who knows the marks."""
    own = {
        "a": Own(text=shared_letters.mark("b"), html=shared_letters.mark("b")),
        "b": Own(text="secret", html="secret"),
    }

    def fill(marks: Any) -> tuple[str, str]:
        return f"Dear {marks['a']}", f"<p>{marks['a']}</p>"

    written = Written(shared_letters.lay_out(("k",), own, fill), own)
    encoded = b"".join(piece for pieces in written.quoted() for piece in pieces)
    assert "secret" not in written.text + written.html + encoded.decode()


def test_another_treat_language_or_brand_is_another_letter(gifts: list[Gift]) -> None:
    gift = gifts[1]
    english = written(gift, "Amy", "en")[1]
    assert written(gift, "Amy", "de")[1] != english
    gift.label = "Three scoops"
    assert "Three scoops" in written(gift, "Amy", "en")[1]
    gift.order.brand.legal_name = "Frosty GmbH"
    assert "Frosty GmbH" in written(gift, "Amy", "en")[1]
    gift.treat.description = "Another cone"
    assert "Another cone" in written(gift, "Amy", "en")[2]
    with scope(brand=gift.order.brand):
        make_store(gift.order.brand, "a-first-store")
    assert "A First Store" in written(gift, "Amy", "en")[1]


def test_few_are_kept() -> None:
    for number in range(shared_letters.KEPT_MAX * 2):
        shared_letters.lay_out((number,), [], lambda _marks: ("", ""))
    assert len(shared_letters._kept) == shared_letters.KEPT_MAX
