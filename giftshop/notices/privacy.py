"""What a shop knows of people, who else sees it, how long it is kept: from what the product does."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.models import Brand
from brands.policy.countries import law_of
from brands.policy.law import Page
from core.bidi import isolated, left_to_right
from giftshop.delivery.models import Attempt
from giftshop.legal.documents import Document, Section, section
from giftshop.legal.terms import who
from giftshop.offers import carried
from giftshop.offers import views as offers
from giftshop.openings import sender_browsers
from giftshop.operator import retention
from giftshop.orders.models import Draft, Order
from giftshop.payments.models import StripeEvent
from giftshop.questions.models import Question

WRITTEN_ON = date(2026, 11, 30)
"""When these words were last looked at against what the product does."""
LINK_DAYS, LINK_DAYS_AFTER_A_YES = 90, 30


def compose(brand: Brand) -> Document:
    """In the active language. No query."""
    return Document(
        _("Privacy"),
        (
            section(_("Who is responsible"), *who(brand)),
            _what(),
            _others(),
            _how_long(brand),
            _in_the_browser(brand),
            _rights(brand),
        ),
    )


def _what() -> Section:
    return section(
        _("What is known of you"),
        _(
            "If you give: your name and e-mail address, what you gave to whom, your words on the card,"
            " and that it was paid. It is needed to sell you the gift and to bring it."
        ),
        _(
            "If you were given something: your name and, if it came by e-mail, your address. The sender"
            " told them, to bring you this gift; they are used for nothing else. When and where you used"
            " it, and what you thanked with, if you did."
        ),
        _(
            "If you ask the shop something or rate a gift: your words with your name, and for a question"
            " the address to which the answer goes."
        ),
        _(
            "Visits are counted without address and without device. No advertising, and no other site is"
            " told."
        ),
    )


def _others() -> Section:
    return section(
        _("Who else sees it"),
        _(
            "Stripe takes the payment and learns the sender's e-mail address and what is paid. Numbers of"
            " cards go to Stripe alone."
        ),
        _(
            "The mail servers that carry the e-mails, and whoever runs this installation's computers."
        ),
        _("At the store: the name of who was given, and what."),
    )


def _how_long(brand: Brand) -> Section:
    return section(
        _("How long it is kept"),
        _kept(Draft, _("A gift that was begun and not paid: %(days)s.")),
        _kept(Order, _("An order that nobody paid: %(days)s.")),
        _kept(Question, _("A question that is not shown on the shop: %(days)s.")),
        _kept(StripeEvent, _("What Stripe tells of payments: %(days)s.")),
        _kept(Attempt, _("How the delivery of an e-mail went: %(days)s.")),
        _(
            "Names, words and addresses of recipients: %(days)s after a gift was used up, cancelled or past"
            " its last day, and until they ask to be erased."
        )
        % {"days": _days(brand.people_kept_days)},
        _(
            "The sender's name, number, words and address: %(days)s after the last gift of an order was used"
            " up, cancelled or past its last day, or until they ask to be erased. The books, which are not"
            " deleted, name nobody then."
        )
        % {"days": _days(brand.people_kept_days)},
    )


def _kept(model: type[Any], text: str) -> str:
    days = next(kept.days for kept in retention.KEPT if kept.model is model)
    return text % {"days": _days(days)}


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _in_the_browser(brand: Brand) -> Section:
    return section(
        _("What your browser keeps"),
        _(
            "A cookie for your draft or sign-in, for %(days)s at most, one that keeps forms yours, and for a"
            " moment one with what the next page has to tell you."
        )
        % {"days": _days(settings.SESSION_COOKIE_AGE // (24 * 3600))},
        _(
            "Your language and your time zone, for a year; on a gift's page that you unwrapped it; and on an"
            " order's page that you sent its gifts, for %(days)s, so that a look of yours opens none."
        )
        % {"days": _days(sender_browsers.DAYS)},
        *_of_links(brand),
        _(
            "If you took something that is offered once to everybody: a random number, for %(days)s, on the"
            " pages of such offers alone, so that nobody gets two."
        )
        % {"days": _days(offers.COOKIE_DAYS)},
        _(
            "If you said so when you paid: names and addresses of the last people you gave to, on your device"
            " alone, until you forget them there."
        ),
    )


def _of_links(brand: Brand) -> tuple[str, ...]:
    """As campaigns keep it (campaigns/links/visitor_cookie.py; a test holds the days)."""
    rule = law_of(brand.country).cookie_consent
    if rule is None:
        return (
            _(
                "If you came by a link of a campaign: a random number, for %(days)s, so that the brand sees"
                " whether the link led to a gift. Browsers that ask not to be tracked get none."
            )
            % {"days": _days(LINK_DAYS)},
            _(
                "If you followed a link with a code: that code, for %(days)s, so that it counts for the next"
                " gift that you begin."
            )
            % {"days": _days(carried.COOKIE_DAYS)},
        )
    return (
        _(
            "If you came by a link of a campaign and said that we may remember it: a random number, for"
            " %(days)s, so that the brand sees whether the link led to a gift. It is asked once, a no is as"
            " good as a yes, and you can take a yes back here at any time. Browsers that ask not to be"
            " tracked are not asked. The law: %(source)s."
        )
        % {"days": _days(LINK_DAYS_AFTER_A_YES), "source": isolated(rule.source)},
        _(
            "Without that yes nothing is kept in your browser: the address of the page says which link it"
            " was, the same for everybody, and a gift that you begin there is counted for it."
        ),
        _("A code whose link you followed stands in the address, too, until you begin a gift."),
    )


def _rights(brand: Brand) -> Section:
    rule = law_of(brand.country).pages.get(Page.PRIVACY)
    ask = _(
        "You may ask what is kept of you, have it corrected or deleted where the books allow it, and"
        " object."
    )
    where = (
        _("Write to %(email)s.") % {"email": left_to_right(brand.support_email)}
        if brand.support_email
        else ""
    )
    law = ""
    if rule:
        law = _(
            "You may also complain to the authority for data protection. The law: %(source)s."
        ) % {"source": isolated(rule.source)}
    return section(_("Your rights"), ask, where, law)
