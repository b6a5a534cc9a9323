"""How well everybody can use a shop, said honestly: from the audit in wcag.py."""

from django.utils.translation import gettext as _

from brands.models import Brand
from brands.policy.countries import law_of
from brands.policy.law import Page
from core.bidi import isolated, left_to_right
from giftshop.legal.documents import Document, Paragraph, Section, section
from giftshop.notices import wcag


def compose(brand: Brand) -> Document:
    """In the active language. No query."""
    return Document(
        _("Accessibility"),
        (
            section(
                _("What this is about"),
                _(
                    "The pages on which you choose a gift, pay for it and follow it, the gift's own page,"
                    " and the e-mails that belong to them. You choose a treat, name your friends, write a"
                    " card and pay; they open the gift and show it in a store."
                ),
            ),
            section(
                _("How far it is accessible"),
                _(
                    "We aim at the Web Content Accessibility Guidelines (WCAG) 2.2, levels A and AA. Of"
                    " their %(all)s criteria %(holds)s are tried by tests with every change, %(read)s were"
                    " judged by a person, and %(none)s speak of things that there are none of."
                )
                % {
                    "all": sum(map(len, wcag.VERDICTS.values())),
                    **{verdict: wcag.count(verdict) for verdict in wcag.VERDICTS},
                },
                _(
                    "All of it can be done with a keyboard, without sound, without scripts, and at four"
                    " times the size."
                ),
            ),
            _not_reached(brand),
            _say_so(brand),
        ),
    )


def _not_reached(brand: Brand) -> Section:
    known = [
        _(
            "Nobody has used it with a screen reader yet, in Safari or Firefox, or on a device in the"
            " hand, to judge it for this page. Tests look at it in Chromium."
        ),
        _("Payment is on Stripe's pages, which are not ours."),
        _("The words and pictures of %(brand)s itself were not part of the audit.")
        % {"brand": isolated(brand.name)},
    ]
    if not wcag.VERDICTS["open"]:
        return section(_("What we don't know, or is not ours"), *known)
    missed = _("These criteria are not met yet:")
    criteria = [Paragraph(each, "en") for each in wcag.VERDICTS["open"]]
    texts = (Paragraph(missed), *criteria, *(Paragraph(text) for text in known))
    return Section(_("What is not accessible, not known, or not ours"), texts)


def _say_so(brand: Brand) -> Section:
    where = (
        _("Something keeps you out? Write to %(email)s, and we find a way together.")
        % {"email": left_to_right(brand.support_email)}
        if brand.support_email
        else ""
    )
    rule = law_of(brand.country).pages.get(Page.ACCESSIBILITY)
    law = (
        _(
            "If no good answer comes, turn to the authority for accessibility of your country. The law:"
            " %(source)s."
        )
        % {"source": isolated(rule.source)}
        if rule
        else ""
    )
    return section(_("Tell us"), where, law)
