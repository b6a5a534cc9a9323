"""How recipients are greeted: by a first name that is clear, or whole."""

import pytest

from giftshop.orders.models import Recipient


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Mr. & Mrs. Smith", "Mr. & Mrs. Smith"),
        ("Dr. Ana Ruiz", "Ana"),
        ("Dr.Ana Ruiz", "Ana"),
        ("Lee, Ann", "Ann"),
        ("Smith, John, Jr.", "John"),
        ("John Smith, Jr.", "John"),
        ("Mom and Dad", "Mom and Dad"),
        ("the whole Miller family", "the whole Miller family"),
        ("Ben", "Ben"),
        ("Ben Okafor", "Ben"),
        ("Ben,", "Ben"),
        ("Ben E. King", "Ben"),
        ("Mr. Smith", "Mr. Smith"),
        ("Mr. John Smith", "John"),
        ("Prof. Dr. Müller", "Prof. Dr. Müller"),
        ("Herr von Bülow", "Herr von Bülow"),
        ("Frau Dr. Eva Maria Lang", "Eva"),
        ("Sra. García", "Sra. García"),
        ("Señora Ana García", "Ana"),
        ("Die Müllers", "Die Müllers"),
        ("Familie Müller", "Familie Müller"),
        ("los abuelos", "los abuelos"),
        ("Juan y Ana", "Juan y Ana"),
        ("Ben u. Ana", "Ben u. Ana"),
        ("Ana i Joan", "Ana i Joan"),
        ("Ben U. Miller", "Ben"),
        ("Doctor Who", "Doctor Who"),
        ("Dra. Ana Ruiz", "Ana"),
        ("Tante Erna", "Tante Erna"),
        ("Aunt Ana Ruiz", "Aunt Ana Ruiz"),
        ("J. R. Smith", "J. R. Smith"),
        ("Ben, Ana & Cleo", "Ben, Ana & Cleo"),
        ("Zoë O'Brien-Łuk", "Zoë"),
        ("María José García", "María"),
        ("李小龍", "李小龍"),
        ("محمد علي", "محمد"),
        ("Анна Петрова", "Анна"),
        ("🎉 Ben", "🎉 Ben"),
        ("", ""),
    ],
)
def test_a_recipient_is_called_by_a_clear_first_name(name: str, called: str) -> None:
    assert Recipient(name=name).short_name == called
