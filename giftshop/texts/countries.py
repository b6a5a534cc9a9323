"""What each country says of texts to somebody who has not said yes. To add one, name the source.

Read on 30 November 2026; where, stands beside what was looked up. No legal advice, which the page says, too.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TextRule:
    """`takes_senders_word`: whether a brand may switch on texts to a number that only the sender knows."""

    takes_senders_word: bool
    words: str | Promise
    source: str


_EU = _(
    "Advertising by text needs the reader's own yes. A gift that somebody else paid for may be none as long"
    " as the text names the sender and the gift and nothing else; courts have held a shop liable for more."
    " Ours says no more."
)

RULES = {
    # The court: that a visitor wants it sent does not make it less the shop's advertising. rakotz.de
    "DE": TextRule(True, _EU, "UWG § 7 Abs. 2 Nr. 2; BGH, I ZR 208/12"),
    "AT": TextRule(True, _EU, "TKG 2021 § 174"),  # bmf.gv.at, of the act, not of its section
    "ES": TextRule(True, _EU, "LSSI (Ley 34/2002) art. 21"),  # anisalegal.com, privtools.eu
    "GB": TextRule(True, _EU, "PECR 2003, reg. 22"),
    "IE": TextRule(True, _EU, "S.I. No. 336/2011, reg. 13"),
    "US": TextRule(
        False,
        _(
            "Phone companies refuse a campaign that texts people on somebody else's word (Twilio's error"
            " 30831). Texts go to whoever said yes to you, and to senders."
        ),  # twilio.com/docs/api/errors/30831: express consent of each recipient
        "47 CFR 64.1200; CTIA Messaging Principles",
    ),
    "CA": TextRule(
        False,
        _(
            "The law wants the reader's own yes. Texts go to whoever said yes to you, and to senders."
        ),
        "CASL, S.C. 2010, c. 23, s. 6",
    ),
}


def rule_of(country: str) -> TextRule:
    """Of a country, ISO 3166. Where we know none, only a yes of their own counts."""
    unknown = _(
        "We know no rule for your country, so texts go only to whoever said yes to you, and to senders."
    )
    return RULES.get(country) or TextRule(False, unknown, "")
