"""A batch in one COPY: the rows that issuing one by one would have made, in flat memory."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from brands.models import Brand
from core import crypto
from core.ids import uuid7
from redemption import code_format
from redemption.codes import issue as issue_codes
from redemption.codes import issue_batch
from redemption.models import Account, Code, JournalEntry, Posting

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 19, 30, 15, 123456, tzinfo=UTC)
LABEL = "5,00 € für „Eis“"


@pytest.fixture
def issue(brand: Brand) -> Callable[..., list[str]]:
    def issue(count: int, **wanted: Any) -> list[str]:
        batch_id = wanted.pop("batch_id", None) or uuid7()
        with scope(brand=brand), transaction.atomic():
            slices = issue_batch.issue_batch(
                batch_id=batch_id,
                reference=f"giveaway:{batch_id}",
                brand=brand,
                count=count,
                amount=500,
                label=LABEL,
                now=NOW,
                **wanted,
            )
            return [code for codes in slices for code in codes]

    return issue


def test_a_row_is_what_issuing_one_code_makes(brand: Brand, issue: Callable[..., Any]) -> None:
    campaign_id, batch_id = uuid7(), uuid7()
    [plain] = issue(1, batch_id=batch_id, campaign_id=campaign_id)
    with scope(brand=brand):
        [single] = issue_codes.issue(
            brand=brand,
            reference="single",
            origin=Code.Origin.PROMOTIONAL,
            specs=[issue_codes.CodeSpec("one", LABEL, 500, kind=Code.Kind.VALUE)],
            now=NOW,
            campaign_id=campaign_id,
        )
        made = Code.objects.get(digest=crypto.digest(plain))
        single.refresh_from_db()
    own = {"id", "reference", "digest", "last4", "ciphertext", "created_at", "batch_id"}
    for field in Code._meta.concrete_fields:
        if field.name not in own:
            assert getattr(made, field.attname) == getattr(single, field.attname), field.name
    assert made.reference == f"giveaway:{batch_id}:0"
    assert made.last4 == plain[-4:]
    assert made.created_at == NOW
    assert made.batch_id == batch_id
    assert (made.id.version, made.ciphertext, made.reveal()) == (7, None, None)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_stores_of_a_row_are_written_as_postgresql_writes_them(count: int) -> None:
    stores = [uuid7() for _ in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_send(%s::uuid[])", [stores])
        assert issue_batch.uuids(stores) == cursor.fetchone()[0]


def test_every_code_handed_over_has_its_row(
    brand: Brand, issue: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue_batch, "SLICE", 10)
    monkeypatch.setattr(issue_batch, "RUN", 40)
    plain = issue(123)
    assert len(set(plain)) == 123
    with scope(brand=brand):
        rows = list(Code.objects.order_by("id"))
    assert [bytes(row.digest) for row in rows] == crypto.digest_many(plain)
    assert [row.reference[-4:] for row in rows] == [f":{n:03}" for n in range(123)]
    digests = [bytes(row.digest) for row in rows]
    for start in range(0, 123, 40):
        assert digests[start : start + 40] == sorted(digests[start : start + 40])
    for code in plain:
        assert code_format.normalise(code) == code


def test_digests_of_many_are_those_of_each() -> None:
    codes = code_format.generate_many(20)
    assert crypto.digest_many(codes) == [crypto.digest(code) for code in codes]


def test_one_entry_stands_for_the_whole_batch(brand: Brand, issue: Callable[..., Any]) -> None:
    batch_id = uuid7()
    issue(30, batch_id=batch_id)
    with scope(brand=brand):
        entry = JournalEntry.objects.get()
        legs = Posting.objects.order_by("id").values_list("account", "amount", "code", "codes")
        assert list(legs) == [
            (Account.PROMO_EXPENSE, 15_000, None, None),
            (Account.GIFT_LIABILITY, -15_000, None, 30),
        ]
        assert set(Code.objects.values_list("batch_id", flat=True)) == {entry.pk} == {batch_id}
    assert (entry.kind, entry.reference) == ("promotion", f"giveaway:{batch_id}")


def test_a_batch_is_issued_once(brand: Brand, issue: Callable[..., Any]) -> None:
    batch_id = uuid7()
    issue(3, batch_id=batch_id)
    with pytest.raises(IntegrityError):
        issue(3, batch_id=batch_id)
    with scope(brand=brand):
        assert Code.objects.count() == 3


def test_whoever_stops_half_way_can_roll_back(brand: Brand) -> None:
    with scope(brand=brand):
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            slices = issue_batch.issue_batch(
                batch_id=uuid7(),
                reference="r",
                brand=brand,
                count=5000,
                amount=5,
                label=LABEL,
                now=NOW,
            )
            next(slices)
            slices.close()
            raise KeyboardInterrupt
        assert not Code.objects.exists()
        assert not JournalEntry.objects.exists()


def test_memory_does_not_grow_with_the_batch(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issue_batch, "SLICE", 100)
    monkeypatch.setattr(issue_batch, "RUN", 500)

    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        before, _peak = tracemalloc.get_traced_memory()
        batch_id = uuid7()
        with scope(brand=brand), transaction.atomic():
            for _codes in issue_batch.issue_batch(
                batch_id=batch_id,
                reference=f"r:{batch_id}",
                brand=brand,
                count=count,
                amount=5,
                label=LABEL,
                now=NOW,
            ):
                pass
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        peak(1000)  # what is loaded at first use
        few, many = peak(1000), peak(10_000)
    finally:
        tracemalloc.stop()
    assert many < 1.3 * few


def test_no_column_that_a_row_needs_is_left_out() -> None:
    """The COPY names its columns: those it leaves out may be NULL."""
    pattern = Code(
        id=uuid7(), brand_id=uuid7(), batch_id=uuid7(), amount=1, balance=1, kid=1,
        valid_from=NOW, expires_at=NOW, state_at=NOW, created_at=NOW,
    )  # fmt: skip
    columns, _row = issue_batch._row_like(pattern, "r", 10)
    named = set(columns.partition("(")[2].rstrip(")").split(", "))
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, Code._meta.db_table)
    assert {column.name for column in table if not column.null_ok} <= named
