"""What the brands tried in order to be given away: campaigns, and the links that lead in."""

from dataclasses import dataclass, field


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
    story: str = ""
    art: str = ""
    """One of our drawings."""
    posts: dict[str, str] = field(default_factory=dict)
    """Words to post, by network."""
    is_draft: bool = False
    is_paused: bool = False


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
        story="A sundae for one is a snack. With two spoons in it, it is a conversation.",
        art="art/frosty-spoon/hot-fudge-sundae.svg",
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
        treats=("Double scoop", "Garden mint shake", "Ice cream sandwich"),
        story=(
            "Think of whoever you would share a step with tonight. Send them something cold: they pick"
            " the flavor, they pick the evening, and we do the folding."
        ),
        art="art/frosty-spoon/hero.svg",
        posts={
            "instagram": "Who is on your porch tonight? Send them a scoop. They'll know what to do.",
            "facebook": "Long evenings are for porches, friends and something cold. Treat one of yours.",
            "whatsapp": "Saw this and thought of you. Porch, Friday?",
            "x": "It's still light at nine. Send somebody an ice cream.",
            "elsewhere": "Something cold for somebody you'd like to see again.",
        },
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
        treats=("Double scoop", "Kids scoop"),
        least=2,
        story="Pick two people, one card each. They each get a scoop of their own, and you get the photo.",
        art="art/frosty-spoon/double-scoop.svg",
        posts={
            "instagram": "One scoop is a snack, two are a plan. Tag both of them.",
            "elsewhere": "Two people, two scoops, one minute of your time.",
        },
    ),
    Promotion(
        name="First frost",
        headline="The first cold morning deserves a warm waffle.",
        starts=1.2,
        ends=1.7,
        budget=45_000,
        ways=(Way("Steam on the window", "instagram", looks=0, buys=0.0),),
        treats=("Waffle bowl",),
        story="For whoever is always cold: a bowl fresh from the iron, and ice cream melting on it.",
        art="art/frosty-spoon/waffle-bowl.svg",
        is_draft=True,
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
        story=(
            "The crane drivers, the night nurses, the one who opens the shop. Send the first cup of their"
            " day, and let them choose the milk."
        ),
        art="art/harbor-bean/hero.svg",
        posts={
            "instagram": "Somebody you know was up before the gulls. The first one is on you.",
            "facebook": "Know somebody who starts too early? Their first coffee could be on you.",
            "whatsapp": "Your first coffee tomorrow is on me. Yes, really.",
            "elsewhere": "Send the first coffee of the day to somebody who starts too early.",
        },
    ),
    Promotion(
        name="Rainy Tuesdays",
        headline="It is raining. Somebody you like is out in it.",
        starts=0.98,
        ends=1.5,
        budget=30_000,
        ways=(Way("Umbrella stand", "poster", looks=0, buys=0.0),),
        treats=("Hot chocolate", "Cinnamon roll"),
        story="A hot chocolate, and a reason to come in from the wet.",
        art="art/harbor-bean/hot-chocolate.svg",
        is_paused=True,
    ),
    Promotion(
        name="Slow Sundays",
        headline="Nobody should have breakfast alone on a Sunday.",
        starts=1.1,
        ends=None,
        budget=40_000,
        ways=(Way("Letter to regulars", "email", looks=0, buys=0.0),),
        treats=("Cinnamon roll",),
        story="Send it on Saturday, meet on Sunday.",
        art="art/harbor-bean/cinnamon-roll.svg",
        is_draft=True,
    ),
)
