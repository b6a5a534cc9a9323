"""What a brand tries in order to be given away, and what came of it. It only watches."""

from campaigns.models.campaign import Campaign, Link, Network
from campaigns.models.fact import Fact, Rollup
from campaigns.models.letter import Letter, LetterStop
from campaigns.models.typed import LinkDay, TreatCost
from campaigns.models.visit import Attribution, CounterVisit, Visit

__all__ = [
    "Attribution",
    "Campaign",
    "CounterVisit",
    "Fact",
    "Letter",
    "LetterStop",
    "Link",
    "LinkDay",
    "Network",
    "Rollup",
    "TreatCost",
    "Visit",
]
