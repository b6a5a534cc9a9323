"""Phone numbers of five countries: as they are typed, kept, called and shown."""

import pytest

from brands import phone_numbers
from demo.stores import FROSTY_SPOON, HARBOR_BEAN

TYPED = [
    ("(206) 555-0162", "US", "+12065550162", "(206) 555-0162", "+1 206-555-0162"),
    ("(206) 555-0162 ext. 5", "US", "+12065550162;ext=5", "(206) 555-0162 ext. 5", "+1 206-555-0162 ext. 5"),
    ("206.555.0162 x5", "US", "+12065550162;ext=5", "(206) 555-0162 ext. 5", "+1 206-555-0162 ext. 5"),
    ("1-800-FLOWERS", "US", "+18003569377", "(800) 356-9377", "+1 800-356-9377"),
    ("040 / 66969-120", "DE", "+494066969120", "040 66969120", "+49 40 66969120"),
    ("0049 40 66969 120", "DE", "+494066969120", "040 66969120", "+49 40 66969120"),
    ("912 345 678", "ES", "+34912345678", "912 34 56 78", "+34 912 34 56 78"),
    ("02-312-3456", "KR", "+8223123456", "02-312-3456", "+82 2-312-3456"),
    ("020 7946 0958", "GB", "+442079460958", "020 7946 0958", "+44 20 7946 0958"),
    ("+44 (0)20 7946 0958", "US", "+442079460958", "020 7946 0958", "+44 20 7946 0958"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "country", "kept", "at_home", "abroad"), TYPED)
def test_a_number_is_kept_called_and_shown(
    typed: str, country: str, kept: str, at_home: str, abroad: str
) -> None:
    home = "GB" if kept.startswith("+44") else country

    assert phone_numbers.read(typed, country) == kept
    assert phone_numbers.link(kept) == f"tel:{kept}"
    assert phone_numbers.shown(kept, home) == at_home
    assert phone_numbers.shown(kept, "FR") == abroad
    assert phone_numbers.shown(kept, "") == abroad


@pytest.mark.parametrize(("typed", "country", "kept", "at_home", "abroad"), TYPED)
def test_what_is_shown_is_read_as_the_same_number(
    typed: str, country: str, kept: str, at_home: str, abroad: str
) -> None:
    home = "GB" if kept.startswith("+44") else country

    assert phone_numbers.read(at_home, home) == kept
    assert phone_numbers.read(abroad, "FR") == kept
    assert phone_numbers.read(kept, "FR") == kept


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("", "US"),
        ("call me", "US"),
        ("555-0162", "US"),  # no area code
        ("112", "DE"),
        ("(206) 555-0162", "ES"),
        ("(206) 555-0162", ""),
        ("030 901820 / 030 901821", "DE"),
        ("(206) 555-0162, ask for Mo", "US"),
        ("(206) 555-0162 ext. 123456789012", "US"),  # longer than the column
        ("1" * 300, "US"),
    ],
)
def test_what_is_no_number_there_is_refused(typed: str, country: str) -> None:
    with pytest.raises(phone_numbers.NotAPhoneNumber):
        phone_numbers.read(typed, country)


@pytest.mark.parametrize("text", ["", "ask inside", "(206) 555-0162", "+1 206", "+0123456", "js:1"])
def test_a_text_of_earlier_days_is_shown_and_calls_nobody(text: str) -> None:
    assert phone_numbers.shown(text, "US") == text
    assert phone_numbers.link(text) == ""


def test_the_demos_numbers_can_be_called() -> None:
    stores = [*[(place, "US") for place in FROSTY_SPOON], *[(place, "DE") for place in HARBOR_BEAN]]
    assert [phone_numbers.read(place.phone, country) for place, country in stores] == [
        place.phone for place, _country in stores
    ]
