"""A list is stopped while its letters can't leave, or just as one does: what certainly never left costs
nothing, what may have arrived stays good and counted, and the offer counts what people have."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db.models import F, Sum
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.delivery import channels
from giftshop.delivery.channels.outcomes import NOT_REACHED, TryLater
from giftshop.delivery.models import Delivery
from giftshop.handouts import end
from giftshop.handouts.counts import Progress, progress_of
from giftshop.handouts.models import Handout, HandoutLine
from giftshop.offers.models import Offer, OfferUse
from giftshop.outbox import relay
from redemption.models import Code
from tests.giftshop.handouts.test_list import keep, send
from tests.giftshop.offers.made import MIA, make_offer

pytestmark = pytest.mark.django_db

AWAY = f"{NOT_REACHED}ConnectionRefusedError"
Mail = Callable[[EmailMessage], str]


@pytest.fixture
def offer(brand: Brand, treat: Treat) -> Offer:
    return make_offer(brand, treat, uses_max=10)


def answer(monkeypatch: pytest.MonkeyPatch, told: Mail | str) -> None:
    """What becomes of each letter from now on: a function, or what TryLater says."""

    def later(_letter: EmailMessage) -> str:
        raise TryLater(told)

    monkeypatch.setitem(channels.SENDERS, "email", told if callable(told) else later)


def stop(made: Handout) -> None:
    with scope(brand=made.brand):
        end.end(handout_id=made.pk, reason="", by=MIA, now=timezone.now())


def check_the_count(offer: Offer) -> None:
    """The offer counts what somebody has or is kept free for them; of the others the codes are void."""
    with scope(brand=offer.brand):
        offer.refresh_from_db()
        counted = OfferUse.objects.filter(not_reached_at=None)
        assert offer.used == counted.count()
        assert offer.spent == (counted.aggregate(total=Sum("cost"))["total"] or 0)
        others = OfferUse.objects.exclude(not_reached_at=None).values("code")
        assert set(Code.objects.filter(pk__in=others).values_list("state", flat=True)) <= {"voided"}
        good = Code.objects.filter(offer_use__not_reached_at=None)
        assert set(good.values_list("state", flat=True)) <= {"active"}
    call_command("verify_ledger")


def test_while_the_mail_server_is_away(
    offer: Offer, brand: Brand, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = send(keep(offer, marketer))
    answer(monkeypatch, AWAY)
    relay.drain()
    with scope(brand=brand):
        assert Code.objects.filter(state="active").count() == 3, "given, and not gone"
    check_the_count(offer)
    stop(made)
    relay.drain()
    with scope(brand=brand):
        assert progress_of(made.pk) == Progress(0, 0, 0, 0, 3, 0)
        assert set(Code.objects.values_list("state", flat=True)) == {"voided"}
    check_the_count(offer)
    assert (offer.used, offer.spent, offer.used_that_day) == (0, 0, 0)
    left: list[str] = []
    answer(monkeypatch, lambda letter: left.append(letter.to[0]) or "")
    assert send(keep(offer, marketer)).number == 3, "those who got nothing may get one"
    relay.drain()
    assert len(left) == 3
    check_the_count(offer)


@pytest.mark.parametrize(
    ("told", "never"),
    [
        *((AWAY, True), ("451 try later", True), ("SMTPAuthenticationError 535", True)),
        *(("SMTPServerDisconnected", False), ("TimeoutError", False), ("503 away", False)),
    ],
)
def test_what_may_have_got_through_stays_good(
    offer: Offer,
    brand: Brand,
    marketer: User,
    monkeypatch: pytest.MonkeyPatch,
    told: str,
    never: bool,
) -> None:
    made = send(keep(offer, marketer, "Ben, ben@friends.example"))
    answer(monkeypatch, told)
    relay.drain()
    stop(made)
    relay.drain()
    with scope(brand=brand):
        assert HandoutLine.objects.get().state == ("stopped" if never else "sent")
    check_the_count(offer)
    assert offer.used == (0 if never else 1)


@pytest.mark.parametrize("what", ["its worker died", "it was opened"])
def test_one_of_which_somebody_may_know_stays_good(
    offer: Offer, brand: Brand, marketer: User, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    made = send(keep(offer, marketer, "Ben, ben@friends.example"))
    answer(monkeypatch, AWAY)
    relay.drain()
    with scope(brand=brand):
        if what == "it was opened":
            HandoutLine.objects.update(opened_at=timezone.now())
        else:  # after it had begun a try, of which it said nothing any more
            Delivery.objects.update(attempts_made=F("attempts_made") + 1)
    stop(made)
    relay.drain()
    with scope(brand=brand):
        assert progress_of(made.pk).sent == 1
    check_the_count(offer)
    assert offer.used == 1


@pytest.mark.parametrize("goes", [True, False])
def test_a_letter_that_leaves_as_it_is_stopped(
    offer: Offer, brand: Brand, marketer: User, monkeypatch: pytest.MonkeyPatch, goes: bool
) -> None:
    """It was looked at for the last time; whether the server takes it decides."""
    made = send(keep(offer, marketer, "Ben, ben@friends.example"))

    def leave(_letter: EmailMessage) -> Any:
        stop(made)
        with scope(brand=brand):
            end.take_back(handout_id=made.pk, now=timezone.now())
            assert Code.objects.get().state == "active", "a worker has it in hand"
        if not goes:
            raise TryLater(AWAY)
        return ""

    answer(monkeypatch, leave)
    relay.drain()
    with scope(brand=brand):
        assert HandoutLine.objects.get().state == ("sent" if goes else "stopped")
    check_the_count(offer)
    assert offer.used == goes
