"""Each check of the ledger finds its fault, made by somebody whom no trigger stops."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import expire, hold, refund
from redemption.ledger import verify
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, Device, JournalEntry, Posting
from redemption.redeem import redeem, reverse
from tests.cast import flavour, symbols
from tests.redemption.books import issued


@pytest.fixture
def busy(brand: Brand, other_brand: Brand, device: Device) -> Brand:
    """A bit of everything: sold, redeemed in part, undone, expired, extended, held, and a batch of three."""
    with scope(brand=brand):
        code = issued(brand, 1000, choices=[{**flavour(("mint", 0)), "picked": ["mint"]}])
    redeem.redeem(device=device, text=symbols(code), key="a", amount=400)
    undone = redeem.redeem(device=device, text=symbols(code), key="b", amount=100)
    reverse.reverse(device=device, redemption_id=UUID(undone.body["id"]), reason="spilt")
    with scope(brand=brand):
        batch(brand)
        half = issued(brand, 801, discount=400)
        redeem.redeem(device=device, text=symbols(half), key="c", amount=300)
        with transaction.atomic():
            refund.take_off(
                brand=brand, refund="refund:1", amounts={half.pk: 99}, now=timezone.now()
            )
        at = timezone.now() - timedelta(days=100)
        old = issued(brand, 700, now=at, expires_at=at + timedelta(days=1))
        expire.expire_due()
        expire.extend(
            code_id=old.pk,
            expires_at=timezone.now() + timedelta(days=9),
            actor=Actor("user", uuid7(), "Olive"),
            reason="x",
        )
        hold.place(code_id=issued(brand, 900).pk, actor=SYSTEM, reason="x")
    check_deferred_constraints()
    return brand


def batch(brand: Brand) -> None:
    """Three codes of 5.00, opened by one posting."""
    codes = [issued(brand, 500, Code.Origin.PROMOTIONAL) for _ in range(3)]
    entry = post(
        brand=brand,
        kind=JournalEntry.Kind.PROMOTION,
        reference="batch:1",
        currency="USD",
        legs=[Leg(Account.PROMO_EXPENSE, 1500)],
        now=timezone.now(),
    )
    Posting.objects.create(
        entry=entry,
        brand=brand,
        account=Account.GIFT_LIABILITY,
        amount=-1500,
        currency="USD",
        codes=3,
    )
    ids = [code.pk for code in codes]
    check_deferred_constraints()
    run(
        "DELETE FROM redemption_posting p USING redemption_posting q"
        " WHERE q.code_id = ANY(%s) AND p.entry_id = q.entry_id",
        ids,
    )
    run(
        "DELETE FROM redemption_journalentry e WHERE NOT EXISTS"
        " (SELECT FROM redemption_posting p WHERE p.entry_id = e.id)"
    )
    Code.objects.filter(pk__in=ids).update(batch_id=entry.pk)


def check_deferred_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, "the fault was not made"
        cursor.execute("SET session_replication_role = origin")


def found() -> set[str]:
    return {difference.kind for check in verify.CHECKS for difference in verify.differences(check)}


def test_whole_books_pass(busy: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_ledger")
    assert f"{len(verify.CHECKS)} checks, no difference" in capsys.readouterr().out


FAULTS = {
    "entry does not sum to zero": [
        "UPDATE redemption_posting SET amount = amount + 1 WHERE account = 'sales'",
        "UPDATE redemption_posting SET currency = 'EUR' WHERE account = 'sales'",
        "DELETE FROM redemption_posting WHERE account = 'stripe_clearing'",
    ],
    "entry has no postings": [
        "DELETE FROM redemption_posting WHERE account IN ('promo_expense', 'gift_liability')",
    ],
    "balance differs from the code's postings": [
        "UPDATE redemption_code SET balance = balance - 1 WHERE batch_id IS NULL",
        "UPDATE redemption_code SET balance = balance - 1 WHERE batch_id IS NOT NULL",
        "DELETE FROM redemption_posting WHERE code_id IS NOT NULL AND amount = 400",
    ],
    "code was not opened with its amount": [
        "UPDATE redemption_code SET amount = amount + 1 WHERE batch_id IS NULL",
        "UPDATE redemption_posting SET code_id = (SELECT id FROM redemption_code"
        " WHERE batch_id IS NOT NULL LIMIT 1) WHERE code_id IS NOT NULL AND amount = -700",
        "UPDATE redemption_journalentry SET kind = 'fee' WHERE kind = 'sale'",
    ],
    "discount is not shared as its code's balance moved": [
        "UPDATE redemption_posting SET amount = amount + 1 WHERE account = 'promo_expense'"
        " AND amount < 0 AND code_id IS NOT NULL",
        "UPDATE redemption_code SET discount = 399 WHERE discount = 400",
        "DELETE FROM redemption_posting WHERE account = 'promo_expense' AND amount = 400",
        "UPDATE redemption_journalentry SET kind = 'void' WHERE kind = 'redemption'",
    ],
    "paid back differs from the code's refunds": [
        "UPDATE redemption_code SET paid_back = 98 WHERE paid_back = 99",
        "UPDATE redemption_code SET paid_back = 1 WHERE discount = 0 AND batch_id IS NULL",
        "UPDATE redemption_journalentry SET kind = 'void' WHERE kind = 'refund'",
    ],
    "batch differs from its opening": [
        "UPDATE redemption_posting SET codes = 4 WHERE codes = 3",
        "UPDATE redemption_posting SET amount = -1499 WHERE codes = 3",
        "DELETE FROM redemption_posting WHERE codes = 3",
        "DELETE FROM redemption_code WHERE id = (SELECT min(id::text)::uuid FROM redemption_code"
        " WHERE batch_id IS NOT NULL)",
        "UPDATE redemption_code SET batch_id = gen_random_uuid() WHERE batch_id IS NOT NULL",
    ],
    "posting in another currency than its code": [
        "UPDATE redemption_posting SET currency = 'EUR' WHERE entry_id ="
        " (SELECT entry_id FROM redemption_posting WHERE code_id IS NOT NULL LIMIT 1)",
    ],
    "posting of another brand than its entry or code": [
        "UPDATE redemption_posting SET brand_id = (SELECT id FROM brands_brand"
        " WHERE slug = 'harbor-bean') WHERE account = 'sales'",
        "UPDATE redemption_code SET brand_id = (SELECT id FROM brands_brand"
        " WHERE slug = 'harbor-bean') WHERE batch_id IS NULL",
    ],
    "redemption differs from its entry": [
        "DELETE FROM redemption_redemption WHERE idempotency_key = 'a'",
        "DELETE FROM redemption_journalentry WHERE kind = 'redemption'",
        "UPDATE redemption_redemption SET amount = 399 WHERE idempotency_key = 'a'",
        "UPDATE redemption_redemption SET code_id = (SELECT id FROM redemption_code"
        " WHERE batch_id IS NOT NULL LIMIT 1) WHERE idempotency_key = 'a'",
        "UPDATE redemption_journalentry SET reference = reference || 'x' WHERE kind = 'redemption'",
    ],
    "reversal differs from its entry": [
        "DELETE FROM redemption_reversal",
        "DELETE FROM redemption_journalentry WHERE kind = 'reversal'",
        "UPDATE redemption_posting SET amount = -99 WHERE code_id IS NOT NULL AND amount = -100",
    ],
    "extension without what it undoes": [
        "DELETE FROM redemption_journalentry WHERE kind = 'expiry'",
    ],
    "option list is missing or another's": [
        "DELETE FROM redemption_optionlist",
        "UPDATE redemption_optionlist SET brand_id = (SELECT id FROM brands_brand"
        " WHERE slug = 'harbor-bean')",
        "UPDATE redemption_code SET option_list_id = gen_random_uuid() WHERE amount = 700",
        "UPDATE redemption_code SET option_list_id = NULL WHERE option_list_id IS NOT NULL",
        "UPDATE redemption_redemption SET option_list_id = gen_random_uuid()"
        " WHERE idempotency_key = 'a'",
    ],
    "state differs from the holds": [
        "UPDATE redemption_code SET state = 'on_hold' WHERE amount = 700",
        "UPDATE redemption_code SET state = 'active' WHERE state = 'on_hold'",
        "UPDATE redemption_hold SET released_at = now(), released_by_kind = 'system', release_reason = 'x'",
    ],
    "code redeemed beyond its amount": [
        "UPDATE redemption_code SET amount = 300, balance = 1 WHERE amount = 1000",
        "UPDATE redemption_redemption SET amount = 1001 WHERE idempotency_key = 'a'",
    ],
}


def test_every_check_is_tried() -> None:
    assert tuple(FAULTS) == verify.CHECKS


@pytest.mark.parametrize(
    ("check", "fault"),
    [(check, fault) for check, faults in FAULTS.items() for fault in faults],
)
def test_a_check_finds_its_fault(busy: Brand, check: str, fault: str) -> None:
    run(fault)
    assert check in found()


def test_the_command_prints_the_rows_and_fails(
    busy: Brand, capsys: pytest.CaptureFixture[str]
) -> None:
    run("UPDATE redemption_posting SET codes = 4 WHERE codes = 3")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_ledger")
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert "3 codes worth 1500, opened with 4 worth 1500" in said
    assert "1 differences" in said
