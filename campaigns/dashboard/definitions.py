"""What each figure means: what is counted, on which day, and what takes away. The one place for the words.

The studio's page of definitions shows all of them, and each list of rows says its own above them.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

THEN: Words = _("On the day it happened, on the brand's clock, whenever the gift was sold.")
OF_THE_SALE: Words = _("On the day the gift was sold, as far as it came by now.")
UNDONE: Words = _("What is undone at the counter, on the day it is.")
NOTHING: Words = _("Nothing.")


@dataclass(frozen=True)
class Definition:
    counts: Words
    when: Words
    takes_away: Words


DEFINITIONS: dict[str, Definition] = {
    "gifts_sold": Definition(
        _("Every gift in an order that was paid. A promotional gift is none: nobody paid for it."),
        THEN,
        _("Gifts that were cancelled before anything of them was used, on the day they were."),
    ),
    "revenue": Definition(
        _("What senders paid, order by order."),
        THEN,
        _(
            "Refunds that reached their sender, and disputes that took the money, on the day they did: lost "
            "ones, and those settled beforehand by giving it back."
        ),
    ),
    "redeemed": Definition(
        _("Gifts handed over at a counter. Each part of an amount counts."), THEN, UNDONE
    ),
    "redeemed_amount": Definition(_("What the gifts handed over were bought for."), THEN, UNDONE),
    "visits": Definition(
        _(
            "Each time a person came by one of your links. Following it again within half an hour "
            "is the same visit. Robots, and people who ask not to be tracked, are left out. Where a "
            "browser may be known again only after its yes, each follow before that is a visit, and an "
            "order counts for the link by which it was begun."
        ),
        THEN,
        NOTHING,
    ),
    "spend_over": Definition(
        _("What friends spent in the same visit beyond the gift, as your tills told it."),
        THEN,
        UNDONE,
    ),
    "follows": Definition(
        _("Each time a link was followed, also when it was no visit of its own."), THEN, NOTHING
    ),
    "came_in": Definition(
        _(
            "Revenue from gifts, and what was spent at counters beyond them. Gifts that nobody has used "
            "yet are in it: you still owe their treat."
        ),
        THEN,
        _("What takes away from either."),
    ),
    "baskets": Definition(
        _("Gifts handed over of which the till told what else was bought."), THEN, UNDONE
    ),
    "orders": Definition(
        _("Orders that were paid, however many gifts are in them."), THEN, NOTHING
    ),
    "guests": Definition(
        _(
            "Gifts that came to a counter, each once: of an amount that is spent in parts the first "
            "part is the guest."
        ),
        THEN,
        UNDONE,
    ),
    "first_time": Definition(
        _(
            "Guests whose address, an e-mail's or a phone's, had come with no other gift of yours "
            "before."
        ),
        THEN,
        UNDONE,
    ),
    "came_back": Definition(
        _("Guests whose address had come with another gift of yours before."), THEN, UNDONE
    ),
    "known_guests": Definition(
        _("Guests of whom it is known whether they had come before: those with an address."),
        THEN,
        UNDONE,
    ),
    "given_guests": Definition(
        _("Guests with a promotional or goodwill gift: nobody had paid for it."), THEN, UNDONE
    ),
    "given_away": Definition(
        _("Promotional and goodwill gifts handed over: nobody had paid for them."), THEN, UNDONE
    ),
    "taken_back": Definition(
        _("Sold gifts that were cancelled before anything of them was used."), THEN, NOTHING
    ),
    "went_back": Definition(
        _(
            "Refunds that reached their sender, and disputes that took the money: lost ones, and those "
            "settled beforehand by giving it back."
        ),
        THEN,
        _("Refunds that came back from the bank."),
    ),
    "coupons": Definition(
        _(
            "What your offers gave: on their own page, on top of an order, or to come back. A coupon that an "
            "order earned, or the use of a gift, counts for the campaign that brought that order."
        ),
        THEN,
        NOTHING,
    ),
    "coupon_cost": Definition(
        _(
            "What the coupons taken were booked with as promotion, at the price of that day. It is apart "
            "from what gifts were paid with, and from what you spent."
        ),
        THEN,
        _(
            "What was left of coupons that were taken back, or that expired, on the day that was booked. If "
            "its last day is put off, what had expired costs again."
        ),
    ),
    "discounts": Definition(
        _("Orders of which an offer took something off, by a typed code or without."),
        THEN,
        NOTHING,
    ),
    "discount_cost": Definition(
        _(
            "What offers took off orders, on the day they were paid. Revenue is what was paid; this is "
            "promotion, apart from it and from what you spent."
        ),
        THEN,
        _(
            "The discount on what was not used of gifts that were cancelled, paid back, lost to a dispute or "
            "given back as a credit, or that expired, on the day that was booked."
        ),
    ),
    "coupons_used": Definition(
        _("Guests with a coupon at a counter, each coupon once."), THEN, UNDONE
    ),
    "coupons_used_amount": Definition(
        _("What was handed over on coupons, at the price they were booked with."), THEN, UNDONE
    ),
    "coupon_over": Definition(
        _("What guests with a coupon spent beyond it in the same visit, as your tills told it."),
        THEN,
        UNDONE,
    ),
    "sold": Definition(
        _("All gifts sold in these days, whatever became of them since."), OF_THE_SALE, NOTHING
    ),
    "sales": Definition(
        _("What senders paid for the gifts sold in these days, whatever went back since."),
        THEN,
        NOTHING,
    ),
    "taken_back_of_sold": Definition(
        _("Of the gifts sold in these days those that were cancelled before anything was used."),
        OF_THE_SALE,
        NOTHING,
    ),
    "delivered": Definition(
        _("Of the gifts sold in these days those that were sent."), OF_THE_SALE, NOTHING
    ),
    "opened": Definition(
        _("Of the gifts sold in these days those that were opened."), OF_THE_SALE, NOTHING
    ),
    "redeemed_of_sold": Definition(
        _("Of the gifts sold in these days those that came to a counter."), OF_THE_SALE, UNDONE
    ),
}
"""By the counter of facts/counters.py that is their sum."""

TYPED: dict[str, tuple[Words, Words]] = {
    "reactions": (
        _("Likes, comments and shares"),
        _("What somebody of yours typed, new on each day, by link. Nobody checks it."),
    ),
    "visitors": (
        _("Visitors"),
        _(
            "Browsers that followed a link in these days and are known again, each once. Those who ask "
            "not to be tracked are left out. Where the law wants a yes first, those who gave none are "
            "not known, so it says how many there were at least, and of how many visits."
        ),
    ),
    "cost": (
        _("Cost"),
        _(
            "What somebody of yours typed by link and day. Where nobody did, what the campaign says "
            "was spent on it, for all its days together."
        ),
    ),
    "goods": (
        _("Cost of goods"),
        _("What a treat costs you now, as you typed it, for each guest who came with one."),
    ),
    "per_coupon": (
        _("Spent for each used coupon"),
        _(
            "The cost of these days by the coupons used in these days. What was given on them is not in "
            "it; it stands beside."
        ),
    ),
    "per_guest": (
        _("Cost for each guest"),
        _("The cost of these days by the guests of these days. The goods are not in it."),
    ),
    "left": (
        _("What is left"),
        _(
            "Revenue from gifts and what guests spent beyond them, less the cost and the cost of "
            "goods. Gifts that nobody has used yet are in it: you still owe their treat."
        ),
    ),
}
"""What is no sum of facts: label and words."""
