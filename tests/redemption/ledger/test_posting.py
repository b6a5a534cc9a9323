"""The database refuses, whatever the code does; and a worked example, told as a test."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption.codes import issue
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, Device, JournalEntry, Posting
from redemption.redeem import redeem, reverse
from tests.cast import symbols


def balance_of(brand: Brand, account: Account) -> int:
    with scope(brand=brand):
        return sum(Posting.objects.filter(account=account).values_list("amount", flat=True))


def check_deferred_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_worked_example(brand: Brand, device: Device, device_b: Device) -> None:
    """Two gifts of 6.50 and 8.50 are sold; Stripe keeps 0.73; one is enjoyed at Pike Street by
    mistake and undone, then both at Ballard, which belongs to a franchisee."""
    with scope(brand=brand):
        one, two = issue.issue(
            brand=brand,
            reference="order:1",
            origin=Code.Origin.PAID,
            specs=[
                issue.CodeSpec(reference="gift:1", label="Double scoop", amount=650),
                issue.CodeSpec(reference="gift:2", label="Sundae", amount=850),
            ],
            now=timezone.now(),
        )
        post(
            brand=brand,
            kind=JournalEntry.Kind.FEE,
            reference="payment:1",
            currency="USD",
            legs=[Leg(Account.STRIPE_FEES, 73), Leg(Account.STRIPE_CLEARING, -73)],
            now=timezone.now(),
        )
    assert balance_of(brand, Account.STRIPE_CLEARING) == 1427  # what Stripe will pay out
    assert balance_of(brand, Account.GIFT_LIABILITY) == -1500  # what is owed to two recipients
    assert balance_of(brand, Account.SALES) == 0  # nothing is earned by selling

    mistaken = redeem.redeem(device=device, text=symbols(one), key="1")
    assert balance_of(brand, Account.SALES) == -650
    assert balance_of(brand, Account.GIFT_LIABILITY) == -850
    reverse.reverse(device=device, redemption_id=mistaken.body["id"], reason="wrong recipient")
    assert balance_of(brand, Account.SALES) == 0
    assert balance_of(brand, Account.GIFT_LIABILITY) == -1500

    for key, code in enumerate([one, two]):
        assert redeem.redeem(device=device_b, text=symbols(code), key=str(key)).redeemed
    assert balance_of(brand, Account.GIFT_LIABILITY) == 0  # no debt is left
    assert balance_of(brand, Account.STORE_PAYABLE) == -1500  # the franchisee is due it
    assert sum(balance_of(brand, account) for account in Account) == 0
    check_deferred_constraints()
    call_command("verify_ledger")


def test_an_entry_that_does_not_sum_to_zero_cannot_be_committed(in_brand: Brand) -> None:
    with pytest.raises(IntegrityError, match="is off by 1 USD"), transaction.atomic():
        post(
            brand=in_brand,
            kind=JournalEntry.Kind.FEE,
            reference="x",
            currency="USD",
            legs=[Leg(Account.STRIPE_FEES, 73), Leg(Account.STRIPE_CLEARING, -72)],
            now=timezone.now(),
        )
        check_deferred_constraints()


def test_a_posting_that_names_no_entry_cannot_be_committed(in_brand: Brand) -> None:
    with pytest.raises(IntegrityError, match="names no journal entry"), transaction.atomic():
        for amount in (73, -73):
            Posting.objects.create(
                entry_id=uuid7(),
                brand=in_brand,
                account=Account.STRIPE_FEES,
                amount=amount,
                currency="USD",
            )
        check_deferred_constraints()


def test_each_currency_sums_to_zero_by_itself(in_brand: Brand) -> None:
    with pytest.raises(IntegrityError, match="is off by"), transaction.atomic():
        entry = post(
            brand=in_brand,
            kind=JournalEntry.Kind.FEE,
            reference="x",
            currency="USD",
            legs=[Leg(Account.STRIPE_FEES, 73)],
            now=timezone.now(),
        )
        Posting.objects.create(
            entry=entry,
            brand=in_brand,
            account=Account.STRIPE_CLEARING,
            amount=-73,
            currency="EUR",
        )
        check_deferred_constraints()


@pytest.mark.parametrize(
    "table",
    [
        "redemption_posting",
        "redemption_journalentry",
        "redemption_redemption",
        "redemption_reversal",
    ],
)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET brand_id = brand_id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"],
)
def test_facts_cannot_be_edited(device: Device, code: Code, table: str, statement: str) -> None:
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    reverse.reverse(device=device, redemption_id=answer.body["id"], reason="spilt")
    check_deferred_constraints()
    with (
        pytest.raises(DatabaseError, match="facts are only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))


@pytest.mark.parametrize(
    "change",
    [
        {"balance": 651},
        {"balance": -1},
        {"balance": 0},
        {"state": "redeemed"},
        {"amount": 0},
        {"state": "voided"},
    ],
)
def test_a_balance_that_makes_no_sense_is_refused(code: Code, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Code._base_manager.filter(pk=code.pk).update(**change)


def test_two_codes_never_share_a_digest(code: Code) -> None:
    twin = Code._base_manager.get(pk=code.pk)
    twin.pk, twin.reference = None, "gift:twin"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_two_codes_that_were_sold_never_share_a_reference(code: Code) -> None:
    twin = Code._base_manager.get(pk=code.pk)
    twin.pk, twin.digest = None, b"another"
    with (
        pytest.raises(IntegrityError, match="code_issued_once_per_reference"),
        transaction.atomic(),
    ):
        twin.save(force_insert=True)


def test_issuing_twice_gives_the_same_codes(in_brand: Brand) -> None:
    specs = [issue.CodeSpec(reference=f"gift:{n}", label="Scoop", amount=500) for n in range(3)]
    wanted = {"reference": "order:1", "origin": Code.Origin.PAID, "now": timezone.now()}
    first = issue.issue(brand=in_brand, specs=specs, **wanted)  # type: ignore[arg-type]
    again = issue.issue(brand=in_brand, specs=specs, **wanted)  # type: ignore[arg-type]
    assert [code.pk for code in again] == [code.pk for code in first]
    assert Posting.objects.count() == 4


def test_thousands_are_issued_at_once(in_brand: Brand) -> None:
    specs = [issue.CodeSpec(reference=f"n:{n}", label="Scoop", amount=5) for n in range(3500)]
    codes = issue.issue(
        brand=in_brand,
        reference="many",
        origin=Code.Origin.PROMOTIONAL,
        specs=specs,
        now=timezone.now(),
    )
    assert len({code.last4 + code.reference for code in codes}) == 3500
    assert balance_of(in_brand, Account.GIFT_LIABILITY) == -3500 * 5


def test_promotional_codes_are_paid_for_by_the_brand(in_brand: Brand) -> None:
    issue.issue(
        brand=in_brand,
        reference="batch:1",
        origin=Code.Origin.PROMOTIONAL,
        specs=[issue.CodeSpec(reference="batch:1:1", label="Voucher", amount=500)],
        now=timezone.now(),
        expires_at=timezone.now() + timedelta(days=30),
    )
    assert balance_of(in_brand, Account.PROMO_EXPENSE) == 500


class TestVerifyLedger:
    def test_it_finds_a_balance_that_differs(
        self, code: Code, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Code._base_manager.filter(pk=code.pk).update(balance=649)
        with pytest.raises(SystemExit) as stopped:
            call_command("verify_ledger")
        assert stopped.value.code == 1
        assert f"{code.pk}: balance 649, postings 650" in capsys.readouterr().err

    def test_it_finds_what_got_past_the_triggers(
        self, in_brand: Brand, code: Code, capsys: pytest.CaptureFixture[str]
    ) -> None:
        check_deferred_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE redemption_posting SET amount = 1 WHERE code_id = %s", [code.pk])
            cursor.execute("SET session_replication_role = origin")
        with pytest.raises(SystemExit):
            call_command("verify_ledger")
        said = capsys.readouterr().err
        assert "entry does not sum to zero" in said
        assert "balance differs" in said
