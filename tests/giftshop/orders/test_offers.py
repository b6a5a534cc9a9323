"""What a gift offers is frozen when it is ordered, in one row for all gifts that offer the same."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Option, OptionGroup, Treat
from redemption.models import Code, OptionList
from tests.cast import Place, line, pay

pytestmark = pytest.mark.django_db


def test_recipients_who_get_the_same_share_a_row(brand: Brand, treat: Treat, place: Place) -> None:
    large = line(treat, "Dora", price=treat.prices.get(key="large"))
    order = place(lines=[line(treat, "Ben"), line(treat, "Cleo"), large])
    again = place(recipients=("Ada",))
    with scope(brand=brand):
        ben, cleo, dora = order.gifts.order_by("position")
        assert ben.option_list == cleo.option_list == again.gifts.get().option_list
        assert OptionList.objects.count() == 2
    assert ben.picks == cleo.picks == {"size": ["regular"]}
    assert dora.picks == {"size": ["large"]}


def test_the_code_offers_what_was_ordered(brand: Brand, treat: Treat, place: Place) -> None:
    order = place(recipients=("Ben",))
    before = treat.snapshot(treat.prices.get(key="regular"))
    Option.objects.filter(group__treat=treat, key="mint").update(label="Basil", extra=900)
    pay(order)
    with scope(brand=brand):
        code = Code.objects.select_related("option_list").get()
        gift = order.gifts.select_related("option_list").get()
        assert code.option_list == gift.option_list == OptionList.objects.get()
    assert code.choices == gift.choices == before
    fresh = Treat._base_manager.get(pk=treat.pk)
    assert fresh.snapshot(treat.prices.get(key="regular")) != before


def test_paying_neither_writes_nor_asks_for_a_list(place: Place) -> None:
    order = place(recipients=("Ben", "Cleo", "Dora"))
    with CaptureQueriesContext(connection) as queries:
        pay(order)
    about = [q["sql"] for q in queries if 'FROM "redemption_optionlist"' in q["sql"]]
    assert about == []  # the gifts bring theirs along
    assert not any('INSERT INTO "redemption_optionlist"' in q["sql"] for q in queries)


def test_a_group_named_like_the_size_is_refused(treat: Treat) -> None:
    with pytest.raises(IntegrityError, match="option_group_is_not_the_size"), transaction.atomic():
        OptionGroup.objects.create(treat=treat, key="size", name="Size of the spoon")
