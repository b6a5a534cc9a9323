"""Drafts: begun, changed, and read. Loose while somebody types, strict when it comes to paying."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.models import Brand
from core.bidi import in_one_line
from giftshop.catalog import menu
from giftshop.catalog.models import Price, Treat
from giftshop.giving import recipient_rows
from giftshop.giving.forms import RecipientForm
from giftshop.giving.say import Say
from giftshop.giving.steps import NAMES, Data, What, Who
from giftshop.orders import own_drafts, replies
from giftshop.orders.checkout import GiftLine
from giftshop.orders.counter_links import LASTS, Followed
from giftshop.orders.models import CameBy, Draft, Gift, Order


class DraftIncomplete(ValueError):
    """Something is still to be said; `step` is the page that asks for it."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(message)
        self.step, self.message = step, message


@dataclass(frozen=True)
class DraftOrder:
    sender_name: str
    sender_email: str
    lines: list[GiftLine]
    sender_phone: str = ""
    """E.164; links that they send themselves are texted there."""
    sender_channel: str = Gift.Channel.SMS

    @property
    def total(self) -> int:
        """Minor units of the brand's currency."""
        return sum(line.amount for line in self.lines)

    @property
    def amounts(self) -> int:
        """How many of its gifts are good for an amount."""
        return sum(line.price.is_free for line in self.lines)

    @property
    def digest(self) -> str:
        """The same for what looks the same on the page where it is looked over."""
        lines = [
            [
                *[line.recipient_name, line.shown_address, line.channel, line.label],
                *[
                    line.amount,
                    line.message,
                    line.design,
                    str(line.deliver_at),
                    line.time_zone,
                    line.language,
                ],
            ]
            for line in self.lines
        ]
        own = [self.sender_phone, self.sender_channel]
        shown = [self.sender_name, self.sender_email, *own, lines]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def begin(
    *,
    brand: Brand,
    session: SessionBase,
    treat_slug: str = "",
    choice: str = "",
    also: Data | None = None,
    least: int = 1,
    origin: dict[str, Any] | None = None,
) -> Draft:
    """A new draft that only this browser may see. The slug of a treat on the menu preselects it; `choice`:
    the key of its offer, or of a free amount that a link came with; `also`: what is said already; `least`: to
    how many it has to go; `origin`: the columns of its Origin."""
    data: Data = {
        "rows": [recipient_rows.new_row() for _n in range(max(least, recipient_rows.ROWS_AT_FIRST))]
    }
    today = timezone.localdate(timezone.now(), brand.tz)
    menu_now = Treat.objects.on_the_menu(today)
    treat = menu_now.filter(slug=treat_slug).first() if treat_slug else None
    if treat:
        offers = [offer for price in treat.prices.all() for offer in menu.offers_of(treat, price)]
        named = next((offer for offer in offers if offer.key == choice), offers[0])
        data["choice"] = (menu.chosen_amount(treat, choice) or named).key
    data |= also or {}
    draft = Draft.objects.create(brand=brand, data=data, **(origin or {}))
    own_drafts.remember(draft, session)
    return draft


def begin_reply(*, brand: Brand, session: SessionBase, gift: Gift) -> Draft:
    """One to whoever sent the gift, with the same treat as far as it is on the menu, signed by its recipient.
    Their address stays with the gift: `read` looks it up."""
    also = {"rows": [recipient_rows.reply_row(gift)], "sender_name": gift.recipient.short_name}
    origin = {"came_by": CameBy.REPLY, "from_gift_id": gift.pk}
    treat, choice = gift.treat.slug, choice_of(gift)
    return begin(
        brand=brand, session=session, treat_slug=treat, choice=choice, also=also, origin=origin
    )


def begin_at_counter(
    *, followed: Followed, request: HttpRequest, least: int, now: datetime
) -> Draft:
    """The same by the code that a till showed, which anybody near may have read: unsigned. To whoever sent
    what was handed over, while they are known; else only with its treat, if it was a gift. The one that this
    browser began by it before is gone on with. Expects the brand's scope. Three queries at most, and that of
    the menu."""
    gift = followed.gift
    origin = {
        "came_by": CameBy.COUNTER,
        "from_gift_id": gift and gift.pk,
        "counter_store": followed.store,
    }
    begun = Draft.objects.filter(
        pk__in=own_drafts.of(request), created_at__gt=now - LASTS, orders=None, **origin
    )
    if known := begun.select_related("brand").order_by("-pk").first():
        return known
    also = {"rows": [recipient_rows.reply_row(gift)]} if gift and followed.sender else {}
    return begin(
        brand=followed.brand,
        session=request.session,
        treat_slug=gift.treat.slug if gift else "",
        choice=choice_of(gift) if gift else "",
        also=also,
        least=1 if also else least,
        origin=origin,
    )


def choice_of(gift: Gift) -> str:
    """The key of the offer that it was, as far as it is one still."""
    choice = f"{gift.treat.slug}:{gift.price.key}" if gift.price else ""
    return f"{choice}:{gift.amount}" if gift.is_amount else choice


