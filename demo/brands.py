"""The two brands, put together from the rest of the data."""

from dataclasses import dataclass

from brands.models import Theme
from brands.translations import Translations, cleaned
from demo import cards_frosty, cards_harbor, menus, people, promotions, stores
from demo.cards import Card
from demo.words import frosty, harbor

FURTHER = ("de", "es")
"""The languages that brands, menus and news can be read in beside their own."""


@dataclass(frozen=True)
class Account:
    name: str
    email: str
    role: str
    stores: tuple[str, ...] = ()
    """Their slugs; none: all of the brand's."""


@dataclass(frozen=True)
class DemoBrand:
    slug: str
    name: str
    tagline: str
    story: str
    language: str
    """In which tagline, story, menu and campaigns are written."""
    currency: str
    country: str
    time_zone: str
    support_email: str
    legal_name: str
    representative: str
    legal_address: str
    register_entry: str
    """Both empty where no law asks for them."""
    theme: Theme
    menu: tuple[menus.Entry, ...]
    words: dict[str, tuple[str, str]]
    """What brand, menu and news say in the FURTHER languages, by their own words."""
    stores: tuple[stores.Place, ...]
    accounts: tuple[Account, ...]
    promotions: tuple[promotions.Promotion, ...]
    cards: tuple[Card, ...]
    thanks: dict[str, tuple[str, ...]]
    tongues: dict[str, int]
    """Which languages its senders write in, and how many of each compared with the others."""
    rush: dict[int, int]
    """Recipients by hour of the day, compared with the other hours."""
    weekdays: tuple[int, ...]
    """Recipients by day of the week, Monday first, compared with the other days."""
    orders_per_day: float
    """On average over the whole history; it begins with fewer and ends with more."""
    opened_as: str = ""
    """What it was called when it was opened, and where its addresses come from; empty: as now."""

    def in_further(self, **texts: str) -> Translations:
        """By field: what is said of them in the further languages."""
        said = {field: self.words[text] for field, text in texts.items() if text in self.words}
        return cleaned(
            {
                language: {field: words[place] for field, words in said.items()}
                for place, language in enumerate(FURTHER)
            }
        )


FROSTY_SPOON = DemoBrand(
    slug="frosty-spoon",
    name="Frosty Spoon Creamery",
    tagline="Hand-folded ice cream, and a second spoon",
    story=(
        "Priya began with one freezer and a school canteen's worth of spoons. She gave the second spoon"
        " away with every bowl, and people came back to return it.\n"
        "Three stores later every batch is still folded by hand, and the spoons are still missing."
    ),
    language="en",
    currency="USD",
    country="US",
    time_zone="America/Los_Angeles",
    support_email="hello@frosty-spoon.example",
    legal_name="Frosty Spoon Creamery LLC",
    representative="",
    legal_address="1201 Pike Street\nSeattle, WA 98101",
    register_entry="",
    theme={
        "accent": "oklch(0.52 0.2 5)",
        "accent_2": "oklch(0.8 0.1 168)",
        "paper": "oklch(0.975 0.022 85)",
        "ink": "oklch(0.25 0.045 355)",
        "round": 1.4,
        "art": "frosty-spoon",
    },
    menu=menus.FROSTY_SPOON,
    words=frosty.WORDS,
    stores=stores.FROSTY_SPOON,
    accounts=(
        Account("Priya Raman", "priya@frosty-spoon.example", "owner"),
        Account("Jonah Whitcomb", "jonah@frosty-spoon.example", "marketer"),
        Account("Grace Okafor", "grace@frosty-spoon.example", "store_manager", ("pike-street",)),
        Account(
            "Desmond Achebe",
            "desmond@ballard-scoops.example",
            "store_manager",
            ("ballard", "alki-beach"),
        ),
        Account("Tessa Boateng", "tessa@frosty-spoon.example", "reader"),
    ),
    promotions=promotions.FROSTY_SPOON,
    cards=cards_frosty.CARDS,
    thanks=cards_frosty.THANKS,
    tongues=people.IN_SEATTLE,
    rush={11: 2, 12: 5, 13: 7, 14: 9, 15: 11, 16: 10, 17: 7, 18: 7, 19: 11, 20: 13, 21: 7, 22: 2},
    weekdays=(6, 6, 7, 8, 12, 19, 16),
    orders_per_day=2.75,
    opened_as="Frosty Spoon",
)

HARBOR_BEAN = DemoBrand(
    slug="harbor-bean",
    name="Harbor Bean",
    tagline="Coffee by the water, for somebody you miss",
    story=(
        "Merle roasts in the shed where her grandfather mended nets. The harbor starts early, and so does"
        " she.\n"
        "Most of our cups are for somebody who isn't here yet."
    ),
    language="en",
    currency="EUR",
    country="DE",
    time_zone="Europe/Berlin",
    support_email="moin@harbor-bean.example",
    legal_name="Harbor Bean Kaffeerösterei GmbH",
    representative="Merle Hansen",
    legal_address="Am Sandtorkai 30\n20457 Hamburg",
    register_entry="Amtsgericht Hamburg, HRB 148213",
    theme={
        "accent": "oklch(0.5 0.105 48)",
        "accent_2": "oklch(0.76 0.07 215)",
        "paper": "oklch(0.972 0.008 215)",
        "ink": "oklch(0.25 0.04 245)",
        "round": 0.7,
        "art": "harbor-bean",
    },
    menu=menus.HARBOR_BEAN,
    words=harbor.WORDS,
    stores=stores.HARBOR_BEAN,
    accounts=(
        Account("Merle Hansen", "merle@harbor-bean.example", "owner"),
        Account("Tomasz Zielonka", "tomasz@harbor-bean.example", "marketer"),
    ),
    promotions=promotions.HARBOR_BEAN,
    cards=cards_harbor.CARDS,
    thanks=cards_harbor.THANKS,
    tongues=people.IN_HAMBURG,
    rush={7: 9, 8: 15, 9: 12, 10: 10, 11: 7, 12: 6, 13: 7, 14: 9, 15: 9, 16: 6, 17: 3},
    weekdays=(8, 9, 9, 10, 11, 15, 12),
    orders_per_day=1.95,
)

OPERATOR = Account("Olga Lind", "olga@giftshop.example", "operator")
"""Runs the installation: opens brands and invites their owners."""

BRANDS = (FROSTY_SPOON, HARBOR_BEAN)
PASSWORD = "demo treats for friends"  # nosec B105  # meant to be read; the seed refuses real sites
