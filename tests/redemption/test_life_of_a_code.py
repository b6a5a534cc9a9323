"""Whatever happens to a gift, in whatever order, the product and a plain model agree (I4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django_scopes import scope
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from redemption import (
    disputing,
    expiring,
    freezing,
    issuing,
    pairing,
    redeeming,
    refunding,
    reversing,
    voiding,
)
from redemption.actors import Actor
from redemption.ids import uuid7
from redemption.issuing_by_hand import issue_by_hand
from redemption.models import Account, Code, Posting, RefusedAttempt, StaffMember
from tests.cast import make_brand, make_store, symbols
from tests.figures import Figure
from tests.redemption.life import LIMIT, Books, Life, Spent

EXAMPLES, STEPS = 25, 30
START = datetime(2026, 3, 7, 20, 30, tzinfo=UTC)  # the clocks of Seattle change that night
LIVES_MAX = 4
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


def flavour() -> list[dict[str, Any]]:
    options = [
        {"key": key, "label": key, "extra": extra} for key, extra in (("mint", 0), ("fig", 50))
    ]
    choice = {"key": "flavour", "name": "Flavour", "chooser": "recipient"}
    return [{**choice, "min": 1, "max": 1, "options": options, "picked": []}]


def said(act: Callable[[], Any], *refusals: type[Exception]) -> str:
    """ok, or why not."""
    try:
        act()
    except refusals as refused:
        return str(refused.reason.value)  # type: ignore[attr-defined]
    return "ok"


class LivesOfCodes(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # so that what asks to be outermost still may run inside
        self.undo.__enter__()
        self.now = START
        self.brand = make_brand(
            f"brand-{uuid7()}", gift_valid_days=20, void_limit=LIMIT, breakage_after_days=30
        )
        self.scope = scope(brand=self.brand)
        self.scope.__enter__()
        self.stores = [
            make_store(self.brand, "pike-street"),
            make_store(self.brand, "ballard", operator="Ballard Scoops LLC"),
        ]
        self.devices = [
            pairing.pair_directly(store=store, name="Till").device for store in self.stores
        ]
        self.people = {
            name: StaffMember.objects.create(brand=self.brand, name=name, role=role, pin_hash="!")
            for name, role in (("Dana", "cashier"), ("Mo", "manager"), ("Nia", "manager"))
        }
        for member in self.people.values():
            member.stores.set(self.stores)
        self.books = Books(self.brand.time_zone)
        self.lives: list[tuple[Life, Code, str]] = []
        self.spent: list[tuple[Life, Spent, UUID]] = []
        self.answers: dict[str, tuple[dict[str, Any], redeeming.Answer]] = {}
        self.requests: dict[int, UUID] = {}
        self.disputes: dict[int, str] = {}

    # --- What can happen ------------------------------------------------------------------------

    @precondition(lambda self: len(self.lives) < LIVES_MAX)
    @rule(
        amount=pennies,
        paid=st.booleans(),
        item=st.booleans(),
        picky=st.booleans(),
        here=st.booleans(),
    )
    def issue(self, amount: int, paid: bool, item: bool, picky: bool, here: bool) -> None:
        spec = issuing.CodeSpec(
            reference=f"life:{uuid7()}",
            label="Scoop",
            amount=amount,
            kind=Code.Kind.ITEM if item else Code.Kind.VALUE,
            choices=flavour() if picky else (),  # type: ignore[arg-type]
            store_ids=[self.stores[0].pk] if here else (),
        )
        code = issuing.issue(
            brand=self.brand,
            reference=spec.reference,
            origin=Code.Origin.PAID if paid else Code.Origin.PROMOTIONAL,
            specs=[spec],
            now=self.now,
        )[0]
        self._born(code, paid=paid, item=item, choosy=picky, stores=(0,) if here else (0, 1))

    @precondition(lambda self: len(self.lives) < LIVES_MAX)
    @rule(amount=st.integers(1, LIMIT), who=a_manager)
    def issue_by_hand(self, amount: int, who: str) -> None:
        code = issue_by_hand(
            brand=self.brand,
            staff=self.people[who],
            amount=amount,
            label="Sorry",
            reason="cold coffee",
            now=self.now,
        )
        self._born(code, paid=False, by=who)

    def _born(self, code: Code, **traits: Any) -> None:
        life = Life(amount=code.amount, expires_at=code.expires_at, **traits)
        self.books.issue(life)
        self.lives.append((life, code, symbols(code)))

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

    def _ask(self, key: str, asked: dict[str, Any], store: int, who: str) -> redeeming.Answer:
        staff = self.people[who] if who else None
        return redeeming.redeem(
            device=self.devices[store], key=key, staff=staff, now=self.now, **asked
        )

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
            lambda: reversing.reverse(
                device=self.devices[store],
                redemption_id=redemption_id,
                reason="wrong guest",
                staff=member,
                signed_in=member is not None,
                now=self.now,
            ),
            reversing.ReversalRefused,
        )
        manager = member is not None and member.role == StaffMember.Role.MANAGER
        assert found == self.books.reverse(life, spent, store=store, manager=manager, now=self.now)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, who=a_manager)
    def void(self, n: int, who: str) -> None:
        life, code, _text = self._life(n)
        found = said(
            lambda: voiding.void(
                code_id=code.pk, actor=self._actor(who), reason="ordered twice", now=self.now
            ),
            voiding.VoidRefused,
        )
        assert found == self.books.void(life)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, who=a_manager)
    def ask_to_void(self, n: int, who: str) -> None:
        life, code, _text = self._life(n)
        made: list[UUID] = []
        found = said(
            lambda: made.append(
                voiding.ask(
                    code_id=code.pk, actor=self._actor(who), reason="too much", now=self.now
                ).pk
            ),
            voiding.VoidRefused,
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
        act = voiding.approve if approved else voiding.decline
        found = said(
            lambda: act(request_id=self.requests[id(life)], actor=self._actor(who), now=self.now),
            voiding.VoidRefused,
        )
        assert found == self.books.decide(life, who, approved=approved)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, who=a_manager, on=st.booleans())
    def hold(self, n: int, who: str, on: bool) -> None:
        life, code, _text = self._life(n)
        act = freezing.freeze if on else freezing.unfreeze
        found = said(
            lambda: act(
                code_id=code.pk, actor=self._actor(who), reason="a call came", now=self.now
            ),
            freezing.FreezeRefused,
        )
        assert found == (self.books.freeze(life) if on else self.books.unfreeze(life))

    @precondition(lambda self: self.lives)
    @rule(n=a_life)
    def refund(self, n: int) -> None:
        life, code, _text = self._life(n)
        found = said(
            lambda: refunding.refund_left(
                code_id=code.pk,
                reference=f"refund:{uuid7()}",
                actor=self._actor("Mo"),
                reason="asked for",
                now=self.now,
            ),
            refunding.RefundRefused,
        )
        assert found == self.books.refund(life)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, won=st.booleans())
    def dispute(self, n: int, won: bool) -> None:
        """Opened, or the one that is open decided."""
        life, code, _text = self._life(n)
        if not life.paid:
            return
        about: dict[str, Any] = {"brand": self.brand, "code_ids": [code.pk], "now": self.now}
        known = self.disputes.pop(id(life), "")
        if not known:
            self.disputes[id(life)] = known = f"dispute:{uuid7()}"
            disputing.open_dispute(dispute=known, amount=life.amount, **about)
            self.books.dispute(life, known)
        elif won:
            disputing.win(dispute=known, amount=life.amount, **about)
            self.books.win(life, known)
        else:
            disputing.lose(dispute=known, **about)
            self.books.lose(life)

    @rule(some=a_while)
    def time_passes(self, some: timedelta) -> None:
        self.now += some

    @rule()
    def expire(self) -> None:
        found = expiring.expire_due(now=self.now)
        assert found == sum(self.books.expire(life, self.now) for life, _code, _text in self.lives)

    @precondition(lambda self: self.lives)
    @rule(n=a_life, days=st.integers(-5, 90))
    def extend(self, n: int, days: int) -> None:
        life, code, _text = self._life(n)
        until = self.now + timedelta(days=days)
        found = said(
            lambda: expiring.extend(
                code_id=code.pk,
                expires_at=until,
                actor=self._actor("Nia"),
                reason="came late",
                now=self.now,
            ),
            expiring.ExtensionRefused,
        )
        assert found == self.books.extend(life, until, self.now)

    # --- What must hold after each step ---------------------------------------------------------

    @invariant()
    def codes_are_as_the_model_says(self) -> None:
        for life, code, _text in self.lives:
            code.refresh_from_db(fields=["state", "balance", "expires_at"])
            assert (code.state, code.balance, code.expires_at) == (
                life.state,
                life.balance,
                life.expires_at,
            )

    @invariant()
    def books_are_as_the_model_says(self) -> None:
        with connection.cursor() as cursor:  # what waits for the commit is checked now
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        rows = Posting.objects.values_list("account").annotate(total=Sum("amount"))
        assert {a: n for a, n in rows if n} == {a: n for a, n in self.books.accounts.items() if n}
        assert sum(self.books.accounts.values()) == 0
        assert RefusedAttempt.objects.count() == self.books.refused

    def _life(self, n: int) -> tuple[Life, Code, str]:
        return self.lives[n % len(self.lives)]

    def _actor(self, who: str) -> Actor:
        return Actor.staff(self.people[who])

    def teardown(self) -> None:
        try:
            call_command("verify_ledger")
            call_command("verify_audit")
        finally:
            transaction.set_rollback(True)
            self.scope.__exit__(None, None, None)
            self.undo.__exit__(None, None, None)


def live(*, examples: int, steps: int, shrink: bool = True) -> None:
    run(  # type: ignore[no-untyped-call]
        LivesOfCodes,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        ),
    )


def live_and_tell(figure: Figure, *, examples: int, steps: int) -> None:
    live(examples=examples, steps=steps)
    figure(
        "I4",
        "acts on gifts in any order, compared with a plain model after each",
        size=f"{examples} lives of up to {steps} acts",
        result="0 differences in answers, states, balances, accounts",
        zero_in=examples,
    )


@pytest.mark.django_db
def test_the_product_and_a_plain_model_agree(figure: Figure) -> None:
    live_and_tell(figure, examples=EXAMPLES, steps=STEPS)


@pytest.mark.stress
@pytest.mark.django_db
def test_the_product_and_a_plain_model_agree_for_long(figure: Figure) -> None:
    live_and_tell(figure, examples=200, steps=50)


QUICK_TO_FIND = {
    "a cancelled gift counted as sold": (
        voiding,
        "_TAKEN_BACK_BY",
        dict.fromkeys(Code.Origin, Account.SALES),
    ),
    "a key that is not looked at": (redeeming, "_replay", lambda *_: redeeming.Answer(201, "{}")),
}
SLOW_TO_FIND = {
    "a dispute's hold taken off by hand": (freezing, "held_by", lambda _code: ""),
    "an extended gift that stays spent": (expiring, "_owe_again", lambda *_: None),
}


def disagree(fault: tuple[Any, str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*fault)
    with pytest.raises((AssertionError, KeyError, DatabaseError)):
        live(examples=200, steps=STEPS, shrink=False)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", QUICK_TO_FIND)
def test_the_control_with_a_fault_disagrees(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    disagree(QUICK_TO_FIND[fault], monkeypatch)


@pytest.mark.stress
@pytest.mark.django_db
@pytest.mark.parametrize("fault", SLOW_TO_FIND)
def test_the_control_with_a_rarer_fault_disagrees(
    fault: str, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    disagree(SLOW_TO_FIND[fault], monkeypatch)
    figure("I4", f"control: {fault}", size="up to 200 lives", result="found")
