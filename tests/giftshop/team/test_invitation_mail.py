"""The invitation goes by e-mail, once, as long as it is of use."""

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.delivery.subscribers import send_invitation
from giftshop.outbox.models import Message
from giftshop.team import invitations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def message(brand: Brand, owner: User) -> Message:
    with scope(brand=brand):
        invitations.invite_member(
            brand=brand,
            email="new@example.com",
            role=Membership.Role.FINANCE,
            by=owner,
            now=timezone.now(),
        )
    return Message.objects.filter(topic="member.invited").latest("pk")


def test_it_says_who_invites_as_what_and_leads_in(message: Message, owner: User) -> None:
    send_invitation(message)
    [letter] = mail.outbox
    assert letter.to == ["new@example.com"]
    assert str(owner) in str(letter.body)
    assert "Finance" in str(letter.body)
    assert f"/invitations/{Invitation.objects.get().token()}/" in str(letter.body)
    send_invitation(message)
    assert len(mail.outbox) == 1


def test_one_that_was_withdrawn_is_not_sent(message: Message, owner: User, brand: Brand) -> None:
    with scope(brand=brand):
        invitations.withdraw(Invitation.objects.get(), by=actor_of(owner), now=timezone.now())
    send_invitation(message)
    assert mail.outbox == []
