"""Whatever colour a brand picks, words on it and in it can be read."""

import random

import pytest

from brands.models import Brand
from giftshop.catalog.colours import to_hex
from giftshop.studio.brand.contrast import READABLE, of_brand, ratio

SEEDED = random.Random(11)
COLOURS = [
    *("#ffffff", "#000000", "#ffff00", "#00ffff", "#0000ff", "#ff00ff", "#00ff00", "#ff0000"),
    *(f"#{SEEDED.randrange(1 << 24):06x}" for _ in range(2000)),
    *(
        f"oklch({SEEDED.random():.2f} {SEEDED.random() * 0.37:.2f} {SEEDED.random() * 360:.0f})"
        for _ in range(1000)
    ),
]  # fmt: skip


def test_every_colour_keeps_its_words_readable() -> None:
    found = {colour: of_brand(Brand(theme={"accent": colour})) for colour in COLOURS}
    low = {
        colour: each
        for colour, each in found.items()
        if min(each.on_buttons, each.in_words) < READABLE
    }
    assert low == {}


def test_the_control_some_of_them_would_not_be() -> None:
    """White words on the colours as they were picked."""
    white = (1.0, 0.0, 0.0)
    assert ratio(white, (0.97, 0.2, 110.0)) < READABLE
    assert to_hex((0.97, 0.2, 110.0)) != to_hex((0.515, 0.2, 110.0))


@pytest.mark.parametrize(("colour", "is_darkened"), [("#ffe800", True), ("#123456", False)])
def test_it_is_said_when_a_tone_is_taken(colour: str, is_darkened: bool) -> None:
    assert of_brand(Brand(theme={"accent": colour})).is_darkened is is_darkened


def test_black_and_white_are_as_far_apart_as_it_goes() -> None:
    assert round(ratio((1.0, 0.0, 0.0), (0.0, 0.0, 0.0)), 1) == 21.0
