"""What the two brands sell: sizes with prices, and what the recipient picks. Amounts in minor units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Something the recipient picks. `options`: words, and what it costs extra at the till."""

    name: str
    options: tuple[tuple[str, int], ...]
    least: int = 1
    most: int = 1


@dataclass(frozen=True)
class Entry:
    """A treat. `sizes`: words, price. Its drawing is static/art/<brand>/<its name>.svg."""

    name: str
    category: str
    description: str
    sizes: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...] = ()
    liked: int = 10
    """How often it is given, compared with the others; never, of what came on the menu just now."""
    art: str = ""
    """Another drawing than that of its name."""
    days: tuple[int, int] | None = None
    """On sale from and until: days from the last of the past."""
    stores: tuple[str, ...] = ()
    """Those that have it; empty: all."""
    most: int | None = None
    """Of a gift of any amount; the price of its only size is the least."""
    suggested: tuple[int, ...] = ()


FLAVOURS = (
    ("Vanilla bean", 0),
    ("Raspberry ripple", 0),
    ("Garden mint", 0),
    ("Dark chocolate", 0),
    ("Salted honey", 0),
    ("Coconut lime (no dairy)", 0),
    ("Black sesame", 0),
)
FLAVOUR = Group("Flavor", FLAVOURS)
TWO_FLAVOURS = Group("Flavors", FLAVOURS, least=1, most=2)
TOPPING = Group(
    "Topping",
    (
        ("Rainbow sprinkles", 0),
        ("Toasted almonds", 60),
        ("Hot fudge", 90),
        ("Fresh berries", 120),
    ),
    least=0,
    most=2,
)

FROSTY_SPOON = (
    Entry(
        "Double scoop",
        "Scoops",
        "Two generous scoops, folded by hand this morning, in a crisp sugar cone or a cup.",
        (("Regular", 650), ("Large", 850)),
        (
            TWO_FLAVOURS,
            Group(
                "Cone or cup",
                (
                    ("Sugar cone", 0),
                    ("Cup", 0),
                    ("Waffle cone", 100),
                ),
            ),
        ),
        liked=30,
    ),
    Entry(
        "Kids scoop",
        "Scoops",
        "One small scoop with a face. The nose is a raspberry and goes first.",
        (("Small", 425),),
        (FLAVOUR,),
        liked=9,
    ),
    Entry(
        "Waffle bowl",
        "Scoops",
        "A bowl you can eat, baked while you wait, with scoops and softly whipped cream.",
        (("Two scoops", 875), ("Three scoops", 1075)),
        (TWO_FLAVOURS, TOPPING),
        liked=14,
    ),
    Entry(
        "Hot fudge sundae",
        "Sundaes and shakes",
        "Vanilla bean, warm fudge that has been stirred for an hour, roasted almonds, one cherry.",
        (("Regular", 925), ("To share", 1450)),
        (TOPPING,),
        liked=18,
    ),
    Entry(
        "Raspberry sundae",
        "Sundaes and shakes",
        "Raspberries from the Skagit Valley, cooked just until they burst, over salted honey ice cream.",
        (("Regular", 950), ("To share", 1475)),
        (TOPPING,),
        liked=13,
    ),
    Entry(
        "Garden mint shake",
        "Sundaes and shakes",
        "Fresh mint, cold milk, far too much ice cream. Thick enough to hold the straw up.",
        (("Regular", 795), ("Large", 945)),
        (
            Group(
                "Milk",
                (("Whole milk", 0), ("Oat milk", 75), ("Coconut", 75)),
            ),
            Group(
                "Chocolate chips",
                (("With chips", 0), ("Without", 0)),
            ),
        ),
        liked=15,
        art="mint-shake",
    ),
    Entry(
        "Ice cream sandwich",
        "To take along",
        "Two brown butter cookies with a slab of ice cream in between. Bring a napkin, or three.",
        (("One", 595), ("A pair", 1095)),
        (FLAVOUR,),
        liked=12,
    ),
    Entry(
        "Mini ice cream cake",
        "To take along",
        "Three layers for two to four people. We write a word on it at the counter.",
        (("For two", 1800), ("For four", 2900)),
        (
            Group(
                "Filling",
                (
                    ("Raspberry and vanilla", 0),
                    ("Mint and dark chocolate", 0),
                    ("Salted honey and almond", 0),
                ),
            ),
        ),
        liked=6,
        art="mini-cake",
    ),
    Entry(
        "Ice cream money",
        "Any amount",
        "They choose the flavors, they choose the day, and come back for what is left.",
        (("", 500),),
        liked=8,
        art="any-amount",
        most=20_000,
        suggested=(1_000, 2_500, 5_000),
    ),
    Entry(
        "Beach float",
        "Sundaes and shakes",
        "Raspberry soda over vanilla bean, drunk with sand between the toes. At the beach alone.",
        (("Regular", 695),),
        liked=0,
        art="raspberry-sundae",
        stores=("alki-beach",),
    ),
)

