"""What is in the treats of the two brands and in their choices, as their kitchens say it."""

from giftshop.catalog.contents import Contents

NONE, VEGAN = Contents(()), Contents((), ("vegan",))
MILK, GLUTEN, NUTS = Contents(("milk",)), Contents(("gluten",)), Contents(("nuts",))
BAKED = Contents(("gluten", "eggs", "milk"), ("vegetarian",))

TREATS = {
    "Double scoop": NONE,
    "Kids scoop": NONE,
    "Waffle bowl": BAKED,
    "Hot fudge sundae": Contents(("milk", "nuts"), ("vegetarian", "alcohol-free")),
    "Raspberry sundae": Contents(("milk",), ("vegetarian", "alcohol-free")),
    "Garden mint shake": MILK,
    "Ice cream sandwich": BAKED,
    "Mini ice cream cake": Contents(("gluten", "eggs", "milk", "nuts"), ("vegetarian",)),
    "Beach float": Contents(("milk",), ("vegetarian", "gluten-free", "alcohol-free")),
    "Flat white": NONE,
    "Cappuccino": NONE,
    "Pour-over": VEGAN,
    "Cold brew": NONE,
    "Cinnamon roll": BAKED,
    "Almond croissant": Contents(("gluten", "eggs", "milk", "nuts"), ("vegetarian",)),
    "Hot chocolate": NONE,
    "Winter cappuccino": NONE,
}
"""Of the breakfast its kitchen has not said anything yet."""

CHOICES = {
    "Vanilla bean": MILK,
    "Raspberry ripple": MILK,
    "Garden mint": MILK,
    "Dark chocolate": Contents(("soybeans", "milk")),
    "Salted honey": MILK,
    "Coconut lime (no dairy)": VEGAN,
    "Black sesame": Contents(("milk", "sesame")),
    "Raspberry and vanilla": MILK,
    "Mint and dark chocolate": Contents(("soybeans", "milk")),
    "Salted honey and almond": Contents(("milk", "nuts")),
    "Rainbow sprinkles": Contents(("soybeans",)),
    "Warmed up": NONE,
    "As it is": NONE,
    "Wrapped to go": NONE,
    "Sugar cone": GLUTEN,
    "Cup": NONE,
    "Waffle cone": Contents(("gluten", "eggs")),
    "Toasted almonds": NUTS,
    "Hot fudge": MILK,
    "Fresh berries": VEGAN,
    "Whole milk": MILK,
    "Low-fat milk": MILK,
    "Oat milk": GLUTEN,
    "Coconut": NONE,
    "Almond milk": NUTS,
    "With chips": Contents(("soybeans",)),
    "Without": NONE,
    "A splash of milk": MILK,
    "Just as it is": NONE,
    "Tonic and orange": NONE,
    "Whipped cream": MILK,
    "Milk foam": MILK,
    "Quay blend: round, cocoa": NONE,
    "Lighthouse: bright, apricot": NONE,
    "Night Ferry: decaf": NONE,
    "Guest roast of the week": NONE,
}
"""By label, which is of one thing in both menus."""
