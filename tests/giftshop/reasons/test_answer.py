"""What is kept of why somebody comes: once for each order and gift, naming nobody, gone at their wish."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.orders.models import Gift, Order
from giftshop.privacy.erase import erase_recipients
from giftshop.privacy.erase_senders import erase_senders
from giftshop.reasons import answer
from giftshop.reasons.models import Answer, Reason, Round
from tests.cast import Place, pay, today

pytestmark = pytest.mark.django_db

THREE = [Reason.TREAT, Reason.DISCOUNT, Reason.NEW]
OTHERS = [Reason.EVENT, Reason.IDEAS, Reason.CLOSE]


def say(order: Order, ranks: list[Reason] = THREE) -> Answer | None:
    """As its sender; what is kept then."""
    with scope(brand=order.brand):
        answer.of_sender(order_id=order.pk, ranks=ranks, now=timezone.now())
        return answer.said(answer.subject_of_order(order.pk))


def thanked(gift: Gift) -> Gift:
    Gift.objects.filter(pk=gift.pk).update(
        opened_at=timezone.now(), thanks="Yum", thanked_at=timezone.now()
    )
    gift.refresh_from_db()
    return gift


def say_of(gift: Gift, ranks: list[Reason] = THREE) -> Answer | None:
    answer.of_recipient(gift_id=gift.pk, ranks=ranks, now=timezone.now())
    return answer.said(answer.subject_of_gift(gift.pk))


def test_the_twelve_stand_in_an_order_of_each_ones_own() -> None:
    orders = {tuple(answer.shuffled(f"reasons:order:{uuid4()}")) for _ in range(30)}
    assert len(orders) == 30
    assert {frozenset(each) for each in orders} == {frozenset(Reason)}
    assert answer.shuffled("one") == answer.shuffled("one")


def test_no_reason_stands_first_for_most() -> None:
    first = [answer.shuffled(f"reasons:gift:{number}")[0] for number in range(1200)]
    assert all(50 < first.count(reason) < 170 for reason in Reason)


def test_the_first_word_of_a_sender_stands(paid_order: Order) -> None:
    kept = say(paid_order)
    assert kept
    assert kept.ranks == ("treat", "discount", "new")
    assert (kept.side, kept.is_returning) == ("sender", False)
    again = say(paid_order, OTHERS)
    assert again
    assert again.pk == kept.pk
    assert again.ranks == kept.ranks
    with scope(brand=paid_order.brand):
        assert Answer.objects.count() == 1


def test_it_stands_when_the_key_is_rolled(paid_order: Order, settings: Any) -> None:
    say(paid_order)
    settings.CODE_PEPPERS = {9: b"another" * 8, **settings.CODE_PEPPERS}
    kept = say(paid_order, OTHERS)
    assert kept
    assert kept.first == "treat"
    with scope(brand=paid_order.brand):
        assert Answer.objects.count() == 1


def test_an_order_that_was_not_paid_says_nothing(place: Place) -> None:
    assert say(place()) is None


def test_who_sent_before_is_returning(place: Place, paid_order: Order) -> None:
    later = pay(place(key="later"), now=timezone.now() + timedelta(days=1))
    kept = say(later)
    assert kept
    assert kept.is_returning


def test_a_recipient_says_it_once_the_gift_was_thanked_for(gift: Gift) -> None:
    with scope(brand=gift.order.brand):
        assert say_of(gift) is None
        kept = say_of(thanked(gift))
        assert kept
        assert (kept.side, kept.is_returning) == ("recipient", False)


def test_of_a_recipient_without_an_address_nobody_knows_whether_they_came_before(
    gift: Gift,
) -> None:
    with scope(brand=gift.order.brand):
        gift.recipient.email = ""
        gift.recipient.save()
        kept = say_of(thanked(gift))
        assert kept
        assert kept.is_returning is None


@pytest.mark.parametrize("opened_before", [False, True])
def test_a_recipient_by_text_is_known_by_their_number(
    gift: Gift, place: Place, opened_before: bool
) -> None:
    other = pay(place(key="another"))
    with scope(brand=other.brand):
        earlier = other.gifts.select_related("recipient")[0]
        for each in (gift, earlier):
            each.recipient.email, each.recipient.phone = "", "+12065550142"
            each.recipient.save()
        assert gift.order.paid_at
        opened = gift.order.paid_at + timedelta(days=-1 if opened_before else 1)
        Gift.objects.filter(pk=earlier.pk).update(opened_at=opened)
        kept = say_of(thanked(gift))
        assert kept
        assert kept.is_returning is opened_before


def test_nothing_of_it_names_anybody() -> None:
    """A new column is looked at: a moment, an address or an id would."""
    assert {field.name for field in Answer._meta.fields} == {
        *("id", "brand", "side", "round", "is_returning"),
        *("first", "second", "third", "day", "key"),
    }


def test_who_is_erased_takes_it_with_them(paid_order: Order, gift: Gift) -> None:
    say(paid_order)
    with scope(brand=paid_order.brand):
        say_of(thanked(gift))
        assert Answer.objects.count() == 2
        erase_recipients([gift.pk], now=timezone.now())
        assert [each.side for each in Answer.objects.all()] == ["sender"]
        erase_senders([paid_order.pk], now=timezone.now())
        assert not Answer.objects.exists()
    assert say(paid_order) is None, "a page left open brings nothing back"


def test_what_goes_by_age_leaves_the_numbers(paid_order: Order, gift: Gift) -> None:
    say(paid_order)
    with scope(brand=paid_order.brand):
        say_of(thanked(gift))
        erase_recipients([gift.pk], now=timezone.now(), by_wish=False)
        erase_senders([paid_order.pk], now=timezone.now(), by_wish=False)
        assert Answer.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"second": "treat"}, {"third": "treat"}, {"third": "discount"}, {"side": "owner"}],
)
def test_the_database_refuses_what_is_no_answer(
    brand: Brand, in_brand: Brand, wrong: dict[str, str]
) -> None:
    right = {"side": "sender", "first": "treat", "second": "discount", "third": "new"}
    made = Answer(brand=brand, day=today(brand), key=b"1" * 32, **{**right, **wrong})
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_a_team_is_asked_once_a_day_at_most(brand: Brand, in_brand: Brand) -> None:
    day = today(brand)
    Round.objects.create(brand=brand, opened_on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(brand=brand, opened_on=day)
