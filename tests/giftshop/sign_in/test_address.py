"""Another address for one's account: a code at each end, and nobody else's address."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_scopes import scopes_disabled

from giftshop.accounts.models import User
from giftshop.delivery.subscribers import send_account_letter
from giftshop.outbox.models import Message
from giftshop.sign_in.address import CHANGES_MAX, TRIES_MAX
from redemption.models import AuditEntry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/account/address/"
NEW = "olive@new.example"


def ask(client: Client, address: str) -> Any:
    return client.post(ADDRESS, {"email": address})


def sent_codes() -> dict[str, str]:
    """Each letter's code by the address that it went to."""
    for message in Message.objects.filter(topic="account.notified", done_at=None).order_by("pk"):
        send_account_letter(message)
    found = {}
    for letter in mail.outbox:
        code = re.search(r"^\d{4}-\d{4}$", str(letter.body), re.MULTILINE)
        assert code
        found[letter.to[0]] = code[0]
    return found


def type_in(client: Client, old: str, new: str) -> Any:
    return client.post(f"{ADDRESS}codes/", {"old": old, "new": new})


def test_both_codes_change_the_address(owner: User, owner_client: Client) -> None:
    was = owner.email
    assert ask(owner_client, NEW.upper())["Location"] == f"{ADDRESS}codes/"
    page = owner_client.get(f"{ADDRESS}codes/").content.decode()
    assert was in page
    assert NEW in page
    codes = sent_codes()
    assert set(codes) == {was, NEW}
    assert type_in(owner_client, codes[was], codes[NEW])["Location"] == "/account/"
    owner.refresh_from_db()
    assert owner.email == NEW
    assert owner_client.get("/account/").status_code == 200, "they stay signed in"
    with scopes_disabled():
        entry = AuditEntry.objects.get(act="member.address_changed")
    assert "example" not in str(entry.details), "the audit log keeps no address"
    sent = {"username": NEW, "password": PASSWORD}
    assert Client().post("/accounts/login/", sent).status_code == 302


def test_one_end_is_not_enough_and_codes_are_not_swapped(owner: User, owner_client: Client) -> None:
    was = owner.email
    ask(owner_client, NEW)
    codes = sent_codes()
    for old, new in (
        (codes[was], "0000-0000"),
        ("0000-0000", codes[NEW]),
        (codes[NEW], codes[was]),
    ):
        assert type_in(owner_client, old, new).status_code in {302, 422}
    assert TRIES_MAX == 3
    assert type_in(owner_client, codes[was], codes[NEW])["Location"] == ADDRESS, "tried too often"
    owner.refresh_from_db()
    assert owner.email == was


def test_anothers_address_is_neither_taken_nor_told(
    owner: User, marketer: User, owner_client: Client
) -> None:
    assert ask(owner_client, marketer.email)["Location"] == f"{ADDRESS}codes/"
    codes = sent_codes()
    assert set(codes) == {owner.email}
    assert type_in(owner_client, codes[owner.email], "1234-5678").status_code == 422


def test_an_address_that_somebody_got_since_is_refused(owner: User, owner_client: Client) -> None:
    was = owner.email
    ask(owner_client, NEW)
    codes = sent_codes()
    User.objects.create_user(NEW, PASSWORD)
    assert type_in(owner_client, codes[was], codes[NEW]).status_code == 422
    owner.refresh_from_db()
    assert owner.email == was


def test_not_without_asking_and_not_on_and_on(owner: User, owner_client: Client) -> None:
    assert owner_client.get(f"{ADDRESS}codes/")["Location"] == ADDRESS
    assert ask(owner_client, "no address").status_code == 422
    assert ask(owner_client, owner.email).status_code == 422
    statuses = [ask(owner_client, f"o{n}@new.example").status_code for n in range(CHANGES_MAX + 1)]
    assert statuses == [302] * CHANGES_MAX + [429]
