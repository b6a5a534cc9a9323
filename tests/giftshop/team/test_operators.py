"""Who left the company runs the installation no longer, nor does anybody come in by their word."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import BrowserSession, Invitation, Membership, User
from giftshop.team import invitations
from giftshop.team.invitations import InvitationRefused
from redemption.models import AuditEntry
from tests.cast import make_brand

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> User:
    return User.objects.create_user("op@example.com", "seven scoops in a row", is_staff=True)


def removed(email: str = "op@example.com") -> str:
    out = StringIO()
    call_command("remove_operator", email=email, stdout=out)
    return out.getvalue()


def invite(brand: Brand, by: User, email: str, now: datetime) -> Invitation:
    with scope(brand=brand):
        return invitations.invite_member(
            brand=brand, email=email, role=Membership.Role.OWNER, by=by, now=now
        )


def test_who_was_removed_is_signed_out_and_led_to_no_operators_page(operator: User) -> None:
    client = Client()
    client.force_login(operator)
    assert client.get("/operator/brands/").status_code == 200
    said = removed(" OP@Example.com ")
    assert "no operator any more" in said
    assert "Nobody is an operator now" in said
    assert client.get("/operator/brands/").status_code == 302
    assert not BrowserSession.objects.filter(user=operator).exists()
    client.force_login(User.objects.get(pk=operator.pk))
    assert client.get("/operator/brands/").status_code == 404
    with pytest.raises(CommandError, match="Nobody with this address"):
        removed()


def test_nobody_comes_in_by_their_word_but_where_they_are_an_owner(
    operator: User, brand: Brand
) -> None:
    own, now = make_brand("their-own"), timezone.now()
    Membership.objects.create(user=operator, brand=own, role=Membership.Role.OWNER)
    other = User.objects.create_user("second@example.com", "seven scoops", is_staff=True)
    gone = invite(brand, operator, "a@example.com", now)
    kept = [
        invite(brand, other, "b@example.com", now),
        invite(own, operator, "c@example.com", now),
    ]
    said = removed()
    assert "still work for their-own" in said
    assert "Nobody is an operator now" not in said
    assert set(Invitation.objects.waiting(now)) == set(kept)
    assert Client().get(f"/invitations/{gone.token()}/").status_code == 404
    with scope(brand=brand):
        assert AuditEntry.objects.filter(act="invitation.withdrawn").count() == 1


def test_who_waits_to_be_one_waits_no_longer() -> None:
    token = invitations.invite_operator(email="late@example.com", now=timezone.now())
    removed("late@example.com")
    assert Client().get(f"/invitations/{token}/").status_code == 404


def test_whoever_was_asked_for_at_the_beginning_of_a_request_invites_nobody_after_it(
    operator: User, brand: Brand
) -> None:
    seen = User.objects.get(pk=operator.pk)
    removed()
    assert seen.is_operator, "as a request that began before knows them"
    with pytest.raises(InvitationRefused, match="not_yours"):
        invite(brand, seen, "d@example.com", timezone.now())


@pytest.mark.parametrize("email", ["nobody", "nobody@example.com"])
def test_an_address_of_nobody_is_refused_in_words(email: str) -> None:
    with pytest.raises(CommandError):
        removed(email)
