"""A random history of real acts, and what is told of each: orders, gifts opened and sent, redemptions undone,
voids, refunds, disputes, coupons, gifts that a brand gives away, visits."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Link
from giftshop.catalog.models import Treat
from giftshop.gift_page import open as open_page
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import use
from giftshop.orders.checkout import place_order
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds.models import Dispute
from redemption.codes import dispute, expire, issue, void
from redemption.codes import refund as refund_codes
from redemption.models import Code, Device
from redemption.redeem import redeem as redeem_code
from redemption.redeem import reverse
from tests.campaigns.conftest import hear
from tests.campaigns.facts.test_went_back import moved, paid, refund
from tests.cast import line, pay, symbols
from tests.giftshop.offers.made import MIA

HOURS = st.integers(0, 40)
NUMBER = st.integers(0, 9)
BASKET = st.sampled_from([None, 600, 900])
STATUS = st.sampled_from(
    ["lost", "won", "prevented", "prevented, money given back", "needs_response"]
)
AMOUNT = st.sampled_from([1, 150, 325, 9_999])
ACT = st.one_of(
    st.tuples(st.just("order"), st.integers(1, 4), st.sampled_from(["amy", "ben", ""]), HOURS),
    st.tuples(st.just("discounted"), st.integers(1, 3), st.sampled_from([7, 100]), HOURS),
    st.tuples(st.just("redeem"), NUMBER, BASKET, HOURS),
    st.tuples(st.just("reverse"), NUMBER, st.none(), HOURS),
    st.tuples(st.just("void"), NUMBER, st.none(), HOURS),
    st.tuples(st.just("pay_back"), NUMBER, AMOUNT, HOURS),
    st.tuples(st.just("lose"), NUMBER, st.none(), HOURS),
    st.tuples(st.just("expire"), NUMBER, st.booleans(), HOURS),
    st.tuples(st.just("extend"), NUMBER, st.booleans(), HOURS),
    st.tuples(st.just("refund"), NUMBER, st.sampled_from([300, 650]), HOURS),
    st.tuples(st.just("dispute"), NUMBER, STATUS, HOURS),
    st.tuples(st.just("coupon"), st.integers(0, 3), st.booleans(), HOURS),
    st.tuples(st.just("use_coupon"), st.integers(0, 3), BASKET, HOURS),
    st.tuples(st.just("end_coupon"), st.integers(0, 3), st.none(), HOURS),
    st.tuples(st.just("give_away"), NUMBER, BASKET, HOURS),
    st.tuples(st.just("open"), NUMBER, st.none(), HOURS),
    st.tuples(st.just("visit"), st.integers(0, 1), st.sampled_from(["amy", "ben"]), HOURS),
)


class History:
    def __init__(
        self,
        brand: Brand,
        treat: Treat,
        device: Device,
        ways: list[Link],
        offer: Offer,
        off: Offer,
    ) -> None:
        self.brand, self.treat, self.device = brand, treat, device
        self.ways, self.offer, self.off = ways, offer, off
        self.redeemed: list[tuple[UUID, datetime]] = []
        self.sent: set[UUID] = set()
        """Gifts that were sent to their recipient."""

    def live(self, acts: list[tuple[Any, ...]], begins: datetime) -> None:
        for act, first, second, hours in sorted(acts, key=lambda each: each[3]):
            getattr(self, act)(first, second, begins + timedelta(hours=hours))
            hear()

    def gifts(self) -> list[Gift]:
        return list(Gift.objects.with_everything().order_by("order__placed_at", "pk"))

    def gift(self, number: int) -> Gift | None:
        gifts = self.gifts()
        return gifts[number % len(gifts)] if gifts else None

    def discounted(self, gifts: int, discount: int, at: datetime) -> None:
        self.order(gifts, "amy", at, offer=self.off, discount=discount)

    def order(self, gifts: int, visitor: str, at: datetime, **off: Any) -> None:
        lines = [
            line(self.treat, f"Ben {each}", recipient_email=f"friend{each % 2}@x.example")
            for each in range(gifts)
        ]
        order = place_order(
            brand=self.brand,
            key=str(uuid4()),
            sender_name="Amy",
            sender_email="amy@x.example",
            lines=lines,
            visitor_id=visitor,
            now=at,
            **off,
        )
        pay(order, now=at)

    def crowd(self, orders: int, visitor: str, at: datetime) -> None:
        """So many orders of four; all but one gift are handed over an hour later."""
        before = len(self.gifts())
        for _ in range(orders):
            self.order(4, visitor, at)
        for number in range(before, len(self.gifts()) - 1):
            self.redeem(number, 900, at + timedelta(hours=1))

    def redeem(self, number: int, basket: int | None, at: datetime) -> None:
        gift = self.gift(number)
        if gift and gift.code:
            self._hand_over(gift.code, basket, at)

    def _hand_over(self, code: Code, basket: int | None, at: datetime) -> None:
        if code.state != Code.State.ACTIVE:
            return
        answer = redeem_code.redeem(
            device=self.device,
            text=symbols(code),
            key=str(uuid4()),
            picks={"flavour": ["mint"]} if code.kind == Code.Kind.ITEM else {},
            basket_total=basket,
            now=at,
        )
        if answer.status_code == 201:
            self.redeemed.append((UUID(answer.body["id"]), at))

    def reverse(self, _number: int, _second: None, _at: datetime) -> None:
        if self.redeemed:
            redemption, at = self.redeemed.pop()
            at += timedelta(seconds=9)
            reverse.reverse(device=self.device, redemption_id=redemption, reason="slip", now=at)

    def void(self, number: int, _second: None, at: datetime) -> None:
        gift = self.gift(number)
        if gift and gift.code and gift.code.state == Code.State.ACTIVE:
            void.void(code_id=gift.code.pk, actor=MIA, reason="ordered twice", now=at)

    def pay_back(self, number: int, amount: int, at: datetime) -> None:
        """So much of it, or all that is left."""
        gift = self.gift(number)
        if gift and gift.code_id:
            told = {"refund": f"refund:{uuid4()}", "amounts": {gift.code_id: amount}}
            refund_codes.take_off(brand=self.brand, now=at, **told)

    def lose(self, number: int, _second: None, at: datetime) -> None:
        gift = self.gift(number)
        if gift and gift.code_id:
            told = {"dispute": f"dispute:{uuid4()}", "code_ids": [gift.code_id]}
            dispute.lose(brand=self.brand, now=at, **told)

    def _any_code(self, number: int, is_coupon: bool) -> Code | None:
        gift = self.gift(number)
        return self._code_of(number) if is_coupon else gift and gift.code

    def expire(self, number: int, is_coupon: bool, at: datetime) -> None:
        """Its last day was yesterday, and what is left of it is booked."""
        code = self._any_code(number, is_coupon)
        if code is None or code.state != Code.State.ACTIVE:
            return
        days = {"valid_from": at - timedelta(days=2), "expires_at": at - timedelta(days=1)}
        Code.objects.filter(pk=code.pk).update(**days)
        Brand.objects.update(breakage_after_days=0, codes_expired_until=None)
        expire.expire_due(now=at)

    def extend(self, number: int, is_coupon: bool, at: datetime) -> None:
        code = self._any_code(number, is_coupon)
        if code and code.state == Code.State.EXPIRED:
            until = at + timedelta(days=30)
            expire.extend(code_id=code.pk, expires_at=until, actor=MIA, reason="late", now=at)

    def refund(self, number: int, amount: int, at: datetime) -> None:
        if payment := self._payment(number):
            row = refund(payment, "succeeded", amount=amount)
            type(row).objects.filter(pk=row.pk).update(succeeded_at=at)
            moved(row, "succeeded")

    def dispute(self, number: int, status: str, at: datetime) -> None:
        """One that was prevented took nothing, but where that was by giving the payer the money."""
        status, _, given_back = status.partition(", ")
        payment = self._payment(number)
        if payment is None or payment.disputes.exists():
            return
        row = Dispute.objects.create(
            brand=self.brand,
            payment=payment,
            dispute_id=f"du_{uuid4()}",
            status=status,
            reason="fraudulent",
            amount=payment.amount,
            currency=payment.currency,
            opened_at=at,
            over_at=None if status == "needs_response" else at,
            withdrawn_at=None if status == "prevented" and not given_back else at,
        )
        moved(row, status)

    def _payment(self, number: int) -> Payment | None:
        gift = self.gift(number)
        if gift is None:
            return None
        return Payment.objects.filter(order=gift.order).first() or paid(gift.order, "paid")

    def coupon(self, who: int, by_link: bool, at: datetime) -> None:
        way = self.ways[who % len(self.ways)]
        led: dict[str, Any] = {"campaign_id": way.campaign_id, "link_id": way.pk}
        use(offer_id=self.offer.pk, holder=f"browser:{who}", now=at, **(led if by_link else {}))

    def _code_of(self, who: int) -> Code | None:
        uses = OfferUse.objects.select_related("code__brand").order_by("used_at", "pk")
        had = list(uses)
        return had[who % len(had)].code if had else None

    def use_coupon(self, who: int, basket: int | None, at: datetime) -> None:
        if code := self._code_of(who):
            self._hand_over(code, basket, at)

    def end_coupon(self, who: int, _second: None, at: datetime) -> None:
        if code := self._code_of(who):
            void.take_back(code_id=code.pk, reason="paid_back", now=at)

    def give_away(self, number: int, basket: int | None, at: datetime) -> None:
        """A gift of the brand's own, for a campaign or for none."""
        reference = f"own:{uuid4()}"
        [code] = issue.issue_first(
            brand=self.brand,
            reference=reference,
            origin=Code.Origin.PROMOTIONAL,
            specs=[issue.CodeSpec(reference=reference, label="A scoop", amount=500)],
            now=at,
            campaign_id=self.ways[0].campaign_id if number % 2 else None,
        )
        code.brand = self.brand
        Code.objects.filter(pk=code.pk).update(kind=Code.Kind.VALUE)
        code.kind = Code.Kind.VALUE
        self._hand_over(code, basket if basket and basket > 500 else None, at)

    def open(self, number: int, _second: None, at: datetime) -> None:
        gift = self.gift(number)
        if gift and gift.code_id:
            told = {"gift_id": str(gift.pk)}
            if gift.pk not in self.sent:
                emit(topic=Topic.GIFT_SENT, brand_id=gift.brand_id, payload=told, now=at)
            self.sent.add(gift.pk)
            open_page.open_gift(gift_id=gift.pk, now=at)

    def visit(self, way: int, visitor: str, at: datetime) -> None:
        links.follow(link=self.ways[way % len(self.ways)], visitor_id=visitor, now=at)