def find_own(request: HttpRequest, draft_id: UUID) -> Draft | None:
    """The draft, if this browser made it. Expects the brand's scope."""
    if not own_drafts.is_own(request, draft_id):
        return None
    return Draft.objects.select_related("brand").filter(pk=draft_id).first()


def owned_by(request: HttpRequest, draft_id: UUID) -> Draft:
    """The same, or Http404."""
    draft = find_own(request, draft_id)
    if draft is None:
        raise Http404
    return draft


@contextmanager
def changing(draft: Draft) -> Iterator[Data]:
    """The draft's newest data, to be changed in place; two tabs at once wait for each other."""
    with transaction.atomic():
        newest = Draft.objects.select_for_update().get(pk=draft.pk)
        yield newest.data
        newest.save(update_fields=["data", "updated_at"])
    draft.data = newest.data


def reach(data: Data, step: str) -> None:
    """Remember the furthest step that was opened, so that its bar can lead back there."""
    data["reached"] = max(int(data.get("reached", 0)), NAMES.index(step))


def read(draft: Draft, now: datetime | None = None, *, least: int = 1) -> DraftOrder:
    """The order as it would be placed now, prices from the menu, to so many recipients at least. Expects the
    brand's scope.

    Raises DraftIncomplete with the first thing to put right.
    """
    now = now or timezone.now()
    who = Who(draft.data, brand=draft.brand, least=least)
    offered = menu.read(draft.brand, now).offers()
    what = What(draft.data, offered, currency=draft.brand.currency)
    say = Say(draft.data, brand=draft.brand, now=now)
    steps: list[tuple[str, Who | What | Say]] = [("who", who), ("what", what), ("say", say)]
    for name, step in steps:
        if problems := step.problems():
            raise DraftIncomplete(name, problems[0].text)
    rows = recipient_rows.filled(who.rows)
    sender_phone, sender_channel = say.sender_number()
    known = replies.addresses(filter(None, map(recipient_rows.answered, rows)))
    return DraftOrder(
        sender_name=in_one_line(draft.data["sender_name"]),
        sender_email=draft.data["sender_email"].strip(),
        sender_phone=sender_phone,
        sender_channel=sender_channel,
        lines=[
            _line(row, form, what, say, known.get(recipient_rows.answered(row)))
            for row, form in who.answers()
        ],
    )


def done(draft: Draft, now: datetime | None = None, *, least: int = 1) -> list[str]:
    """The steps before the first that still asks for something. Paying is none of them.

    No query but those of numbers that are texted: whether a treat is still on the menu is found when What or
    Pay is opened.
    """
    data = draft.data
    if Who(data, brand=draft.brand, least=least).problems():
        return []
    if not What(data, {}).is_answered:
        return ["who"]
    if Say(data, brand=draft.brand, now=now or timezone.now()).problems():
        return ["who", "what"]
    return ["who", "what", "say"]


def _line(
    row: recipient_rows.Row, form: RecipientForm, what: What, say: Say, known: str | None
) -> GiftLine:
    """`known`: the address that goes by no page, of somebody whose gift is answered."""
    offer = what.offer_for(row)
    if offer is None:
        raise DraftIncomplete("what", _("Choose a treat."))
    deliver_at, zone = say.moment_for(row)
    channel = form.channel
    return GiftLine(
        recipient_name=in_one_line(row["name"]),
        recipient_email=known or row["email"].strip() if channel == Gift.Channel.EMAIL else "",
        recipient_phone=form.number,
        is_address_hidden=bool(known) and channel == Gift.Channel.EMAIL,
        channel=channel,
        treat=offer.treat,
        price=offer.price,
        given=what.amount_for(row) or 0,
        deliver_at=deliver_at,
        time_zone=zone,
        **say.words_for(row),
    )


def fingerprint(draft: Draft, now: datetime | None = None, earned: str = "") -> str:
    """The same for the same wish at the same prices, whoever asks and how often: the order's key. `earned`:
    what is given on top, as purchase.Earned.key.

    What was typed but does not count (empty rows, lines still in the box, steps visited) leaves it
    as it is. Once an order of the draft was cancelled, the same wish is a new act: a new key. Costs
    two queries.
    """
    ignored = ("pasted", "read", "asked", "sender_asked", "refused", "reached", "rows", "promo")
    wish = {name: value for name, value in sorted(draft.data.items()) if name not in ignored}
    on_sale = Price.objects.filter(treat__brand_id=draft.brand_id, treat__is_active=True)
    today = (now or timezone.now()).astimezone(draft.brand.tz).date()
    prices = [
        (price.treat.slug, price.key, price.on(today), price.most or 0)
        for price in on_sale.select_related("treat")
    ]
    content = [
        str(draft.pk),
        wish,
        [dict(sorted(row.items())) for row in recipient_rows.filled(draft.data.get("rows", []))],
        sorted(prices),
        draft.orders.filter(state=Order.State.CANCELLED).count(),
        *([earned] if earned else []),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
