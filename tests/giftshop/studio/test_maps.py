"""A position is read from whatever a map lets people copy."""

import pytest

from giftshop.studio.stores.maps import map_url, position_in

PIKE = (47.6097, -122.3331)


@pytest.mark.parametrize(
    "text",
    [
        "47.6097, -122.3331",
        " (47.6097 -122.3331) ",
        "47,6097; -122,3331",
        "47.6097° N, 122.3331° W",
        "geo:47.6097,-122.3331?z=17",
        "https://www.google.com/maps/place/X/@47.1,-122.1,17z/data=!4m6!3d47.6097!4d-122.3331",
        "https://www.google.com/maps/@47.6097,-122.3331,17z",
        "https://www.google.com/maps/search/?api=1&query=47.6097%2C-122.3331",
        "https://maps.apple.com/?ll=47.6097,-122.3331&q=Pike",
        "https://www.openstreetmap.org/?mlat=47.6097&mlon=-122.3331#map=17/47.6097/-122.3331",
        "https://www.openstreetmap.org/#map=17/47.6097/-122.3331",
    ],
)
def test_a_position_is_found(text: str) -> None:
    assert position_in(text) == PIKE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Pike Street",
        "47.6097",
        "91, 10",
        "10, 181",
        "1, 2, 3",
        "https://maps.app.goo.gl/x",
        "%",
    ],
)
def test_what_is_no_position_is_none(text: str) -> None:
    assert position_in(text) is None


def test_a_long_text_is_read_at_once() -> None:
    assert position_in("1," * 5000) is None


def test_the_link_goes_where_it_was_read_from() -> None:
    assert position_in(map_url(*PIKE)) == PIKE
    assert map_url(47.6, None) == ""
