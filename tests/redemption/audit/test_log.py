"""The audit log: whole when it is whole, and whatever one does to a row of it is found (I18)."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django_scopes import scope

from brands.models import Brand
from core import crypto
from core.ids import uuid7
from redemption.audit import log
from redemption.audit import verify as audit_verify
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import GENESIS, Act
from redemption.models import AuditEntry

NOON = datetime(2026, 6, 10, 12, 0, 0, 123456, tzinfo=UTC)
ENTRIES = [2_500, pytest.param(10_000, marks=pytest.mark.stress)]
"""More than are looked at at once."""
RENUMBER = "UPDATE redemption_auditentry SET number ="

Do = Callable[..., None]

UPDATE_COLUMN = "UPDATE redemption_auditentry SET {} = %s WHERE number = {}"


def record(brand: Brand, n: int = 0, act: Act = Act.CODE_HELD) -> AuditEntry:
    return log.record(
        brand=brand,
        actor=SYSTEM,
        act=act,
        subject=f"code:{n}",
        now=NOON + timedelta(seconds=n),
        details={"reason": f"n° {n}", "amount": n},
    )


def fill(brand: Brand, count: int) -> None:
    """As many entries as record() would write, in one go."""
    seal, entries = GENESIS, []
    for number in range(1, count + 1):
        entry = AuditEntry(
            brand=brand,
            number=number,
            at=NOON + timedelta(seconds=number),
            actor_kind="system",
            actor_name="Giftshop",
            act=Act.CODE_HELD,
            subject=f"code:{uuid7()}",
            details={"reason": f"n° {number}", "amount": number},
            kid=crypto.current_kid(),
            previous=seal,
        )
        seal = entry.seal = log.seal_of(entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=1000)


@pytest.fixture
def triggers_off(db: None) -> Iterator[Do]:
    """As somebody who owns the tables could: statements that no trigger refuses."""

    def run(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = origin")

    yield run
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def found(brand: Brand, anchors: audit_verify.Anchors | None = None) -> list[str]:
    differences = audit_verify.differences(brand, anchors=anchors)
    return [f"{difference.row} {difference.kind}" for difference in differences]


def test_an_entry_says_who_did_what_and_names_the_one_before(in_brand: Brand) -> None:
    first, second = record(in_brand), record(in_brand)
    assert (first.number, bytes(first.previous)) == (1, GENESIS)
    assert (second.number, second.previous) == (2, first.seal)
    assert first.seal != second.seal


def test_each_brand_has_an_audit_log_of_its_own(in_brand: Brand, other_brand: Brand) -> None:
    record(in_brand)
    with scope(brand=other_brand):
        assert record(other_brand).number == 1


def test_what_is_read_back_fits_its_seal(in_brand: Brand) -> None:
    log.record(
        brand=in_brand,
        actor=Actor("user", uuid7(), "Øystein 🍦"),
        act=Act.POLICY_CHANGED,
        subject=f"brand:{in_brand.pk}",
        now=NOON,
        details={"z": [1, None, True], "a": {"ü": 0.25}, 7: "a number as key"},
    )
    assert found(in_brand) == []


@pytest.mark.django_db(transaction=True)
def test_a_record_belongs_in_a_transaction(brand: Brand) -> None:
    with scope(brand=brand), pytest.raises(RuntimeError, match="inside the transaction"):
        record(brand)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_leave_an_audit_log_without_gaps(brand: Brand) -> None:
    ready = Barrier(16)

    def act(thread: int) -> None:
        ready.wait()
        for n in range(10):
            with scope(brand=brand), transaction.atomic():
                record(brand, 100 * thread + n)
        connection.close()

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(act, range(16)))
    with scope(brand=brand):
        numbers = AuditEntry.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 161))
        assert found(brand) == []


EDITS = {
    "brand_id": "01939000-0000-7000-8000-000000000000",
    "number": 99,
    "details": '{"reason": "nothing"}',
    "actor_name": "Somebody else",
    "actor_id": "01939000-0000-7000-8000-000000000000",
    "actor_kind": "staff",
    "device_id": "01939000-0000-7000-8000-000000000000",
    "act": "code.voided",
    "subject": "code:other",
    "at": NOON + timedelta(seconds=5, microseconds=1),
    "previous": bytes(32),
    "seal": bytes(32),
    "kid": 9,
}


def test_a_new_column_is_sealed() -> None:
    """All but the bare key: nothing names an entry but its brand and number."""
    columns = {field.column for field in AuditEntry._meta.concrete_fields}
    assert columns - EDITS.keys() == {"id"}


@pytest.mark.parametrize(("column", "value"), EDITS.items())
def test_each_column_is_sealed(
    in_brand: Brand, triggers_off: Do, column: str, value: object
) -> None:
    fill(in_brand, 9)
    assert found(in_brand) == []
    triggers_off(UPDATE_COLUMN.format(column, 5), value)
    assert "frosty-spoon 5" in found(in_brand)[0]


class TestALongLog:
    """One of its entries is touched by somebody whom no trigger stops; ten thousand are `make stress`'s."""

    @pytest.mark.parametrize("entries", ENTRIES)
    def test_each_way_of_touching_one_is_found(
        self, in_brand: Brand, triggers_off: Do, entries: int
    ) -> None:
        """One test, since the audit log is long: the control first, then each fault and its undoing."""
        long, half, later, far = in_brand, entries // 2, entries * 7 // 10, 2 * entries
        fill(long, entries)
        assert found(long) == [], "the control: an untouched audit log is whole"
        last = AuditEntry.objects.get(number=entries)
        anchors = {entries: bytes(last.seal).hex(), 77: _seal(77)}
        assert found(long, anchors) == []

        with Undone():
            triggers_off(UPDATE_COLUMN.format("details", half), '{"reason": "nothing"}')
            assert found(long) == [f"frosty-spoon {half} entry does not fit its seal"]

        with Undone():
            triggers_off("DELETE FROM redemption_auditentry WHERE number = %s", half)
            assert found(long) == [
                f"frosty-spoon {half} entries are missing",
                f"frosty-spoon {half + 1} entry does not follow the one before",
            ]

        with Undone():  # put in between: the later ones move up by one
            triggers_off(f"{RENUMBER} number + %s WHERE number >= %s", far, half)
            triggers_off(f"{RENUMBER} number - %s WHERE number > %s", far - 1, far)
            _copy(half - 1, number=half)
            assert len(found(long)) >= half

        with Undone():  # added at the end, with a seal of their own making
            _copy(entries, number=entries + 1)
            assert found(long)[0] == f"frosty-spoon {entries + 1} entry does not fit its seal"

        with Undone():
            for wanted, number in [(far, half), (half, later), (later, far)]:
                triggers_off(f"{RENUMBER} %s WHERE number = %s", wanted, number)
            assert {line.split()[1] for line in found(long)} >= {str(half), str(later)}

        with Undone():  # the numbers stay, their contents change places
            triggers_off(
                "UPDATE redemption_auditentry one SET details = other.details"
                " FROM redemption_auditentry other"
                " WHERE one.number + other.number = %s AND one.number IN (%s, %s)",
                *(half + later, half, later),
            )
            assert len(found(long)) == 2

        with Undone():
            triggers_off("DELETE FROM redemption_auditentry WHERE number > %s", entries - 3)
            assert found(long) == [], "a clean cut shows only against a head kept elsewhere"
            assert found(long, anchors) == [f"frosty-spoon {entries} anchored entry is gone"]

        with Undone():  # cut off, and grown again
            triggers_off("DELETE FROM redemption_auditentry WHERE number = %s", entries)
            record(long)
            assert found(long) == []
            assert found(long, anchors) == [
                f"frosty-spoon {entries} entry is not the one that was anchored"
            ]
        assert found(long, anchors) == []


