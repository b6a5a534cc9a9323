"""What each country says of texts to somebody who has not said yes. To add one, name the source.

Each is the text of a law or a carrier's rule that was found and read on 30 November 2026. That a gift which
somebody paid for is no advertising, as long as the text names the sender and the gift and nothing else, is
our reading where no source says otherwise. None of it is legal advice, which the page says, too.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Source:
    """`title`: of the law or rule; `address`: where it was read."""

    title: str
    address: str


@dataclass(frozen=True)
class TextRule:
    """`takes_senders_word`: whether a brand may switch on texts to a number that only the sender knows."""

    takes_senders_word: bool
    words: str | Promise
    sources: tuple[Source, ...] = ()

    @property
    def source(self) -> str:
        """Their titles, as a page shows them; empty where nobody knows any."""
        return "; ".join(each.title for each in self.sources)


_EU = _(
    "Advertising by text needs the reader's own yes. A gift that somebody else paid for may be none as long"
    " as the text names the sender and the gift and nothing else; courts have held a shop liable for more."
    " Ours says no more."
)
_OWN_YES = _(
    "The law wants the reader's own yes. Texts go to whoever said yes to you, and to senders."
)

RULES = {
    "DE": TextRule(
        True,
        _EU,
        (
            Source("UWG § 7 Abs. 2 Nr. 2", "https://lxgesetze.de/uwg/7"),
            Source("BGH, I ZR 208/12", "https://mahmoudi-rechtsanwaelte.de/?p=570"),
            Source("BGH, I ZR 189/05", "https://mahnerfolg.de/urteile/?p=1166"),
        ),
    ),
    "AT": TextRule(
        False,  # "any offer sent electronically, for example to look at a website"
        _OWN_YES,
        (
            Source(
                "TKG 2021 § 174",
                "https://bmf.gv.at/en/topics/Telecom-and-Postal-Services/Telecommunications-Law-and-Policy"
                "/Unsolicited-messages.html",
            ),
        ),
    ),
    "ES": TextRule(
        True,
        _EU,
        (
            Source(
                "LSSI (Ley 34/2002) art. 21",
                "https://escueladpo.com/actualidad/puedo-enviar-emails-a-mis-clientes-de-publicidad",
            ),
        ),
    ),
    "GB": TextRule(
        True,
        _EU,
        (
            Source(
                "PECR 2003, reg. 22",
                "https://cy.ico.org.uk/for-organisations/direct-marketing-and-privacy-and-electronic"
                "-communications/guide-to-pecr/electronic-and-telephone-marketing",
            ),
        ),
    ),
    "IE": TextRule(
        True,
        _EU,
        (
            Source(
                "S.I. No. 336/2011, reg. 13",
                "https://www.dataprotection.ie/docs/DIRECT-MARKETING-A-GENERAL-GUIDE-FOR-DATA-CONTROLLERS"
                "/905.htm",
            ),
        ),
    ),
    "US": TextRule(
        False,
        _(
            "Phone companies refuse a campaign that texts people on somebody else's word (Twilio's error"
            " 30831). Texts go to whoever said yes to you, and to senders."
        ),
        (Source("Twilio, error 30831", "https://www.twilio.com/docs/api/errors/30831.md"),),
    ),
    "CA": TextRule(
        False,
        _OWN_YES,
        (
            Source(
                "CASL, S.C. 2010, c. 23, s. 6",
                "http://www.mondaq.com/ac/content.asp?content_id=1368",
            ),
        ),
    ),
}


def rule_of(country: str) -> TextRule:
    """Of a country, ISO 3166. Where we know none, only a yes of their own counts."""
    unknown = _(
        "We know no rule for your country, so texts go only to whoever said yes to you, and to senders."
    )
    return RULES.get(country) or TextRule(False, unknown)
