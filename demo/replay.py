"""The history happens: each act through the function that real senders, recipients and tills come through.

Every act is repeatable or knows that it was done, so an interrupted history is simply played again.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Link, Visit
from demo.history import Bought, Came, Given, Look
from demo.setup.brand import INVITED
from demo.stories import promo
from demo.visits import Enjoyed
from giftshop.catalog.models import Treat
from giftshop.gift_page.open import open_gift
from giftshop.gift_page.thanks import ThanksRefused, say_thanks
from giftshop.orders.checkout import GiftLine, place_order
from giftshop.orders.fulfilment import PaidCheckout, mark_paid
from giftshop.orders.models import Draft, Gift, Order
from giftshop.orders.pass_on import pass_on
from redemption.codes.choose import ChoosingRefused, choose
from redemption.models import Code, Device, StaffMember
from redemption.redeem.redeem import redeem
from redemption.redeem.reverse import ReversalRefused, reverse

PAGES = {code for code, _name in settings.LANGUAGES}


@dataclass(frozen=True)
class Act:
    """`commits`: it settles something at a till, so it must be a transaction of its own."""

    at: datetime
    do: Callable[[], object]
    commits: bool = False


class Stage:
    """A brand with its rows at hand. Expects the brand's scope."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self.treats = {
            treat.name: treat
            for treat in Treat.objects.with_a_price().prefetch_related(
                "prices", "option_groups__options"
            )
        }
        self.links = {
            (link.campaign.name, link.name): link for link in Link.objects.with_everything()
        }
        self.devices = {
            device.store.slug: device
            for device in Device.objects.paired()
            .exclude(name=INVITED)
            .select_related("brand", "store")
        }
        self.teams = {
            slug: list(StaffMember.objects.at(device.store))
            for slug, device in self.devices.items()
        }
        self.seen = set(Visit.objects.values_list("link_id", "at"))

    def acts(self, story: Iterable[Look | Bought]) -> list[Act]:
        """All acts of the story in the order in which they happened."""
        acts: list[Act] = []
        for part in story:
            if isinstance(part, Look):
                acts.append(Act(part.at, self._looking(part)))
            else:
                acts += self._buying(part)
        return sorted(acts, key=lambda act: act.at)

    # --- a look --------------------------------------------------------------------------------

    def _looking(self, look: Look) -> Callable[[], None]:
        def do() -> None:
            link = self.links.get((look.promotion, look.way))
            if link and (link.pk, look.at) not in self.seen:
                links.follow(
                    link=link, visitor_id=look.visitor_id, new_visitor=look.is_new, now=look.at
                )

        return do

    # --- an order and its gifts ----------------------------------------------------------------

    def _buying(self, bought: Bought) -> list[Act]:
        acts = [Act(bought.paid_at, lambda: self.buy(bought))]
        for position, given in enumerate(bought.gifts, start=1):
            acts += self._life(bought, position, given)
        return acts

    def buy(self, bought: Bought) -> None:
        order = self.place(bought)
        paid = PaidCheckout(
            amount=order.total,
            currency=order.currency,
            livemode=False,
            expected_livemode=False,
        )
        mark_paid(brand=self.brand, order_id=order.pk, paid=paid, now=bought.paid_at)

    def place(self, bought: Bought) -> Order:
        draft = self._began(bought.came) if bought.came else None
        order = self._place(bought, draft)
        if draft:
            draft.delete()  # nothing was typed into it
        return order

    def _began(self, came: Came) -> Draft:
        gift = Gift.objects.get(order__key=came.key, position=came.position)
        store = self.devices[came.store].store if came.store else None
        return Draft.objects.create(
            brand=self.brand, came_by=came.way, from_gift_id=gift.pk, counter_store=store
        )

    def _place(self, bought: Bought, draft: Draft | None) -> Order:
        lines = [self._line(given) for given in bought.gifts]
        earned = promo.taken_off(bought.key, lines, bought.placed_at)
        return place_order(
            brand=self.brand,
            key=bought.key,
            draft=draft,
            sender_name=bought.sender.name,
            sender_email=bought.sender.email,
            lines=lines,
            offer=earned.offer if earned else None,
            discount=earned.discount if earned else 0,
            visitor_id=bought.visitor_id,
            language=bought.sender.tongue if bought.sender.tongue in PAGES else "en",
            now=bought.placed_at,
        )

    def _line(self, given: Given) -> GiftLine:
        treat = self.treats[given.treat]
        return GiftLine(
            recipient_name=given.recipient.name,
            recipient_email=given.recipient.email,
            channel=Gift.Channel(given.channel),
            treat=treat,
            price=next(price for price in treat.prices.all() if price.name == given.size),
            message=given.words,
            design=given.design,
            deliver_at=given.deliver_at,
            time_zone=self.brand.time_zone,
            given=given.amount,
            recipient_phone=given.phone,
        )

    def _life(self, bought: Bought, position: int, given: Given) -> list[Act]:
        def gift() -> Gift:
            gifts = Gift.objects.select_related("code", "order")
            return gifts.get(order__key=bought.key, position=position)

        acts: list[Act] = []
        if passed_on_at := _passed_on_at(bought, given):
            acts.append(Act(passed_on_at, lambda: self.pass_on(gift(), passed_on_at)))
        if given.opened_at:
            at = given.opened_at
            acts.append(Act(at, lambda: open_gift(gift_id=gift().pk, now=at)))
        if given.chosen_at:
            acts.append(Act(given.chosen_at, lambda: self.choose(gift(), given)))
        if given.enjoyed:
            acts.append(Act(given.enjoyed.at, lambda: self.enjoy(gift(), given), commits=True))
        acts += [
            Act(visit.at, partial(self.spend, gift, visit, nth), commits=True)
            for nth, visit in enumerate(given.visits)
        ]
        if given.thanked_at:
            acts.append(Act(given.thanked_at, lambda: self.thank(gift(), given)))
        return acts

    def pass_on(self, gift: Gift, at: datetime) -> None:
        pass_on(order=gift.order, gift_id=gift.pk, now=at)

    def choose(self, gift: Gift, given: Given) -> None:
        with suppress(ChoosingRefused):  # enjoyed already, when the history is played again
            choose(code_id=_code(gift).pk, picks=self._keys(given), now=given.chosen_at)

    def thank(self, gift: Gift, given: Given) -> None:
        with suppress(ThanksRefused):
            say_thanks(gift_id=gift.pk, words=given.thanks, now=given.thanked_at)

    # --- at the counter ------------------------------------------------------------------------

    def spend(self, gift: Callable[[], Gift], visit: Enjoyed, nth: int) -> None:
        """A part of an amount, or what is left of it."""
        spent, team = gift(), self.teams[visit.store]
        answer = redeem(
            device=self.devices[visit.store],
            text=_code(spent).reveal() or "",
            key=f"demo:{spent.pk}:{nth}",
            basket_total=visit.besides,
            staff=team[visit.cashier % len(team)],
            now=visit.at,
        )
        if not answer.redeemed:
            raise RuntimeError(f"the demo's history stumbled at a till: {answer.body['reason']}")

    def enjoy(self, gift: Gift, given: Given) -> None:
        """Redeemed; or redeemed, taken back, and redeemed again with what the recipient had said."""
        if given.enjoyed is None:
            return
        device = self.devices[given.enjoyed.store]
        team, key = self.teams[given.enjoyed.store], f"demo:{gift.pk}"
        staff, at = team[given.enjoyed.cashier % len(team)], given.enjoyed.at
        first = self._redeem(gift, given, device, staff, key, at)
        if given.enjoyed.reversed_after:
            reversed_at = at + timedelta(seconds=given.enjoyed.reversed_after)
            with suppress(ReversalRefused):
                reverse(
                    device=device,
                    redemption_id=first,
                    reason="Tapped the wrong flavor",
                    staff=staff,
                    now=reversed_at,
                )
            again = reversed_at + timedelta(seconds=25)
            self._redeem(gift, given, device, staff, f"{key}:again", again)

    def _redeem(
        self,
        gift: Gift,
        given: Given,
        device: Device,
        staff: StaffMember,
        key: str,
        at: datetime,
    ) -> UUID:
        besides = given.enjoyed.besides if given.enjoyed else None
        answer = redeem(
            device=device,
            text=_code(gift).reveal() or "",
            key=key,
            picks=self._keys(given),
            basket_total=None if besides is None else self._basket(gift, given, besides),
            staff=staff,
            now=at,
        )
        if not answer.redeemed:
            raise RuntimeError(f"the demo's history stumbled at a till: {answer.body['reason']}")
        return UUID(answer.body["id"])

    def _basket(self, gift: Gift, given: Given, besides: int) -> int:
        """What the till rang up: the gift, what was picked over it, and what was bought besides."""
        extras = {
            (group.name, option.label): option.extra
            for group in self.treats[given.treat].option_groups.all()
            for option in group.options.all()
        }
        picked = sum(extras[name, label] for name, said in given.picks.items() for label in said)
        return gift.amount + picked + besides

    def _keys(self, given: Given) -> dict[str, list[str]]:
        """What was picked, as a code has it."""
        return {
            group.key: [each.key for each in group.options.all() if each.label in said]
            for group in self.treats[given.treat].option_groups.all()
            if (said := given.picks.get(group.name))
        }


def _code(gift: Gift) -> Code:
    if gift.code is None:
        raise RuntimeError("a gift of the demo's history was never paid")
    return gift.code


def _passed_on_at(bought: Bought, given: Given) -> datetime | None:
    """When its sender passed it on by their own hand. Of several in one order some still wait for that."""
    if given.channel != Gift.Channel.LINK or not (given.opened_at or len(bought.gifts) == 1):
        return None
    due = max(given.deliver_at or bought.paid_at, bought.paid_at)
    soon = due + timedelta(minutes=3)
    if given.opened_at is None or soon < given.opened_at:
        return soon
    return due + (given.opened_at - due) / 2
