"""The cast: Amy sends, Ben and Cleo receive, Dana serves at Pike Street, Eve belongs elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.accounts.models import Membership, User
from giftshop.catalog.models import Option, OptionGroup, Price, Treat
from giftshop.orders.checkout import GiftLine, place_order
from giftshop.orders.fulfilment import PaidCheckout, mark_paid
from giftshop.orders.models import Gift, Order
from redemption.audit.actors import SYSTEM
from redemption.choices import Choice
from redemption.codes import hold
from redemption.models import Code, Device, StaffMember
from redemption.till import devices
from redemption.till.devices import PairedDevice

PASSWORD = "a long enough password"
PIN = "2468"
MINT = {"flavour": ["mint"]}


def make_brand(slug: str, **fields: Any) -> Brand:
    wanted = {
        "name": slug.replace("-", " ").title(),
        "currency": "USD",
        "country": "US",
        "time_zone": "America/Los_Angeles",
        "opened_at": timezone.now(),
    }
    return Brand.objects.create(slug=slug, **{**wanted, **fields})


def make_store(brand: Brand, slug: str, **fields: Any) -> Store:
    wanted = {
        "name": slug.replace("-", " ").title(),
        "street": "1 Pike Street",
        "city": "Seattle",
        "country": "US",
        "time_zone": "America/Los_Angeles",
        "hours": ["08:00-20:00"] * 7,
    }
    return Store.objects.create(brand=brand, slug=slug, **{**wanted, **fields})


def make_staff(store: Store, name: str, role: str = StaffMember.Role.CASHIER) -> StaffMember:
    member = StaffMember(brand_id=store.brand_id, name=name, role=role)
    member.set_pin(PIN)
    member.save()
    member.stores.add(store)
    return member


def make_treat(brand: Brand, slug: str = "double-scoop", amount: int = 650) -> Treat:
    """Regular at the amount, large at two dollars more; one flavour of three, the last at +50."""
    treat = Treat.objects.create(
        brand=brand,
        slug=slug,
        name=slug.replace("-", " ").capitalize(),
        description="Two scoops, folded by hand.",
        art="art/frosty-spoon/double-scoop.svg",
    )
    Price.objects.create(treat=treat, key="regular", name="Regular", amount=amount, position=1)
    Price.objects.create(treat=treat, key="large", name="Large", amount=amount + 200, position=2)
    group = OptionGroup.objects.create(treat=treat, key="flavour", name="Flavour")
    for position, (key, extra) in enumerate([("vanilla", 0), ("mint", 0), ("pistachio", 50)]):
        Option.objects.create(
            group=group, key=key, label=key.capitalize(), extra=extra, position=position
        )
    return treat


def make_free_treat(brand: Brand, slug: str = "a-gift", **fields: Any) -> Treat:
    """Any amount from 5.00 to 200.00; 10, 25 and 50 need no typing."""
    treat = Treat.objects.create(brand=brand, slug=slug, name=slug.replace("-", " ").capitalize())
    wanted = {"key": "one", "amount": 500, "most": 20_000, "suggested": [1_000, 2_500, 5_000]}
    Price.objects.create(treat=treat, **{**wanted, **fields})
    return treat


def flavour(*options: tuple[str, int]) -> Choice:
    """What the recipient still picks one of, by key and extra charge."""
    return {
        "key": "flavour",
        "name": "Flavour",
        "chooser": "recipient",
        "min": 1,
        "max": 1,
        "options": [
            {"key": key, "label": key.capitalize(), "extra": extra} for key, extra in options
        ],
        "picked": [],
    }


def today(brand: Brand) -> date:
    """Of its calendar: that of UTC is another one for some hours of each day."""
    return timezone.localdate(timezone.now(), brand.tz)


def make_amount(code: Code) -> None:
    """Of a double scoop: the same code as one of an amount, with nothing left to choose."""
    picks = {"size": ["regular"], **MINT}
    Code._base_manager.filter(pk=code.pk).update(kind=Code.Kind.VALUE, picks=picks)


def put_on_hold(code: Code) -> None:
    with scope(brand=code.brand):
        hold.place(code_id=code.pk, actor=SYSTEM, reason="looked into")


def take_off_hold(code: Code) -> None:
    with scope(brand=code.brand):
        hold.release(code_id=code.pk, actor=SYSTEM, reason="all is well")


def make_user(brand: Brand, email: str, role: str, stores: Sequence[Store] | None = None) -> User:
    """A member of the whole brand, or of these stores only."""
    user = User.objects.create_user(email, PASSWORD, name=email.split("@")[0].capitalize())
    all_stores = stores is None
    member = Membership.objects.create(user=user, brand=brand, role=role, all_stores=all_stores)
    if stores:
        with scope(brand=brand):
            member.stores.set(stores)
    return user


@pytest.fixture
def brand(db: None) -> Brand:
    return make_brand("frosty-spoon", name="Frosty Spoon Creamery")


@pytest.fixture
def other_brand(db: None) -> Brand:
    return make_brand("harbor-bean", name="Harbor Bean")


@pytest.fixture
def in_brand(brand: Brand) -> Iterator[Brand]:
    """The brand, with its scope entered for the whole test. Not for tests of views."""
    with scope(brand=brand):
        yield brand


@pytest.fixture
def store(brand: Brand) -> Store:
    return make_store(brand, "pike-street")


@pytest.fixture
def store_b(brand: Brand) -> Store:
    return make_store(brand, "ballard", operator="Ballard Scoops LLC")


@pytest.fixture
def other_store(other_brand: Brand) -> Store:
    return make_store(other_brand, "pier")


@pytest.fixture
def cashier(store: Store) -> StaffMember:
    return make_staff(store, "Dana")


@pytest.fixture
def manager(store: Store) -> StaffMember:
    return make_staff(store, "Mo", StaffMember.Role.MANAGER)


@pytest.fixture
def paired(store: Store) -> PairedDevice:
    """The tablet at Pike Street, with its token."""
    return devices.pair_directly(store=store, name="Counter tablet")


@pytest.fixture
def till_system(store: Store) -> PairedDevice:
    """A program at Pike Street that asks the API, with its token."""
    return devices.pair_directly(
        store=store, name="Till system", profile=Device.Profile.INTEGRATION
    )


@pytest.fixture
def device(paired: PairedDevice) -> Device:
    return paired.device


@pytest.fixture
def device_b(store_b: Store) -> Device:
    return devices.pair_directly(store=store_b, name="Ballard tablet").device


@pytest.fixture
def eves_device(other_store: Store) -> Device:
    return devices.pair_directly(store=other_store, name="Eve's tablet").device


@pytest.fixture
def treat(brand: Brand) -> Treat:
    return make_treat(brand)


@pytest.fixture
def owner(brand: Brand) -> User:
    return make_user(brand, "olive@frosty.example", Membership.Role.OWNER)


@pytest.fixture
def marketer(brand: Brand) -> User:
    return make_user(brand, "max@frosty.example", Membership.Role.MARKETER)


@pytest.fixture
def eve(other_brand: Brand) -> User:
    return make_user(other_brand, "eve@harbor.example", Membership.Role.OWNER)


@pytest.fixture
def owner_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def line(treat: Treat, recipient: str = "Ben", **fields: Any) -> GiftLine:
    wanted = {
        "recipient_name": recipient,
        "recipient_email": f"{recipient.split()[0].lower()}@friends.example",
        "channel": Gift.Channel.EMAIL,
        "treat": treat,
        "price": fields.get("price") or treat.prices.all()[0],
        "message": f"Enjoy this, {recipient}!",
        "design": Gift.Design.JUST_BECAUSE,
    }
    return GiftLine(**{**wanted, **fields})


Place = Callable[..., Order]


@pytest.fixture
def place(brand: Brand, treat: Treat) -> Place:
    """place() -> an order of Amy's for Ben and Cleo that waits for payment."""
    keys = iter(range(1_000_000))

    def place_it(
        *, recipients: tuple[str, ...] = ("Ben", "Cleo"), key: str = "", **fields: Any
    ) -> Order:
        with scope(brand=brand):
            lines = fields.pop("lines", None) or [
                line(treat, recipient) for recipient in recipients
            ]
            return place_order(
                brand=brand,
                key=key or f"test:{next(keys)}",
                sender_name="Amy",
                sender_email="amy@senders.example",
                lines=lines,
                **fields,
            )

    return place_it


def pay(order: Order, now: datetime | None = None) -> Order:
    """As Stripe would say it: the right amount, in test mode."""
    with scope(brand=order.brand):
        return mark_paid(
            brand=Brand.objects.get(pk=order.brand_id),  # as it is now
            order_id=order.pk,
            paid=PaidCheckout(
                amount=order.total,
                currency=order.currency,
                livemode=False,
                expected_livemode=False,
            ),
            now=now,
        )


@pytest.fixture
def paid_order(place: Place) -> Order:
    return pay(place())


@pytest.fixture
def gift(paid_order: Order) -> Gift:
    """Ben's gift: paid, its code issued, not opened yet."""
    with scope(brand=paid_order.brand):
        return paid_order.gifts.with_everything().get(position=1)


@pytest.fixture
def code(gift: Gift) -> Code:
    assert gift.code is not None
    return gift.code


def symbols(code: Code) -> str:
    """What the recipient would show."""
    revealed = code.reveal()
    assert revealed is not None
    return revealed
