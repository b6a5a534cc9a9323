"""What is in the treats of the two brands and in their choices, as their kitchens say it."""

from giftshop.catalog.contents import Contents

NONE, VEGAN = Contents(()), Contents((), ("vegan",))
MILK, GLUTEN, NUTS = Contents(("milk",)), Contents(("gluten",)), Contents(("nuts",))
BAKED = Contents(("gluten", "eggs", "milk"), ("vegetarian",))

TREATS = {
    "double-scoop": NONE,
    "kids-scoop": NONE,
    "waffle-bowl": BAKED,
    "hot-fudge-sundae": Contents(("milk", "nuts"), ("vegetarian", "alcohol-free")),
    "raspberry-sundae": Contents(("milk",), ("vegetarian", "alcohol-free")),
    "mint-shake": MILK,
    "ice-cream-sandwich": BAKED,
    "mini-cake": Contents(("gluten", "eggs", "milk", "nuts"), ("vegetarian",)),
    "beach-float": Contents(("milk",), ("vegetarian", "gluten-free", "alcohol-free")),
    "flat-white": NONE,
    "cappuccino": NONE,
    "pour-over": VEGAN,
    "cold-brew": NONE,
    "cinnamon-roll": BAKED,
    "almond-croissant": Contents(("gluten", "eggs", "milk", "nuts"), ("vegetarian",)),
    "hot-chocolate": NONE,
    "winter-cappuccino": NONE,
}
"""Of the breakfast its kitchen has not said anything yet."""

CHOICES = {
    "vanilla-bean": MILK,
    "raspberry-ripple": MILK,
    "garden-mint": MILK,
    "dark-chocolate": Contents(("soybeans", "milk")),
    "salted-honey": MILK,
    "coconut-lime": VEGAN,
    "black-sesame": Contents(("milk", "sesame")),
    "raspberry-vanilla": MILK,
    "mint-chocolate": Contents(("soybeans", "milk")),
    "honey-almond": Contents(("milk", "nuts")),
    "sprinkles": Contents(("soybeans",)),
    "warm": NONE,
    "as-it-is": NONE,
    "wrapped": NONE,
    "sugar-cone": GLUTEN,
    "cup": NONE,
    "waffle-cone": Contents(("gluten", "eggs")),
    "toasted-almonds": NUTS,
    "hot-fudge": MILK,
    "fresh-berries": VEGAN,
    "whole": MILK,
    "low-fat": MILK,
    "oat": GLUTEN,
    "coconut": NONE,
    "almond": NUTS,
    "with": Contents(("soybeans",)),
    "without": NONE,
    "milk": MILK,
    "nothing": NONE,
    "tonic": NONE,
    "cream": MILK,
    "foam": MILK,
    "quay": NONE,
    "lighthouse": NONE,
    "night-ferry": NONE,
    "guest": NONE,
}
"""By key, which is of one thing in both menus."""
