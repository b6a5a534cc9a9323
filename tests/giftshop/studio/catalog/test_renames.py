"""A choice that is written otherwise stays what it is: its key, and that a store has none."""

from time import process_time

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog import sold_out
from giftshop.catalog.models import Option, Treat
from giftshop.studio.catalog.renames import renames
from redemption.audit.actors import Actor
from tests.giftshop.catalog.test_later_prices import sent


@pytest.mark.parametrize(
    ("gone", "new", "found"),
    [
        ({"Mint"}, {"Peppermint"}, {"Peppermint": "Mint"}),
        ({"Vanila"}, {"Vanilla"}, {"Vanilla": "Vanila"}),
        ({"mint"}, {"MINT"}, {"MINT": "mint"}),
        ({"Mint"}, {"Mango"}, {}),
        ({"Lemon"}, {"Pistachio"}, {}),
        ({"Mint", "Nut"}, {"Mint leaf", "Nuts"}, {"Mint leaf": "Mint", "Nuts": "Nut"}),
        ({"Mint"}, {"Mint leaf", "Mints"}, {"Mints": "Mint"}),
        ({"Mint"}, set(), {}),
        ({"A"}, {"Apple"}, {}),
        ({"a"}, {"A"}, {"A": "a"}),
        ({"Mint"}, {"Minze"}, {"Minze": "Mint"}),
    ],
)  # fmt: skip
def test_only_what_reads_alike_is_the_same(
    gone: set[str], new: set[str], found: dict[str, str]
) -> None:
    assert renames(gone, new) == found


def test_lists_that_are_all_other_are_compared_in_no_time() -> None:
    """A sheet may bring thousands of them: at what one cost before, one request took half an hour."""
    gone, new = ({f"{word * 7}{n:03}"[:60] for n in range(40)} for word in ("abcdefgh", "hgfedcab"))
    before = process_time()
    for _list in range(20):
        renames(gone, new)
    assert process_time() - before < 1


def test_a_renamed_choice_keeps_its_key_and_stays_sold_out(
    brand: Brand, store: Store, treat: Treat, owner_client: Client
) -> None:
    with scope(brand=brand):
        group = treat.option_groups.get()
        mint = group.options.get(key="mint")
        others = [each.label for each in group.options.exclude(pk=mint.pk)]
        sold_out.mark_sold_out(store=store, things=[mint], by=Actor("user", None, "Mo"))

    def save(*labels: str) -> None:
        row = {"key": group.key, "name": group.name, "min_picks": "1", "max_picks": "1"}
        row["options"] = "\n".join([*labels, *others])
        form = {f"groups-0-{name}": value for name, value in row.items()}
        form |= {"groups-TOTAL_FORMS": "1", "groups-INITIAL_FORMS": "1"}
        page = f"/studio/frosty-spoon/menu/{treat.slug}/"
        assert owner_client.post(page, {**sent(treat), **form}).status_code == 302

    save("Fresh peppermint")
    with scope(brand=brand):
        assert Option.objects.get(pk=mint.pk).label == "Fresh peppermint"
        assert Option.objects.get(pk=mint.pk).key == "mint"
        assert [row.thing for row in sold_out.gone_at(store, timezone.now())] == [mint]
    save("Mango")
    with scope(brand=brand):
        assert not Option.objects.filter(pk=mint.pk).exists()
        assert not sold_out.gone_at(store, timezone.now())
