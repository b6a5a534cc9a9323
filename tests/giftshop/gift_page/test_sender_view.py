"""The recipient says whether their sender sees that they enjoyed it; until they say otherwise, it is seen."""

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from giftshop.orders.models import Gift
from giftshop.refunds import withdraw
from redemption.models import Device
from redemption.redeem.redeem import redeem
from tests.cast import symbols

pytestmark = pytest.mark.django_db


def enjoy(gift: Gift, device: Device) -> None:
    answer = redeem(device=device, text=symbols(gift.code), key="k", picks={"flavour": "mint"})
    assert answer.redeemed


def sender_reads(gift: Gift) -> str:
    return Client().get(f"/orders/{gift.order.link_token()}/").content.decode()


@pytest.fixture
def url(gift: Gift) -> str:
    return f"/gift/{gift.link_token()}/"


@pytest.fixture
def ben(client: Client, url: str) -> Client:
    client.post(f"{url}opening/")
    return client


def test_at_first_the_sender_sees_it_and_where(gift: Gift, ben: Client, device: Device) -> None:
    enjoy(gift, device)
    assert "At Pike Street on" in sender_reads(gift)


def test_kept_to_themselves_it_stays_opened(
    gift: Gift, ben: Client, url: str, device: Device
) -> None:
    assert "sees when you have enjoyed it" in ben.get(url).content.decode()
    answer = ben.post(f"{url}sender-view/", {"tell": "no"})
    assert (answer.status_code, answer["Location"]) == (303, f"{url}#sender-view")
    assert "sees that you opened it, and no more" in ben.get(url).content.decode()
    enjoy(gift, device)
    told = sender_reads(gift)
    assert "Ben unwrapped it" in told
    assert "Pike Street" not in told
    assert "Enjoyed" not in told
    with scope(brand=gift.order.brand):
        gifts = list(gift.order.gifts.with_everything())
        standings = withdraw.standings(
            gift.order, gifts, used=withdraw.used_codes(gifts), going=set(), now=gift.order.paid_at
        )
    [told_why] = [each.told for each in standings if each.gift.pk == gift.pk]
    assert "used" not in told_why
    ben.post(f"{url}sender-view/", {"tell": "yes"})
    assert "At Pike Street on" in sender_reads(gift)


def test_what_was_chosen_is_said_and_not_what(gift: Gift, ben: Client, url: str) -> None:
    ben.post(f"{url}choices/", {"choice-flavour": "mint"})
    told = sender_reads(gift)
    assert "Chosen" in told
    assert "unwrapped it" in told
    assert "Mint" not in told


@pytest.mark.parametrize("said", ["", "maybe"])
def test_another_word_changes_nothing(gift: Gift, ben: Client, url: str, said: str) -> None:
    ben.post(f"{url}sender-view/", {"tell": said})
    with scopes_disabled():
        assert Gift.objects.get(pk=gift.pk).tells_sender


def test_who_has_not_opened_it_says_nothing(gift: Gift, client: Client, url: str) -> None:
    client.post(f"{url}sender-view/", {"tell": "no"})
    with scopes_disabled():
        assert Gift.objects.get(pk=gift.pk).tells_sender
