"""A store's phone: read by its country when an owner types it, called and shown, never lost."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django_scopes import scopes_disabled

from brands.models import Brand, Store
from giftshop.orders.models import Gift
from tests.giftshop.studio.test_stores import PIKE, fresh, typed


@pytest.mark.parametrize(
    ("typed_phone", "country", "kept", "shown"),
    [
        ("206.555.0114 x 5", "US", "+12065550114;ext=5", "(206) 555-0114 ext. 5"),
        ("040/66969-120", "DE", "+494066969120", "040 66969120"),
        ("+49 40 66969120", "US", "+494066969120", "+49 40 66969120"),
    ],
)
def test_a_phone_is_kept_so_that_it_can_be_called_from_anywhere(
    owner_client: Client, store: Store, typed_phone: str, country: str, kept: str, shown: str
) -> None:
    owner_client.post(PIKE, typed(phone=typed_phone, country=country))
    page = owner_client.get(PIKE).content.decode()

    assert fresh(store).phone == kept
    assert f'value="{shown}"' in page
    owner_client.post(PIKE, typed(phone=shown, country=country, city="Tacoma"))
    assert fresh(store).phone == kept


def test_a_phone_of_earlier_days_stops_no_other_change_and_is_not_lost(
    owner_client: Client, store: Store
) -> None:
    Store._base_manager.filter(pk=store.pk).update(phone="ask inside")
    assert 'value="ask inside"' in owner_client.get(PIKE).content.decode()

    answer = owner_client.post(PIKE, typed(phone="ask inside", city="Tacoma"))
    assert (answer.status_code, fresh(store).phone) == (302, "ask inside")
    answer = owner_client.post(PIKE, typed(phone="ask outside", city="Tacoma"))
    assert (answer.status_code, fresh(store).phone) == (422, "ask inside")
    owner_client.post(PIKE, typed(phone="", city="Tacoma"))
    assert fresh(store).phone == ""


def test_a_changed_phone_is_told_in_the_audit_log_with_its_country_code(
    owner_client: Client, store: Store
) -> None:
    Store._base_manager.filter(pk=store.pk).update(phone="ask inside")
    owner_client.post(PIKE, typed(phone="(206) 555-0114"))

    page = owner_client.get("/studio/frosty-spoon/audit/").content.decode()
    assert "ask inside → +1 206-555-0114" in page


def test_phones_of_earlier_days_are_read_once(store: Store, store_b: Store) -> None:
    migration = import_module("brands.migrations.0003_phones_as_e164")
    Store._base_manager.filter(pk=store.pk).update(phone="(206) 555-0114 ext. 5")
    Store._base_manager.filter(pk=store_b.pk).update(phone="ask inside")
    with scopes_disabled():
        for _again in range(2):
            migration.read_phones(apps, None)

            assert fresh(store).phone == "+12065550114;ext=5"
            assert fresh(store_b).phone == "ask inside"


def test_the_number_is_read_and_can_be_called_from_anywhere(
    client: Client, brand: Brand, store: Store, store_b: Store, gift: Gift
) -> None:
    Store._base_manager.filter(pk=store.pk).update(phone="+12065550114;ext=5")
    Store._base_manager.filter(pk=store_b.pk).update(phone="+494066969120")
    client.post(f"/gift/{gift.link_token()}/opening/")
    for path in (f"/shop/{brand.slug}/", f"/gift/{gift.link_token()}/"):
        page = client.get(path).content.decode()

        assert 'href="tel:+12065550114;ext=5"' in page
        assert "(206) 555-0114 ext. 5" in page
        assert 'href="tel:+494066969120"' in page
        assert "+49 40 66969120" in page, "of another country than the brand's"


def test_a_text_that_is_no_number_is_read_and_no_link_calls_it(
    client: Client, brand: Brand, store: Store
) -> None:
    Store._base_manager.filter(pk=store.pk).update(phone="ask inside")
    page = client.get(f"/shop/{brand.slug}/").content.decode()

    assert "ask inside" in page
    assert "tel:" not in page
