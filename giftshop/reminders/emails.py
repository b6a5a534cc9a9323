"""The letters: a reminder to whoever the gift is for, and the question to its sender."""

from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bidi import in_one_line, isolated
from core.templatetags.money import money
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import gift_url, mark
from giftshop.delivery.models import Delivery
from giftshop.friends import salutation
from giftshop.orders.models import Gift
from giftshop.reminders.return_unopened import day_to_tell
from giftshop.reminders.schedule import Kind
from giftshop.texts import templates
from giftshop.texts.templates import Filled


class Words(NamedTuple):
    """Names in all but the subject are isolated."""

    subject: str
    title: str
    what: str
    then: str
    button: str
    why: str


def reminder_letter(delivery: Delivery, gift: Gift) -> EmailMessage:
    """In the recipient's language. Neither code nor treat: a present that nobody opened stays wrapped."""
    order = gift.order
    with (
        translation.override(gift.language),
        timezone.override(order.brand.tz),
    ):
        words = _reminder(Kind(delivery.purpose), gift)
        return letter(
            delivery=delivery,
            name="reminder",
            subject=words.subject,
            named={"name": gift.recipient.short_name, "sender": order.sender},
            context={"words": words, "url": gift_url(gift), "is_recipients": True},
            pictures=mark(order.brand),
        )


def reminder_text(delivery: Delivery, gift: Gift) -> str:
    """The same for a phone, in letters that are cheap there."""
    assert gift.code is not None  # nosec B101  # only what was paid is spoken of
    with translation.override(gift.language), timezone.override(gift.order.brand.tz):
        words = _("Your gift from %(sender)s waits at %(brand)s: %(url)s STOP to end")
        if Kind(delivery.purpose) is not Kind.UNOPENED:
            words = _(
                "Your gift from %(sender)s is good at %(brand)s until %(day)s: %(url)s STOP to end"
            )
        return words % {
            "sender": in_one_line(salutation.short_name(gift.order.sender)),
            "brand": in_one_line(delivery.sender.name),
            "day": date_format(gift.code.last_day, "SHORT_DATE_FORMAT"),
            "url": gift_url(gift),
        }


def reminder_template(delivery: Delivery, gift: Gift) -> Filled:
    """The same for WhatsApp."""
    assert gift.code is not None  # nosec B101  # only what was paid is spoken of
    is_first = Kind(delivery.purpose) is Kind.UNOPENED
    with translation.override(gift.language), timezone.override(gift.order.brand.tz):
        told = {
            "sender": salutation.short_name(gift.order.sender),
            "brand": delivery.sender.name,
            "day": date_format(gift.code.last_day, "SHORT_DATE_FORMAT"),
            "url": gift_url(gift),
        }
    kind = templates.Kind.WAITS if is_first else templates.Kind.EXPIRES
    return Filled(kind, gift.language, told)


def question_letter(delivery: Delivery, gift: Gift) -> EmailMessage:
    """In the order's language: what can be done, and that nothing has to be."""
    order = gift.order
    with translation.override(order.language), timezone.override(order.brand.tz):
        facts = _facts(gift)
        then = _(
            "You can have your %(amount)s back, send it again, or leave it: it stays good until %(day)s,"
            " and you need do nothing."
        )
        if day_to_tell(gift):
            then = _(
                "You can have your %(amount)s back now, send it again, or leave it: it stays good until"
                " %(day)s. If nobody has opened it by then, your money comes back by itself after that day."
            )
        words = Words(
            _("%(name)s has not opened your gift"),
            _("Your gift to %(name)s is still wrapped") % facts,
            _("Nobody has opened it since %(sent)s. Perhaps the message got lost.") % facts,
            then % facts,
            _("Choose what happens"),
            _("You get this because you gave something from %(brand)s. We ask once.") % facts,
        )
        return letter(
            delivery=delivery,
            name="reminder",
            subject=words.subject,
            named={"name": gift.recipient.short_name},
            context={"words": words, "url": question_url(gift), "is_recipients": False},
            pictures=mark(order.brand),
        )


def question_url(gift: Gift) -> str:
    return settings.BASE_URL + reverse("order-unopened", args=[gift.order.link_token(), gift.pk])


def _facts(gift: Gift) -> dict[str, str]:
    assert gift.code is not None  # nosec B101  # only what was paid is spoken of
    came = max(filter(None, (gift.sent_at, gift.deliver_at, gift.code.valid_from)))
    return {
        "name": isolated(gift.recipient.short_name),
        "sender": isolated(gift.order.sender),
        "brand": isolated(gift.order.brand.name),
        "day": date_format(gift.code.last_day, "DATE_FORMAT"),
        "sent": date_format(timezone.localtime(came), "DATE_FORMAT"),
        "amount": money(gift.code.paid_left, gift.code.currency),
    }


def _reminder(kind: Kind, gift: Gift) -> Words:
    facts = _facts(gift)
    why = _(
        "%(sender)s gave %(brand)s your address to bring you a gift; this is about nothing else."
    )
    if kind is Kind.UNOPENED:
        return Words(
            _("%(name)s, a gift from %(sender)s waits for you"),
            _("Your gift from %(sender)s is still wrapped") % facts,
            _("It has waited for you since %(sent)s, and it is paid for.") % facts,
            _("It is good until %(day)s.") % facts,
            _("Open your gift"),
            why % facts,
        )
    button = _("See your gift") if gift.opened_at else _("Open your gift")
    if kind is Kind.MONTH:
        return Words(
            _("%(name)s, your gift from %(sender)s is good for a month more"),
            _("Your gift from %(sender)s is good for a month more") % facts,
            _("Its last day is %(day)s.") % facts,
            _("It would be a pity if nobody enjoyed it."),
            button,
            why % facts,
        )
    return Words(
        _("%(name)s, your gift from %(sender)s is good for a week more"),
        _("Your gift from %(sender)s is good for a week more") % facts,
        _("Its last day is %(day)s.") % facts,
        _("After that no store takes it."),
        button,
        why % facts,
    )
