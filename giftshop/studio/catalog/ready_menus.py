"""Menus to begin with: three treats of a trade, as words. What each costs is the owner's to say."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from giftshop.catalog.contents import Contents
from giftshop.studio.catalog.facts import GroupFacts, SizeFacts, TreatFacts, in_languages

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class ReadyTreat:
    key: str
    name: Text
    description: Text
    sizes: tuple[Text, ...]
    choice: Text = ""
    """What the recipient picks one of; empty: nothing."""
    options: tuple[Text, ...] = ()
    art: str = ""
    is_free: bool = False
    """Of a free amount: its two amounts are the limits."""
    contents: tuple[Contents, ...] = ()
    """Of the treat and each of its options, where it is sure whoever makes it; else nothing."""

    def facts(
        self, amounts: Sequence[int], language: str, further: Sequence[str] = ()
    ) -> TreatFacts:
        """With a price for each size, in the brand's language as far as we speak it, and in further ones."""
        told = self._facts(amounts, language)
        return in_languages(told, {tag: self._facts(amounts, tag) for tag in further})

    def _facts(self, amounts: Sequence[int], language: str) -> TreatFacts:
        with translation.override(language):
            named = zip(self.sizes, amounts, strict=True)
            sizes = tuple(SizeFacts(name=str(name), amount=amount) for name, amount in named)
            if self.is_free:
                sizes = (SizeFacts(name="", amount=amounts[0], most=amounts[1]),)
            options = tuple((str(label), 0) for label in self.options)
            group = GroupFacts(name=str(self.choice), min_picks=1, max_picks=1, options=options)
            return TreatFacts(
                name=str(self.name),
                description=str(self.description),
                art=self.art,
                sizes=sizes,
                groups=(group,) if options else (),
            )


@dataclass(frozen=True, kw_only=True)
class ReadyMenu:
    key: str
    name: Text
    icon: str
    treats: tuple[ReadyTreat, ...]


SMALL, REGULAR, LARGE = (
    pgettext_lazy("size of a treat", "Small"),
    pgettext_lazy("size of a treat", "Regular"),
    pgettext_lazy("size of a treat", "Large"),
)
FLAVOUR = _("Flavour")
MILK = _("Milk")
MILKS = (_("Cow's milk"), _("Oat drink"), _("Soy drink"))
COFFEE_WITH_MILK = (
    Contents(allergens=()),
    Contents(allergens=("milk",)),
    Contents(allergens=("gluten",)),
    Contents(allergens=("soybeans",)),
)
"""Oats are among the cereals of the law."""
SCOOPS = (_("Vanilla"), _("Chocolate"), _("Strawberry"), _("Lemon sorbet"))


def any_amount(art: str) -> ReadyTreat:
    """Whatever is sold."""
    return ReadyTreat(
        key="any-amount",
        name=_("A gift of any amount"),
        description=_("They spend it on whatever they like."),
        sizes=(_("The least"), _("The most")),
        art=art,
        is_free=True,
    )


