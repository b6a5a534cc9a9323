"""What a search reads does not grow with the gifts that a brand has sold."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from giftshop.counter import names, search
from giftshop.orders.models import Gift, Order, Recipient
from redemption.models import Code
from redemption.till.devices import PairedDevice
from tests.giftshop.counter import many_gifts
from tests.giftshop.counter.plans import scans

GIFTS = 8_000
NEWEST, MATCHES = 200, 200
"""The limits, as small beside so many gifts as the real ones are beside a million."""
READ_MAX = 3 * (NEWEST + 2 * NEWEST + MATCHES) + 600
"""Three names are walked, walked on past the first, and asked for; and what was found is looked up."""

INDEXES = {
    "order_by_address": "the sender's address",
    "recipient_by_address": "a friend's address",
    "order_by_number": "an order's number",
    "order_by_name": "a name that nobody has",
    "recipient_by_name": "a name that nobody has",
    "order_paid_of_brand": "a common first name",
    "recipient_newest_of_brand": "a common first name",
    "code_by_last_four": "the last four",
}
"""And the search that reads too much without it."""


def walk(newest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of each table, and no more than twice as many where some of those fit."""
    monkeypatch.setattr(names, "WALK_ON", 1)
    for whose in names.Name:
        monkeypatch.setitem(whose.value, "newest", newest)


@pytest.fixture
def many(brand: Brand, paired: PairedDevice, gift: Gift, monkeypatch: pytest.MonkeyPatch) -> Gift:
    """The newest of very many. So few rows PostgreSQL would sooner read as a whole, which a million it
    would not: that is told by `make bench-search`."""
    walk(NEWEST, monkeypatch)
    monkeypatch.setattr(names, "MATCHES_MAX", MATCHES)
    many_gifts.many_gifts(gift, GIFTS)
    many_gifts.refused_attempts(paired.device, 100)
    with connection.cursor() as cursor:
        for index in ("order_by_name", "recipient_by_name", "code_goodwill_by_name"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])  # as autovacuum does
        cursor.execute("ANALYZE; SET LOCAL enable_seqscan = off")
    return gift


def too_much(work: Callable[[], object]) -> list[str]:
    found = scans(work)
    assert found
    fine = all(scan.kind != "Seq Scan" for scan in found)
    fine = fine and sum(scan.rows for scan in found) <= READ_MAX
    return [] if fine else [str(scan) for scan in found if scan.rows]


def without(index: str, work: Callable[[], object]) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
        found = too_much(work)
        transaction.set_rollback(True)
    return found


def test_no_search_reads_more_than_its_limits(many: Gift, brand: Brand, store: Store) -> None:
    """Nor does one of all brands, by whoever helps customers. Without any of the indexes one would."""

    def by_words(text: str) -> Callable[[], object]:
        return lambda: search.by_words(text, store=store)

    words = many_gifts.searches(many)
    with scope(brand=brand):
        of_brand = {what: too_much(by_words(text)) for what, text in words.items()}
        controls = {index: without(index, by_words(words[what])) for index, what in INDEXES.items()}
    with scopes_disabled():
        number, last4 = many.order.number.replace("-", "").lower(), many.code.last4  # type: ignore[union-attr]
        address = words["a friend's address"]
        of_all = {
            "number": too_much(lambda: list(Order.objects.with_number(number))),
            "sender": too_much(lambda: list(Order.objects.from_address(many_gifts.OFFICE)[:30])),
            "recipient": too_much(lambda: list(Gift.objects.for_address(address)[:30])),
            "last four": too_much(lambda: list(Code.objects.filter(last4=last4))),
        }
    assert {what: read for what, read in (of_brand | of_all).items() if read} == {}
    assert [index for index, read in controls.items() if not read] == []


@pytest.mark.parametrize("limit", [0, 100, 400, 10_000])
def test_the_newest_are_found_by_either_way(
    limit: int, gift: Gift, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as by looking at every row, whether they are among the newest or not."""
    walk(limit, monkeypatch)
    many_gifts.many_gifts(gift, 1_000)
    with scope(brand=brand):
        for words in ("Maria", "ana", "fran", "ia Lam", "Maria Lamonte", "endelin", "Qwertzuiop"):
            those = Recipient.objects.filter(name__icontains=words).order_by("-created_at")
            expected = list(those.values_list("pk", flat=True)[:30])
            found = names.find(words, names.Name.RECIPIENT, brand_id=brand.pk, most=30)
            assert found == expected, words
            assert bool(found) == (words != "Qwertzuiop")
