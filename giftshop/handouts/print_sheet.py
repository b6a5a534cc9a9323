"""What stands on a sheet of cards, and that it was printed."""

from datetime import datetime

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from core.bidi import without_direction_marks
from core.templatetags.money import money
from giftshop.catalog.brands import language_shown
from giftshop.catalog.colours import palette
from giftshop.handouts import sheet
from giftshop.handouts.counts import good_codes
from giftshop.handouts.models import Handout
from giftshop.handouts.sheet import Sheet
from giftshop.pictures import fonts
from giftshop.printed_cards.paper import paper_of
from giftshop.printed_cards.words import printable
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record
from redemption.models import Code


class NothingGood(Exception):
    """None of its codes can be used any more."""


def pdf(handout: Handout, *, by: Actor, now: datetime) -> bytes:
    """Those of its cards that are still good, each with its code; as often as it is asked for, which the
    audit log tells. Nothing of it is kept. Expects the brand's scope and the handout's brand and offer.
    Raises NothingGood."""
    codes = good_codes(handout.pk, now)
    plain = [symbols for code in codes if (symbols := code.reveal())]
    if handout.ended_at or not plain:
        raise NothingGood
    drawn = sheet.draw(_words_on(handout, codes[0], plain))
    with transaction.atomic():
        record(
            brand=handout.brand,
            actor=by,
            act=Act.HANDOUT_PRINTED,
            subject=f"handout:{handout.pk}",
            now=now,
            details={"name": handout.offer.name, "codes": len(plain)},
        )
    return drawn


def _words_on(handout: Handout, code: Code, plain: list[str]) -> Sheet:
    """In the brand's language."""
    brand, colours = handout.brand, palette(handout.brand)
    language = language_shown(brand, brand.language)
    with translation.override(language):
        gives = printable(handout.label, fonts.TEXT)
        if code.kind == Code.Kind.VALUE:
            gives = without_direction_marks(money(handout.amount, code.currency))
        law = _("A promotional gift: nobody pays for it, it is no money and has no fees.")
        own = printable(handout.terms, fonts.TEXT)
        return Sheet(
            brand=printable(brand.name, fonts.TEXT),
            headline=printable(str(handout.offer.said["name"]), fonts.DISPLAY),
            gives=gives,
            until=_when(handout, code),
            show=_("Show this at the counter"),
            terms=" ".join(filter(None, [law, " ".join(own.split())])),
            accent=colours.accent_ink,
            ink=colours.ink,
            soft=colours.soft,
            paper=paper_of(brand.country),
            codes=plain,
        )


def _when(handout: Handout, code: Code) -> str:
    last = formats.date_format(code.last_day, "SHORT_DATE_FORMAT")
    first = timezone.localdate(handout.good_from, handout.brand.tz)
    if first > timezone.localdate(handout.made_at, handout.brand.tz):
        return _("Good from %(first)s to %(last)s") % {
            "first": formats.date_format(first, "SHORT_DATE_FORMAT"),
            "last": last,
        }
    return _("Good until %(day)s") % {"day": formats.date_format(code.last_day, "DATE_FORMAT")}
