"""Nobody signs as the shop, and no name is a link."""

import pytest

from core.bidi import in_one_line
from giftshop.friends.names import is_link, is_the_brand


@pytest.mark.parametrize(
    "name",
    [
        "Giftshop",
        "Giftshop support",
        "The Giftshop Team",
        "Gift shop",
        "Frosty Spoon",
        "frosty  spoon Kundenservice",
        "FrostySpoon",
        "Frosty Spoon Seattle",
        "Fr\u200bosty Spoon",
        "Fr\u043esty Spoon",
        "\u202eFrosty Spoon",
        "Frósty Spoon",
        "G1ftsh0p support",
        "G\u0131ftshop",
        "\u0262\u026a\ua730\u1d1b\ua731\u029c\u1d0f\u1d18",
        "Frosty Sp00n",
        "FR\u041eS\u0422Y SPOON",
        "F.r.o.s.t.y Spoon",
    ],
)
def test_nobody_signs_as_the_brand(name: str) -> None:
    assert is_the_brand(name, "Frosty Spoon")


@pytest.mark.parametrize("name", ["Frosty Spoon", "Frosty-Spoon Support", "Frosty Sp00n team"])
def test_nobody_signs_with_the_brands_name_as_it_is_said_in_short(name: str) -> None:
    assert is_the_brand(name, "Frosty Spoon Creamery", "frosty-spoon")
    assert not is_the_brand("Luna", "Luna Gelato", "luna")


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("Ben Frost", "Frosty Spoon"),
        ("Support Group Ana", "Frosty Spoon"),
        ("Luna Miller", "Luna"),
        ("Ben Smith", "Ben's"),
        ("Gabi", "A B"),
        ("Class of 2026", "Frosty Spoon"),
        ("李小龍", "Frosty Spoon"),
        ("", "Frosty Spoon"),
    ],
)
def test_people_sign_with_their_own_names(name: str, brand: str) -> None:
    assert not is_the_brand(name, brand)


@pytest.mark.parametrize(
    "text",
    [
        *["evil.com", "see www.evil.example", "http://x", "Ben evil.co.uk", "PAYPAL.COM now"],
        *["Win: t.me/free", "x.com", "evil.zip", "evil\u3002com", "evil\uff0ecom", "evil\u2024com"],
    ],
)
def test_a_link_is_seen(text: str) -> None:
    assert is_link(text)


@pytest.mark.parametrize(
    "text", ["M.de Boer", "Dr.Ana", "J.R. Smith", "St.John", "Ben. Ana", "Ben Jr.", "No.1"]
)
def test_a_dot_alone_makes_no_link(text: str) -> None:
    assert not is_link(text)


def test_direction_marks_and_unseen_letters_are_taken_out() -> None:
    assert in_one_line("\u202eBen\u2066  \u200bOkafor\u2069 ") == "Ben Okafor"
    assert in_one_line("\x07Ben\x1f\x0b \x7fOkafor\x9b") == "Ben Okafor"
