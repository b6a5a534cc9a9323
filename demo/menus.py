"""What the two brands sell: sizes with prices, and what the recipient picks. Amounts in minor units."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Something the recipient picks. `options`: key, words, and what it costs extra at the till."""

    key: str
    name: str
    options: tuple[tuple[str, str, int], ...]
    least: int = 1
    most: int = 1


@dataclass(frozen=True)
class Entry:
    """A treat. `sizes`: key, words, price. Its drawing is static/art/<brand>/<slug>.svg."""

    slug: str
    name: str
    category: str
    description: str
    sizes: tuple[tuple[str, str, int], ...]
    groups: tuple[Group, ...] = ()
    liked: int = 10
    """How often it is given, compared with the others; never, of what came on the menu just now."""
    art: str = ""
    """Another drawing than that of its slug."""
    days: tuple[int, int] | None = None
    """On sale from and until: days from the last of the past."""
    stores: tuple[str, ...] = ()
    """Those that have it; empty: all."""
    most: int | None = None
    """Of a gift of any amount; the price of its only size is the least."""
    suggested: tuple[int, ...] = ()


FLAVOURS = (
    ("vanilla-bean", "Vanilla bean", 0),
    ("raspberry-ripple", "Raspberry ripple", 0),
    ("garden-mint", "Garden mint", 0),
    ("dark-chocolate", "Dark chocolate", 0),
    ("salted-honey", "Salted honey", 0),
    ("coconut-lime", "Coconut lime (no dairy)", 0),
    ("black-sesame", "Black sesame", 0),
)
FLAVOUR = Group("flavour", "Flavor", FLAVOURS)
TWO_FLAVOURS = Group("flavour", "Flavors", FLAVOURS, least=1, most=2)
TOPPING = Group(
    "topping",
    "Topping",
    (
        ("sprinkles", "Rainbow sprinkles", 0),
        ("toasted-almonds", "Toasted almonds", 60),
        ("hot-fudge", "Hot fudge", 90),
        ("fresh-berries", "Fresh berries", 120),
    ),
    least=0,
    most=2,
)

FROSTY_SPOON = (
    Entry(
        "double-scoop",
        "Double scoop",
        "Scoops",
        "Two generous scoops, folded by hand this morning, in a crisp sugar cone or a cup.",
        (("regular", "Regular", 650), ("large", "Large", 850)),
        (
            TWO_FLAVOURS,
            Group(
                "holder",
                "Cone or cup",
                (
                    ("sugar-cone", "Sugar cone", 0),
                    ("cup", "Cup", 0),
                    ("waffle-cone", "Waffle cone", 100),
                ),
            ),
        ),
        liked=30,
    ),
    Entry(
        "kids-scoop",
        "Kids scoop",
        "Scoops",
        "One small scoop with a face. The nose is a raspberry and goes first.",
        (("small", "Small", 425),),
        (FLAVOUR,),
        liked=9,
    ),
    Entry(
        "waffle-bowl",
        "Waffle bowl",
        "Scoops",
        "A bowl you can eat, baked while you wait, with scoops and softly whipped cream.",
        (("two", "Two scoops", 875), ("three", "Three scoops", 1075)),
        (TWO_FLAVOURS, TOPPING),
        liked=14,
    ),
    Entry(
        "hot-fudge-sundae",
        "Hot fudge sundae",
        "Sundaes and shakes",
        "Vanilla bean, warm fudge that has been stirred for an hour, roasted almonds, one cherry.",
        (("regular", "Regular", 925), ("share", "To share", 1450)),
        (TOPPING,),
        liked=18,
    ),
    Entry(
        "raspberry-sundae",
        "Raspberry sundae",
        "Sundaes and shakes",
        "Raspberries from the Skagit Valley, cooked just until they burst, over salted honey ice cream.",
        (("regular", "Regular", 950), ("share", "To share", 1475)),
        (TOPPING,),
        liked=13,
    ),
    Entry(
        "mint-shake",
        "Garden mint shake",
        "Sundaes and shakes",
        "Fresh mint, cold milk, far too much ice cream. Thick enough to hold the straw up.",
        (("regular", "Regular", 795), ("large", "Large", 945)),
        (
            Group(
                "milk",
                "Milk",
                (("whole", "Whole milk", 0), ("oat", "Oat milk", 75), ("coconut", "Coconut", 75)),
            ),
            Group(
                "chips",
                "Chocolate chips",
                (("with", "With chips", 0), ("without", "Without", 0)),
            ),
        ),
        liked=15,
    ),
    Entry(
        "ice-cream-sandwich",
        "Ice cream sandwich",
        "To take along",
        "Two brown butter cookies with a slab of ice cream in between. Bring a napkin, or three.",
        (("one", "One", 595), ("pair", "A pair", 1095)),
        (FLAVOUR,),
        liked=12,
    ),
    Entry(
        "mini-cake",
        "Mini ice cream cake",
        "To take along",
        "Three layers for two to four people. We write a word on it at the counter.",
        (("for-two", "For two", 1800), ("for-four", "For four", 2900)),
        (
            Group(
                "inside",
                "Filling",
                (
                    ("raspberry-vanilla", "Raspberry and vanilla", 0),
                    ("mint-chocolate", "Mint and dark chocolate", 0),
                    ("honey-almond", "Salted honey and almond", 0),
                ),
            ),
        ),
        liked=6,
    ),
    Entry(
        "any-amount",
        "Ice cream money",
        "Any amount",
        "They choose the flavors, they choose the day, and come back for what is left.",
        (("one", "", 500),),
        liked=8,
        most=20_000,
        suggested=(1_000, 2_500, 5_000),
    ),
    Entry(
        "beach-float",
        "Beach float",
        "Sundaes and shakes",
        "Raspberry soda over vanilla bean, drunk with sand between the toes. At the beach alone.",
        (("regular", "Regular", 695),),
        liked=0,
        art="art/frosty-spoon/raspberry-sundae.svg",
        stores=("alki-beach",),
    ),
)

