"""Brands that were begun and never opened: told of, and closed unless somebody comes back."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.delivery.subscribers import send_account_letter
from giftshop.operator.brands import close
from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from giftshop.team.invitations import invite_member
from redemption.models import AuditEntry, Device
from redemption.till import devices
from tests.cast import Place, make_brand, make_store, make_user

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + close.QUIET + timedelta(hours=1)
OVER = LATER + close.NOTICE + timedelta(hours=1)


@pytest.fixture
def begun(db: None) -> Brand:
    """Never opened; its owner has not signed in since."""
    brand = make_brand(
        "zwei-kugeln",
        opened_at=None,
        language="de",
        legal_name="Nia N",
        support_email="n@x.example",
    )
    nia = make_user(brand, "nia@example.com", Membership.Role.OWNER)
    with scope(brand=brand):
        devices.pair_directly(store=make_store(brand, "see"), name="Tablet")
        invite_member(
            brand=brand, email="new@example.com", role=Membership.Role.READER, by=nia, now=OVER
        )
    return brand


def test_its_owner_is_told_in_their_language_and_then_it_is_closed(begun: Brand) -> None:
    assert close.run(now=LATER - timedelta(hours=2)) == (0, 0)
    assert close.run(now=LATER) == (1, 0)
    assert close.run(now=LATER) == (0, 0), "told once"
    send_account_letter(Message.objects.get(topic="account.notified"))
    [sent] = mail.outbox
    assert begun.name in str(sent.body)
    assert "geschlossen" in str(sent.body)
    assert "127.0.0.1" in sent.from_email, "in the name of the installation"
    assert close.run(now=OVER - timedelta(hours=2)) == (0, 0)
    assert close.run(now=OVER) == (0, 1)
    begun.refresh_from_db()
    assert (begun.closed_at, begun.legal_name, begun.support_email) == (OVER, "", "")
    assert not Membership.objects.filter(brand=begun).exists()
    assert not Invitation.objects.waiting(OVER).exists()
    assert User.objects.filter(email="nia@example.com", is_active=True).exists()
    with scope(brand=begun):
        assert Device.objects.get().revoked_at == OVER
        assert AuditEntry.objects.filter(act="brand.closed").count() == 1
    assert Client().get("/shop/zwei-kugeln/").status_code == 404


def test_whoever_signs_in_keeps_it(begun: Brand) -> None:
    close.run(now=LATER)
    User.objects.update(last_login=LATER + timedelta(days=1))
    assert close.run(now=OVER) == (0, 0)
    begun.refresh_from_db()
    assert (begun.closed_at, begun.closing_told_at) == (None, None)
    assert close.run(now=LATER + timedelta(days=2) + close.QUIET) == (1, 0), "and then once more"


def test_no_other_is_told(begun: Brand, brand: Brand, place: Place) -> None:
    """One that sells, and one that sold."""
    make_user(brand, "olive@frosty.example", Membership.Role.OWNER)
    assert close.run(now=LATER) == (1, 0)
    place()
    Brand.objects.filter(pk=brand.pk).update(opened_at=None)
    with scope(brand=brand):
        assert Order.objects.exists()
    assert close.run(now=LATER) == (0, 0)


def test_the_command_tells_and_does_it(begun: Brand) -> None:
    Brand.objects.filter(pk=begun.pk).update(created_at=NOW - close.QUIET - timedelta(hours=1))
    said = StringIO()
    call_command("retention", stdout=said)
    assert "Brands that never opened (1 to be told, 0 to be closed)" in said.getvalue()
    call_command("retention", "--run", stdout=said)
    assert "1 told: owners of brands that never opened" in said.getvalue()
