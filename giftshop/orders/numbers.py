"""The number of an order as people write it."""

import re

from giftshop.orders.models import NUMBER_LENGTH

LENGTH_MAX = 80


def read(words: str) -> str:
    """A1B2-C3D4 as it ends the text of an id, or nothing when it is no number."""
    bare = words[:LENGTH_MAX].replace("-", "").replace(" ", "").lower()
    return bare if re.fullmatch(rf"[0-9a-f]{{{NUMBER_LENGTH}}}", bare) else ""
