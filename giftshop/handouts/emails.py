"""The letter to somebody on a list: from the brand itself, in the language of its mails."""

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from giftshop.delivery.email_parts import letter, picture
from giftshop.delivery.emails import mark
from giftshop.delivery.models import Delivery
from giftshop.delivery.shared import secret_pages
from giftshop.handouts.models import HandoutLine
from giftshop.pictures.files import mail_picture
from redemption.models import Code


def handed_out_letter(delivery: Delivery, line: HandoutLine) -> EmailMessage:
    """What it is, until when, and the way to its page. No code: the page has it, once it is opened. Expects
    the line's use with its code and treat."""
    handout, use = line.handout, line.use
    if use is None or use.code is None:
        raise ValueError("what was let go has nothing to show")
    brand = handout.brand
    with translation.override(handout.language), timezone.override(brand.tz):
        art = use.treat and (mail_picture(use.treat.picture) or picture(use.treat.art))
        return letter(
            delivery=delivery,
            name="handed_out",
            subject=_("%(name)s, something for you from %(brand)s"),
            named={"name": line.short_name, "brand": brand.name},
            context={
                "name": line.short_name,
                "offer": handout.offer,
                "label": handout.label,
                "worth": handout.amount if use.code.kind == Code.Kind.VALUE else 0,
                "until": use.code.last_day,
                "terms": handout.terms,
                "url": secret_pages.url("handout-gift", use.link_token()),
            },
            pictures={**mark(brand), **({"treat": art} if art else {})},
        )
