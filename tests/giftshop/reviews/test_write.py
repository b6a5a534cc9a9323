"""Who had a gift may rate it, once; nobody of the brand may, and no gift that was not bought is rated."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.reviews import write as writing
from giftshop.reviews.models import Review, Standing
from giftshop.reviews.write import ReviewRefusal, ReviewRefused, Said
from redemption.models import Code, Device, StaffMember
from redemption.redeem.redeem import redeem
from redemption.redeem.reverse import reverse
from tests.cast import make_user, symbols

pytestmark = pytest.mark.django_db


def enjoy(gift: Gift, device: Device, staff: StaffMember) -> Any:
    """Handed over at the counter."""
    assert gift.code is not None
    answer = redeem(
        device=device,
        text=symbols(gift.code),
        key=f"k{gift.pk}",
        picks={"flavour": "mint"},
        staff=staff,
    )
    assert answer.redeemed, answer
    gift.code.refresh_from_db()
    return answer


def say(gift: Gift, stars: int = 5, words: str = "So good.", **more: Any) -> Review:
    now = more.pop("now", None) or timezone.now()
    with scope(brand=gift.order.brand):
        said = Said(stars=stars, words=words, language=more.pop("language", "en"), **more)
        return writing.write(gift_id=gift.pk, said=said, now=now)


def reviews(brand: Brand) -> list[Review]:
    with scope(brand=brand):
        return list(Review.objects.all())


@pytest.fixture
def enjoyed(gift: Gift, device: Device, cashier: StaffMember) -> Gift:
    enjoy(gift, device, cashier)
    return gift


def test_before_it_is_enjoyed_there_is_nothing_to_say(gift: Gift) -> None:
    with pytest.raises(ReviewRefused) as refused:
        say(gift)
    assert refused.value.reason == ReviewRefusal.NOT_ENJOYED


def test_it_waits_for_the_brand_and_is_one_however_often_it_is_sent(
    enjoyed: Gift, brand: Brand
) -> None:
    first = say(enjoyed, 4, "Good.\nVery.", name="Ben", language="es")
    assert (first.state, first.words, first.language) == ("waiting", "Good.\nVery.", "es")
    assert say(enjoyed, 4, "Good.\nVery.", name="Ben", language="es").pk == first.pk
    assert say(enjoyed, 2, "On second thoughts").pk == first.pk
    assert [(each.stars, each.name) for each in reviews(brand)] == [(2, "")]
    with scope(brand=brand):
        assert Standing.objects.get(treat=enjoyed.treat).shown == 0


def test_what_is_changed_waits_again_and_after_its_time_it_stands(enjoyed: Gift) -> None:
    written = say(enjoyed)
    with scope(brand=enjoyed.order.brand):
        Review.objects.update(state="shown", judged_at=timezone.now())
    later = written.written_at + writing.CHANGEABLE_FOR
    assert say(enjoyed, 1, now=later - timedelta(seconds=1)).state == "waiting"
    with pytest.raises(ReviewRefused) as refused:
        say(enjoyed, 3, now=later)
    assert refused.value.reason == ReviewRefusal.LATE
    with scope(brand=enjoyed.order.brand):
        assert writing.take_back(gift_id=enjoyed.pk, now=later)
        assert not writing.take_back(gift_id=enjoyed.pk, now=later)
        assert not Review.objects.exists()


@pytest.mark.parametrize("whose", ["amy@senders.example", "BEN@friends.example"])
def test_whoever_works_for_the_brand_rates_none_of_its_treats(enjoyed: Gift, whose: str) -> None:
    make_user(enjoyed.order.brand, whose, "marketer")
    with pytest.raises(ReviewRefused) as refused:
        say(enjoyed)
    assert refused.value.reason == ReviewRefusal.OWN


def test_a_gift_that_nobody_bought_is_not_rated(enjoyed: Gift) -> None:
    Code._base_manager.filter(pk=enjoyed.code_id).update(origin=Code.Origin.PROMOTIONAL)
    with pytest.raises(ReviewRefused) as refused:
        say(enjoyed)
    assert refused.value.reason == ReviewRefusal.NOT_ENJOYED


def test_what_was_undone_at_the_counter_was_not_enjoyed(
    gift: Gift, device: Device, cashier: StaffMember
) -> None:
    answer = enjoy(gift, device, cashier)
    done = UUID(answer.body["id"])
    reverse(device=device, redemption_id=done, reason="by mistake", staff=cashier)
    with pytest.raises(ReviewRefused):
        say(gift)


@pytest.mark.parametrize(
    "wrong", [{"stars": 0}, {"stars": 6}, {"state": "hidden"}, {"hidden_because": "personal"}]
)
def test_the_database_refuses_what_makes_no_sense(enjoyed: Gift, wrong: dict[str, Any]) -> None:
    review = say(enjoyed)
    with (
        scope(brand=enjoyed.order.brand),
        pytest.raises(IntegrityError, match="review_"),
        transaction.atomic(),
    ):
        Review.objects.filter(pk=review.pk).update(**wrong)


class TestOnTheGiftPage:
    @pytest.fixture
    def url(self, enjoyed: Gift) -> str:
        return f"/gift/{enjoyed.link_token()}/"

    @pytest.fixture
    def recipient(self, client: Client, url: str) -> Client:
        client.post(f"{url}opening/")
        return client

    def test_it_asks_once_the_gift_was_enjoyed_and_takes_what_is_said(
        self, recipient: Client, url: str, brand: Brand, django_assert_max_num_queries: Any
    ) -> None:
        assert "How was it?" in recipient.get(url).content.decode()
        answer = recipient.post(
            f"{url}review/", {"stars": "5", "said": "<b>Yes</b>\r\nVery", "with_name": "on"}
        )
        assert (answer.status_code, answer["Location"]) == (303, f"{url}#review")
        with django_assert_max_num_queries(6):
            page = recipient.get(url).content.decode()
        assert "&lt;b&gt;Yes" in page
        assert "5 of 5 stars" in page
        assert "The shop reads it first." in page
        kept = [(each.stars, each.name, each.words) for each in reviews(brand)]
        assert kept == [(5, "Ben", "<b>Yes</b>\nVery")]
        recipient.post(f"{url}review-removal/")
        assert reviews(brand) == []

    def test_what_is_wrong_is_told_and_kept(
        self, recipient: Client, url: str, brand: Brand
    ) -> None:
        page = recipient.post(f"{url}review/", {"said": "Lovely."}).content.decode()
        assert "How many stars?" in page
        assert "Lovely." in page
        assert reviews(brand) == []

    def test_an_older_tab_asks_before_it_puts_back_what_was_changed_since(
        self, recipient: Client, url: str, brand: Brand
    ) -> None:
        page = recipient.get(url).content.decode()
        old = re.findall(r'name="version" value="(\w+)"', page)[-1]
        recipient.post(f"{url}review/", {"stars": "5", "version": old})
        asked = recipient.post(f"{url}review/", {"stars": "1", "version": old}).content.decode()
        assert "Somebody saved this meanwhile" in asked
        assert [each.stars for each in reviews(brand)] == [5]
        new = re.findall(r'name="version" value="(\w+)"', asked)[-1]
        recipient.post(f"{url}review/", {"stars": "1", "version": new})
        assert [each.stars for each in reviews(brand)] == [1]

    def test_another_browser_says_nothing(self, url: str, brand: Brand) -> None:
        Client().post(f"{url}review/", {"stars": "1"})
        assert reviews(brand) == []

    def test_a_gift_that_waits_is_not_asked_about(self, client: Client, paid_order: Any) -> None:
        with scope(brand=paid_order.brand):
            other = paid_order.gifts.with_everything().get(position=2)
        url = f"/gift/{other.link_token()}/"
        client.post(f"{url}opening/")
        assert "How was it?" not in client.get(url).content.decode()
        assert client.post(f"{url}review/", {"stars": "5"}).status_code == 303
        assert reviews(paid_order.brand) == []
