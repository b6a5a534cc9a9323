"""From what a sender wants to an order that waits for its payment. No network here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands import phone_numbers
from brands.models import Brand
from brands.translations import Translations
from core import crypto, money
from core.bidi import in_one_line, isolated, without_turning
from core.database.composed import Composed, given, given_list
from core.database.insert import insert
from core.ids import uuid7
from core.locales import Text
from core.templatetags.money import money as shown
from giftshop.catalog.models import Price, Treat
from giftshop.friends.addresses import is_address
from giftshop.friends.masks import mask
from giftshop.legal import terms
from giftshop.offers.models import Offer
from giftshop.orders import characters, origins, vat
from giftshop.orders.models import RECIPIENTS_MAX, Draft, Gift, Order, Recipient
from giftshop.texts import allowed
from giftshop.texts.numbers import is_mobile
from redemption import discounts
from redemption.choices import Picked, picks_of
from redemption.models import Code, OptionList

SCHEDULE_AHEAD_MAX = timedelta(days=366)


class OrderRefused(ValueError):
    """What keeps the order from being placed, in the sender's words."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)


@dataclass(frozen=True)
class GiftLine:
    """One recipient's gift as the sender wants it. The price decides the treat's size; where that leaves the
    amount to the sender, `given` is what they say."""

    recipient_name: str
    recipient_email: str
    channel: Gift.Channel
    treat: Treat
    price: Price
    message: str
    design: str
    deliver_at: datetime | None = None
    time_zone: str = ""
    given: int = 0
    language: str = ""
    """What the recipient is written to in; empty: the order's."""
    is_address_hidden: bool = False
    """From the sender, too: see Recipient."""
    recipient_phone: str = ""
    """E.164, where it goes as a text."""

    @property
    def amount(self) -> int:
        """What it costs, minor units."""
        return self.given if self.price.is_free else self.price.amount

    @property
    def shown_email(self) -> str:
        """As pages show it to the sender."""
        return mask(self.recipient_email) if self.is_address_hidden else self.recipient_email

    @property
    def shown_address(self) -> str:
        """Where it goes, of either kind, as pages show it."""
        if self.channel in Gift.BY_NUMBER:
            return phone_numbers.shown(self.recipient_phone, "")
        return self.shown_email

    @property
    def label(self) -> str:
        return self._label(self.treat.name, self.price.name)

    @property
    def translations(self) -> Translations:
        """The label in each language that the treat's name is written in."""
        return {
            language: {"label": self._label(said["name"], self._size_in(language))}
            for language, said in self.treat.translations.items()
            if "name" in said
        }

    @property
    def said_label(self) -> str:
        """In the reader's language."""
        language = get_language() or "en"
        said = self.translations.get(language)
        return Text(said["label"], language) if said else self.label

    def _label(self, treat: str, size: str) -> str:
        """An amount stands beside the label: what is left of it is less one day."""
        return treat if self.price.is_free else f"{treat}, {size}"

    def _size_in(self, language: str) -> str:
        return str(self.price.translations.get(language, {}).get("name", self.price.name))


