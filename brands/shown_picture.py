"""What pages need to show an uploaded picture: its files by shape, kept beside whatever shows it.

The same words stand on the row of the picture itself (giftshop/pictures). Here they save the hot pages a
query, and say nothing until the files are there.
"""

from typing import TypedDict

Rendition = tuple[int, int, str]
"""Width, height, name in the storage of pictures: (640, 480, "018f.../9a3c....webp"). A list in JSON."""


class ShownPicture(TypedDict, total=False):
    """Files of each shape, the smallest first; without files nothing is shown."""

    alt: str
    """What is to be seen, for who cannot see it; empty: nothing that is not said beside it."""
    wide: list[Rendition]
    """4:3, or a hero's 15:8."""
    square: list[Rendition]
    whole: list[Rendition]
    """Uncut: what a later cut is made from."""
    mail: list[Rendition]
    """What every mail program shows: JPEG or PNG."""
    share: list[Rendition]
    """JPEG of 1200 x 630, for previews of links."""


def no_picture() -> ShownPicture:
    """The default of a column."""
    return {}
