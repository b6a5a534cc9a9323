"""An invitation lets one person in, once and for a while, and only the one it was meant for."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.team import invitations, members
from redemption.models import AuditEntry
from tests.cast import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "seven scoops in a row"


def opened(email: str = "op@example.com") -> str:
    """The path that `open_shop` prints."""
    out = StringIO()
    call_command("open_shop", email=email, stdout=out)
    found = re.search(r"/invitations/[\w-]{43}/", out.getvalue())
    assert found, out.getvalue()
    return found[0]


def invite(brand: Brand, by: User, email: str = "new@example.com", role: str = "marketer") -> str:
    with scope(brand=brand):
        invited = invitations.invite_member(
            brand=brand, email=email, role=Membership.Role(role), by=by, now=timezone.now()
        )
    return f"/invitations/{invited.token()}/"


def take_up(path: str, client: Client | None = None) -> Any:
    return (client or Client()).post(path, {"name": "Nia", "password": PASSWORD})


def test_the_operators_address_works_once_and_keeps_only_a_digest() -> None:
    path = opened()
    kept = Invitation.objects.get()
    assert kept.token_ciphertext is None
    client = Client()
    assert take_up(path, client)["Location"] == "/operator/brands/"
    assert client.get("/operator/brands/").status_code == 200
    assert User.objects.get(email="op@example.com").is_operator
    assert take_up(path).status_code == 404


def test_asked_again_the_earlier_address_ends() -> None:
    first, second = opened(), opened()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


def test_after_an_hour_the_operators_address_is_of_no_use() -> None:
    path = opened()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert take_up(path).status_code == 404
    assert not User.objects.exists()


def test_open_shop_refuses_what_is_no_address_and_who_is_there() -> None:
    take_up(opened())
    for email in ("nobody", "op@example.com"):
        with pytest.raises(CommandError):
            call_command("open_shop", email=email)


def test_a_colleague_comes_in(brand: Brand, owner: User) -> None:
    path, client = invite(brand, owner), Client()
    assert take_up(path, client)["Location"] == f"/studio/{brand.slug}/"
    assert client.get(f"/studio/{brand.slug}/").status_code == 200
    assert Membership.objects.get(user__email="new@example.com").role == "marketer"
    with scope(brand=brand):
        assert {"member.invited", "member.joined"} <= set(
            AuditEntry.objects.values_list("act", flat=True)
        )
        assert "new@example.com" not in str(list(AuditEntry.objects.values_list("details")))


def test_who_has_an_account_signs_in_first_and_only_as_the_one_invited(
    brand: Brand, owner: User
) -> None:
    other = make_user(brand, "other@example.com", "finance")
    known = User.objects.create_user("known@example.com", PASSWORD)
    path = invite(brand, owner, "known@example.com")
    own = f"/invitations/{Invitation.objects.get().pk}/"
    page = Client().get(path).content.decode()
    assert f"/accounts/login/?next={quote(own, safe='')}" in page
    assert quote(path, safe="") not in page, "the secret would be kept beside wrong passwords"
    assert take_up(path).status_code == 200
    assert Client().get(own)["Location"] == f"/accounts/login/?next={own}"
    assert not known.memberships.exists()
    stranger, right = Client(), Client()
    stranger.force_login(other)
    assert stranger.post(path).status_code == 200
    assert stranger.post(own).status_code == 404
    assert stranger.get(own).status_code == 404
    right.force_login(known)
    assert own in right.get("/studio/").content.decode()
    assert right.get(path)["Location"] == own
    assert right.post(own)["Location"] == f"/studio/{brand.slug}/"
    assert known.memberships.get().role == "marketer"
    assert right.post(own).status_code == 404


def test_wrong_addresses_are_counted_and_soon_answered_with_a_pause() -> None:
    client = Client()
    answers = [client.get(f"/invitations/{number:043}/").status_code for number in range(60)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_brand_has_so_many_invitations_out_and_no_more(
    brand: Brand, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "WAITING_MAX", 2)
    for name in ("a", "b", "b"):  # to one address the earlier ends
        invite(brand, owner, f"{name}@example.com")
    with pytest.raises(invitations.InvitationRefused) as refused:
        invite(brand, owner, "c@example.com")
    assert refused.value.reason == invitations.InvitationRefusal.MANY
    Invitation.objects.update(withdrawn_at=timezone.now())
    monkeypatch.setattr(invitations, "DAILY_MAX", 3)
    with pytest.raises(invitations.InvitationRefused) as refused:
        invite(brand, owner, "c@example.com")
    assert refused.value.reason == invitations.InvitationRefusal.DAY


def test_the_database_keeps_one_waiting_invitation_of_an_operator() -> None:
    opened()
    waiting = Invitation.objects.get()
    waiting.pk, waiting.token_digest = uuid4(), b"y" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        waiting.save(force_insert=True)


def test_a_weak_password_is_refused_in_words_and_the_invitation_waits(
    brand: Brand, owner: User
) -> None:
    path = invite(brand, owner)
    answer = Client().post(path, {"name": "Nia", "password": "password"})
    assert answer.status_code == 422
    assert "password" in answer.content.decode()
    assert take_up(path).status_code == 302


def test_a_withdrawn_invitation_is_of_no_use(brand: Brand, owner: User) -> None:
    path, client = invite(brand, owner), Client()
    client.force_login(owner)
    invited = Invitation.objects.get()
    client.post(f"/studio/{brand.slug}/team/invitations/{invited.pk}/withdrawal/")
    assert take_up(path).status_code == 404


def test_the_last_owner_cant_go(brand: Brand, owner: User) -> None:
    member, now = owner.memberships.get(), timezone.now()
    with scope(brand=brand):
        with pytest.raises(members.MemberRefused):
            members.remove(member, by=owner, now=now)
        with pytest.raises(members.MemberRefused):
            members.change(member, role=Membership.Role.FINANCE, by=owner, now=now)
        second = make_user(brand, "second@example.com", "owner")
        members.remove(member, by=second, now=now)
        assert list(User.objects.owning(brand)) == [second]


def test_the_database_refuses_a_role_without_a_brand(brand: Brand) -> None:
    now = timezone.now()
    for wrong in ({"role": "owner"}, {"brand": brand, "role": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(
                email="a@example.com",
                token_digest=b"x" * 32,
                created_at=now,
                expires_at=now,
                **wrong,
            )
