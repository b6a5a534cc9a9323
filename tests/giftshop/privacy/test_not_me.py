"""Whoever gets somebody else's gift holds it back with one tap, and its sender mends it."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.delivery import data_links
from giftshop.delivery.mend import Wanted, mend
from giftshop.delivery.models import Delivery, Suppression
from giftshop.delivery.suppression import stop_url
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.privacy import erase, not_theirs
from giftshop.privacy.person import Person, Role
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from tests.access import markup
from tests.cast import symbols
from tests.giftshop.delivery.conftest import fresh, letters_to
from tests.giftshop.privacy.conftest import found, letter_to
from tests.giftshop.privacy.test_erase import books

pytestmark = pytest.mark.django_db

BEN, AMY = "ben@friends.example", "amy@senders.example"
By = Callable[[Gift], str]


def by_letter(gift: Gift) -> str:
    return data_links.path_of_letter(letter_to(gift))


BYS = [data_links.of_gift, by_letter]


@pytest.fixture
def mailed(gift: Gift) -> Gift:
    relay.drain()
    mail.outbox.clear()
    return fresh(gift)


def test_each_letter_and_the_gifts_page_lead_there(gift: Gift, client: Client) -> None:
    relay.drain()
    for address in (BEN, AMY):
        (found,) = {
            path
            for letter in letters_to(address)
            for path in re.findall(r"/your-data/[^\s]+/", str(letter.body))
        }
        page = client.get(found)
        assert page.status_code == 200, address
        assert markup.faults(page.content.decode()) == []
        assert "Frosty Spoon Creamery" in page.content.decode()
    page = client.get(f"/gift/{gift.link_token()}/").content.decode()
    assert data_links.of_gift(gift) in page
    assert BEN not in client.get(data_links.of_gift(gift)).content.decode(), (
        "the link may be passed on"
    )


@pytest.mark.parametrize("by", BYS)
@pytest.mark.parametrize("opened", [False, True])
def test_what_they_hold_is_good_nowhere_and_the_money_stays(
    mailed: Gift, client: Client, device: Device, by: By, opened: bool
) -> None:
    link, code, kept = mailed.link_token(), symbols(mailed.code), books()
    if opened:
        client.post(f"/gift/{link}/opening/")
    proof = by(mailed)
    assert "not-me" in client.get(proof).content.decode()
    page = client.get(f"{proof}not-me/")
    assert markup.faults(page.content.decode()) == []
    for _turn in range(2):
        assert client.post(f"{proof}not-me/").status_code == 303
    assert client.get(f"/gift/{link}/").status_code == 404
    answer = redeem(device=device, text=code, key="k", picks={"flavour": "mint"})
    assert not answer.redeemed
    assert books() == kept
    now = fresh(mailed)
    assert now.code.state == Code.State.ACTIVE
    assert now.progress == "undelivered"
    assert now.opened_at is None
    assert "held back" in client.get(proof).content.decode()


@pytest.mark.parametrize("by", BYS)
def test_the_sender_hears_once_and_mends_it(
    mailed: Gift, client: Client, brand: Brand, by: By
) -> None:
    proof = by(mailed)
    client.post(f"{proof}not-me/")
    relay.drain()
    relay.drain()
    assert [each.subject for each in letters_to(AMY)] == ["Your gift to Ben reached somebody else"]
    assert BEN not in letters_to(AMY)[0].body
    assert letters_to(BEN) == []
    order = client.get(f"/orders/{mailed.order.link_token()}/").content.decode()
    assert "says it is not for them" in order

    with scope(brand=brand):
        gift = Gift.objects.with_everything().get(pk=mailed.pk)
        wanted = Wanted(**{**Wanted.of(gift).facts, "email": "right@friends.example"})
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
    relay.drain()
    assert len(letters_to("right@friends.example")) == 1
    assert fresh(mailed).progress == "sent"
    theirs = client.get(proof).content.decode()
    assert "right@friends.example" not in theirs, (
        "who had it before learns nothing of who has it now"
    )
    assert client.get(f"{proof}not-me/").status_code == 303


def test_about_this_gift_nothing_reaches_the_address_again(
    mailed: Gift, client: Client, brand: Brand
) -> None:
    """Also when the sender insists, in another spelling; about another gift it does."""
    client.post(f"{by_letter(mailed)}not-me/")
    with scope(brand=brand):
        gift = Gift.objects.with_everything().get(pk=mailed.pk)
        wanted = Wanted(**{**Wanted.of(gift).facts, "email": "BEN+again@friends.example"})
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
    relay.drain()
    assert letters_to("BEN+again@friends.example") == []
    with scope(brand=brand):
        states = Delivery.objects.filter(purpose="gift", subject=f"gift:{mailed.pk}")
        assert states.order_by("-version").first().state == Delivery.State.SUPPRESSED


def test_who_holds_it_back_and_erases_themselves_takes_the_right_person_nothing(
    mailed: Gift, client: Client, brand: Brand
) -> None:
    proof = by_letter(mailed)
    client.post(f"{proof}not-me/")
    page = client.get(proof).content.decode()
    assert "Enjoy this, Ben!" not in page, "somebody else's words"
    assert BEN in page
    assert client.post(f"{proof}erasure/").status_code == 303
    assert found(BEN) == set()
    gift = fresh(mailed)
    assert (gift.recipient.name, gift.recipient.erased_at) == ("Ben", None)
    with scope(brand=brand):
        wanted = Wanted(**{**Wanted.of(gift).facts, "email": "right@friends.example"})
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
    relay.drain()
    assert len(letters_to("right@friends.example")) == 1
    link = fresh(mailed).link_token()
    assert "not-me" not in client.get(proof).content.decode()
    assert client.post(f"{proof}not-me/").status_code == 303
    assert fresh(mailed).link_token() == link, "the old letter holds nobody's gift back any more"


def test_a_sender_who_mends_it_while_they_erase_themselves_keeps_the_new_address(
    mailed: Gift, client: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who erases had looked before the sender wrote."""
    proof = by_letter(mailed)
    client.post(f"{proof}not-me/")
    lock = erase._lock_orders

    def mended_first(gifts: QuerySet[Gift]) -> None:
        gift = Gift.objects.with_everything().get(pk=mailed.pk)
        wanted = Wanted(**{**Wanted.of(gift).facts, "email": "right@friends.example"})
        assert mend(gift_id=gift.pk, order_id=gift.order_id, wanted=wanted, now=timezone.now())
        lock(gifts)

    monkeypatch.setattr(erase, "_lock_orders", mended_first)
    assert client.post(f"{proof}erasure/").status_code == 303
    assert fresh(mailed).recipient.email == "right@friends.example"


