"""What becomes of people who have no account, told by hand: one who was reminded, a sender who is asked, one
who got somebody else's gift, one who had themselves erased."""

from collections.abc import Callable
from datetime import datetime, timedelta

from demo.brands import FROSTY_SPOON, DemoBrand
from demo.replay import Stage
from demo.today import bought, given, person
from giftshop.delivery.models import Delivery
from giftshop.gift_page.open import open_gift
from giftshop.orders.models import Gift, Order
from giftshop.privacy import not_theirs
from giftshop.privacy.erase import erase_recipients
from giftshop.privacy.person import Person, Role
from giftshop.reminders.schedule import Kind


def play(data: DemoBrand, stage: Stage, now: datetime) -> None:
    """Expects the brand's scope. An order that was told of before is left alone."""
    if data is not FROSTY_SPOON:
        return
    for number, (key, (days, tell)) in enumerate(STORIES.items()):
        at = now - timedelta(days=days, minutes=number)
        if not Order.objects.filter(key=_key(key)).exists():
            tell(_buy(stage, key, at), now)


def _key(key: str) -> str:
    return f"demo:today:privacy:{key}"


def _buy(stage: Stage, key: str, at: datetime) -> Gift:
    """One of Vera's, mailed at that time."""
    story = bought(
        _key(key),
        person("Vera", f"privacy.{key}"),
        at,
        given("Ines", "Double scoop: Regular", "Because you fed the cat.", "thank-you"),
    )
    for act in stage.acts([story]):
        act.do()
    gift = Gift.objects.with_everything().get(order__key=_key(key))
    _sent(gift, "gift", gift.recipient.email, at)
    Gift.objects.filter(pk=gift.pk).update(sent_at=at)
    return Gift.objects.with_everything().get(pk=gift.pk)


def _sent(gift: Gift, purpose: str, address: str, at: datetime) -> None:
    """As if the worker had sent it then."""
    Delivery.objects.get_or_create(
        purpose=purpose,
        subject=f"gift:{gift.pk}",
        addressee="",
        version=1,
        defaults={
            "brand": gift.order.brand,
            "address": address,
            "state": Delivery.State.SENT,
            "attempts_made": 1,
            "created_at": at,
            "over_at": at,
        },
    )


def _remind(gift: Gift, now: datetime) -> None:
    _sent(gift, Kind.UNOPENED, gift.recipient.email, now - timedelta(days=1))
    Gift.objects.filter(pk=gift.pk).update(remind_at=now + timedelta(days=50))


def _ask(gift: Gift, now: datetime) -> None:
    _remind(gift, now - timedelta(days=52))
    _sent(gift, Kind.ASK_SENDER, gift.order.sender_email, now - timedelta(days=1))
    Gift.objects.filter(pk=gift.pk).update(
        asked_at=now - timedelta(days=1), remind_at=gift.code.expires_at if gift.code else None
    )


def _not_me(gift: Gift, now: datetime) -> None:
    """Its sender's letter is left to the worker."""
    asked = Person(gift.order.brand, Role.RECIPIENT, gift.recipient.email, gift=gift)
    not_theirs.say(asked, now=now - timedelta(minutes=50))


def _erased(gift: Gift, now: datetime) -> None:
    open_gift(gift_id=gift.pk, now=now - timedelta(days=1))
    erase_recipients([gift.pk], now=now - timedelta(hours=2))


STORIES: dict[str, tuple[int, Callable[[Gift, datetime], None]]] = {
    "reminded": (8, _remind),
    "asked": (61, _ask),
    "not-me": (1, _not_me),
    "erased": (3, _erased),
}
"""How many days ago it was bought, and what happened."""