MILK = Group(
    "milk",
    "Milk",
    (
        ("whole", "Whole milk", 0),
        ("low-fat", "Low-fat milk", 0),
        ("oat", "Oat milk", 50),
        ("almond", "Almond milk", 60),
    ),
)
BEANS = Group(
    "beans",
    "Beans",
    (
        ("quay", "Quay blend: round, cocoa", 0),
        ("lighthouse", "Lighthouse: bright, apricot", 0),
        ("night-ferry", "Night Ferry: decaf", 0),
    ),
)
WARMED = Group(
    "warmed",
    "Serving",
    (("warm", "Warmed up", 0), ("as-it-is", "As it is", 0), ("wrapped", "Wrapped to go", 0)),
)

HARBOR_BEAN = (
    Entry(
        "flat-white",
        "Flat white",
        "Coffee",
        "Two short shots and silky milk, poured in one go. Small, strong, gone too soon.",
        (("regular", "Regular", 420), ("double", "Double", 510)),
        (MILK, BEANS),
        liked=30,
    ),
    Entry(
        "cappuccino",
        "Cappuccino",
        "Coffee",
        "A deep cap of foam you have to drink through. Cocoa on top only if you ask.",
        (("regular", "Regular", 410), ("large", "Large", 480)),
        (MILK, BEANS),
        liked=22,
    ),
    Entry(
        "pour-over",
        "Pour-over",
        "Coffee",
        "Four minutes by hand, one cup at a time. Time enough to look at the cranes.",
        (("cup", "Cup", 520), ("pot", "Pot for two", 890)),
        (
            Group(
                "beans",
                "Beans",
                (
                    ("lighthouse", "Lighthouse: bright, apricot", 0),
                    ("guest", "Guest roast of the week", 80),
                ),
            ),
        ),
        liked=11,
    ),
    Entry(
        "cold-brew",
        "Cold brew",
        "By the window",
        "Steeped overnight, served over one large cube that does not hurry.",
        (("regular", "Regular", 490), ("bottle", "Bottle to take along", 790)),
        (
            Group(
                "with",
                "Served with",
                (
                    ("nothing", "Just as it is", 0),
                    ("milk", "A splash of milk", 0),
                    ("tonic", "Tonic and orange", 90),
                ),
            ),
        ),
        liked=13,
    ),
    Entry(
        "cinnamon-roll",
        "Cinnamon roll",
        "From the oven",
        "Soft in the middle, sticky at the edge. Out of the oven at eight, and again at two.",
        (("one", "One", 390), ("box-of-four", "Box of four", 1390)),
        (WARMED,),
        liked=18,
    ),
    Entry(
        "almond-croissant",
        "Almond croissant",
        "From the oven",
        "Yesterday's best butter croissant, filled and baked a second time. It makes crumbs.",
        (("one", "One", 430),),
        (WARMED,),
        liked=12,
    ),
    Entry(
        "hot-chocolate",
        "Hot chocolate",
        "By the window",
        "Melted, not stirred from powder: dark chocolate, hot milk, a pinch of sea salt.",
        (("regular", "Regular", 480), ("large", "Large", 560)),
        (
            MILK,
            Group(
                "top",
                "Topping",
                (
                    ("cream", "Whipped cream", 60),
                    ("foam", "Milk foam", 0),
                ),
                least=0,
            ),
        ),
        liked=10,
    ),
    Entry(
        "breakfast-set",
        "Harbor breakfast",
        "By the window",
        "A coffee, a still-warm roll, an egg, cheese and something green. By the window, if you are early.",
        (("for-one", "For one", 1290), ("for-two", "For two", 2450)),
        (
            Group(
                "coffee",
                "Coffee",
                (
                    ("flat-white", "Flat white", 0),
                    ("cappuccino", "Cappuccino", 0),
                    ("filter", "Filter coffee", 0),
                    ("tea", "Tea instead", 0),
                ),
            ),
            Group(
                "egg",
                "Egg",
                (("soft", "Soft", 0), ("firm", "Firm", 0), ("none", "No egg, more cheese", 0)),
            ),
        ),
        liked=9,
    ),
    Entry(
        "any-amount",
        "Coffee for a while",
        "Any amount",
        "A cup today, a roll on Thursday: it lasts until nothing is left on it.",
        (("one", "", 500),),
        liked=8,
        most=15_000,
        suggested=(1_000, 2_000, 5_000),
    ),
    Entry(
        "winter-cappuccino",
        "Winter cappuccino",
        "Coffee",
        "With orange peel and a pinch of clove, as long as the evenings are long.",
        (("regular", "Regular", 450), ("large", "Large", 520)),
        (MILK,),
        liked=0,
        art="art/harbor-bean/cappuccino.svg",
        days=(-20, 60),
    ),
)