def test_what_was_used_or_given_away_stays(mailed: Gift, client: Client, device: Device) -> None:
    redeem(device=device, text=symbols(mailed.code), key="k", picks={"flavour": "mint"})
    proof = data_links.of_gift(mailed)
    assert "not-me" not in client.get(proof).content.decode()
    assert client.post(f"{proof}not-me/").status_code == 303
    assert fresh(mailed).not_me_at is None


def test_two_taps_in_the_same_moment_are_one(mailed: Gift, brand: Brand) -> None:
    """Both had looked before either had written."""
    asked = Person(brand, Role.RECIPIENT, BEN, gift=mailed)
    with scope(brand=brand):
        versions = {not_theirs.say(asked, now=timezone.now()).code.version for _turn in range(2)}
    relay.drain()
    assert versions == {2}
    assert len(letters_to(AMY)) == 1


def test_never_again_is_one_tap_and_for_every_shop_another(mailed: Gift, client: Client) -> None:
    proof = by_letter(mailed)
    assert client.post(f"{proof}letters/").status_code == 303
    assert "t write to you any more" in client.get(proof).content.decode()
    assert client.post(f"{proof}letters/", {"whose": "any"}).status_code == 303
    assert "No shop here writes" in client.get(proof).content.decode()


def test_a_link_that_was_passed_on_says_it_for_its_shop_alone(
    mailed: Gift, client: Client, brand: Brand
) -> None:
    proof = data_links.of_gift(mailed)
    for _turn in range(2):
        assert client.post(f"{proof}letters/", {"whose": "any"}).status_code == 303
    assert [each.brand for each in Suppression.objects.all()] == [brand]
    assert "No other shop" not in client.get(proof).content.decode()


def test_a_letter_of_somebody_erased_stops_nobody_elses_letters(
    mailed: Gift, client: Client
) -> None:
    stop = stop_url(letter_to(mailed)).partition(":8000")[2]
    client.post(f"{by_letter(mailed)}erasure/")
    assert client.post(stop).status_code == 200
    assert not Suppression.objects.exists(), "an empty address is everybody's"


def test_pages_cost_few_queries(mailed: Gift, client: Client) -> None:
    for by, most in ((data_links.of_gift, 4), (by_letter, 5)):
        proof = by(mailed)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(proof).status_code == 200
        assert len(asked) <= most


@pytest.mark.parametrize("forged", ["x", "gift-1:x", "letter-" + "0" * 32 + ":" + "a" * 43])
def test_a_forged_link_shows_nothing(client: Client, db: None, forged: str) -> None:
    for page in ("", "not-me/", "erasure/"):
        assert client.get(f"/your-data/{forged}/{page}").status_code == 404
        assert client.post(f"/your-data/{forged}/letters/").status_code == 404