MILK = Group(
    "Milk",
    (
        ("Whole milk", 0),
        ("Low-fat milk", 0),
        ("Oat milk", 50),
        ("Almond milk", 60),
    ),
)
BEANS = Group(
    "Beans",
    (
        ("Quay blend: round, cocoa", 0),
        ("Lighthouse: bright, apricot", 0),
        ("Night Ferry: decaf", 0),
    ),
)
WARMED = Group(
    "Serving",
    (("Warmed up", 0), ("As it is", 0), ("Wrapped to go", 0)),
)

HARBOR_BEAN = (
    Entry(
        "Flat white",
        "Coffee",
        "Two short shots and silky milk, poured in one go. Small, strong, gone too soon.",
        (("Regular", 420), ("Double", 510)),
        (MILK, BEANS),
        liked=30,
    ),
    Entry(
        "Cappuccino",
        "Coffee",
        "A deep cap of foam you have to drink through. Cocoa on top only if you ask.",
        (("Regular", 410), ("Large", 480)),
        (MILK, BEANS),
        liked=22,
    ),
    Entry(
        "Pour-over",
        "Coffee",
        "Four minutes by hand, one cup at a time. Time enough to look at the cranes.",
        (("Cup", 520), ("Pot for two", 890)),
        (
            Group(
                "Beans",
                (
                    ("Lighthouse: bright, apricot", 0),
                    ("Guest roast of the week", 80),
                ),
            ),
        ),
        liked=11,
    ),
    Entry(
        "Cold brew",
        "By the window",
        "Steeped overnight, served over one large cube that does not hurry.",
        (("Regular", 490), ("Bottle to take along", 790)),
        (
            Group(
                "Served with",
                (
                    ("Just as it is", 0),
                    ("A splash of milk", 0),
                    ("Tonic and orange", 90),
                ),
            ),
        ),
        liked=13,
    ),
    Entry(
        "Cinnamon roll",
        "From the oven",
        "Soft in the middle, sticky at the edge. Out of the oven at eight, and again at two.",
        (("One", 390), ("Box of four", 1390)),
        (WARMED,),
        liked=18,
    ),
    Entry(
        "Almond croissant",
        "From the oven",
        "Yesterday's best butter croissant, filled and baked a second time. It makes crumbs.",
        (("One", 430),),
        (WARMED,),
        liked=12,
    ),
    Entry(
        "Hot chocolate",
        "By the window",
        "Melted, not stirred from powder: dark chocolate, hot milk, a pinch of sea salt.",
        (("Regular", 480), ("Large", 560)),
        (
            MILK,
            Group(
                "Topping",
                (
                    ("Whipped cream", 60),
                    ("Milk foam", 0),
                ),
                least=0,
            ),
        ),
        liked=10,
    ),
    Entry(
        "Harbor breakfast",
        "By the window",
        "A coffee, a still-warm roll, an egg, cheese and something green. By the window, if you are early.",
        (("For one", 1290), ("For two", 2450)),
        (
            Group(
                "Coffee",
                (
                    ("Flat white", 0),
                    ("Cappuccino", 0),
                    ("Filter coffee", 0),
                    ("Tea instead", 0),
                ),
            ),
            Group(
                "Egg",
                (("Soft", 0), ("Firm", 0), ("No egg, more cheese", 0)),
            ),
        ),
        liked=9,
        art="breakfast-set",
    ),
    Entry(
        "Coffee for a while",
        "Any amount",
        "A cup today, a roll on Thursday: it lasts until nothing is left on it.",
        (("", 500),),
        liked=8,
        art="any-amount",
        most=15_000,
        suggested=(1_000, 2_000, 5_000),
    ),
    Entry(
        "Winter cappuccino",
        "Coffee",
        "With orange peel and a pinch of clove, as long as the evenings are long.",
        (("Regular", 450), ("Large", 520)),
        (MILK,),
        liked=0,
        art="cappuccino",
        days=(-20, 60),
    ),
)
