"""Two people must be two: at a gift by hand, and at a cancellation above the brand's limit."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django_scopes import scope

from brands.models import Store
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import void
from redemption.codes.acts import ActRefused
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.codes.second_person import could_be_one
from redemption.models import AuditEntry, Code, Device, StaffMember
from redemption.redeem import redeem, reverse
from redemption.redeem.lookup import look_up
from redemption.till import devices, staff
from tests.cast import make_amount, make_staff, symbols

MANAGER, CASHIER = StaffMember.Role.MANAGER, StaffMember.Role.CASHIER
POS, INTEGRATION = Device.Profile.POS, Device.Profile.INTEGRATION

keys = count()
OWNER = UUID(int=7)


@pytest.fixture
def value_code(code: Code) -> Code:
    make_amount(code)
    return code


def add(by: StaffMember | None, store: Store, role: str = MANAGER) -> StaffMember:
    """Somebody new, by a manager or by the owner."""
    actor = Actor.staff(by) if by else Actor("user", OWNER, "Olive")
    name = f"No. {next(keys)}"
    return staff.add(
        brand=store.brand, stores=[store], name=name, role=role, pin="7391", actor=actor
    )


def give(by: StaffMember, device: Device) -> Code:
    return issue_goodwill_gift(
        staff=by, amount=500, label="Sorry", reason="it melted", device=device
    )


def handed_over(code: Code, device: Device, **who: Any) -> bool:
    """Redeemed; else refused because it takes somebody else. Look-up says the same before."""
    text = symbols(code)
    looked = look_up(device=device, text=text, **who)
    answer = redeem.redeem(device=device, text=text, key=f"k{next(keys)}", amount=100, **who)
    said = None if answer.redeemed else answer.body["reason"]
    assert said == (looked.refusal.reason if looked.refusal else None)
    assert said in {None, "second_person"}
    return answer.redeemed


@pytest.mark.usefixtures("in_brand")
class TestGiftByHand:
    def test_a_label_is_nobody(
        self, device: Device, manager: StaffMember, cashier: StaffMember
    ) -> None:
        code = give(manager, device)
        assert not handed_over(code, device, staff=cashier)
        assert not handed_over(code, device)
        assert handed_over(code, device, staff=cashier, signed_in=True)
        assert not handed_over(code, device, staff=manager, signed_in=True)

    @pytest.mark.parametrize(
        ("profile", "maker", "done"),
        [
            (POS, "server", False),
            (POS, "colleague", False),
            (INTEGRATION, "server", True),
            (INTEGRATION, "owner", True),
            (INTEGRATION, "colleague", True),
            (INTEGRATION, "giver", False),
            (INTEGRATION, "whom the giver added", False),
        ],
    )
    def test_a_device_alone_counts_by_who_made_its_token(
        self,
        device: Device,
        store: Store,
        manager: StaffMember,
        cashier: StaffMember,
        profile: str,
        maker: str,
        done: bool,
    ) -> None:
        makers = {
            "server": SYSTEM,
            "owner": Actor("user", OWNER, "Olive"),
            "colleague": Actor.staff(make_staff(store, "Ada", MANAGER)),
            "giver": Actor.staff(manager),
            "whom the giver added": Actor.staff(add(manager, store)),
        }
        _invited, token = devices.invite(
            store=store, name="Mine", profile=profile, actor=makers[maker]
        )
        hers = devices.pair(one_time_token=token).device
        assert hers.invited_by == makers[maker].id
        code = give(manager, device)
        assert handed_over(code, hers) is done
        assert handed_over(code, hers, staff=cashier) is done

    def test_nor_by_somebody_whose_pin_the_giver_knows(
        self, device: Device, store: Store, manager: StaffMember
    ) -> None:
        puppet, colleague = add(manager, store, CASHIER), add(None, store, CASHIER)
        code = give(manager, device)
        assert not handed_over(code, device, staff=puppet, signed_in=True)
        assert handed_over(code, device, staff=colleague, signed_in=True)
        staff.reset_pin(member=colleague, pin="8142", actor=Actor.staff(manager))
        assert not handed_over(code, device, staff=colleague, signed_in=True)

    def test_any_other_gift_is_for_anybody(self, device: Device, value_code: Code) -> None:
        assert handed_over(value_code, device)


@pytest.mark.usefixtures("in_brand")
class TestCancellation:
    def ask(self, code: Code, by: StaffMember) -> void.VoidRequest:
        return void.ask(code_id=code.pk, actor=Actor.staff(by), reason="refund in cash")

    def test_by_whom_the_asker_added(
        self, value_code: Code, store: Store, manager: StaffMember
    ) -> None:
        asked, second = self.ask(value_code, manager), add(manager, store)
        for act in (void.approve, void.decline):
            with pytest.raises(ActRefused, match="not_a_second"):
                act(request_id=asked.pk, actor=Actor.staff(second))
        asked.refresh_from_db()
        assert not asked.decision
        third = make_staff(store, "Ada", MANAGER)
        assert void.approve(request_id=asked.pk, actor=Actor.staff(third)).decision == "approved"

    def test_in_the_name_of_whom_the_decider_added(
        self, value_code: Code, store: Store, manager: StaffMember
    ) -> None:
        asked = self.ask(value_code, add(manager, store))
        with pytest.raises(ActRefused, match="not_a_second"):
            void.approve(request_id=asked.pk, actor=Actor.staff(manager))

    def test_an_owner_decides_also_for_whom_they_added(
        self, value_code: Code, store: Store
    ) -> None:
        asked = self.ask(value_code, add(None, store))
        owner = Actor("user", OWNER, "Olive")
        assert void.approve(request_id=asked.pk, actor=owner).decision == "approved"

    def test_a_store_manager_of_the_studio_does_not_for_whom_they_gave_a_pin(
        self, value_code: Code, store: Store, manager: StaffMember
    ) -> None:
        """They may stand at the counter themselves, in the name of whose PIN they know."""
        sam = Actor("user", uuid4(), "Sam", vouches=False)
        staff.reset_pin(member=manager, pin="8142", actor=sam)
        second = add(manager, store)
        asked = self.ask(value_code, second)
        with pytest.raises(ActRefused, match="not_a_second"):
            void.approve(request_id=asked.pk, actor=sam)
        olive = Actor("user", OWNER, "Olive")
        staff.reset_pin(member=second, pin="8142", actor=olive, vouched=True)
        assert void.approve(request_id=asked.pk, actor=sam).decision == "approved"


@pytest.mark.usefixtures("in_brand")
class TestWhoCouldBeWho:
    def test_through_others(self, store: Store, manager: StaffMember) -> None:
        """A manager adds one who adds another, or resets a colleague's PIN through one she added."""
        ada = make_staff(store, "Ada", MANAGER)
        puppet = add(manager, store)
        assert could_be_one(store.brand, manager.pk, add(puppet, store).pk)
        staff.reset_pin(member=ada, pin="8142", actor=Actor.staff(puppet))
        assert could_be_one(store.brand, manager.pk, ada.pk)

    def test_two_of_one_maker_are_no_two(self, store: Store, manager: StaffMember) -> None:
        first, second = add(manager, store), add(manager, store)
        assert could_be_one(store.brand, first.pk, second.pk)

    def test_colleagues_are_two(self, store: Store, manager: StaffMember) -> None:
        ada = make_staff(store, "Ada", MANAGER)
        staff.reset_pin(member=ada, pin="8142", actor=Actor.staff(ada))
        assert not could_be_one(store.brand, manager.pk, ada.pk)
        assert not could_be_one(store.brand, add(manager, store).pk, add(ada, store).pk)
        assert not could_be_one(store.brand, add(None, store).pk, add(None, store).pk)


def test_a_reversal_is_the_devices_unless_somebody_signed_in(
    device: Device, value_code: Code, cashier: StaffMember
) -> None:
    answer = redeem.redeem(device=device, text=symbols(value_code), key="a")
    reverse.reverse(
        device=device, redemption_id=answer.body["id"], reason="wrong recipient", staff=cashier
    )
    with scope(brand=device.brand):
        entry = AuditEntry.objects.get(act="redemption.reversed")
    assert (entry.actor_kind, entry.actor_name) == ("system", device.name)
    assert entry.details["staff"] == cashier.name
