"""Stores change in one transaction with an audit entry; who runs one never rewrites the past."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.studio.stores import changes
from giftshop.studio.stores.changes import StoreFacts, add_store, change_store
from redemption.audit.actors import Actor
from redemption.models import AuditEntry, Code, Device, JournalEntry, Posting
from redemption.redeem.redeem import redeem
from redemption.redeem.reverse import reverse
from tests.cast import symbols

OLIVE = Actor("user", uuid4(), "Olive")
FACTS = StoreFacts(
    name="Pike Street",
    street="1 Pike Street",
    city="Seattle",
    country="US",
    time_zone="America/Los_Angeles",
    hours=("08:00-20:00",) * 7,
)


def credited() -> list[str]:
    """The account each redemption and undo was booked to, oldest first."""
    postings = Posting.objects.exclude(account="gift_liability").filter(
        entry__kind__in=[JournalEntry.Kind.REDEMPTION, JournalEntry.Kind.REVERSAL]
    )
    return [posting.account for posting in postings.order_by("pk")]


def hand_over(device: Device, code: Code, amount: int) -> Any:
    picks = {"flavour": ["mint"]}
    return redeem(device=device, text=symbols(code), key=str(uuid4()), amount=amount, picks=picks)


def test_who_runs_a_store_counts_from_the_next_redemption_on(
    brand: Brand, store: Store, device: Device, gift: Any
) -> None:
    with scope(brand=brand):
        orders = list(gift.order.gifts.select_related("code").order_by("position"))
    first, second = (hand.code for hand in orders)

    done = hand_over(device, first, 650)
    assert done.status_code == 201
    with scope(brand=brand):
        change_store(store=store, facts=replace(FACTS, operator="Scoops LLC"), by=OLIVE)
        assert credited() == ["sales"], "the past stays where it was booked"
    assert hand_over(device, second, 650).status_code == 201
    reverse(device=device, redemption_id=done.body["id"], reason="Wrong size")

    with scope(brand=brand):
        assert credited() == ["sales", "store_payable", "sales"]


def test_what_is_added_has_every_fact(in_brand: Brand) -> None:
    facts = replace(FACTS, operator="Scoops LLC", latitude=47.6, longitude=-122.3, phone="555")
    store = add_store(brand=in_brand, facts=facts, by=OLIVE)
    entry = AuditEntry.objects.get()

    assert {name: getattr(store, name) for name in facts.values()} == facts.values()
    assert entry.details["name"] == "Pike Street"
    assert entry.details["changes"]["is_active"] == [None, True]
    assert "region" not in entry.details["changes"], "what is empty is not told"


def test_an_act_that_is_not_in_the_audit_log_did_not_happen(
    in_brand: Brand, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_fields: Any) -> None:
        raise RuntimeError("no audit log")

    monkeypatch.setattr(changes, "record", broken)
    for act in (
        lambda: change_store(store=store, facts=replace(FACTS, city="Tacoma"), by=OLIVE),
        lambda: add_store(brand=in_brand, facts=replace(FACTS, city="Portland"), by=OLIVE),
    ):
        with pytest.raises(RuntimeError):
            act()

    assert [row.city for row in Store.objects.all()] == ["Seattle"]


def test_what_changed_is_judged_by_the_row_not_by_what_was_loaded(
    in_brand: Brand, store: Store
) -> None:
    stale = Store.objects.get(pk=store.pk)
    change_store(store=store, facts=replace(FACTS, city="Tacoma"), by=OLIVE)

    assert change_store(store=stale, facts=replace(FACTS, city="Tacoma"), by=OLIVE) == []
    assert AuditEntry.objects.count() == 1
