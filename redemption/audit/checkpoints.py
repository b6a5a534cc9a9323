"""What happens by the thousand joins the audit log: a digest over the redemptions and reversals of a while.

Each entry `facts.sealed` says how many rows lie between two moments and what their keyed digest is, so an
edit of one of them is found like an edit of the audit log itself. A row's moment is taken just before it is
written; two minutes on, longer than any statement may run, no more can come for the moments before.

The heads of the audit logs go to the log as they move: kept outside the database, they are what a cut-off
end is found by.
"""

import hmac
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core import crypto
from redemption.audit import log as audit_log
from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act
from redemption.models import AuditEntry, Redemption, Reversal

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=2)
ROWS_AT_ONCE = 20_000
"""About as many go into one entry, so that a difference is told of a short while, not of a day."""
FETCHED_AT_ONCE = 2000


@dataclass(frozen=True)
class Facts:
    """Rows of one table that are sealed. Each column is sealed or left out, and then it is said why."""

    model: type[Redemption | Reversal]
    kind: str
    """What a row of it begins with in the digest."""
    happened: str
    """The column with its moment."""
    sealed: tuple[str, ...]
    """In the order of the digest, which is for ever: a new column comes last."""
    left_out: dict[str, str]

    @property
    def rows(self) -> str:
        """The statement that reads them as PostgreSQL writes them, in the order of the digest."""
        return f"""
    SELECT jsonb_build_array('{self.kind}', {", ".join(self.sealed)})::text
      FROM {self.model._meta.db_table}
     WHERE brand_id = %(brand)s::uuid AND {self.happened} <= %(until)s::timestamptz
       AND {self.happened} > %(after)s::timestamptz
     ORDER BY {self.happened}, id
"""  # nosec B608  # names of our own columns


_OF_ONE_BRAND = "A seal is of one brand's rows: one that is moved is missing there."
REDEMPTIONS = Facts(
    model=Redemption,
    kind="redemption",
    happened="redeemed_at",
    sealed=(
        *("id", "code_id", "store_id", "device_id", "staff_id", "amount", "currency"),
        *("option_list_id", "picks", "extra_amount", "basket_total", "idempotency_key"),
        *("client_time", "offline", "redeemed_at"),
    ),
    left_out={"brand_id": _OF_ONE_BRAND},
)
REVERSALS = Facts(
    model=Reversal,
    kind="reversal",
    happened="reversed_at",
    sealed=("id", "redemption_id", "device_id", "staff_id", "reason", "reversed_at"),
    left_out={"brand_id": _OF_ONE_BRAND},
)
_UNTIL = """
    SELECT (SELECT redeemed_at FROM redemption_redemption
             WHERE brand_id = %(brand)s::uuid AND redeemed_at <= %(until)s::timestamptz
               AND redeemed_at > %(after)s::timestamptz
             ORDER BY redeemed_at OFFSET %(rows)s::integer - 1 LIMIT 1),
           EXISTS (SELECT FROM redemption_redemption
                    WHERE brand_id = %(brand)s::uuid AND redeemed_at <= %(until)s::timestamptz
                      AND redeemed_at > %(after)s::timestamptz)
           OR EXISTS (SELECT FROM redemption_reversal
                       WHERE brand_id = %(brand)s::uuid AND reversed_at <= %(until)s::timestamptz
                         AND reversed_at > %(after)s::timestamptz)
"""
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sealed:
    """What an entry says: the rows after one moment, up to and with another."""

    after: str
    until: str
    redemptions: int
    reversals: int
    kid: int
    digest: str


def seal_facts(*, now: datetime | None = None) -> int:
    """How many entries were written. A brand where nothing happened gets none."""
    now = now or timezone.now()
    written = 0
    for brand in Brand.objects.order_by("pk"):
        with scope(brand=brand):
            while _seal_next(brand, now):
                written += 1
            _tell_head(brand, now)
    return written


def _seal_next(brand: Brand, now: datetime) -> bool:
    """The digest is made before the audit log is held, since its rows stand still; what another run
    sealed meanwhile is left to it."""
    after = sealed_until(brand)
    until, some = _reach(brand, after, now - GRACE)
    if not some:
        return False
    sealed = digest(brand, after, until, crypto.current_kid())
    with transaction.atomic():
        audit_log.take_turns(brand)
        if sealed_until(brand) == after:
            audit_log.record(
                brand=brand,
                actor=SYSTEM,
                act=Act.FACTS_SEALED,
                subject=f"brand:{brand.pk}",
                now=now,
                details=asdict(sealed),
            )
    return True


def sealed_until(brand: Brand) -> datetime:
    """Up to where rows are sealed. Expects the brand's scope."""
    last = AuditEntry.objects.filter(act=Act.FACTS_SEALED).order_by("-number").first()
    return datetime.fromisoformat(last.details["until"]) if last else BEFORE_ALL


def _reach(brand: Brand, after: datetime, until: datetime) -> tuple[datetime, bool]:
    """How far the next entry goes, and whether there is anything in it."""
    values: dict[str, Any] = {
        "brand": brand.pk,
        "after": after,
        "until": until,
        "rows": ROWS_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNTIL, values)
        full_at, some = cursor.fetchone()
    return full_at or until, some


def digest(brand: Brand, after: datetime, until: datetime, kid: int) -> Sealed:
    """Of the rows as they stand now, by the key of that number."""
    values: dict[str, Any] = {"brand": brand.pk, "after": after, "until": until}
    mac = hmac.new(settings.CODE_PEPPERS[kid], b"facts:", "sha256")
    return Sealed(
        after=after.isoformat(),
        until=until.isoformat(),
        redemptions=_feed(mac, REDEMPTIONS.rows, values),
        reversals=_feed(mac, REVERSALS.rows, values),
        kid=kid,
        digest=mac.hexdigest(),
    )


def _feed(mac: hmac.HMAC, rows: str, values: dict[str, Any]) -> int:
    """Each row, as PostgreSQL writes it; how many there were. Memory stays flat."""
    count = 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(rows, values)
        while lines := cursor.fetchmany(FETCHED_AT_ONCE):
            for (line,) in lines:
                mac.update(line.encode() + b"\n")
            count += len(lines)
    return count


def _tell_head(brand: Brand, now: datetime) -> None:
    head = AuditEntry.objects.order_by("-number").first()
    if head and head.at > now - GRACE:
        log.info("audit head of %s: %s %s", brand.slug, head.number, _in_groups(bytes(head.seal)))


def _in_groups(seal: bytes) -> str:
    """With colons, so that no run of digits looks like a code to those who scrub the log."""
    return seal.hex(":", 4)
