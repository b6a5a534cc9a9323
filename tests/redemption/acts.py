"""What can happen to gifts: each act is done to the product and to the plain model, and they must agree."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.ids import uuid7
from core.refused import Refused
from giftshop.orders import checkout
from redemption.codes import (
    expire as expire_codes,
)
from redemption.codes import (
    hold,
)
from redemption.codes import (
    issue as issue_codes,
)
from redemption.codes import (
    void as void_code,
)
from redemption.codes.acts import ActRefused
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import Code, StaffMember
from redemption.redeem import reverse as reverse_redemption
from tests.cast import flavour, line, pay
from tests.redemption import money_back
from tests.redemption.life import LIMIT, Spent
from tests.redemption.lived_in import LEAST, LivedIn

LIVES_MAX = 4
SEED = 30
"""Named, so that an edit of an act does not lead other lives."""
NOT_SETTLED = {"invalid", "choices_required", "idempotency_key_reused"}

a_life = st.integers(0, LIVES_MAX - 1)
a_store = st.integers(0, 1)
anybody = st.sampled_from(["", "Dana", "Mo", "Nia"])
a_manager = st.sampled_from(["Mo", "Nia"])
a_while = st.sampled_from(
    [
        timedelta(seconds=20),
        timedelta(minutes=2),
        timedelta(hours=7),
        timedelta(days=9),
        timedelta(days=45),
    ]
)
pennies = st.integers(1, 2 * LIMIT)
an_amount = st.one_of(st.none(), st.integers(0, LIMIT), pennies)


FLAVOUR = flavour(("mint", 0), ("fig", 50))


def said(act: Callable[[], Any], *refusals: type[Refused[Any]]) -> str:
    """ok, or why not."""
    try:
        act()
    except refusals as refused:
        return str(refused.reason.value)
    return "ok"


@seed(SEED)
class LivesOfCodes(LivedIn):
    @precondition(lambda self: len(self.lives) < LIVES_MAX)
    @rule(
        amount=pennies,
        paid=st.booleans(),
        item=st.booleans(),
        picky=st.booleans(),
        here=st.booleans(),
        off=st.sampled_from([0, 0, 1, 15, 33, 50, 99]),
    )
    def issue(self, amount: int, paid: bool, item: bool, picky: bool, here: bool, off: int) -> None:
        """`off`: percent that somebody who pays did not pay."""
        discount = amount * off // 100 if paid else 0
        spec = issue_codes.CodeSpec(
            reference=f"life:{uuid7()}",
            label="Scoop",
            amount=amount,
            discount=discount,
            kind=Code.Kind.ITEM if item else Code.Kind.VALUE,
            choices=[FLAVOUR] if picky else (),
            store_ids=[self.stores[0].pk] if here else (),
        )
        code = issue_codes.issue(
            brand=self.brand,
            reference=spec.reference,
            origin=Code.Origin.PAID if paid else Code.Origin.PROMOTIONAL,
            specs=[spec],
            now=self.now,
        )[0]
        stores = (0,) if here else (0, 1)
        self._born(code, is_paid=paid, item=item, choosy=picky, stores=stores, discount=discount)

    @precondition(lambda self: len(self.lives) < LIVES_MAX)
    @rule(amount=st.integers(LEAST, 2 * LIMIT))
    def buy_for_an_amount(self, amount: int) -> None:
        """As a sender does it who names the amount."""
        given = line(self.any_amount, given=amount)
        order = checkout.place_order(
            brand=self.brand,
            key=f"life:{uuid7()}",
            sender_name="Amy",
            sender_email="amy@senders.example",
            lines=[given],
            now=self.now,
        )
        [gift] = pay(order, now=self.now).gifts.with_everything()
        assert gift.code
        self._born(gift.code)

    @precondition(lambda self: len(self.lives) < LIVES_MAX)
    @rule(amount=st.integers(1, LIMIT), who=a_manager)
    def issue_goodwill_gift(self, amount: int, who: str) -> None:
        code = issue_goodwill_gift(
            staff=self.people[who],
            device=self.devices[0],
            amount=amount,
            label="Sorry",
            reason="cold coffee",
            now=self.now,
        )
        self._born(code, is_paid=False, by=who)

    @precondition(lambda self: self.lives)
    @rule(
        n=a_life,
        amount=an_amount,
        pick=st.sampled_from(["", "mint", "fig"]),
        store=a_store,
        who=anybody,
    )
    def redeem(self, n: int, amount: int | None, pick: str, store: int, who: str) -> None:
        life, _code, text = self._life(n)
        asked = {"text": text, "amount": amount, "picks": {"flavour": pick} if pick else {}}
        key = str(uuid7())
        answer = self._ask(key, asked, store, who)
        expected = self.books.redeem(
            life, amount=amount, flavour=pick, store=store, who=who, now=self.now
        )
        assert ("ok" if answer.redeemed else answer.body["reason"]) == expected
        if answer.redeemed:
            assert answer.body["balance"]["amount"] == life.balance
            assert answer.body["extra"]["amount"] == (50 if pick == "fig" else 0)
            taken = Spent(answer.body["redeemed"]["amount"], store, self.now)
            self.spent.append((life, taken, UUID(answer.body["id"])))
        if expected not in NOT_SETTLED:
            self.answers[key] = ({**asked, "store": store}, answer)

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), other=st.booleans(), who=anybody)
    def same_key_again(self, data: st.DataObject, other: bool, who: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.answers)))
        asked, first = self.answers[key]
        asked = dict(asked)
        store = asked.pop("store")
        if other:
            asked["amount"] = (asked["amount"] or 0) + 1
        answer = self._ask(key, asked, store, who)
        if other:
            assert answer.body["reason"] == "idempotency_key_reused"
        else:
            assert (answer.text, answer.status_code) == (first.text, first.status_code)
            assert answer.replayed

    @precondition(lambda self: self.spent)
    @rule(data=st.data(), store=a_store, who=anybody)
    def reverse(self, data: st.DataObject, store: int, who: str) -> None:
        life, spent, redemption_id = data.draw(st.sampled_from(self.spent))
        member = self.people.get(who)
        found = said(
            lambda: reverse_redemption.reverse(
                device=self.devices[store],
                redemption_id=redemption_id,
                reason="wrong recipient",
                staff=member,
                signed_in=member is not None,
                now=self.now,
            ),
            reverse_redemption.ReversalRefused,
        )
        manager = member is not None and member.role == StaffMember.Role.MANAGER
        assert found == self.books.reverse(life, spent, store=store, manager=manager, now=self.now)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, who=a_manager)
    def void(self, n: int, who: str) -> None:
        life, code, _text = self._life(n)
        found = said(
            lambda: void_code.void(
                code_id=code.pk, actor=self._actor(who), reason="ordered twice", now=self.now
            ),
            ActRefused,
        )
        assert found == self.books.void(life)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, who=a_manager)
    def ask_to_void(self, n: int, who: str) -> None:
        life, code, _text = self._life(n)
        made: list[UUID] = []
        found = said(
            lambda: made.append(
                void_code.ask(
                    code_id=code.pk, actor=self._actor(who), reason="too much", now=self.now
                ).pk
            ),
            ActRefused,
        )
        assert found == self.books.ask(life, who)
        if made:
            self.requests[id(life)] = made[0]

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), who=a_manager, approved=st.booleans())
    def decide(self, data: st.DataObject, who: str, approved: bool) -> None:
        asked = [life for life, _code, _text in self.lives if life.asked_by]
        if not asked:
            return
        life = data.draw(st.sampled_from(asked))
        act = void_code.approve if approved else void_code.decline
        found = said(
            lambda: act(request_id=self.requests[id(life)], actor=self._actor(who), now=self.now),
            ActRefused,
        )
        assert found == self.books.decide(life, who, approved=approved)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, who=a_manager, on=st.booleans())
    def hold(self, n: int, who: str, on: bool) -> None:
        life, code, _text = self._life(n)
        act = hold.place if on else hold.release
        found = said(
            lambda: act(
                code_id=code.pk, actor=self._actor(who), reason="a call came", now=self.now
            ),
            ActRefused,
        )
        assert found == (self.books.hold(life) if on else self.books.release(life))

    @precondition(lambda self: self.lives)
    @rule(n=a_life, part=st.one_of(st.none(), pennies))
    def refund(self, n: int, part: int | None) -> None:
        life, code, _text = self._life(n)
        found = said(
            lambda: money_back.refund_left(
                code_id=code.pk,
                reference=f"refund:{uuid7()}",
                actor=self._actor("Mo"),
                reason="asked for",
                part=part,
                now=self.now,
            ),
            ActRefused,
        )
        assert found == self.books.refund(life, part)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, another=st.booleans(), won=st.booleans())
    def dispute(self, n: int, another: bool, won: bool) -> None:
        """Opened, a second one too, or the first that is open decided."""
        life, code, _text = self._life(n)
        if not life.is_paid:
            return
        about: dict[str, Any] = {"brand": self.brand, "code_ids": [code.pk], "now": self.now}
        known = self.disputes.setdefault(id(life), [])
        if not known or (another and len(known) < 2):
            known.append(f"dispute:{uuid7()}")
            money_back.open_dispute(dispute=known[-1], amount=life.paid, **about)
            self.books.dispute(life, known[-1])
        elif won:
            money_back.win(dispute=known[0], amount=life.paid, **about)
            self.books.win(life, known.pop(0))
        else:
            money_back.lose(dispute=known.pop(0), **about)
            self.books.lose(life)

    @rule(some=a_while)
    def time_passes(self, some: timedelta) -> None:
        self.now += some

    @rule(much_later=st.sampled_from([True, False, False, False]))
    def expire(self, much_later: bool) -> None:
        """Now and then when the days of all are over: by chance alone no life would come to that."""
        if much_later:
            self.now += timedelta(days=60)
        found = expire_codes.expire_due(now=self.now)
        assert found == sum(self.books.expire(life, self.now) for life, _code, _text in self.lives)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, days=st.integers(-5, 90))
    def extend(self, n: int, days: int) -> None:
        life, code, _text = self._life(n)
        until = self.now + timedelta(days=days)
        found = said(
            lambda: expire_codes.extend(
                code_id=code.pk,
                expires_at=until,
                actor=self._actor("Nia"),
                reason="came late",
                now=self.now,
            ),
            ActRefused,
        )
        assert found == self.books.extend(life, until, self.now)
