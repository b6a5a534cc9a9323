"""Somebody tries codes: each owner hears of it once, by e-mail and in the studio."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from core.ids import uuid7
from giftshop.accounts.models import Membership, User
from giftshop.delivery import channels, subscribers, suppression
from giftshop.delivery.models import Attempt, Delivery
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from redemption.codes.acts import ActRefused
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import Alarm, Device, RefusedAttempt, StaffMember
from tests.cast import make_user
from tests.giftshop.delivery.conftest import html_of, letters_to

pytestmark = pytest.mark.django_db

UNMARKED = dict.fromkeys((0x2068, 0x2069))
"""Without what isolates a name."""


def raise_alarm(brand: Brand, *, hours_ago: float = 0) -> Alarm:
    """As guessing does it; the database tells the outbox."""
    now = timezone.now() - timedelta(hours=hours_ago)
    with scopes_disabled():
        return Alarm.objects.create(
            brand=brand,
            kind=Alarm.Kind.WRONG_TRIES,
            count=100,
            since=now - timedelta(minutes=7),
            raised_at=now,
        )


@pytest.fixture
def second_owner(brand: Brand) -> User:
    return make_user(brand, "omar@frosty.example", Membership.Role.OWNER)


def message_of(alarm: Alarm) -> Message:
    return Message.objects.get(
        topic="alarm.raised", subscriber="delivery.alarm", brand_id=alarm.brand_id
    )


def test_every_owner_is_told_and_nobody_else(
    brand: Brand, owner: User, second_owner: User, marketer: User, eve: User
) -> None:
    raise_alarm(brand)
    relay.drain()

    assert sorted(letter.to[0] for letter in mail.outbox) == [owner.email, second_owner.email]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "Frosty Spoon Creamery: In deinen Läden probiert jemand Codes durch"),
        ("vi", "Frosty Spoon Creamery: somebody is trying codes at your stores"),
    ],
)
def test_owners_are_written_to_in_the_language_of_their_brand(
    brand: Brand, owner: User, language: str, subject: str
) -> None:
    """In English where we have no words in that."""
    Brand.objects.filter(pk=brand.pk).update(language=language)
    raise_alarm(brand)
    relay.drain()
    assert [letter.subject.translate(UNMARKED) for letter in mail.outbox] == [subject]


def test_the_letter_says_how_many_since_when_where_and_what_to_do(
    brand: Brand, owner: User, device: Device
) -> None:
    alarm = raise_alarm(brand)
    with scope(brand=brand):
        for minute in range(3):
            RefusedAttempt.objects.create(
                brand=brand,
                store=device.store,
                device=device,
                act=RefusedAttempt.Act.LOOKUP,
                reason="unknown_code",
                attempted_at=alarm.raised_at - timedelta(minutes=minute),
            )
    relay.drain()
    (letter,) = letters_to(owner.email)

    assert letter.subject == "Frosty Spoon Creamery: somebody is trying codes at your stores"
    for words in (letter.body, html_of(letter)):
        assert "100 codes that do not exist were tried since" in words
        assert "refused more of them for 5 minutes" in words
        assert "/studio/frosty-spoon/devices/" in words
        names = words.replace("<bdi>", "").replace("</bdi>", "")
        assert "Pike Street, Counter tablet" in names
        assert "{" not in words.replace("{ ", "").split("</style>")[-1]
    assert "List-Unsubscribe" not in letter.extra_headers
    assert letter.extra_headers["Message-ID"].startswith(f"<alarm-{alarm.pk}-{owner.pk}-v1@")


def test_wrong_pins_are_told_with_where_they_were_typed(
    brand: Brand, owner: User, owner_client: Client, device: Device
) -> None:
    alarm = raise_alarm(brand)
    with scopes_disabled():
        Message.objects.all().delete()
        alarm.pk, alarm.kind = uuid7(), Alarm.Kind.WRONG_PINS
        alarm.device, alarm.count = device, 20
        alarm.save(force_insert=True)
    relay.drain()
    (letter,) = letters_to(owner.email)
    studio = owner_client.get("/studio/frosty-spoon/").content.decode()

    assert letter.subject == "Frosty Spoon Creamery: somebody is trying PINs at your store"
    for words in (letter.body, html_of(letter), studio):
        assert "20 wrong PINs were typed at Counter tablet, Pike Street since" in words
        assert "Call the store and ask who is at the device" in words
    assert "a pause of up to 15 minutes" in letter.body


def test_a_message_that_comes_again_sends_nothing_again(
    brand: Brand, owner: User, second_owner: User
) -> None:
    alarm = raise_alarm(brand)
    relay.drain()
    for _ in range(3):
        subscribers.send_alarm(message_of(alarm))

    assert len(letters_to(owner.email)) == len(letters_to(second_owner.email)) == 1


def test_many_goodwill_gifts_are_told_with_their_store(
    brand: Brand, owner: User, owner_client: Client, device: Device, manager: StaffMember
) -> None:
    with scope(brand=brand):
        for _n in range(2):
            issue_goodwill_gift(staff=manager, device=device, amount=5000, label="x", reason="x")
        with pytest.raises(ActRefused):
            issue_goodwill_gift(staff=manager, device=device, amount=5000, label="x", reason="x")
    relay.drain()
    (letter,) = letters_to(owner.email)
    studio = owner_client.get("/studio/frosty-spoon/").content.decode()

    assert letter.subject == "Frosty Spoon Creamery: many gifts by hand at your store"
    for words in (letter.body, html_of(letter), studio):
        assert "2 gifts were made by hand at Counter tablet, Pike Street since" in words
        assert "under Rules" in words


def test_a_new_alarm_is_told_anew(brand: Brand, owner: User) -> None:
    raise_alarm(brand, hours_ago=2)
    raise_alarm(brand)
    relay.drain()

    assert len(letters_to(owner.email)) == 2


def test_one_owner_who_cannot_be_reached_keeps_no_other_from_being_told(
    brand: Brand, owner: User, second_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = channels.SENDERS["email"]
    away = {owner.email}

    def email(message: Any) -> str:
        if message.to[0] in away:
            raise channels.TryLater("451")
        return real(message)

    monkeypatch.setitem(channels.SENDERS, "email", email)
    raise_alarm(brand)
    relay.drain()
    assert len(letters_to(second_owner.email)) == 1
    assert not letters_to(owner.email)

    away.clear()
    relay.drain(now=timezone.now() + timedelta(minutes=5))
    assert len(letters_to(second_owner.email)) == 1
    assert len(letters_to(owner.email)) == 1


def test_an_owner_who_wants_no_gift_mail_still_hears_of_an_alarm(brand: Brand, owner: User) -> None:
    suppression.suppress(address=owner.email, brand=brand)
    raise_alarm(brand)
    relay.drain()

    assert len(letters_to(owner.email)) == 1


def test_neither_message_nor_attempt_holds_an_address(brand: Brand, owner: User) -> None:
    raise_alarm(brand)
    relay.drain()
    with scope(brand=brand):
        delivery = Delivery.objects.get(purpose="alarm")

    assert delivery.state == Delivery.State.SENT
    assert "@" not in str(Message.objects.get(subscriber="delivery.alarm").payload)
    assert [attempt.error for attempt in Attempt.objects.all()] == [""]


@pytest.mark.parametrize("path", ["", "devices/"])
def test_the_studio_shows_it_to_owners_for_a_day(
    owner_client: Client, brand: Brand, path: str
) -> None:
    page = f"/studio/frosty-spoon/{path}"
    raise_alarm(brand, hours_ago=24.1)
    before = owner_client.get(page).content.decode()
    raise_alarm(brand, hours_ago=23)
    after = owner_client.get(page).content.decode()

    assert "Somebody is trying codes" not in before
    assert after.count("Somebody is trying codes") == 1
    assert "100 codes that do not exist" in after


def test_neither_a_marketer_nor_another_brand_sees_it(
    client: Client, owner_client: Client, brand: Brand, other_brand: Brand, marketer: User
) -> None:
    raise_alarm(brand)
    client.force_login(marketer)
    assert b"Somebody is trying" not in client.get("/studio/frosty-spoon/").content
    with scopes_disabled():
        Alarm.objects.update(brand=other_brand)
    assert b"Somebody is trying" not in owner_client.get("/studio/frosty-spoon/").content
