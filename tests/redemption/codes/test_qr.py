import json
import random
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from redemption import code_format
from redemption.codes import qr
from tests.redemption.codes import qr_reader

DICE = random.Random(20261121)
DATA = ("".join(DICE.choices(code_format.ALPHABET, k=16)) for _ in range(40))
CODES = [data + code_format.check_symbol(data) for data in DATA]
EDGES = ["A" * 17, "Z" * 17, "0Z" * 8 + "0"]
ADDRESSES = [
    "https://gifts.example.com/l/k7m2/",
    "https://gifts.example.com/till/pair/#Zx81_qb-" + "aB3" * 12,
]


@pytest.mark.parametrize("text", [*EDGES, *random.Random(7).sample(CODES, 5), *ADDRESSES])
def test_the_picture_gives_the_text_back(text):
    assert qr_reader.read_png(qr.png(text)) == text


@pytest.mark.parametrize("text", [*CODES, *EDGES, "0" * 17, "7" * 16 + "A", "A" + "0" * 16])
def test_a_code_is_drawn_as_the_library_draws_it(text):
    assert qr.modules(text) == qr._drawn(text)


def test_every_drawing_gives_its_text_back():
    texts = [*CODES, *ADDRESSES]
    assert [qr_reader.read_svg(qr.svg(text)) for text in texts] == texts


def test_the_file_of_a_drawing_names_its_kind_and_size():
    (address, _) = ADDRESSES
    text = qr.svg_file(address).decode()
    assert text.startswith("<svg ")
    assert 'xmlns="http://www.w3.org/2000/svg"' in text
    side = 8 * (len(qr.modules(address)) + 2 * qr.QUIET_ZONE)
    assert f'width="{side}" height="{side}"' in text
    assert qr_reader.read_svg(text) == address


def test_a_code_has_the_highest_redundancy_and_an_address_at_least_a_quarter():
    levels = [
        qr_reader.read(qr_reader.rows_drawn(qr.modules(text))).ec_level
        for text in (CODES[0], "1", *ADDRESSES)
    ]
    assert levels == ["H", "H", "H", "Q"]


def test_a_code_takes_25_modules_a_side():
    assert {len(qr.modules(code)) for code in [*CODES, *EDGES]} == {25}


def test_a_third_of_a_code_may_be_lost():
    """Of 44 codewords, 14 may be wrong; eight modules each."""
    rows = qr.modules(CODES[0])
    for y in range(17, 25):
        rows[y][11:23] = [False] * 12
    assert qr_reader.read(qr_reader.rows_drawn(rows)).text == CODES[0]


def test_the_quiet_zone_is_pure_white_and_four_modules_wide():
    picture = Image.open(BytesIO(qr.png(CODES[0]))).convert("L")
    module = picture.width // (len(qr.modules(CODES[0])) + 8)
    edge = 4 * module
    inner = (edge, edge, picture.width - edge, picture.height - edge)
    assert picture.crop(inner).getbbox() is not None
    picture.paste(255, inner)
    assert picture.getextrema() == (255, 255)
    assert picture.width >= 2 * 240, "sharp on a dense screen"


def test_the_drawing_holds_digits_and_no_text_of_the_caller():
    assert CODES[0] not in qr.svg(CODES[0])
    assert "style=" not in qr.svg(CODES[0])


def test_nothing_is_drawn_by_pillow_which_production_lacks():
    words = """
import json, sys
sys.modules["PIL"] = sys.modules["png"] = None  # as if neither were installed
from redemption.codes import qr
print(json.dumps([qr.svg("7Q4K9XWM2HTDP6VCR"), qr.png("7Q4K9XWM2HTDP6VCR").hex()]))
"""
    told = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True
    ).stdout
    svg, png = json.loads(told)
    assert qr_reader.read_svg(svg) == "7Q4K9XWM2HTDP6VCR"
    assert qr_reader.read_png(bytes.fromhex(png)) == "7Q4K9XWM2HTDP6VCR"
