"""A brand's colours reach the page; anything else that is typed there does not."""

import pytest
from django.test import Client

from brands.models import Brand
from giftshop.catalog import themes


@pytest.mark.parametrize(
    "value", ["oklch(0.52 0.2 5)", "#C2185B", "#fff", "rebeccapurple", "rgb(1, 2, 3)"]
)
def test_a_colour_is_taken(value: str) -> None:
    assert f"--brand-accent: {value};" in themes.stylesheet(Brand(theme={"accent": value}))


@pytest.mark.parametrize(
    "value",
    [
        "red; } body { display: none",
        "url(https://evil.example)",
        "var(--x)",
        "#12",
        "</style>",
        "",
        5,
        None,
        "a" * 99,
    ],
)
def test_anything_else_is_left_out(value: object) -> None:
    assert themes.stylesheet(Brand(theme={"accent": value})) == ":root {\n}\n"


@pytest.mark.parametrize(
    ("value", "kept"), [(1.4, True), ("0.7", True), (9, False), ("nan", False), ("x", False)]
)
def test_corners_are_a_number_in_bounds(value: object, kept: bool) -> None:
    assert ("--brand-round" in themes.stylesheet(Brand(theme={"round": value}))) is kept


@pytest.mark.parametrize("folder", ["../secrets", "a/b", "", None])
def test_an_art_folder_is_a_plain_name(folder: object) -> None:
    assert themes.art_folder(Brand(theme={"art": folder})) is None


def test_it_is_kept_for_ever_by_content_and_briefly_without(client: Client, brand: Brand) -> None:
    address = f"/theme/{brand.slug}.css"
    plain = client.get(address)
    exact = client.get(address, {"v": themes.version(brand)})
    assert plain["Content-Type"].startswith("text/css")
    assert "immutable" in exact["Cache-Control"]
    assert "max-age=60" in plain["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": plain["ETag"]}).status_code == 304


def test_another_theme_has_another_address(brand: Brand) -> None:
    before = themes.version(brand)
    brand.theme = {"accent": "#123456"}
    assert themes.version(brand) != before
