"""Sold out is for one store and one of its days; recipients read it before they walk there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from brands.models import Brand, Store
from giftshop.catalog import sold_out
from giftshop.catalog.models import Option, Price, SoldOut, Treat
from giftshop.orders.models import Gift
from redemption.audit.actors import Actor
from redemption.models import AuditEntry
from tests.cast import make_treat

MO = Actor("user", None, "Mo")
EVENING = datetime(2026, 3, 3, 2, tzinfo=UTC)  # Monday 18:00 in Seattle
PIKE = "/studio/frosty-spoon/stores/pike-street/sold-out/"
TILL = "/till/manager/sold-out/"


def gone(store: Store, now: datetime) -> list[str]:
    return [sold_out.name_of(row.thing) for row in sold_out.gone_at(store, now)]


def missing(treat: Treat, stores: list[Store], now: datetime) -> dict[UUID, sold_out.Missing]:
    return sold_out.missing_of(treat_id=treat.pk, price_id=None, stores=stores, now=now)


def test_it_ends_with_the_stores_day(in_brand: Brand, store: Store, treat: Treat) -> None:
    sold_out.mark_sold_out(store=store, things=[treat], by=MO, now=EVENING)

    assert gone(store, EVENING + timedelta(hours=5, minutes=59)) == ["Double scoop"]
    assert gone(store, EVENING + timedelta(hours=6)) == []


def test_a_late_evening_belongs_to_the_day_before(
    in_brand: Brand, store: Store, treat: Treat
) -> None:
    Store.objects.filter(pk=store.pk).update(hours=["18:00-02:00"] * 7)
    store.refresh_from_db()
    sold_out.mark_sold_out(store=store, things=[treat], by=MO, now=EVENING)

    assert gone(store, EVENING + timedelta(hours=7, minutes=59)) == ["Double scoop"]
    assert gone(store, EVENING + timedelta(hours=8)) == []


def test_what_is_not_ticked_is_there_again(in_brand: Brand, store: Store, treat: Treat) -> None:
    shake = make_treat(in_brand, "mint-shake")
    sold_out.mark_sold_out(store=store, things=[treat], by=MO, now=EVENING)
    sold_out.mark_sold_out(store=store, things=[shake], by=MO, now=EVENING)

    assert gone(store, EVENING) == ["Mint shake"]


def test_the_audit_log_says_what_was_and_what_is(
    in_brand: Brand, store: Store, treat: Treat
) -> None:
    assert sold_out.mark_sold_out(store=store, things=[treat], by=MO, now=EVENING)
    assert not sold_out.mark_sold_out(store=store, things=[treat], by=MO, now=EVENING)
    entry = AuditEntry.objects.get()

    assert entry.act == "store.changed"
    assert entry.details == {
        "name": "Pike Street",
        "day": "2026-03-02",
        "changes": {"sold_out": [[], ["Double scoop"]]},
    }


def test_each_store_has_its_own(
    in_brand: Brand, store: Store, store_b: Store, treat: Treat, django_assert_num_queries: Any
) -> None:
    sold_out.mark_sold_out(store=store, things=[treat], by=MO, now=EVENING)

    with django_assert_num_queries(1):
        lacking = missing(treat, [store, store_b], EVENING)
    assert list(lacking) == [store.pk]
    assert not missing(treat, [store], EVENING + timedelta(days=1))


def test_a_size_or_a_choice_can_be_gone_alone_and_for_longer(
    in_brand: Brand, store: Store, treat: Treat, sizes: list[Price], mint: Option
) -> None:
    [small, large], day = sizes, EVENING.date()
    later = day + timedelta(days=9)
    sold_out.mark_sold_out(store=store, things=[large], by=MO, until=later, now=EVENING)
    sold_out.mark_sold_out(store=store, things=[large, mint], by=MO, now=EVENING)

    def lacks(size: Price, now: datetime) -> sold_out.Missing | None:
        found = sold_out.missing_of(treat_id=treat.pk, price_id=size.pk, stores=[store], now=now)
        return found.get(store.pk)

    assert gone(store, EVENING) == ["Double scoop, Large", "Double scoop, Mint"]
    assert lacks(large, EVENING) == sold_out.Missing(later, [("flavour", "mint")], ["Mint"])
    assert lacks(small, EVENING) == sold_out.Missing(None, [("flavour", "mint")], ["Mint"])
    assert lacks(large, EVENING + timedelta(days=1)) == sold_out.Missing(later)
    assert lacks(small, EVENING + timedelta(days=1)) is None
    assert lacks(large, EVENING + timedelta(days=11)) is None


def test_what_is_gone_for_today_can_be_gone_for_longer(
    in_brand: Brand, store: Store, treat: Treat, mint: Option
) -> None:
    day = (EVENING - timedelta(days=1)).date()  # by the store's clock
    friday, later = day + timedelta(days=4), day + timedelta(days=30)
    sold_out.mark_sold_out(store=store, things=[treat], by=MO, until=later, now=EVENING)
    sold_out.mark_sold_out(store=store, things=[treat, mint], by=MO, now=EVENING)
    both = {"store": store, "things": [treat, mint], "by": MO, "now": EVENING}

    assert sold_out.mark_sold_out(**both, until=friday)
    assert sorted(row.until for row in sold_out.gone_at(store, EVENING)) == [friday, later]
    assert not sold_out.mark_sold_out(**both, until=friday)
    assert not sold_out.mark_sold_out(**both)


def test_what_no_store_has_is_added_up_by_size(
    in_brand: Brand, store: Store, store_b: Store, treat: Treat, sizes: list[Price]
) -> None:
    small, large = sizes
    sold_out.mark_sold_out(store=store, things=[large], by=MO, now=EVENING)
    sold_out.mark_sold_out(store=store_b, things=[treat], by=MO, now=EVENING)
    without = sold_out.nowhere([treat], 2, EVENING)
    assert (without.treats, without.sizes) == (frozenset(), {large.pk})

    sold_out.mark_sold_out(store=store, things=[small, large], by=MO, now=EVENING)
    without = sold_out.nowhere([treat], 2, EVENING)
    assert (without.treats, without.sizes) == ({treat.pk}, {small.pk, large.pk})


def test_the_database_refuses_a_size_and_a_choice_in_one_row_and_a_row_twice(
    in_brand: Brand, store: Store, treat: Treat, sizes: list[Price], mint: Option
) -> None:
    row = {"brand": in_brand, "store": store, "treat": treat, "until": EVENING.date()}
    SoldOut.objects.create(**row, told_at=EVENING)
    for more in ({"price": sizes[0], "option": mint}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SoldOut.objects.create(**row, **more, told_at=EVENING)


def test_too_few_choices_left_are_no_treat_left(
    in_brand: Brand,
    store: Store,
    store_b: Store,
    treat: Treat,
    mint: Option,
    gift: Gift,
    django_assert_num_queries: Any,
) -> None:
    day, friday = EVENING.date() - timedelta(days=1), EVENING.date() + timedelta(days=3)
    group = mint.group
    all_three = list(group.options.all())
    sold_out.mark_sold_out(store=store, things=all_three[:1], by=MO, until=friday, now=EVENING)
    sold_out.mark_sold_out(store=store, things=all_three, by=MO, now=EVENING)
    known = list(Treat.objects.on_the_menu(EVENING.date()))

    def without(store_count: int) -> frozenset[UUID]:
        with django_assert_num_queries(1):
            return sold_out.nowhere(known, store_count, EVENING).treats

    assert without(1) == {treat.pk}
    assert not without(2)
    sold_out.mark_sold_out(store=store_b, things=all_three[:2], by=MO, now=EVENING)
    assert not without(2)
    sold_out.mark_sold_out(store=store_b, things=[treat], by=MO, now=EVENING)
    assert without(2) == {treat.pk}

    choices = treat.snapshot(treat.prices.all()[0])[1:]
    lacks = sold_out.missing_of(
        treat_id=treat.pk, price_id=None, stores=[store], now=EVENING, choices=choices
    )
    assert lacks[store.pk].until == day, "the first that comes back will do"
    assert len(lacks[store.pk].labels) == 3
    group.min_picks = 0
    group.save()
    known[:] = Treat.objects.on_the_menu(EVENING.date())
    assert not without(2)
