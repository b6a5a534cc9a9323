"""Who leaves a team, or gives fewer words than before, leaves no way in behind."""

import pytest
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
