"""A question whose SQL was composed once is answered as if it were composed anew, whoever asked before."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError, atomic
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django_scopes import ScopeError, scope, scopes_disabled

from brands.models import Brand
from core.database.composed import Composed, given, given_list
from giftshop.catalog.models import Treat
from giftshop.orders import checkout
from giftshop.orders.models import Order
from tests.cast import Place, today

NAMED = Composed(
    lambda: Treat.objects.filter(
        name=given("name"), pk__in=given_list("treats", "uuid")
    ).values_list("pk")
)
WHOLE = Composed(lambda: Treat.objects.filter(pk=given("id")))


def named(name: str, *treats: Treat) -> list[Treat]:
    """Those of them with that name, in the order they were made."""
    found = {key for (key,) in NAMED.rows(name=name, treats=[each.pk for each in treats])}
    return [each for each in treats if each.pk in found]


@pytest.fixture
def ours(brand: Brand) -> Treat:
    made: Treat = Treat._base_manager.create(
        brand=brand,
        slug="one",
        name="One",
        picture={"file": "ö"},
        translations={"de": {"name": "Eins"}},
    )
    return made


@pytest.fixture
def theirs(other_brand: Brand) -> Treat:
    made: Treat = Treat._base_manager.create(brand=other_brand, slug="one", name="One")
    return made


@pytest.mark.django_db
class TestWhoAsks:
    def test_each_brand_sees_its_own_whoever_asked_first(
        self, brand: Brand, other_brand: Brand, ours: Treat, theirs: Treat
    ) -> None:
        for _ in range(2):
            with scope(brand=brand):
                assert named("One", ours, theirs) == [ours]
            with scope(brand=other_brand.pk):  # by its id, as some open it
                assert named("One", ours, theirs) == [theirs]
                with pytest.raises(Treat.DoesNotExist):
                    WHOLE.get(id=ours.pk)

    def test_nobody_asks_outside_of_a_brand(self, brand: Brand, ours: Treat) -> None:
        with scope(brand=brand):
            named("One", ours)
        with pytest.raises(ScopeError):
            named("One", ours)
        with scopes_disabled(), pytest.raises(ScopeError):
            named("One", ours)

    def test_it_is_composed_for_no_brand_and_no_language(
        self, brand: Brand, other_brand: Brand, ours: Treat, theirs: Treat
    ) -> None:
        anew = Composed(lambda: Treat.objects.filter(pk=given("id")))
        with scope(brand=brand), translation.override("de"):
            anew.get(id=ours.pk)
        with scope(brand=other_brand):
            assert anew.get(id=theirs.pk) == theirs


@pytest.mark.django_db
class TestWhatIsAnswered:
    @pytest.mark.usefixtures("in_brand")
    def test_values_are_those_of_each_question(self, brand: Brand, ours: Treat) -> None:
        two = Treat.objects.create(brand=brand, slug="two", name="Two")
        assert named("One", ours, two) == [ours]
        assert named("Two", ours, two) == [two]
        assert named("Two", ours) == named("One") == []
        with pytest.raises(KeyError):
            NAMED.rows(name="One")

    @pytest.mark.usefixtures("in_brand")
    def test_a_row_is_as_the_orm_reads_it(self, ours: Treat) -> None:
        read, kept = WHOLE.get(id=ours.pk), Treat.objects.get(pk=ours.pk)
        for field in Treat._meta.concrete_fields:
            assert getattr(read, field.attname) == getattr(kept, field.attname), field.name
        read.name = "Uno"
        with CaptureQueriesContext(connection) as asked:
            read.save()  # it is no new one
        assert [each["sql"].split()[0] for each in asked] == ["UPDATE"]
        with pytest.raises(Treat.DoesNotExist):
            WHOLE.get(id=uuid4())

    def test_what_is_on_sale_is_what_the_menu_says(self, place: Place) -> None:
        """Of all that checkout composes the longest; days and stores are tried in the tests of the menu."""
        order = place()
        with scope(brand=order.brand):
            day, all_of_them = today(order.brand), list(Treat.objects.all())
            Treat.objects.filter(pk=all_of_them[0].pk).update(on_sale_until=day)
            for when in (day, day + timedelta(days=1)):
                known = set(Treat.objects.on_sale(when).values_list("pk", flat=True))
                told = checkout._ON_SALE.rows(day=when, treats=[each.pk for each in all_of_them])
                assert {key for (key,) in told} == known


@pytest.mark.django_db(transaction=True)
class TestWhatIsKept:
    def test_it_outlives_the_connection_and_the_thread_that_asked_first(
        self, brand: Brand, ours: Treat
    ) -> None:
        anew = Composed(lambda: Treat.objects.filter(pk=given("id")))

        def first() -> None:
            with scope(brand=brand):
                anew.get(id=ours.pk)
            connection.close()

        thread = threading.Thread(target=first)
        thread.start()
        thread.join()
        with scope(brand=brand):
            assert anew.get(id=ours.pk) == ours
            connection.close()
            assert anew.get(id=ours.pk) == ours

    def test_rows_are_locked_in_a_transaction_alone(self, place: Place) -> None:
        order = place()
        with scope(brand=order.brand):
            for _ in range(2):
                with pytest.raises(TransactionManagementError):
                    Order.lock(order.pk)
                with atomic(), CaptureQueriesContext(connection) as asked:
                    assert Order.lock(order.pk) == order
                assert asked.captured_queries[-1]["sql"].endswith(
                    'FOR NO KEY UPDATE OF "orders_order"'
                )
