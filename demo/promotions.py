"""What the brands tried in order to be given away: campaigns, and the links that lead in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A link. `looks`: visits compared with the other links; `buys`: how many of them end in a gift."""

    name: str
    channel: str
    looks: int
    buys: float
    treat: str = ""


@dataclass(frozen=True)
class Promotion:
    """`starts` and `ends` are shares of the history: 0.0 its first day, 1.0 today, more than 1 later."""

    name: str
    headline: str
    starts: float
    ends: float | None
    budget: int
    ways: tuple[Way, ...]
    treats: tuple[str, ...] = ()
    spent: int | None = None
    least: int = 1
    """To how many it asks whoever comes by its links to give."""


FROSTY_SPOON = (
    Promotion(
        name="Two spoons",
        headline="Some things are only good with two spoons. Send the second one.",
        starts=0.0,
        ends=0.55,
        budget=90_000,
        spent=87_250,
        ways=(
            Way("Window at Pike Street", "poster", looks=16, buys=0.2),
            Way("Sprinkles in slow motion", "instagram", looks=46, buys=0.07),
            Way("Newsletter to regulars", "email", looks=18, buys=0.24),
        ),
        treats=("Hot fudge sundae", "Raspberry sundae", "Waffle bowl"),
    ),
    Promotion(
        name="Porch evenings",
        headline="Long evenings are for porches, friends and something cold.",
        starts=0.48,
        ends=1.35,
        budget=140_000,
        ways=(
            Way("The melting contest", "tiktok", looks=58, buys=0.045),
            Way("Porch portraits", "instagram", looks=34, buys=0.1),
            Way("Foot of the receipt", "receipt", looks=15, buys=0.3),
            Way("Bookshop next door", "partner", looks=9, buys=0.22, treat="Double scoop"),
        ),
    ),
    Promotion(  # it begins today, and nobody has come by it yet
        name="Never just one",
        headline="One scoop is a snack, two are a plan. Give to two people at once.",
        starts=1.0,
        ends=1.6,
        budget=60_000,
        ways=(
            Way("Chalkboard on the pavement", "poster", looks=0, buys=0.0),
            Way("Two cones, one photo", "instagram", looks=0, buys=0.0),
            Way("Last line of the newsletter", "email", looks=0, buys=0.0),
        ),
        least=2,
    ),
)

HARBOR_BEAN = (
    Promotion(
        name="The first one is on me",
        headline="Know somebody who starts too early? Their first coffee could be on you.",
        starts=0.0,
        ends=None,
        budget=120_000,
        ways=(
            Way("Pier 3 poster", "poster", looks=20, buys=0.15),
            Way("Crane-driver mornings", "instagram", looks=40, buys=0.09),
            Way("Letter to regulars", "email", looks=15, buys=0.25),
            Way("Under the coffee stamp", "receipt", looks=12, buys=0.28, treat="Flat white"),
        ),
        treats=("Flat white", "Cappuccino", "Cinnamon roll"),
    ),
)