class TestTheCommand:
    def verify(self, *arguments: str) -> None:
        call_command("verify_audit", *arguments)

    def test_a_whole_audit_log_passes(
        self, in_brand: Brand, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record(in_brand)
        self.verify()
        assert "1 entries of 1 brands, no difference" in capsys.readouterr().out

    def test_it_tells_the_rows_and_fails(
        self, in_brand: Brand, triggers_off: Do, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record(in_brand)
        triggers_off("UPDATE redemption_auditentry SET actor_name = 'Eve'")
        with pytest.raises(SystemExit) as stopped:
            self.verify()
        assert stopped.value.code == 1
        assert "entry does not fit its seal: frosty-spoon 1" in capsys.readouterr().err

    def test_anchors_find_a_cut_end(
        self,
        in_brand: Brand,
        triggers_off: Do,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        file = tmp_path / "anchors"
        record(in_brand)
        self.verify("--anchors", str(file))
        record(in_brand)
        self.verify("--anchors", str(file))
        kept = file.read_text()
        assert [json.loads(line)["number"] for line in kept.splitlines()] == [1, 2]
        triggers_off("DELETE FROM redemption_auditentry WHERE number = 2")
        with pytest.raises(SystemExit):
            self.verify("--anchors", str(file))
        assert "anchored entry is gone: frosty-spoon 2" in capsys.readouterr().err
        assert file.read_text() == kept, "a head that is not whole is never anchored"

    def test_a_file_that_holds_no_anchors_is_refused(self, in_brand: Brand, tmp_path: Path) -> None:
        file = tmp_path / "anchors"
        file.write_text("hello\n")
        with pytest.raises(CommandError, match="Line 1"):
            self.verify("--anchors", str(file))


def _seal(number: int) -> str:
    return bytes(AuditEntry.objects.get(number=number).seal).hex()


def _copy(of: int, *, number: int) -> None:
    entry = AuditEntry.objects.get(number=of)
    entry.pk, entry.number = None, number
    entry.save(force_insert=True)


class Undone:
    """What happens inside is taken back."""

    def __enter__(self) -> None:
        self.point = transaction.savepoint()

    def __exit__(self, *_error: object) -> None:
        transaction.savepoint_rollback(self.point)
