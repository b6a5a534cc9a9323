"""A brand whose gifts lead random lives: what is there at the start, and what must hold after each act."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from django_scopes import scope
from hypothesis.stateful import RuleBasedStateMachine, invariant

from core.ids import uuid7
from redemption.audit.actors import Actor
from redemption.models import Code, Posting, RefusedAttempt, StaffMember
from redemption.redeem import redeem
from redemption.till import devices
from tests.cast import make_brand, make_free_treat, make_store, symbols
from tests.redemption.life import LIMIT, Books, Life, Spent

LEAST = 50
"""Of a gift whose sender names the amount; less is no payment."""
START = datetime(2026, 3, 7, 20, 30, tzinfo=UTC)  # the clocks of Seattle change that night


class LivedIn(RuleBasedStateMachine):
    """The product and the plain model of its books, side by side."""

    ended = 0
    """How many such brands were compared to their end."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint._from_testcase = (
            True  # so that what asks to be outermost still may run inside
        )
        self.savepoint.__enter__()
        self.now = START
        self.brand = make_brand(
            f"brand-{uuid7()}",
            gift_valid_days=20,
            void_limit=LIMIT,
            goodwill_person_limit=100 * LIMIT,
            goodwill_store_limit=100 * LIMIT,
            breakage_after_days=30,
        )
        self.scope = scope(brand=self.brand)
        self.scope.__enter__()
        self.stores = [
            make_store(self.brand, "pike-street"),
            make_store(self.brand, "ballard", operator="Ballard Scoops LLC"),
        ]
        self.devices = [
            devices.pair_directly(store=store, name="Till").device for store in self.stores
        ]
        self.people = {
            name: StaffMember.objects.create(brand=self.brand, name=name, role=role, pin_hash="!")
            for name, role in (("Dana", "cashier"), ("Mo", "manager"), ("Nia", "manager"))
        }
        for member in self.people.values():
            member.stores.set(self.stores)
        limits = {"amount": LEAST, "most": 2 * LIMIT, "suggested": []}
        self.any_amount = make_free_treat(self.brand, **limits)
        self.books = Books(self.brand.time_zone)
        self.lives: list[tuple[Life, Code, str]] = []
        self.spent: list[tuple[Life, Spent, UUID]] = []
        self.answers: dict[str, tuple[dict[str, Any], redeem.Answer]] = {}
        self.requests: dict[int, UUID] = {}
        self.disputes: dict[int, list[str]] = {}

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

    def _born(self, code: Code, **traits: Any) -> None:
        life = Life(amount=code.amount, expires_at=code.expires_at, **traits)
        self.books.issue(life)
        self.lives.append((life, code, symbols(code)))

    def _ask(self, key: str, asked: dict[str, Any], store: int, who: str) -> redeem.Answer:
        staff = self.people[who] if who else None
        return redeem.redeem(
            device=self.devices[store],
            key=key,
            staff=staff,
            signed_in=bool(staff),
            now=self.now,
            **asked,
        )

    def _life(self, n: int) -> tuple[Life, Code, str]:
        return self.lives[n % len(self.lives)]

    def _actor(self, who: str) -> Actor:
        return Actor.staff(self.people[who])

    def teardown(self) -> None:
        try:
            call_command("verify_ledger")
            call_command("verify_audit")
            type(self).ended += 1
        finally:
            transaction.set_rollback(True)
            self.scope.__exit__(None, None, None)
            self.savepoint.__exit__(None, None, None)
