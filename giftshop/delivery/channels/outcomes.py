"""How it goes when it does not go: a channel raises TryLater when the same thing may well work in a while,
Refused when it never will. What they say is kept and logged, so it never holds an address."""

NOT_REACHED = "not reached: "
"""Before what a TryLater says, where nobody was there to be handed anything."""


class TryLater(Exception):
    """Not delivered now; nothing says that it cannot be."""


class Refused(Exception):
    """The other side will not have it, however often it is tried."""


class Unwanted(Refused):
    """Whoever has the address has told the other side to stop. That counts with us, too."""
