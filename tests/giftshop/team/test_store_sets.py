"""A member of some stores sees and changes those alone: every list, figure, search and act. The walk of all
addresses is tests/access/test_matrix.py."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.facts.counters import NAMES
from campaigns.models import Rollup
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.studio.audit import log as audit_log
from giftshop.team import invitations, members
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import void
from redemption.codes.acts import ActRefused
from redemption.models import Code, Device, StaffMember, VoidRequest
from redemption.till import staff
from tests.cast import make_staff, make_store, make_user

pytestmark = pytest.mark.django_db
Role = Membership.Role
STUDIO = "/studio/frosty-spoon/"


@pytest.fixture
def sam(brand: Brand, store: Store, store_b: Store) -> User:
    """A store manager of Pike Street, and of Ballard not."""
    return make_user(brand, "sam@frosty.example", Role.STORE_MANAGER, stores=[store])


@pytest.fixture
def sams(sam: User, client: Client) -> Client:
    client.force_login(sam)
    return client


def main_of(answer: Any) -> str:
    html = str(answer.content.decode())
    return html[html.index("<main") : html.index("</main>")]


def change(user: User, by: User, role: str, where: list[Store] | None) -> bool:
    member = Membership.objects.get(user=user)
    with scope(brand=member.brand):
        return members.change(member, role=Role(role), where=where, by=by, now=timezone.now())


class TestDatabase:
    """What it refuses, whoever writes."""

    def refused(self, act: Any) -> bool:
        try:
            with transaction.atomic():
                act()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError:
            return True
        return False

    @pytest.mark.parametrize("role", [Role.OWNER, Role.MARKETER])
    def test_an_owner_or_marketer_of_some_stores(self, owner: User, role: str) -> None:
        kept = Membership.objects.filter(user=owner)
        assert self.refused(lambda: kept.update(role=role, all_stores=False))

    def test_all_stores_and_some(self, brand: Brand, sam: User, store: Store) -> None:
        kept = Membership.objects.filter(user=sam)
        assert self.refused(lambda: kept.update(all_stores=True))
        rita = make_user(brand, "rita@frosty.example", Role.READER)
        with scope(brand=brand):
            assert self.refused(lambda: rita.memberships.get().stores.add(store))

    def test_a_store_of_another_brand(self, brand: Brand, sam: User, other_store: Store) -> None:
        with scope(brand=other_store.brand):
            assert self.refused(lambda: sam.memberships.get().stores.add(other_store))

    def test_the_same_of_an_invitation(
        self, brand: Brand, owner: User, store: Store, other_store: Store
    ) -> None:
        with scope(brand=brand):
            invited = invitations.invite_member(
                brand=brand,
                email="pal@frosty.example",
                role=Role.READER,
                where=[store],
                by=owner,
                now=timezone.now(),
            )
        kept = Invitation.objects.filter(pk=invited.pk)
        assert self.refused(lambda: kept.update(all_stores=True))
        assert self.refused(lambda: kept.update(role=Role.OWNER))
        with scope(brand=other_store.brand):
            assert self.refused(lambda: invited.stores.add(other_store))

    def test_none_left_is_not_all(self, brand: Brand, sam: User, store: Store) -> None:
        with scope(brand=brand):
            assert not self.refused(lambda: sam.memberships.get().stores.clear())
        client = Client()
        client.force_login(sam)
        assert "No store of yours" in main_of(client.get(STUDIO))
        assert "Pike Street" not in main_of(client.get(f"{STUDIO}stores/"))


class TestLists:
    """Each shows what is at Pike Street, and of Ballard nothing."""

    @pytest.fixture(autouse=True)
    def filled(
        self,
        brand: Brand,
        store: Store,
        store_b: Store,
        code: Code,
        device: Device,
        device_b: Device,
    ) -> None:
        self.both = make_staff(store, "Bo Both")
        self.both.stores.add(store_b)
        make_staff(store, "Pia Pike")
        make_staff(store_b, "Bea Ballard")
        with scope(brand=brand):
            void.ask(
                code_id=code.pk,
                actor=Actor("user", uuid4(), "Bea Ballard"),
                reason="asked at Ballard",
                device=device_b,
            )
            day = timezone.now().astimezone(brand.tz).date()
            for at in (store, store_b):
                counted = dict.fromkeys(NAMES, 0) | {"redeemed": 7 if at == store else 1000}
                Rollup.objects.create(
                    brand=brand, grain=Rollup.Grain.STORE, store=at, day=day, **counted
                )

    @pytest.mark.parametrize(
        ("page", "theirs"),
        [
            ("", "Pike Street"),
            ("figures/redeemed/", "7"),
            ("stores/", "Pike Street"),
            ("stores/?q=a", "0 stores"),
            ("staff/", "Pia Pike"),
            ("staff/?q=B", "Bo Both"),
            ("staff/new/", "Pike Street"),
            ("devices/", "Counter tablet"),
        ],
    )
    def test_shows_theirs_only(self, sams: Client, page: str, theirs: str) -> None:
        shown = main_of(sams.get(STUDIO + page))
        if theirs != "0 stores":
            assert theirs in shown
        assert not [word for word in ("Ballard", "ballard", "1,000", "1,007") if word in shown]

    def test_the_count_in_the_menu_is_theirs(self, sams: Client, owner: User) -> None:
        assert 'class="count' not in sams.get(STUDIO).content.decode()
        other = Client()
        other.force_login(owner)
        shown = other.get(STUDIO).content.decode()
        assert shown != sams.get(STUDIO).content.decode()

    def test_somebody_who_works_elsewhere_too(self, sams: Client, owner: User) -> None:
        """Is shown, without where else; PIN, role and stores are changed by who has all of them."""
        page = f"{STUDIO}staff/{self.both.pk}/"
        assert "Ballard" not in main_of(sams.get(page))
        sent = {"pin": "7391", "pin_again": "7391"}
        answer = sams.post(f"{page}pin/", sent)
        assert answer.status_code == 409
        assert "They work at a store that isn&#x27;t yours" in main_of(answer)
        assert sams.post(f"{page}deactivation/").status_code == 409
        assert sams.post(f"{page}unlocking/").status_code == 302
        self.both.refresh_from_db()
        assert self.both.is_active
        assert self.both.pin_known_to == []

    def test_nobody_is_put_into_another_store(self, sams: Client, store_b: Store) -> None:
        sent = {"name": "Cy", "role": "cashier", "pin": "7391", "pin_again": "7391"}
        answer = sams.post(f"{STUDIO}staff/new/", {**sent, "stores": str(store_b.pk)})
        assert answer.status_code == 422
        assert not StaffMember._base_manager.filter(name="Cy").exists()

    def test_no_device_is_invited_to_another_store(self, sams: Client, store_b: Store) -> None:
        answer = sams.post(f"{STUDIO}devices/", {"name": "New", "store": str(store_b.pk)})
        assert answer.status_code == 422
        assert not Device._base_manager.filter(name="New").exists()

    def test_a_request_of_another_store_is_nobodys(
        self, sams: Client, sam: User, brand: Brand, store: Store
    ) -> None:
        asked = VoidRequest._base_manager.get()
        url = f"{STUDIO}requests/{asked.pk}/decision/"
        assert sams.post(url, {"decision": "approved"}).status_code == 404
        word = Actor("user", sam.pk, "Sam", vouches=False, stores=frozenset({store.pk}))
        with scope(brand=brand), pytest.raises(ActRefused, match="unknown_request"):
            void.approve(request_id=asked.pk, actor=word)

    def test_figures_that_happen_at_no_store(self, sams: Client) -> None:
        for name in ("visits", "revenue", "gifts_sold"):
            assert sams.get(f"{STUDIO}figures/{name}/").status_code == 404
        assert sams.get(f"{STUDIO}figures/redeemed/?campaign=any").status_code == 404
        shown = main_of(sams.get(STUDIO))
        assert "told apart by store" in shown
        assert "Revenue" not in shown


class TestActivity:
    @pytest.fixture
    def told(
        self,
        brand: Brand,
        store: Store,
        store_b: Store,
        owner: User,
        device: Device,
        device_b: Device,
    ) -> None:
        olive = Actor("user", owner.pk, "Olive")
        both = make_staff(store, "Bo Both")
        both.stores.add(store_b)
        entries = [
            ("their store", Act.STORE_CHANGED, f"store:{store.pk}", None, {}),
            ("other store", Act.STORE_CHANGED, f"store:{store_b.pk}", None, {}),
            ("their device", Act.DEVICE_RENAMED, f"device:{device.pk}", None, {}),
            ("other device", Act.DEVICE_RENAMED, f"device:{device_b.pk}", None, {}),
            ("at their device", Act.SHIFT_EXPORTED, "shift:1", device, {}),
            ("at other device", Act.STAFF_SIGNED_IN, f"staff:{both.pk}", device_b, {}),
            (
                "their person",
                Act.STAFF_CHANGED,
                f"staff:{both.pk}",
                None,
                {"stores": ["ballard", "pike-street"]},
            ),
            ("the brand", Act.POLICY_CHANGED, f"brand:{brand.pk}", None, {}),
            ("the team", Act.MEMBER_REMOVED, f"user:{owner.pk}", None, {}),
        ]
        with scope(brand=brand), transaction.atomic():
            for name, act, subject, at, details in entries:
                log.record(
                    brand=brand,
                    actor=olive,
                    act=act,
                    subject=subject,
                    now=timezone.now(),
                    details={"note": name, **details},
                    device=at,
                )

    def test_tells_of_their_stores(self, told: None, sams: Client) -> None:
        shown = main_of(sams.get(f"{STUDIO}audit/"))
        names = ["their store", "their device", "at their device", "their person"]
        assert [name for name in names if name not in shown] == []
        others = ["other store", "other device", "at other device", "the brand", "the team"]
        assert [name for name in others if name in shown] == []
        assert "pike-street" in shown
        assert "ballard" not in shown.lower()

    def test_of_a_request_that_was_decided_in_the_studio(
        self, brand: Brand, sam: User, sams: Client, owner: User, code: Code, device: Device
    ) -> None:
        """By an owner: whoever has a PIN at the store, too, could be who asked."""
        with scope(brand=brand):
            asking = Actor("user", uuid4(), "Mo")
            asked = void.ask(code_id=code.pk, actor=asking, reason="melted", device=device)
        for decision in ("declined", "approved"):
            sent = sams.post(f"{STUDIO}requests/{asked.pk}/decision/", {"decision": decision})
            assert sent.status_code == 404
        olives = Client()
        olives.force_login(owner)
        olives.post(f"{STUDIO}requests/{asked.pk}/decision/", {"decision": "declined"})
        shown = main_of(sams.get(f"{STUDIO}audit/"))
        assert "Cancellation declined" in shown
        with scope(brand=brand):
            assert len(audit_log.read(brand=brand).lines) == 2


class TestTeam:
    def test_an_invitation_carries_its_stores(
        self, brand: Brand, owner: User, store: Store, store_b: Store, client: Client
    ) -> None:
        client.force_login(owner)
        sent = {"email": "kai@frosty.example", "role": "store_manager", "where": "some"}
        answer = client.post(f"{STUDIO}team/", {**sent, "stores": [str(store_b.pk)]})
        assert answer.status_code == 302
        assert "Ballard" in main_of(client.get(f"{STUDIO}team/"))
        invited = Invitation.objects.get()
        visitor = Client()
        assert "Ballard" in visitor.get(f"/invitations/{invited.token()}/").content.decode()
        visitor.post(
            f"/invitations/{invited.token()}/", {"name": "Kai", "password": "two scoops of mint"}
        )
        member = Membership.objects.get(user__email="kai@frosty.example")
        assert (member.role, member.all_stores, member.store_names()) == (
            *("store_manager", False),
            ["Ballard"],
        )
        assert visitor.get(f"{STUDIO}stores/ballard/").status_code == 200
        assert visitor.get(f"{STUDIO}stores/pike-street/").status_code == 404

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"role": "marketer", "where": "some"}, "Owners and marketers work for all stores."),
            ({"role": "reader", "where": "some"}, "Choose at least one store."),
        ],
    )
    def test_what_makes_no_sense_is_told_at_its_field(
        self, sent: dict[str, str], said: str, owner: User, store: Store, client: Client
    ) -> None:
        client.force_login(owner)
        answer = client.post(f"{STUDIO}team/", {"email": "kai@frosty.example", **sent})
        assert answer.status_code == 422
        assert said in main_of(answer)

    def test_other_stores_from_the_next_click_on_and_on_record(
        self, brand: Brand, owner: User, sam: User, sams: Client, store_b: Store
    ) -> None:
        assert sams.get(f"{STUDIO}stores/ballard/").status_code == 404
        assert change(sam, owner, "store_manager", [store_b])
        assert not change(sam, owner, "store_manager", [store_b])
        assert sams.get(f"{STUDIO}stores/ballard/").status_code == 200
        assert sams.get(f"{STUDIO}stores/pike-street/").status_code == 404
        other = Client()
        other.force_login(owner)
        shown = main_of(other.get(f"{STUDIO}audit/"))
        assert "pike-street → ballard" in shown

    def test_an_owner_is_made_of_a_store_manager_and_back(
        self, owner: User, sam: User, store: Store
    ) -> None:
        assert change(sam, owner, "owner", None)
        assert sam.memberships.get().all_stores
        assert change(sam, owner, "reader", [store])
        assert sam.memberships.get().store_names() == ["Pike Street"]

    def test_a_member_whose_last_store_closes(
        self, brand: Brand, sams: Client, store: Store
    ) -> None:
        """Keeps what happened there, and puts nobody and nothing there any more."""
        Store._base_manager.filter(pk=store.pk).update(is_active=False)
        assert "None of your stores is on" in main_of(sams.get(STUDIO))
        assert "Pike Street" in main_of(sams.get(f"{STUDIO}stores/"))
        assert "Pike Street" not in main_of(sams.get(f"{STUDIO}staff/new/"))
        assert sams.get(f"{STUDIO}devices/").status_code == 200

    def test_in_several_brands_each_with_its_own(
        self, sam: User, sams: Client, other_brand: Brand, other_store: Store
    ) -> None:
        Membership.objects.create(user=sam, brand=other_brand, role=Role.OWNER)
        assert sams.get("/studio/harbor-bean/stores/pier/").status_code == 200
        assert sams.get("/studio/harbor-bean/stores/pike-street/").status_code == 404
        assert sams.get(f"{STUDIO}stores/pier/").status_code == 404
        assert sams.get(f"{STUDIO}brand/").status_code == 404
        assert sams.get("/studio/harbor-bean/brand/").status_code == 200

    def test_a_new_store_is_not_theirs_by_itself(self, brand: Brand, sams: Client) -> None:
        make_store(brand, "fremont")
        assert "Fremont" not in main_of(sams.get(f"{STUDIO}stores/"))


def test_a_word_counts_at_their_stores(brand: Brand, store: Store, store_b: Store) -> None:
    """The rule of staff holds for the studio's people too, whatever view asks it."""
    word = Actor("user", uuid4(), "Sam", vouches=False, stores=frozenset({store.pk}))
    with scope(brand=brand):
        bea = make_staff(store_b, "Bea")
        for act in (staff.deactivate, staff.unlock):
            with pytest.raises(staff.StaffRefused, match="other_stores"):
                act(member=bea, actor=word)
        pia = make_staff(store, "Pia")
        staff.deactivate(member=pia, actor=word)
        assert not StaffMember.objects.get(pk=pia.pk).is_active
