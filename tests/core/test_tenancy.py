"""Rows are asked for through their brand alone; what is composed once for a brand is changed by nobody."""

import threading

import pytest
from django_scopes import ScopeError, scope, scopes_disabled

from brands.models import Brand, Store

pytestmark = pytest.mark.django_db


def test_outside_of_any_brand_nothing_is_asked(brand: Brand) -> None:
    with scope(brand=brand):
        list(Store.objects.all())
    with pytest.raises(ScopeError):
        list(Store.objects.all())


def test_each_asks_for_its_own_however_often_another_asked(
    brand: Brand, other_brand: Brand, store: Store
) -> None:
    with scopes_disabled():
        mine = set(Store.objects.filter(brand=brand))
    assert mine
    for _ in range(2):
        with scope(brand=brand):
            assert set(Store.objects.all()) == mine
        with scope(brand=other_brand):
            assert set(Store.objects.all()) == set()
        with scope(brand=brand.pk):
            assert set(Store.objects.all()) == mine


def test_what_one_adds_to_its_question_is_not_asked_by_the_next(brand: Brand, store: Store) -> None:
    """The condition is kept across requests: nothing of a question may stay in it, nor its answer."""
    with scope(brand=brand):
        before = str(Store.objects.all().query)
        kept = Store.objects.all()
        assert list(kept.filter(name="nobody's").order_by("-name")[:1]) == []
        kept.query.add_ordering("name")
        kept.query.set_empty()
        list(kept)
        assert str(Store.objects.all().query) == before
        Store.objects.filter(pk=store.pk).update(name="Renamed")
        assert "Renamed" in {each.name for each in Store.objects.all()}


def test_threads_of_two_brands_ask_each_for_its_own(brand: Brand, other_brand: Brand) -> None:
    wrong: list[str] = []

    def ask(one: Brand) -> None:
        for _ in range(200):
            with scope(brand=one):
                sql = str(Store.objects.filter(name="x").query)
            if str(one.pk) not in sql and one.pk.hex not in sql:
                wrong.append(sql)

    threads = [threading.Thread(target=ask, args=[one]) for one in (brand, other_brand) * 4]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
