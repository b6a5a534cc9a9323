"""The Monday letter: to whom, when, once; and stopped by whoever wants none."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from campaigns.letter import look
from campaigns.letter import send as letters
from campaigns.letter.emails import Told
from campaigns.letter.readers import Reader, stop, switch_path
from campaigns.letter.story import Number, Story
from campaigns.links import links
from campaigns.models import Fact, Letter, Link
from giftshop.accounts.models import Membership, User
from giftshop.delivery import channels
from giftshop.delivery.models import Delivery, Suppression
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from tests.campaigns.conftest import new_fact, record
from tests.cast import make_user

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 5, 18, 15, tzinfo=UTC)
"""Eight in the morning in Los Angeles."""
FRIDAY = datetime(2026, 5, 15, 19, tzinfo=UTC)


def live(
    brand: Brand,
    sold: int = 0,
    redeemed: int = 0,
    store: Store | None = None,
    at: datetime = FRIDAY,
    **told: int,
) -> None:
    for _ in range(sold):
        record(new_fact(brand, occurred_at=at))
    for _ in range(redeemed):
        record(new_fact(brand, Fact.Topic.CODE_REDEEMED, occurred_at=at, store=store, **told))


@pytest.fixture
def sold(brand: Brand, owner: User) -> None:
    live(brand, sold=12)


def deliver() -> list[Any]:
    """All that waits, as workers do."""
    relay.drain()
    return mail.outbox


def test_an_owner_gets_last_weeks_letter_on_monday(brand: Brand, owner: User, sold: None) -> None:
    assert look.run(now=MONDAY) == 1
    (letter,) = deliver()
    assert letter.to == [owner.email]
    assert "Last week 12 gifts were sold, for $78.00." in letter.body
    path = "/studio/frosty-spoon/figures/gifts_sold/?from=2026-05-11&to=2026-05-17"
    assert f"{path}\n" in letter.body
    html = letter.alternatives[0][0]
    assert path.replace("&", "&amp;") in html


def test_each_number_is_on_the_page_that_it_leads_to_for_each_reader(
    brand: Brand, store: Store, store_b: Store, owner: User
) -> None:
    """Also for a franchisee who sees one store alone, and of the week before."""
    franchisee = make_user(brand, "desmond@frosty.example", Membership.Role.STORE_MANAGER, [store])
    earlier = FRIDAY - timedelta(days=7)
    live(brand, redeemed=1, store=store, at=earlier - timedelta(days=7))  # watched since
    live(brand, sold=17, redeemed=9, store=store_b, at=earlier)
    live(brand, sold=23, redeemed=8, store=store)
    live(brand, redeemed=14, store=store, at=earlier)
    live(brand, redeemed=6, store=store, basket_total=1_130, spend_over=480)
    look.run(now=MONDAY)
    told = set()
    for letter, reader in (("brand", owner), ("store", franchisee)):
        client = Client()
        client.force_login(reader)
        with scope(brand=brand):
            promised = Letter.objects.select_related("brand", "store")
            story = letters.story_of(promised.get(store__isnull=letter == "brand"))
        assert story
        for sentence in [*story.sentences, *([story.advice] if story.advice else [])]:
            for name, number in sentence.numbers.items():
                assert_shows(client, number)
                told.add((letter, sentence.kind, name))
    assert told >= {
        *((letter, "redeemed", name) for letter in ("brand", "store") for name in ("redeemed", "earlier")),
        *((letter, "spend", name) for letter in ("brand", "store") for name in ("spend", "baskets")),
        ("brand", "sold", "earlier"),
    }  # fmt: skip


def assert_shows(client: Client, told: Number) -> None:
    page = client.get(told.url.partition(":8000")[2] or told.url)
    assert page.status_code == 200, told
    words = strip_tags(page.content.decode())
    assert re.search(rf"(?<![\d.,]){re.escape(told.text)}(?![\d.,]*\d)", words), told


def test_so_is_the_number_of_the_link_and_of_the_store_that_are_ahead(
    owner_client: Client, brand: Brand, store: Store, store_b: Store, link: Link
) -> None:
    with scope(brand=brand):
        other = links.add(campaign=link.campaign, channel="poster", name="Window")
    for place, which, redeemed in ((store, link, 21), (store_b, other, 2)):
        for _ in range(redeemed):
            record(
                new_fact(
                    brand, Fact.Topic.CODE_REDEEMED, occurred_at=FRIDAY, store=place,
                    link=which, campaign=which.campaign,
                )
            )  # fmt: skip
    look.run(now=MONDAY)
    with scope(brand=brand):
        story = letters.story_of(Letter.objects.select_related("brand", "store").get())
    assert story
    ahead = {sentence.kind: sentence.numbers["count"] for sentence in story.sentences[1:]}
    assert set(ahead) == {"link", "store"}
    for told in ahead.values():
        page = owner_client.get(told.url.partition(":8000")[2] or told.url)
        assert page.status_code == 200
        assert told.text == "21"
        assert f">{told.text}<" in page.content.decode()


def test_it_is_promised_once_and_sent_once(brand: Brand, sold: None) -> None:
    assert [look.run(now=MONDAY + timedelta(minutes=5 * turn)) for turn in range(4)] == [1, 0, 0, 0]
    deliver()
    with scopes_disabled():
        Message.objects.filter(topic="letter.due").update(done_at=None)
        (again,) = Message.objects.filter(topic="letter.due")
    letters.send_letters(again)  # as by a worker that follows one that was killed
    assert len(mail.outbox) == 1
    with scopes_disabled():
        assert Delivery.objects.filter(purpose="monday").count() == 1


def test_a_promise_is_written_with_its_message_or_not_at_all(
    brand: Brand, sold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(**_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(look, "emit", dies)
        with pytest.raises(KeyboardInterrupt):
            look.run(now=MONDAY)
    assert look.run(now=MONDAY) == 1
    assert len(deliver()) == 1


@pytest.mark.parametrize(
    ("now", "promised"),
    [
        (datetime(2026, 5, 18, 13, 59, tzinfo=UTC), 0),  # before seven in Los Angeles
        (datetime(2026, 5, 18, 14, tzinfo=UTC), 1),
        (datetime(2026, 5, 19, 6, 59, tzinfo=UTC), 1),  # still Monday there
        (datetime(2026, 5, 19, 7, tzinfo=UTC), 0),
        (datetime(2026, 3, 9, 14, tzinfo=UTC), 1),  # the day after its clocks went forward
        (datetime(2026, 11, 2, 14, 59, tzinfo=UTC), 0),  # and back
        (datetime(2026, 11, 2, 15, tzinfo=UTC), 1),
    ],
)
def test_monday_morning_is_the_brands(brand: Brand, now: datetime, promised: int) -> None:
    assert look.run(now=now) == promised


@pytest.mark.parametrize(
    ("zone", "seven"),
    [
        ("Pacific/Kiritimati", datetime(2026, 5, 17, 17, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2026, 5, 18, 10, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 5, 18, 11, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 5, 18, 18, tzinfo=UTC)),
    ],
)
def test_it_comes_at_seven_all_over_the_world(brand: Brand, zone: str, seven: datetime) -> None:
    Brand.objects.update(time_zone=zone)
    assert look.run(now=seven - timedelta(minutes=1)) == 0
    assert look.run(now=seven) == 1


def test_a_store_whose_clock_is_ahead_waits_until_the_brands_week_is_over(
    brand: Brand, store: Store
) -> None:
    make_user(brand, "maya@frosty.example", Membership.Role.STORE_MANAGER, [store])
    with scope(brand=brand):
        Store.objects.filter(pk=store.pk).update(time_zone="Asia/Tokyo")
    assert look.run(now=datetime(2026, 5, 18, 6, 59, tzinfo=UTC)) == 0  # Monday at 15:59 there
    assert look.run(now=datetime(2026, 5, 18, 7, tzinfo=UTC)) == 1


def test_a_brand_that_is_not_open_gets_none(brand: Brand, sold: None) -> None:
    Brand.objects.update(opened_at=None)
    assert look.run(now=MONDAY) == 0


def test_a_week_with_nothing_to_say_is_silent(brand: Brand, owner: User) -> None:
    live(brand, sold=4)
    assert look.run(now=MONDAY) == 1
    assert deliver() == []


def test_a_stores_letter_goes_to_those_who_run_it(
    brand: Brand, store: Store, store_b: Store, owner: User
) -> None:
    manager = make_user(brand, "maya@frosty.example", Membership.Role.STORE_MANAGER, [store])
    make_user(brand, "otto@frosty.example", Membership.Role.READER, [store])
    live(brand, redeemed=7, store=store)
    live(brand, redeemed=3, store=store_b)
    assert look.run(now=MONDAY) == 2
    by_address = {letter.to[0]: letter.body for letter in deliver()}
    assert set(by_address) == {owner.email, manager.email}
    assert "10 gifts were handed over at a counter." in by_address[owner.email]
    assert "7 gifts were handed over at a counter." in by_address[manager.email]
    assert "store=pike-street" in by_address[manager.email]


def test_it_is_stopped_by_its_link_and_had_again(brand: Brand, owner: User, sold: None) -> None:
    look.run(now=MONDAY)
    (letter,) = deliver()
    page = switch_path(Reader(owner, brand))
    assert page in letter.body
    client = Client(enforce_csrf_checks=True)
    assert "Send me no more of them" in client.get(page).content.decode()
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{page}>")
    # As a mail program does, on one tap (RFC 8058).
    stopped = client.post(page, {"List-Unsubscribe": "One-Click"})
    assert "You get no Monday letter" in stopped.content.decode()
    with scopes_disabled():
        assert not Suppression.objects.exists(), "the brand's other mail goes on"
    look.run(now=MONDAY + timedelta(days=7))
    assert len(deliver()) == 1
    client.post(page, {"again": "1"})
    live(brand, sold=0)
    for _ in range(8):
        record(new_fact(brand, occurred_at=FRIDAY + timedelta(days=14)))
    look.run(now=MONDAY + timedelta(days=14))
    assert len(deliver()) == 2


def test_who_stops_it_while_it_waits_gets_it_no_more(
    brand: Brand, owner: User, sold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server was away, and its reader stopped last week's letter in the meantime."""
    look.run(now=MONDAY)
    with scope(brand=brand), monkeypatch.context() as patched:
        patched.setitem(channels.SENDERS, "email", away)
        (promised,) = Message.objects.filter(topic="letter.due")
        with pytest.raises(channels.TryLater):
            letters.send_letters(promised)
        told = Told(Letter.objects.get(), owner, Story([], None))
        assert letters.MONDAY.still_holds(told)
        stop(Reader(owner, brand), now=MONDAY)
        assert not letters.MONDAY.still_holds(told)
    letters.send_letters(promised)
    assert mail.outbox == []


def away(_message: mail.EmailMessage) -> str:
    raise channels.TryLater("451")


def test_a_link_of_somebody_who_left_or_that_nobody_signed_leads_nowhere(
    brand: Brand, owner: User
) -> None:
    page = switch_path(Reader(owner, brand))
    Membership.objects.all().delete()
    assert Client().get(page).status_code == 404
    assert Client().post("/letters/forged/").status_code == 404


def test_from_the_studio_one_comes_to_ones_own_switch(
    owner_client: Client, owner: User, brand: Brand
) -> None:
    answer = owner_client.get("/studio/frosty-spoon/letter/")
    assert answer["Location"] == switch_path(Reader(owner, brand))


def test_it_is_written_in_the_brands_language(brand: Brand, sold: None) -> None:
    Brand.objects.update(language="de")
    look.run(now=MONDAY)
    (letter,) = deliver()
    assert "12" in letter.body
    assert "Last week" not in letter.body
