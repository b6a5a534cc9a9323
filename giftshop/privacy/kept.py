"""What is kept of somebody, in words for them, with the notice that law asks for at the first contact
(Regulation (EU) 2016/679, art. 14): who gave it, why, who sees it, how long, and their rights."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from brands.models import Brand
from brands.policy.countries import law_of
from brands.policy.law import Page
from core.bidi import isolated, left_to_right
from giftshop import zones
from giftshop.friends.masks import mask
from giftshop.handouts.models import HandoutLine
from giftshop.legal.documents import Section, section
from giftshop.legal.terms import who
from giftshop.orders.models import Gift
from giftshop.privacy.person import SHOWN_MAX, Person, Role
from giftshop.reasons.answer import said_by, subject_of_gift, subject_of_order
from giftshop.reasons.models import Answer


@dataclass(frozen=True)
class Fact:
    """`kind`: how the value is written: a "name", an "address", "words" in lines, or plain."""

    label: str
    value: str
    kind: str = ""


@dataclass(frozen=True)
class KeptGift:
    """One gift, by whom and since when, with all that its row says of its recipient."""

    gift: Gift
    sender: str
    day: str
    facts: list[Fact]


@dataclass(frozen=True)
class Kept:
    gifts: list[KeptGift]
    facts: list[Fact]
    """Of whoever is no recipient, or whose letters alone are left."""
    notice: list[Section]
    is_more: bool = False
    """There are more gifts than are shown."""
    names: list[str] = field(default_factory=list)
    """Of those who gave the address."""


def kept_of(person: Person, now: datetime) -> Kept:
    """In the active language. Two queries, one for whoever only has a gift's link."""
    gifts = person.gifts()
    why = said_by(subject_of_gift(gift.pk) for gift in gifts) if person.is_proven and gifts else {}
    with timezone.override(person.brand.tz):
        shown = [_gift(gift, person.is_proven, why.get(subject_of_gift(gift.pk))) for gift in gifts]
    facts = _facts_of_sender(person) if person.role is Role.SENDER else []
    if person.line:
        with timezone.override(person.brand.tz):
            facts = _facts_of_line(person.line)
    elif not shown and person.address and person.role is not Role.SENDER:
        facts = [Fact(_("Where we wrote to"), person.address, "address")]
    names = list(dict.fromkeys(each.sender for each in shown))
    told = notice(person.brand, by_list=person.line is not None)
    return Kept(shown, facts, told, len(gifts) == SHOWN_MAX, names)


def _gift(gift: Gift, is_proven: bool, why: Answer | None) -> KeptGift:
    """Whoever has only the gift's link, which may have been passed on, reads no address in full."""
    to, order = gift.recipient, gift.order
    facts = [
        Fact(_("Your name"), to.name, "name"),
        Fact(_("E-mail"), to.email if is_proven else mask(to.email), "address"),
        Fact(_("Phone"), to.phone if is_proven else mask(to.phone), "address"),
        Fact(_("Language"), _language(to.language)),
        Fact(_("Time zone"), zones.place(to.time_zone) if zones.is_zone(to.time_zone) else ""),
        Fact(_("Their words to you"), gift.message, "words"),
        Fact(_("Sent to you"), _moment(gift.sent_at)),
        Fact(_("Opened"), _moment(gift.opened_at)),
        Fact(_("Your thanks"), gift.thanks, "words"),
        *_why(why),
    ]
    day = date_format(timezone.localtime(order.placed_at), "DATE_FORMAT")
    return KeptGift(gift, order.sender, day, [fact for fact in facts if fact.value])


def _facts_of_sender(person: Person) -> list[Fact]:
    order = person.order
    if order is None or not order.sender_email:
        return [Fact(_("E-mail"), person.address, "address")] if person.address else []
    subject = subject_of_order(order.pk)
    why = said_by([subject]).get(subject)
    with timezone.override(person.brand.tz):
        return [
            Fact(_("Your name"), order.sender_name, "name"),
            Fact(_("E-mail"), order.sender_email, "address"),
            *([Fact(_("Phone"), order.sender_phone, "address")] if order.sender_phone else []),
            Fact(_("Your order"), order.number),
            Fact(_("Placed"), _moment(order.placed_at)),
            *_why(why),
        ]


def _facts_of_line(line: HandoutLine) -> list[Fact]:
    return [
        Fact(_("Your name"), line.name, "name"),
        Fact(_("E-mail"), line.email, "address"),
        Fact(_("On a list of this shop since"), _moment(line.handout.made_at)),
        Fact(_("Opened"), _moment(line.opened_at)),
        Fact(_("What it was told of your consent"), line.handout.consent_words, "words"),
    ]


def _why(said: Answer | None) -> list[Fact]:
    return [Fact(_("What brings you here"), ", ".join(said.in_words))] if said else []


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def _language(tag: str) -> str:
    return str(get_language_info(tag)["name_local"]) if tag else ""


def notice(brand: Brand, *, by_list: bool = False) -> list[Section]:
    """For a recipient who never signed up; `by_list`: whose address the brand itself handed in. No query."""
    name = isolated(brand.name)
    rule = law_of(brand.country).pages.get(Page.PRIVACY)
    complain = ""
    if rule:
        complain = _(
            "You may also complain to the authority for data protection. The law: %(source)s."
        ) % {"source": isolated(rule.source)}
    write = ""
    if brand.support_email:
        write = _("Write to %(email)s.") % {"email": left_to_right(brand.support_email)}
    return [
        section(_("Who is responsible"), *who(brand)),
        _source_of_list(name) if by_list else _source(name),
        section(
            _("Who else sees it"),
            _("At the store: your first name and what the gift is."),
            _(
                "The mail servers that carry the e-mails, and whoever runs this installation's computers."
            ),
            _("The company that takes payments learns nothing of you."),
        ),
        section(
            _("How long it is kept"),
            ngettext(
                "Your name, address and words: until %(count)d day after the gift was used up, cancelled or"
                " past its last day, or until you erase them.",
                "Your name, address and words: until %(count)d days after the gift was used up, cancelled or"
                " past its last day, or until you erase them.",
                brand.people_kept_days,
            )
            % {"count": brand.people_kept_days},
            _(
                "The books of what was paid and handed over are kept as the law asks; they do not name"
                " you."
            ),
        ),
        section(
            _("Your rights"),
            _(
                "You may see what is kept (above), have it corrected or erased, and object to it. Erasing and"
                " objecting work on this page; for the rest ask %(brand)s."
            )
            % {"brand": name},
            write,
            complain,
        ),
    ]


def _source(name: str) -> Section:
    return section(
        _("Where it comes from, and why it is kept"),
        _(
            "Whoever sends a gift names the person it is for, and an address if it shall be brought."
            " %(brand)s keeps that to bring the gift, to hand it over and to keep its books, and for"
            " nothing else: no advertising, no profile."
        )
        % {"brand": name},
        _(
            "It rests on the interest of whoever gives you something, and yours in getting it;"
            " you can object at any time, here and now."
        ),
    )


def _source_of_list(name: str) -> Section:
    return section(
        _("Where it comes from, and why it is kept"),
        _(
            "Somebody of %(brand)s put your name and address on a list, to send you something as a gift,"
            " and said that you had agreed to mail from it. It is kept to bring you that, to hand it over"
            " and to keep its books, and for nothing else."
        )
        % {"brand": name},
        _(
            "It rests on your consent. You can take it back at any time, here and now: what you were given"
            " stays yours."
        ),
    )
