"""The laws that we know. To add one, copy a country that is like it, name the source of each rule, and beside
it where that was read."""

from dataclasses import replace
from datetime import date

from brands.policy.law import CashOut, GiftKind, Law, Page, Rule, days_of

EU = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
REST_OF_EEA = ("IS", "LI", "NO")


def _paid(years: int, source: str, since: date | None = None) -> dict[GiftKind, Rule[int]]:
    return {GiftKind.PAID: Rule(days_of(years), source, since)}


_IN_THE_EU = Law(
    country="",
    withdrawal_days=Rule(14, "Directive 2011/83/EU, art. 9", date(2014, 6, 13)),
    # Applies from 19 June 2026: its art. 2; connect.juris.de, shopbetreiber-blog.de.
    withdrawal_function=Rule(
        "", "Directive 2011/83/EU, art. 11a (by Directive (EU) 2023/2673)", date(2026, 6, 19)
    ),
    # Taken over in the EEA, too: twobirds.com (e-mail marketing in the EU), curia.europa.eu.
    mail_consent=Rule("", "Directive 2002/58/EC, art. 13", date(2003, 10, 31)),
    pages={
        # Name, address, e-mail, register and number, VAT number: lexparency.org, eur-lex.europa.eu.
        Page.LEGAL_NOTICE: Rule("", "Directive 2000/31/EC, art. 5", date(2002, 1, 17)),
        # Article 14 is for data that somebody else gave: eulaw.online, streamlex.eu.
        Page.PRIVACY: Rule("", "Regulation (EU) 2016/679, art. 13 and 14", date(2018, 5, 25)),
        Page.TERMS: Rule("", "Directive 2011/83/EU, art. 6 and 8", date(2014, 6, 13)),
        Page.ACCESSIBILITY: Rule(
            "microenterprises", "Directive (EU) 2019/882, art. 13 and annex V", date(2025, 6, 28)
        ),
    },
    # An equal no, a yes as easy to take back: dr-datenschutz.de, preeco.de (CJEU, C-673/17).
    cookie_consent=Rule(
        "", "Directive 2002/58/EC, art. 5(3) (by Directive 2009/136/EC)", date(2011, 5, 25)
    ),
)

_IN_THE_EEA = Law(
    country="",
    withdrawal_days=_IN_THE_EU.withdrawal_days,
    mail_consent=_IN_THE_EU.mail_consent,
    pages={page: _IN_THE_EU.pages[page] for page in (Page.LEGAL_NOTICE, Page.PRIVACY, Page.TERMS)},
    cookie_consent=_IN_THE_EU.cookie_consent,  # Norway's own act since 2025: digi.no
)
"""Outside the EU: what was not taken over there for certain is not named."""

