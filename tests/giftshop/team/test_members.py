"""Who leaves a team, or gives fewer words than before, leaves no way in behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.team import invitations, members
from tests.cast import make_user

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.mark.parametrize("act", ["removed", "marketer"])
def test_whom_an_owner_invited_comes_in_no_more_once_they_are_none(
    brand: Brand, owner: User, act: str
) -> None:
    now, odo = timezone.now(), make_user(brand, "odo@frosty.example", Role.OWNER)
    with scope(brand=brand):
        mine, theirs = (
            invitations.invite_member(brand=brand, email=email, role=Role.OWNER, by=by, now=now)
            for email, by in (("mine@frosty.example", odo), ("theirs@frosty.example", owner))
        )
        member = Membership.objects.get(user=odo)
        if act == "removed":
            members.remove(member, by=owner, now=now)
        else:
            members.change(member, role=Role.MARKETER, by=owner, now=now)

    assert list(Invitation.objects.waiting(now)) == [theirs]
    with pytest.raises(invitations.InvitationRefused):
        invitations.find(mine.token(), now)  # the row as it was sent


def test_an_invitation_to_an_address_that_is_theirs_since_takes_no_role_away(
    brand: Brand, owner: User
) -> None:
    """Whoever is the last owner would be a reader by it, and nobody an owner."""
    now = timezone.now()
    with scope(brand=brand):
        invited = invitations.invite_member(
            brand=brand, email="olive@home.example", role=Role.READER, by=owner, now=now
        )
    User.objects.filter(pk=owner.pk).update(email="olive@home.example")
    owner.refresh_from_db()
    client = Client()
    client.force_login(owner)
    assert client.get("/studio/")["Location"] == "/studio/frosty-spoon/", "none is offered"
    assert client.post(f"/invitations/{invited.pk}/").status_code == 404
    with pytest.raises(invitations.InvitationRefused):
        invitations.accept_as(owner, invitation_id=invited.pk, now=now)
    assert Membership.objects.get(user=owner).is_owner


@pytest.mark.django_db(transaction=True)
def test_whose_role_was_taken_in_this_moment_gives_and_takes_none(
    brand: Brand, owner: User
) -> None:
    """Three owners, of whom one is removed while they invite and demote: what waits finds that."""
    odo, ria = (make_user(brand, f"{who}@frosty.example", Role.OWNER) for who in ("odo", "ria"))
    now, mine = timezone.now(), Membership.objects.select_related("brand").get(user=owner)

    def invite() -> None:
        invitations.invite_member(
            brand=brand, email="way-back@frosty.example", role=Role.OWNER, by=odo, now=now
        )

    def demote() -> None:
        members.change(mine, role=Role.READER, by=odo, now=now)

    def remove() -> None:
        members.remove(Membership.objects.get(user=ria), by=odo, now=now)

    acts = [invite, demote, remove]
    with ThreadPoolExecutor(len(acts)) as others:
        with scope(brand=brand), transaction.atomic():
            members.remove(Membership.objects.get(user=odo), by=owner, now=now)
            waiting = [others.submit(_in_brand, brand, act) for act in acts]
            for act in waiting:
                with pytest.raises(TimeoutError):
                    act.result(timeout=0.3)
        for act in waiting:
            with pytest.raises((invitations.InvitationRefused, members.MemberRefused)):
                act.result(timeout=20)
    assert set(User.objects.owning(brand)) == {owner, ria}
    assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_demote_each_other_at_once_leave_an_owner(brand: Brand, owner: User) -> None:
    odo, now, start = make_user(brand, "odo@frosty.example", Role.OWNER), timezone.now(), Barrier(2)

    def demote(other: User, by: User) -> None:
        member = Membership.objects.select_related("brand").get(user=other)
        start.wait(timeout=20)
        members.change(member, role=Role.READER, by=by, now=now)

    pairs = [(odo, owner), (owner, odo)]
    with ThreadPoolExecutor(2) as both:
        ended = [both.submit(_in_brand, brand, lambda each=each: demote(*each)) for each in pairs]
        errors = [each.exception(timeout=20) for each in ended]
    assert sum(error is None for error in errors) == 1
    assert User.objects.owning(brand).count() == 1


def _in_brand(brand: Brand, act: Callable[[], Any]) -> None:
    try:
        with scope(brand=brand):
            act()
    finally:
        connection.close()
