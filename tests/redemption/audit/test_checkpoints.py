import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core import crypto
from redemption import tasks
from redemption.audit import checkpoints, verify
from redemption.audit.log import Act
from redemption.models import AuditEntry, Device, Redemption
from redemption.redeem import redeem, reverse
from tests.cast import symbols
from tests.redemption.books import issued

NOW = timezone.now()


@pytest.fixture
def busy(brand: Brand, device: Device) -> Brand:
    """Five redemptions, ten minutes ago; one was undone."""
    with scope(brand=brand):
        codes = [issued(brand, 500, now=NOW - timedelta(minutes=20)) for _ in range(5)]
    for n, code in enumerate(codes):
        at = NOW - timedelta(minutes=10, seconds=n)
        answer = redeem.redeem(device=device, text=symbols(code), key=str(n), now=at)
    reverse.reverse(
        device=device, redemption_id=UUID(answer.body["id"]), reason="wrong recipient", now=at
    )
    return brand


def sealed(brand: Brand) -> list[dict[str, Any]]:
    with scope(brand=brand):
        entries = AuditEntry.objects.filter(act=Act.FACTS_SEALED).order_by("number")
        return list(entries.values_list("details", flat=True))


def found(brand: Brand) -> list[str]:
    with scope(brand=brand):
        return [difference.kind for difference in verify.differences(brand)]


def triggers_off(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = origin")


def test_what_happened_joins_the_audit_log_once(busy: Brand, other_brand: Brand) -> None:
    assert checkpoints.seal_facts(now=NOW) == 1
    assert checkpoints.seal_facts(now=NOW + timedelta(minutes=1)) == 0
    (details,) = sealed(busy)
    assert (details["redemptions"], details["reversals"]) == (5, 1)
    assert sealed(other_brand) == []
    assert found(busy) == []


def test_what_is_newer_than_any_statement_may_run_waits(busy: Brand) -> None:
    assert checkpoints.seal_facts(now=NOW - timedelta(minutes=9)) == 0


def test_each_row_is_in_one_entry(busy: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "ROWS_AT_ONCE", 2)
    assert checkpoints.seal_facts(now=NOW) == 3
    entries = sealed(busy)
    assert [details["redemptions"] for details in entries] == [2, 2, 1]
    assert [details["after"] for details in entries[1:]] == [
        details["until"] for details in entries[:-1]
    ]
    assert found(busy) == []


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE redemption_redemption SET amount = 400 WHERE idempotency_key = '1'",
        "UPDATE redemption_redemption SET staff_id = gen_random_uuid() WHERE idempotency_key = '1'",
        "UPDATE redemption_redemption SET picks = '{\"flavour\": [\"mint\"]}' WHERE idempotency_key = '1'",
        "UPDATE redemption_redemption SET option_list_id = gen_random_uuid() WHERE idempotency_key = '1'",
        "UPDATE redemption_redemption SET extra_amount = 50 WHERE idempotency_key = '2'",
        "UPDATE redemption_redemption SET redeemed_at = redeemed_at + interval '1 ms'"
        " WHERE idempotency_key = '2'",
        "DELETE FROM redemption_redemption WHERE idempotency_key = '0'",
        "UPDATE redemption_reversal SET reason = 'another'",
        "DELETE FROM redemption_reversal",
        "INSERT INTO redemption_redemption SELECT (jsonb_populate_record(r, jsonb_build_object("
        "'id', gen_random_uuid(), 'idempotency_key', 'forged'))).*"
        " FROM redemption_redemption r WHERE idempotency_key = '3'",
    ],
)
def test_an_edit_of_what_was_sealed_is_found(busy: Brand, edit: str) -> None:
    checkpoints.seal_facts(now=NOW)
    triggers_off(edit)
    assert found(busy) == ["facts differ from what was sealed"]


ANOTHER = {
    models.UUIDField: "gen_random_uuid()",
    models.CharField: "'zzz'",
    models.JSONField: """'["another"]'""",
    models.BooleanField: "NOT {column}",
    models.DateTimeField: "coalesce({column}, now()) + interval '1 microsecond'",
    models.IntegerField: "coalesce({column}, 0) + 1",
}
"""What a column of each type may be changed to."""


def columns(model: type[models.Model]) -> dict[str, str]:
    """Of a table: another value for each column, in SQL."""
    found = {}
    for field in model._meta.concrete_fields:
        kind = getattr(field, "target_field", field)
        [another] = [value for type_, value in ANOTHER.items() if isinstance(kind, type_)]
        found[field.column] = another.format(column=field.column)
    return found


@pytest.mark.parametrize("facts", [checkpoints.REDEMPTIONS, checkpoints.REVERSALS])
class TestEachColumn:
    def test_is_sealed_or_left_out_for_a_reason(self, facts: checkpoints.Facts) -> None:
        """A new column belongs at the end of `sealed`, or among `left_out` with the reason why."""
        assert sorted([*facts.sealed, *facts.left_out]) == sorted(columns(facts.model))
        assert all(facts.left_out.values())

    def test_cannot_be_changed_unseen(self, facts: checkpoints.Facts, busy: Brand) -> None:
        def told() -> checkpoints.Sealed:
            return checkpoints.digest(busy, checkpoints.BEFORE_ALL, NOW, crypto.current_kid())

        as_it_was, table = told(), facts.model._meta.db_table
        for column, another in columns(facts.model).items():
            with transaction.atomic():
                triggers_off(
                    f"UPDATE {table} SET {column} = {another}"
                    f" WHERE id = (SELECT id FROM {table} ORDER BY id LIMIT 1)"
                )
                assert told() != as_it_was, column
                transaction.set_rollback(True)
            assert told() == as_it_was


def test_heads_go_to_the_log_where_no_digits_look_like_a_code(
    busy: Brand, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="redemption.audit.checkpoints"):
        checkpoints.seal_facts(now=NOW)
    (line,) = [record.getMessage() for record in caplog.records if "audit head" in record.msg]
    with scope(brand=busy):
        head = AuditEntry.objects.order_by("-number").first()
    assert head is not None
    assert line == f"audit head of frosty-spoon: {head.number} {bytes(head.seal).hex(':', 4)}"


def test_beat_sees_to_it(busy: Brand, settings: Any) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.seal_facts.name in scheduled
    tasks.seal_facts()
    with scope(brand=busy):
        assert sealed(busy)[0]["redemptions"] == Redemption.objects.count()