_OWN = (
    replace(
        _IN_THE_EU,
        country="DE",
        mail_consent=Rule("", "UWG § 7 Abs. 2"),
        withdrawal_days=Rule(14, "BGB §§ 312g, 355", date(2014, 6, 13)),
        # Passed on 19 December 2025: skwschwarz.de, ihk.de/bremen-bremerhaven.
        withdrawal_function=Rule("", "BGB § 356a", date(2026, 6, 19)),
        pages={
            **_IN_THE_EU.pages,
            # In place of TMG § 5: ihk-nuernberg.de, verwaltung.bund.de.
            Page.LEGAL_NOTICE: Rule("", "DDG § 5 Abs. 1", date(2024, 5, 14)),
        },
        # Three years from the end of the year it was bought in, so up to four. The court held one year
        # void, and did not say how many are enough: urteile.news, 123recht.net.
        valid_days=_paid(4, "BGB §§ 195, 199, 307; OLG München, 29 U 3193/07", date(2008, 1, 17)),
        # Until 14 May 2024 it was called TTDSG: ihk.de/koeln.
        cookie_consent=Rule("", "TDDDG § 25 Abs. 1", date(2021, 12, 1)),
    ),
    replace(
        _IN_THE_EU,
        country="IE",  # algoodbody.com, williamfry.com
        valid_days=_paid(
            5, "Consumer Protection (Gift Vouchers) Act 2019, s. 3", date(2019, 12, 2)
        ),
    ),
    Law(
        country="CA",  # Consent first, unlike in the US: mondaq.com, lavery.ca, law-faqs.org.
        mail_consent=Rule(
            "", "Canada's Anti-Spam Legislation, S.C. 2010, c. 23, s. 6", date(2014, 7, 1)
        ),
    ),
    Law(
        country="GB",  # legislation.gov.uk/uksi/2013/3134
        mail_consent=Rule(
            "",
            "Privacy and Electronic Communications Regulations 2003, reg. 22",
            date(2003, 12, 11),
        ),
        withdrawal_days=Rule(
            14, "Consumer Contracts Regulations 2013, reg. 29 and 30", date(2014, 6, 13)
        ),
        pages={
            # As the directive's: legislation.gov.uk/uksi/2002/2013.
            Page.LEGAL_NOTICE: Rule(
                "", "Electronic Commerce (EC Directive) Regulations 2002, reg. 6", date(2002, 8, 21)
            ),
            Page.PRIVACY: Rule("", "UK GDPR, art. 13 and 14", date(2021, 1, 1)),
            Page.TERMS: Rule("", "Consumer Contracts Regulations 2013, reg. 13", date(2014, 6, 13)),
        },
        # Schedule A1 excepts statistics that better a service, since 5 February 2026. Which post sold a gift
        # is more than that: ico.org.uk, blakemorgan.co.uk.
        cookie_consent=Rule(
            "",
            "Privacy and Electronic Communications Regulations 2003, reg. 6",
            date(2011, 5, 26),
        ),
    ),
    Law(
        country="US",
        # 75 FR 16580 (gpo.gov), at first as 12 CFR 205.20.
        valid_days=_paid(5, "12 CFR 1005.20(e)", date(2010, 8, 22)),
        pages={Page.PRIVACY: Rule("", "Cal. Bus. & Prof. Code § 22575", date(2004, 7, 1))},
        # Stats. 2025, ch. 207: opencalaccess.org, baileycav.com.
        cash_out=Rule(
            CashOut("US-CA", 1500, "USD"), "Cal. Civ. Code § 1749.5 (SB 22)", date(2026, 4, 1)
        ),
        no_expiry_in=Rule("US-CA", "Cal. Civ. Code § 1749.5"),
    ),
    Law(
        country="AU",  # allens.com.au, brightlaw.com.au
        mail_consent=Rule("", "Spam Act 2003, s. 16"),  # openparliament.ca quotes it
        valid_days=_paid(3, "Competition and Consumer Act 2010, sch. 2, s. 99B", date(2019, 11, 1)),
    ),
    Law(
        country="NZ",  # comcom.govt.nz, business.govt.nz
        valid_days=_paid(
            3, "Fair Trading (Gift Card Expiry) Amendment Act 2024", date(2026, 3, 16)
        ),
    ),
    Law(
        country="KR",
        # Seven days from the document on the contract, which our receipt is: easylaw.go.kr (csmSeq=1308).
        withdrawal_days=Rule(7, "전자상거래 등에서의 소비자보호에 관한 법률 제17조 제1항"),
        pages={
            # Name and representative, address, phone, e-mail, business registration number; and the
            # terms, for which a link will do: law.go.kr (시행규칙 제7조), easylaw.go.kr (csmSeq=25).
            Page.LEGAL_NOTICE: Rule("", "전자상거래 등에서의 소비자보호에 관한 법률 제10조 제1항"),
            Page.TERMS: Rule("", "전자상거래 등에서의 소비자보호에 관한 법률 제10조 제1항 제5호"),
            Page.PRIVACY: Rule("", "개인정보 보호법 제30조"),  # seb.kr, itwiki.kr
        },
        notice_facts=("representative", "support_phone", "tax_id"),
    ),
)

LAWS: dict[str, Law] = {
    **{country: replace(_IN_THE_EU, country=country) for country in EU},
    **{country: replace(_IN_THE_EEA, country=country) for country in REST_OF_EEA},
    **{law.country: law for law in _OWN},
}


def law_of(country: str) -> Law:
    """Of a country, ISO 3166-1; one that says nothing where we know nothing."""
    return LAWS.get(country) or Law(country=country)


def shortest_validity(country: str, kind: GiftKind) -> Rule[int] | None:
    """How many days a gift of that kind must be good there; None: we know no rule."""
    return law_of(country).valid_days.get(kind)