READY_MENUS = (
    ReadyMenu(
        key="ice-cream",
        name=_("Ice cream"),
        icon="ice-cream",
        treats=(
            ReadyTreat(
                key="two-scoops",
                name=_("Two scoops"),
                description=_("In a cup or a cone, as they like."),
                sizes=(REGULAR,),
                choice=FLAVOUR,
                options=SCOOPS,
                art="art/frosty-spoon/double-scoop.svg",
            ),
            ReadyTreat(
                key="sundae",
                name=_("Sundae"),
                description=_("Three scoops, warm sauce, and cream on top."),
                sizes=(REGULAR, LARGE),
                choice=_("Sauce"),
                options=(_("Chocolate"), _("Caramel"), _("Raspberry")),
                art="art/frosty-spoon/hot-fudge-sundae.svg",
            ),
            ReadyTreat(
                key="milkshake",
                name=_("Milkshake"),
                description=_("Thick, cold, and with a wide straw."),
                sizes=(REGULAR,),
                choice=FLAVOUR,
                options=SCOOPS[:3],
                art="art/frosty-spoon/mint-shake.svg",
            ),
            any_amount("art/frosty-spoon/any-amount.svg"),
        ),
    ),
    ReadyMenu(
        key="coffee",
        name=_("Coffee"),
        icon="coffee",
        treats=(
            ReadyTreat(
                key="cappuccino",
                name=_("Cappuccino"),
                description=_("Espresso under warm foam."),
                sizes=(REGULAR, LARGE),
                choice=MILK,
                options=MILKS,
                art="art/harbor-bean/cappuccino.svg",
                contents=COFFEE_WITH_MILK,
            ),
            ReadyTreat(
                key="flat-white",
                name=_("Flat white"),
                description=_("Two shots, a little milk, no hurry."),
                sizes=(REGULAR,),
                choice=MILK,
                options=MILKS,
                art="art/harbor-bean/flat-white.svg",
                contents=COFFEE_WITH_MILK,
            ),
            ReadyTreat(
                key="hot-chocolate",
                name=_("Hot chocolate"),
                description=_("Dark, with cream if they like."),
                sizes=(REGULAR,),
                choice=MILK,
                options=MILKS,
                art="art/harbor-bean/hot-chocolate.svg",
            ),
            any_amount("art/harbor-bean/any-amount.svg"),
        ),
    ),
    ReadyMenu(
        key="bakery",
        name=_("Bakery"),
        icon="store",
        treats=(
            ReadyTreat(
                key="croissant",
                name=_("Croissant and a coffee"),
                description=_("Baked this morning."),
                sizes=(REGULAR,),
                choice=_("Filling"),
                options=(_("None"), _("Almond"), _("Chocolate")),
                art="art/harbor-bean/almond-croissant.svg",
            ),
            ReadyTreat(
                key="cinnamon-roll",
                name=_("Cinnamon roll"),
                description=_("Still warm, if they come early."),
                sizes=(REGULAR,),
                art="art/harbor-bean/cinnamon-roll.svg",
            ),
            ReadyTreat(
                key="breakfast",
                name=_("Breakfast for one"),
                description=_("Two rolls, butter, jam, and something warm to drink."),
                sizes=(REGULAR,),
                choice=_("Drink"),
                options=(_("Coffee"), _("Tea"), _("Hot chocolate")),
                art="art/harbor-bean/breakfast-set.svg",
            ),
            any_amount("art/harbor-bean/any-amount.svg"),
        ),
    ),
    ReadyMenu(
        key="pizza",
        name=_("Pizza"),
        icon="store",
        treats=(
            ReadyTreat(
                key="margherita",
                name=_("Pizza Margherita"),
                description=_("Tomato, mozzarella, basil."),
                sizes=(REGULAR, LARGE),
                art="art/pizza/margherita.svg",
                contents=(Contents(allergens=("gluten", "milk")),),
            ),
            ReadyTreat(
                key="pizza-of-choice",
                name=_("A pizza of their choice"),
                description=_("Any from the card."),
                sizes=(REGULAR, LARGE),
                art="art/pizza/pizza-of-choice.svg",
            ),
            ReadyTreat(
                key="tiramisu",
                name=_("Tiramisu and an espresso"),
                description=_("For afterwards, or instead."),
                sizes=(REGULAR,),
                art="art/pizza/tiramisu.svg",
            ),
            any_amount("art/pizza/any-amount.svg"),
        ),
    ),
    ReadyMenu(
        key="flowers",
        name=_("Flowers"),
        icon="gift",
        treats=(
            ReadyTreat(
                key="bouquet",
                name=_("Bouquet of the week"),
                description=_("Tied by hand, of what is in season."),
                sizes=(SMALL, REGULAR, LARGE),
                choice=_("Colours"),
                options=(_("Bright"), _("Soft"), _("White and green")),
                art="art/flowers/bouquet.svg",
            ),
            ReadyTreat(
                key="single-stem",
                name=_("A single stem"),
                description=_("The finest one in the shop today."),
                sizes=(REGULAR,),
                art="art/flowers/single-stem.svg",
            ),
            ReadyTreat(
                key="pot-plant",
                name=_("A plant in a pot"),
                description=_("Stays longer than cut flowers."),
                sizes=(SMALL, LARGE),
                art="art/flowers/pot-plant.svg",
            ),
            any_amount("art/flowers/any-amount.svg"),
        ),
    ),
)


def ready_menu(key: str) -> ReadyMenu | None:
    return next((menu for menu in READY_MENUS if menu.key == key), None)
