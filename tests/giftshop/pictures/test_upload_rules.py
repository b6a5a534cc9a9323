"""What is no picture, too large, or more than a picture, is refused in words, whatever its name."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from PIL import Image

from giftshop.pictures import upload_rules
from giftshop.pictures.models import Picture
from tests.giftshop.pictures.uploads import encoded, on_disk, photo, promising, quarters

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = encoded(Image.new("P", (400, 400)), "GIF")
BMP = encoded(Image.new("RGB", (400, 400)), "BMP")
TIFF = encoded(Image.new("RGB", (400, 400)), "TIFF")
PAGE = b"<!doctype html><html><script>alert(1)</script></html>"


def said(content: bytes, purpose: str = Picture.Purpose.TREAT) -> str:
    """The words of the refusal; empty: it is taken."""
    with on_disk(content) as file:
        try:
            upload_rules.judge(file, purpose)
        except ValidationError as refused:
            return " ".join(refused.messages)
    return ""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_are_taken_and_left_at_their_beginning(kind: str) -> None:
    with on_disk(encoded(quarters(), kind)) as file:
        assert upload_rules.judge(file, Picture.Purpose.TREAT) == kind
        assert file.tell() == 0


@pytest.mark.parametrize("content", [SVG, GIF, BMP, TIFF, PAGE, b"", b"\0" * 500, b"RIFF1234WAVE"])
def test_anything_else_is_not(content: bytes) -> None:
    assert said(content).startswith("This is no JPEG, PNG or WebP picture.")


def archive() -> bytes:
    found = BytesIO()
    with zipfile.ZipFile(found, "w") as file:
        file.writestr("a.txt", "x")
    return found.getvalue()


@pytest.mark.parametrize(
    "more", [PAGE, b"<?php echo 1;", archive(), b"<ScRiPt>", b"<html>", b"<iframe src=x>"]
)
def test_a_picture_with_a_page_a_program_or_an_archive_in_it_is_refused(more: bytes) -> None:
    assert said(photo() + more).startswith("There is more in this file than a picture.")
    if not zipfile.is_zipfile(BytesIO(more)):
        within = encoded(quarters(), "JPEG", comment=more)
        assert said(within).startswith("There is more in this file than a picture.")


def test_words_across_two_reads_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_rules, "CHUNK", 1000)
    for place in range(985, 1001):
        content = photo()
        assert said(content[:place] + b"<script" + content[place:]), place


def test_a_document_in_front_is_found() -> None:
    assert said(encoded(quarters(), "JPEG", comment=b"%PDF-1.7"))


def test_a_bomb_is_refused_by_what_its_header_promises() -> None:
    assert said(promising(50_000, 50_000)) == (
        "This picture has 2500 million pixels, and 25 are the most. Make it smaller and try again."
    )


def test_a_phones_48_megapixels_are_taken_as_jpeg_alone() -> None:
    flat = Image.new("L", (8064, 6048))
    assert said(encoded(flat, "JPEG", quality=20)) == ""
    assert "25 are the most" in said(promising(8064, 6048))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_header_alone_is_no_picture(kind: str) -> None:
    assert "can't be opened" in said(encoded(quarters(), kind)[:20])


@pytest.mark.parametrize(("purpose", "least"), [("treat", 240), ("logo", 64), ("hero", 480)])
def test_what_would_look_blurred_is_refused(purpose: str, least: int) -> None:
    assert said(photo(least, least), purpose) == ""
    assert f"{least} on its shorter side" in said(photo(2000, least - 1), purpose)


def test_the_words_are_the_readers() -> None:
    with translation.override("de"):
        assert said(GIF).startswith("Das ist kein Bild als JPEG, PNG oder WebP.")