def place_order(
    *,
    brand: Brand,
    key: str,
    sender_name: str,
    sender_email: str,
    lines: Sequence[GiftLine],
    sender_phone: str = "",
    sender_channel: str = Gift.Channel.SMS,
    draft: Draft | None = None,
    visitor_id: str = "",
    language: str = "en",
    offer: Offer | None = None,
    discount: int = 0,
    now: datetime | None = None,
) -> Order:
    """Fix prices and choices in an order that waits for payment. Expects the brand's scope.

    Once per key: the same key answers the order it placed, in the language that is read by now, which its
    mails will be in, and under the terms that hold by now, while it waits. `sender_phone` (E.164): links that
    they send themselves go there, by `sender_channel`. `offer`: what it earns, which is kept free for it once
    its payment page is made; `discount`: what that takes off, minor units, within discounts.most_off().
    Raises OrderRefused.
    """
    now = now or timezone.now()
    problems = _problems(brand, lines, now)
    if sender_phone and (
        not is_mobile(sender_phone)
        or allowed.refusal(
            brand=brand, number=sender_phone, to=allowed.To.SENDER, channel=sender_channel
        )
    ):
        problems.append(_("We can't text your own number. Leave it empty, and copy the links."))
    if problems:
        raise OrderRefused(problems)
    with transaction.atomic():
        if _currency_of(brand) != brand.currency:
            raise _prices_changed()
        order_id, token = uuid7(), crypto.new_token()
        agreed = terms.keep(brand, language=language, now=now)
        made = Order(
            id=order_id,
            brand=brand,
            key=key,
            draft=draft,
            sender_name=in_one_line(sender_name),
            sender_email=sender_email,
            sender_phone=sender_phone,
            sender_channel=sender_channel,
            currency=brand.currency,
            total=sum(line.amount for line in lines) - discount,
            discount=discount,
            discount_name=offer.said["name"] if offer and discount else "",
            language=language,
            terms_id=agreed,
            offer=offer,
            visitor=crypto.token_digest(visitor_id) if visitor_id else b"",
            token_digest=crypto.token_digest(token),
            token_ciphertext=crypto.seal(token, context=f"order:{order_id}"),
            placed_at=now,
            **origins.of(draft),
        )
        # Whoever places it in the same moment is waited for; then the key is taken.
        is_new = bool(insert([made], ignore_conflicts=True))
        order = made if is_new else Order.objects.get(brand=brand, key=key)
        if is_new:
            if not _are_as_kept(lines, timezone.localdate(now, brand.tz)):
                raise _prices_changed()
            _add_gifts(order, lines)
        elif order.state == Order.State.PENDING and order.terms_id != agreed:
            order.language, order.terms_id = language, agreed  # a version is in one language
            order.save(update_fields=["language", "terms"])
    return order


def _currency_of(brand: Brand) -> str:
    """As it is kept, and held until commit against whoever would change it (studio/brand/changes.py). Orders
    don't wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT currency FROM brands_brand WHERE id = %s FOR KEY SHARE", [brand.pk])
        (currency,) = cursor.fetchone()
    return str(currency)


def _are_as_kept(lines: Sequence[GiftLine], day: date) -> bool:
    """Whether each price is there and as it was when the lines were read: an owner may have changed the menu
    since. It stays there until commit. One query; nobody waits for anybody who only changes prices."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, amount, later_amount, later_from, most FROM catalog_price"
            " WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [[line.price.pk for line in lines]],
        )
        kept = {row[0]: row[1:] for row in cursor.fetchall()}

    def is_kept(price: Price) -> bool:
        if price.pk not in kept:
            return False
        amount, later, since, most = kept[price.pk]
        costs = {amount, later} if since and since <= day else {amount}
        return price.amount in costs and price.most == most

    return all(is_kept(line.price) for line in lines)


def _prices_changed() -> OrderRefused:
    return OrderRefused([_("The prices have just changed. Please look at the menu again.")])


_ON_SALE = Composed(
    lambda: (
        Treat.objects.on_sale(given("day"))
        .filter(pk__in=given_list("treats", "uuid"))
        .values_list("pk")
    )
)


