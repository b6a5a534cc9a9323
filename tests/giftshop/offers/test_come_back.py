"""A recipient who used a gift takes one to come back with, within its days."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.offers import come_back
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import Wanted
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from redemption.models import AuditEntry, Code, Device, Redemption
from redemption.redeem import reverse
from redemption.redeem.redeem import redeem
from tests.cast import symbols
from tests.giftshop.offers.made import make_offer


@pytest.fixture
def offer(brand: Brand, treat: Treat) -> Offer:
    return make_offer(brand, treat, whom="recipient", name="See you soon", good_days=14)


@pytest.fixture
def page(client: Client, gift: Gift) -> str:
    """Of a gift that this browser opened."""
    address = f"/gift/{gift.link_token()}/"
    client.post(f"{address}opening/")
    return address


def enjoy(gift: Gift, device: Device, key: str = "a") -> None:
    assert gift.code is not None
    use(gift.code, device, key)


def use(code: Code, device: Device, key: str) -> None:
    with scope(brand=device.brand):
        answer = redeem(
            device=device, text=symbols(code), key=key, picks={"flavour": "mint"}, staff=None
        )
    assert answer.redeemed, answer


def put_back(gift: Gift, device: Device) -> None:
    with scope(brand=gift.order.brand):
        used = Redemption.objects.get(code=gift.code_id, reversal=None)
        reverse.reverse(device=device, redemption_id=used.pk, reason="wrong flavour")
    relay.drain()


def taken(client: Client, page: str, offer: Offer) -> tuple[str, OfferUse, Code]:
    address = client.post(f"{page}come-back/", {"offer": str(offer.pk)})["Location"]
    with scope(brand=offer.brand):
        had = OfferUse.objects.select_related("code__brand").latest("used_at")
    assert had.code is not None
    return address, had, had.code


@pytest.mark.django_db(transaction=True)
def test_what_was_earned_by_a_use_that_is_undone_ends_and_is_earned_again(
    client: Client, offer: Offer, page: str, gift: Gift, device: Device
) -> None:
    enjoy(gift, device)
    address, had, _code = taken(client, page, offer)
    put_back(gift, device)
    words = client.get(address).content.decode()
    assert "whose use the store has undone" in words
    with scope(brand=offer.brand):
        had.refresh_from_db()
        voided = Code.objects.get(pk=had.code_id)
        assert (voided.state, voided.balance, had.gift_id) == ("voided", 0, None)
        assert "come_back.kept" not in AuditEntry.objects.values_list("act", flat=True)
    enjoy(gift, device, "b")
    other, _had, code = taken(client, page, offer)
    assert other != address
    assert code.state == "active"
    call_command("verify_ledger")


@pytest.mark.django_db(transaction=True)
def test_what_was_used_already_stays_and_activity_says_so(
    client: Client, offer: Offer, page: str, gift: Gift, device: Device
) -> None:
    enjoy(gift, device)
    _address, had, code = taken(client, page, offer)
    use(code, device, "its own")
    put_back(gift, device)
    with scope(brand=offer.brand):
        had.refresh_from_db()
        assert (had.gift_id, had.unearned_at) == (gift.pk, None)
        entry = AuditEntry.objects.get(act="come_back.kept")
        assert entry.subject == f"code:{code.pk}"
    enjoy(gift, device, "b")
    assert client.post(f"{page}come-back/", {"offer": str(offer.pk)})["Location"] == (
        f"/offer/{had.link_token()}/"
    ), "no second one"
    call_command("verify_ledger")


def test_once_after_the_use(
    client: Client, offer: Offer, page: str, gift: Gift, device: Device
) -> None:
    asked = {"offer": str(offer.pk)}
    assert "See you soon" not in client.get(page).content.decode()
    assert client.post(f"{page}come-back/", asked)["Location"] == page, "nothing was used yet"
    enjoy(gift, device)
    assert "See you soon" in client.get(page).content.decode()
    taken, again = (client.post(f"{page}come-back/", asked) for _ in "12")
    assert taken["Location"] == again["Location"]
    assert taken["Location"].startswith("/offer/")
    with scope(brand=offer.brand):
        had = OfferUse.objects.select_related("code__brand").get()
        used = Redemption.objects.get()
        assert had.gift_id == gift.pk
        assert had.code is not None
        until = timezone.localdate(used.redeemed_at, offer.brand.tz) + timedelta(days=14)
        assert had.code.last_day == until
    words = client.get(page).content.decode()
    assert "You took it" in words
    assert taken["Location"] in words


def test_not_after_its_days(
    client: Client, offer: Offer, page: str, gift: Gift, device: Device
) -> None:
    enjoy(gift, device)
    Offer._base_manager.update(good_days=1)
    with scope(brand=offer.brand):
        used_at = timezone.now() - timedelta(days=3)
        found = come_back.of_gift(
            brand=offer.brand, gift_id=gift.pk, recipient="", used_at=used_at, now=timezone.now()
        )
        assert found is None
        with pytest.raises(Offer.DoesNotExist):
            come_back.take(
                brand=offer.brand,
                gift_id=gift.pk,
                recipient="",
                offer_id=offer.pk,
                used_at=used_at,
                now=timezone.now(),
            )


def test_another_browser_and_a_forged_offer_take_nothing(
    client: Client, offer: Offer, page: str, gift: Gift, device: Device, brand: Brand
) -> None:
    enjoy(gift, device)
    for_all = make_offer(brand, name="For all")
    assert Client().post(f"{page}come-back/", {"offer": str(offer.pk)})["Location"] == page
    for wrong in (str(for_all.pk), "nothing", ""):
        answer = client.post(f"{page}come-back/", {"offer": wrong})
        assert answer["Location"] == f"{page}#come-back"
    with scope(brand=brand):
        assert not OfferUse.objects.exists()


def test_two_tabs_that_show_two_offers_take_one(
    client: Client,
    offer: Offer,
    page: str,
    gift: Gift,
    device: Device,
    brand: Brand,
    treat: Treat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enjoy(gift, device)
    other = make_offer(brand, treat, whom="recipient", name="Until then", good_days=14)
    give = come_back.give

    def after_the_other(offer_id: UUID, wanted: Wanted, now: datetime) -> OfferUse:
        give(other.pk, wanted, now)
        return give(offer_id, wanted, now)

    monkeypatch.setattr(come_back, "give", after_the_other)
    answer = client.post(f"{page}come-back/", {"offer": str(offer.pk)})
    with scope(brand=brand):
        had = OfferUse.objects.get()
        assert (had.offer, Code.objects.filter(origin="promotional").count()) == (other, 1)
        assert list(Offer.objects.filter(used=1)) == [other]
    assert answer["Location"] == f"/offer/{had.link_token()}/"
    call_command("verify_ledger")


def test_its_own_address_leads_to_the_shop(client: Client, offer: Offer) -> None:
    assert client.get(f"/o/{offer.slug}/")["Location"] == f"/shop/{offer.brand.slug}/"
