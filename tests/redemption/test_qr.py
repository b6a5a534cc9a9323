import random
from io import BytesIO

import pytest
from PIL import Image

from redemption import code_format, qr
from tests.redemption import qr_reader

DICE = random.Random(20261121)
DATA = ("".join(DICE.choices(code_format.ALPHABET, k=16)) for _ in range(40))
CODES = [data + code_format.check_symbol(data) for data in DATA]
EDGES = ["A" * 17, "Z" * 17, "0Z" * 8 + "0"]


@pytest.mark.parametrize("code", [*EDGES, *random.Random(7).sample(CODES, 5)])
def test_the_picture_gives_the_code_back(code):
    assert qr_reader.read_png(qr.png(code)) == code


def test_every_drawing_gives_its_code_back():
    assert [qr_reader.read_svg(qr.svg(code)) for code in CODES] == CODES


def test_a_code_never_becomes_a_micro_symbol_and_has_the_highest_redundancy():
    for text in (CODES[0], "1"):
        assert len(qr.modules(text)) >= 21
    level, _mask = qr_reader._format(qr.modules(CODES[0]))
    assert level == 0b10, "level H"


def test_the_quiet_zone_is_pure_white_and_four_modules_wide():
    picture = Image.open(BytesIO(qr.png(CODES[0]))).convert("L")
    module = picture.width // (qr_reader.SIDE + 8)
    edge = 4 * module
    inner = (edge, edge, picture.width - edge, picture.height - edge)
    assert picture.crop(inner).getbbox() is not None
    picture.paste(255, inner)
    assert picture.getextrema() == (255, 255)
    assert picture.width >= 2 * 240, "sharp on a dense screen"


def test_the_drawing_holds_digits_and_no_text_of_the_caller():
    assert CODES[0] not in qr.svg(CODES[0])
    assert "style=" not in qr.svg(CODES[0])