def _problems(brand: Brand, lines: Sequence[GiftLine], now: datetime) -> list[str]:
    """The last look: forms have explained most of this to the sender, tills and seeds have not."""
    found: list[str] = []
    if brand.opened_at is None:
        found.append(_("%(brand)s has not opened yet.") % {"brand": isolated(brand.name)})
    if not 1 <= len(lines) <= RECIPIENTS_MAX:
        found.append(_("Choose 1 to %(most)s friends.") % {"most": RECIPIENTS_MAX})
    if sum(line.amount for line in lines) > money.most_charge(brand.currency):
        found.append(_("Together this is more than can be paid at once. Send it in two orders."))
    day = timezone.localdate(now, brand.tz)
    asked_for = {line.treat.pk for line in lines}
    untexted = {
        channel: allowed.refusals(
            brand=brand,
            numbers={line.recipient_phone for line in lines if line.channel == channel},
            channel=channel,
        )
        for channel in Gift.BY_NUMBER
    }
    on_sale = {treat for (treat,) in _ON_SALE.rows(day=day, treats=list(asked_for))}
    for line in lines:
        if line.treat.brand_id != brand.pk or line.price.treat_id != line.treat.pk:
            found.append(_("%(treat)s is not on this menu.") % {"treat": isolated(line.treat.name)})
        elif line.treat.pk not in on_sale:
            found.append(
                _("%(treat)s is no longer on the menu.") % {"treat": isolated(line.treat.name)}
            )
        if line.price.most is not None and not line.price.amount <= line.amount <= line.price.most:
            found.append(
                _("%(treat)s: choose an amount from %(least)s to %(most)s.")
                % {
                    "treat": isolated(line.treat.name),
                    "least": shown(line.price.amount, brand.currency),
                    "most": shown(line.price.most, brand.currency),
                }
            )
        elif not money.is_chargeable(line.amount, brand.currency):
            found.append(
                _("%(treat)s has a price that cannot be charged. Please tell %(brand)s.")
                % {"treat": isolated(line.treat.name), "brand": isolated(brand.name)}
            )
        if not in_one_line(line.recipient_name):
            found.append(_("Every friend needs a name."))
        if line.channel == Gift.Channel.EMAIL and not is_address(line.recipient_email.strip()):
            found.append(
                _("%(friend)s needs an e-mail address.") % {"friend": isolated(line.recipient_name)}
            )
        refused = untexted.get(line.channel, {}).get(line.recipient_phone)
        if line.channel in Gift.BY_NUMBER and not is_mobile(line.recipient_phone):
            found.append(
                _("%(friend)s needs a mobile number.") % {"friend": isolated(line.recipient_name)}
            )
        elif refused:
            found.append(f"{isolated(line.recipient_name)}: {refused.label}")
        if characters.is_too_long(line.message):
            found.append(
                _("The message to %(friend)s is too long.")
                % {"friend": isolated(line.recipient_name)}
            )
        if line.deliver_at and line.deliver_at > now + SCHEDULE_AHEAD_MAX:
            found.append(_("Gifts can be scheduled up to one year ahead."))
    return found


def _add_gifts(order: Order, lines: Sequence[GiftLine]) -> None:
    recipients = [
        Recipient(
            brand_id=order.brand_id,
            name=in_one_line(line.recipient_name),
            email=line.recipient_email.strip() if line.channel == Gift.Channel.EMAIL else "",
            language=line.language,
            is_address_hidden=line.is_address_hidden,
            phone=line.recipient_phone if line.channel in Gift.BY_NUMBER else "",
            time_zone=line.time_zone,
        )
        for line in lines
    ]
    insert(recipients)
    # Each line may bring a treat of its own, though it is the same: asked for once, not for each.
    prefetch_related_objects([line.treat for line in lines], "option_groups__options")
    one_of_each = {_key(line): line for line in lines}
    offers = {key: _offer(order.brand, line) for key, line in one_of_each.items()}
    off = discounts.spread(order.discount, [line.amount for line in lines], order.currency)
    gifts = [
        _new_gift(order, position, line, recipient, off[position - 1], *offers[_key(line)])
        for position, (line, recipient) in enumerate(zip(lines, recipients, strict=True), start=1)
    ]
    OptionList.objects.keep(gift.option_list for gift in gifts)
    insert(gifts)


def _key(line: GiftLine) -> tuple[object, object]:
    return line.treat.pk, line.price.pk


def _offer(brand: Brand, line: GiftLine) -> tuple[OptionList | None, Picked]:
    """What there is to choose of it, and what the size says already."""
    choices = line.treat.snapshot(line.price)
    return OptionList.of(brand, choices), picks_of(choices)


def _new_gift(
    order: Order,
    position: int,
    line: GiftLine,
    recipient: Recipient,
    discount: int,
    option_list: OptionList | None,
    picks: Picked,
) -> Gift:
    gift_id, token = uuid7(), crypto.new_token()
    kind = Code.Kind.VALUE if line.price.is_free else Code.Kind.ITEM
    return Gift(
        id=gift_id,
        brand_id=order.brand_id,
        order=order,
        position=position,
        recipient=recipient,
        channel=line.channel,
        treat=line.treat,
        price=line.price,
        label=line.label,
        translations=line.translations,
        amount=line.amount,
        discount=discount,
        kind=kind,
        vat_rate=vat.rate_of(order.brand, kind),
        option_list=option_list,
        picks=picks,
        message=without_turning(line.message),
        design=line.design,
        deliver_at=line.deliver_at,
        token_digest=crypto.token_digest(token),
        token_ciphertext=crypto.seal(token, context=f"gift:{gift_id}"),
    )
