"""The register of purposes: one place for each, and nothing that is sent is outside of it."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.delivery import purposes, send, subscribers
from giftshop.delivery.channels import TryLater
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift, Recipient
from giftshop.outbox import relay
from tests.giftshop.delivery.conftest import delivery_of, letters_to

pytestmark = pytest.mark.django_db

HELLO = purposes.Purpose[Brand](
    name="hello",
    subject=lambda brand: f"brand:{brand.pk}",
    address=lambda brand: brand.support_email,
    compose=lambda delivery, brand: mail.EmailMessage(
        "Hello", "", "a@b.example", [delivery.address]
    ),
    is_needed=True,
)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> purposes.Purpose[Brand]:
    monkeypatch.setattr(purposes, "_purposes", dict(purposes._purposes))
    return purposes.register(HELLO)


def test_a_room_adds_a_purpose_in_one_place(
    brand: Brand, registered: purposes.Purpose[Brand]
) -> None:
    Brand.objects.update(support_email="hello@frosty.example")
    brand.refresh_from_db()
    with scope(brand=brand):
        for _ in range(2):
            send.send(purpose=registered, about=brand, brand=brand)
        (kept,) = Delivery.objects.all()
    assert len(letters_to("hello@frosty.example")) == 1
    assert (kept.purpose, kept.subject, kept.address) == (
        *("hello", f"brand:{brand.pk}"),
        "hello@frosty.example",
    )


def test_a_name_is_taken_once_and_whoever_may_stop_it_reads_why(
    registered: purposes.Purpose[Brand],
) -> None:
    with pytest.raises(ValueError, match="hello already"):
        purposes.register(HELLO)
    with pytest.raises(ValueError, match="reads why"):
        purposes.register(purposes.Purpose(**{**vars(HELLO), "name": "ad", "is_needed": False}))
    with pytest.raises(KeyError):
        purposes.find("helo")


def test_all_that_is_sent_is_registered(gift: Gift) -> None:
    """And the subject in the row is the one that the purpose is about."""
    relay.drain()
    with scopes_disabled():
        sent = {(each.purpose, each.subject.partition(":")[0]) for each in Delivery.objects.all()}
    assert sent == {("receipt", "order"), ("gift", "gift")}
    assert sorted(purposes.names()) == [
        *(
            "address_code",
            "alarm",
            "answer",
            "brand_approved",
            "brand_closes",
            "case",
            "consent",
            "factor_changed",
            "gift",
            "gift_opening_code",
            "handed_out",
            "invitation",
            "link",
            "monday",
            "new_browser",
            "new_password",
            "not_me",
            "offer_low",
            "offer_over",
            "opening_code",
            "orders_found",
            "proof_code",
            "question",
        ),
        "receipt",
        "recovery_code_used",
        "refund",
        "reminder_month",
        "reminder_unopened",
        "reminder_week",
        "sign_in_code",
        "thanks",
        "undeliverable",
        "unopened",
        "withdrawal",
    ]


def test_an_address_that_was_put_right_is_the_one_that_is_kept(
    gift: Gift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try failed for a while; the stop link in the mail then stops the address it went to."""

    def away(message: mail.EmailMessage) -> str:
        raise TryLater("451")

    with scope(brand=gift.order.brand):
        with monkeypatch.context() as patched, pytest.raises(TryLater):
            patched.setitem(send.channels.SENDERS, "email", away)
            send.send(purpose=subscribers.GIFT, about=gift, brand=gift.order.brand)
        assert delivery_of(gift).address == "ben@friends.example"
        Recipient.objects.filter(pk=gift.recipient_id).update(email="ben@new.example")
        put_right = Gift.objects.with_everything().get(pk=gift.pk)
        send.send(purpose=subscribers.GIFT, about=put_right, brand=gift.order.brand)
        Recipient.objects.filter(pk=gift.recipient_id).update(email="later@new.example")
    assert len(letters_to("ben@new.example")) == 1
    assert delivery_of(gift).address == "ben@new.example"
    assert delivery_of(gift).attempts_made == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"subject": "gift"},
        {"subject": "gift:"},
        {"purpose": ""},
        {"address": ""},
        {"addressee": "ada"},
    ],
)
def test_the_database_refuses_a_delivery_about_nothing(brand: Brand, wrong: dict[str, str]) -> None:
    right = {"purpose": "hello", "subject": f"brand:{brand.pk}", "address": "a@b.example"}
    with scope(brand=brand):
        Delivery.objects.create(brand=brand, created_at=timezone.now(), **right)
        with (
            pytest.raises(IntegrityError, match="says_what_about_and_to_whom"),
            transaction.atomic(),
        ):
            Delivery.objects.create(
                brand=brand, created_at=timezone.now(), **{**right, "version": 2, **wrong}
            )


def test_what_is_told_to_several_is_unique_for_each(brand: Brand) -> None:
    told = {"purpose": "hello", "subject": f"brand:{brand.pk}", "address": "a@b.example"}
    with scope(brand=brand):
        for addressee in ("user:1", "user:2"):
            Delivery.objects.create(
                brand=brand, created_at=timezone.now(), addressee=addressee, **told
            )
        with (
            pytest.raises(IntegrityError, match="delivery_sent_once_per_version"),
            transaction.atomic(),
        ):
            Delivery.objects.create(
                brand=brand, created_at=timezone.now(), addressee="user:1", **told
            )
