"""What the study of 2011 found, as a line to compare with and never as the norm: IBM Institute for Business
Value, "From social media to Social CRM" (Baird, Parasnis), 1,056 consumers and 351 executives asked in
October 2010.

A figure is verified where a second source names it; the others are recalled and fit all that is verified.
Pages mark those."""

from dataclasses import dataclass

from giftshop.reasons.models import Reason


@dataclass(frozen=True)
class Found:
    """Percent of consumers who come for it, and of businesses who think that they do."""

    consumers: int
    businesses: int
    consumers_verified: bool = False
    businesses_verified: bool = False


STUDY = {
    Reason.DISCOUNT: Found(61, 60, consumers_verified=True, businesses_verified=True),
    Reason.TREAT: Found(55, 60, consumers_verified=True),
    Reason.REVIEWS: Found(53, 67),
    Reason.INFORMATION: Found(53, 71),
    Reason.EXCLUSIVE: Found(52, 68),
    Reason.NEW: Found(51, 73),
    Reason.OPINION: Found(49, 69),
    Reason.SERVICE: Found(37, 63),
    Reason.EVENT: Found(34, 61),
    Reason.CLOSE: Found(33, 64, consumers_verified=True, businesses_verified=True),
    Reason.IDEAS: Found(30, 63),
    Reason.COMMUNITY: Found(22, 61, businesses_verified=True),
}
"""In the order of the consumers."""
