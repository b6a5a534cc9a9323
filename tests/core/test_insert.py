"""insert() writes what bulk_create would have: every type of column; and what stands already stays."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brands.models import Brand
from core.database.insert import insert
from giftshop.orders.models import Recipient
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from redemption.models import Code, JournalEntry
from tests.redemption.books import issued

pytestmark = pytest.mark.usefixtures("in_brand")

WORDS = 'Zoë "Q" \\x41 {a,b}\nÄÖ 🎁 \\'


def copy_of(code: Code, **other: object) -> Code:
    made = Code.objects.get(pk=code.pk)
    made.pk = Code._meta.pk.get_default()
    made.reference, made.digest = f"copy:{made.pk}", made.pk.bytes * 2
    for name, value in other.items():
        setattr(made, name, value)
    return made


def test_every_type_of_column_comes_back_as_it_was(brand: Brand) -> None:
    code = issued(brand, 1000)
    wanted = copy_of(
        code,
        label=WORDS,
        picks={"flavour": ["mint", WORDS], "none": []},
        store_ids=[code.pk, brand.pk],
        ciphertext=bytes(range(256)),
        looked_at=datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC),
        recipient_name="",
        amount=2**53 + 1,
        balance=2**53 + 1,
        kind=Code.Kind.VALUE,
    )
    before = timezone.now()
    assert insert([wanted]) == [wanted]
    found = Code.objects.get(pk=wanted.pk)
    for field in Code._meta.concrete_fields:
        kept, meant = getattr(found, field.attname), getattr(wanted, field.attname)
        assert kept == meant, field.name
    assert found.created_at >= before  # set when it is written
    assert not wanted._state.adding
    wanted.label = "changed"
    wanted.save()  # and not written a second time
    assert Code.objects.filter(reference=wanted.reference).get().label == "changed"


def test_nothing_and_null_differ(brand: Brand) -> None:
    now = timezone.now()
    told = {"topic": Topic.ORDER_PAID, "subscriber": "s", "occurred_at": now, "available_at": now}
    for payload in ({}, [], "", 0, {"a": None}):
        insert([message := Message(brand_id=None, payload=payload, **told)])
        found = Message.objects.get(pk=message.pk)
        assert (found.payload, found.brand_id, found.worker_id) == (payload, None, None)


def test_more_rows_cost_no_more_statements(brand: Brand) -> None:
    for count in (0, 1, 20):
        with CaptureQueriesContext(connection) as said:
            insert([Recipient(brand=brand, name=f"Friend {n}") for n in range(count)])
        assert len(said) == min(count, 1)
    insert([Recipient(brand=brand, name="many") for _ in range(1001)])
    assert Recipient.objects.filter(name="many").count() == 1001


def test_what_stands_already_stays_and_is_told(brand: Brand) -> None:
    def entry(reference: str) -> JournalEntry:
        return JournalEntry(
            brand=brand,
            kind=JournalEntry.Kind.FEE,
            reference=reference,
            occurred_at=timezone.now(),
        )

    first = entry("payment:1")
    insert([first])
    again, other = entry("payment:1"), entry("payment:2")
    assert insert([again, other], ignore_conflicts=True) == [other]
    assert set(JournalEntry.objects.values_list("pk", flat=True)) == {first.pk, other.pk}


def test_what_is_no_value_is_refused(brand: Brand) -> None:
    with pytest.raises(TypeError):
        insert([Recipient(brand=brand, name=F("email"))])
