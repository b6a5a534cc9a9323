"""Where the treats are handed over. Hours run Monday to Sunday; an empty text is a closed day."""

from dataclasses import dataclass

EVENINGS = ("12:00-22:00",) * 4 + ("12:00-23:00", "11:00-23:00", "11:00-21:00")
BY_THE_BEACH = ("13:00-21:00",) * 4 + ("13:00-22:00", "11:00-22:00", "11:00-20:00")
MORNINGS = ("07:00-18:00",) * 5 + ("08:00-18:00", "09:00-18:00")
NOT_ON_MONDAYS = ("", *("07:30-17:30",) * 4, "08:30-18:00", "09:00-17:00")


@dataclass(frozen=True)
class Place:
    """A store. `team`: name, role, PIN; the manager comes first. `device`: the name of the one at the
    counter. `busy`: its share of the recipients."""

    slug: str
    name: str
    street: str
    city: str
    region: str
    postal_code: str
    latitude: float
    longitude: float
    hours: tuple[str, ...]
    phone: str
    team: tuple[tuple[str, str, str], ...]
    device: str
    operator: str = ""
    busy: int = 10


# Phone numbers come from the ranges that both countries keep for stories.
FROSTY_SPOON = (
    Place(
        slug="pike-street",
        name="Pike Street",
        street="914 East Pike Street",
        city="Seattle",
        region="WA",
        postal_code="98122",
        latitude=47.6141,
        longitude=-122.3196,
        hours=EVENINGS,
        phone="+12065550114",
        device="By the cones",
        team=(
            ("Marisol", "manager", "4815"),
            ("Tunde", "cashier", "2703"),
            ("Hana", "cashier", "6194"),
            ("Wes", "cashier", "3358"),
        ),
        busy=22,
    ),
    Place(
        slug="ballard",
        name="Ballard",
        street="5408 20th Avenue NW",
        city="Seattle",
        region="WA",
        postal_code="98107",
        latitude=47.6684,
        longitude=-122.3826,
        hours=EVENINGS,
        phone="+12065550139",
        device="Left counter",
        team=(
            ("Ingrid", "manager", "7420"),
            ("Kofi", "cashier", "5086"),
            ("Linh", "cashier", "1937"),
        ),
        operator="Ballard Scoops LLC",
        busy=15,
    ),
    Place(
        slug="alki-beach",
        name="Alki Beach",
        street="2724 Alki Avenue SW",
        city="Seattle",
        region="WA",
        postal_code="98116",
        latitude=47.5793,
        longitude=-122.4093,
        hours=BY_THE_BEACH,
        phone="+12065550162",
        device="Beach window",
        team=(
            ("Noor", "manager", "8641"),
            ("Beto", "cashier", "2275"),
            ("Sasha", "cashier", "9013"),
        ),
        operator="Ballard Scoops LLC",
        busy=11,
    ),
)

HARBOR_BEAN = (
    Place(
        slug="sandtorkai",
        name="Sandtorkai",
        street="Am Sandtorkai 44",
        city="Hamburg",
        region="",
        postal_code="20457",
        latitude=53.5434,
        longitude=9.9914,
        hours=MORNINGS,
        phone="+494066969120",
        device="Am Fenster",
        team=(
            ("Femke", "manager", "3972"),
            ("Emre", "cashier", "6108"),
            ("Jule", "cashier", "4425"),
            ("Yonas", "cashier", "1860"),
        ),
        busy=20,
    ),
    Place(
        slug="ottensen",
        name="Ottensen",
        street="Bahrenfelder Straße 131",
        city="Hamburg",
        region="",
        postal_code="22765",
        latitude=53.5545,
        longitude=9.9262,
        hours=NOT_ON_MONDAYS,
        phone="+494066969348",
        device="Vordere Theke",
        team=(
            ("Aylin", "manager", "5531"),
            ("Piet", "cashier", "7094"),
            ("Rosa", "cashier", "2816"),
        ),
        operator="Lange & Osei Kaffee GbR",
        busy=13,
    ),
)
