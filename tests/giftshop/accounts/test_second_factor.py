"""Who sees money or changes what customers see has a second factor, after a week; and how it is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.accounts import second_factor
from giftshop.accounts.models import Membership, User
from giftshop.accounts.permissions import NEEDS_SECOND_FACTOR
from giftshop.sign_in.factors import factors
from giftshop.team import invitations, members
from redemption.models import AuditEntry
from tests import passkeys
from tests.cast import make_user
from tests.passkeys import Passkey

pytestmark = pytest.mark.django_db

STUDIO, SET_UP = "/studio/frosty-spoon/", "/account/factors/"
WEEK, NIGHT = second_factor.GRACE, timedelta(hours=6)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", Membership.Role.values)
def test_each_role_has_its_week(brand: Brand, role: str) -> None:
    user, now = make_user(brand, "rosa@frosty.example", role), timezone.now()
    is_needed = role in NEEDS_SECOND_FACTOR
    with time_machine.travel(now + WEEK - NIGHT):
        client = signed_in(user)
        page = client.get(STUDIO)
        assert page.status_code == 200
        assert ("Add a passkey or an app by" in page.content.decode()) == is_needed
    with time_machine.travel(now + WEEK + NIGHT):
        client = signed_in(user)
        answers = [
            client.get(STUDIO),
            client.get(f"{STUDIO}audit/"),
            client.post(f"{STUDIO}news/new/"),
        ]
        led = [answer.get("Location") == SET_UP for answer in answers if answer.status_code != 404]
        assert set(led) == {is_needed}
        if not is_needed:
            return
        part = client.get(STUDIO, headers={"HX-Request": "true"})
        assert part["HX-Redirect"] == SET_UP, "a part of a page, too"
        assert client.get("/account/").status_code == 200
        assert "Add a passkey or an app to go on" in client.get(SET_UP).content.decode()
        passkeys.add(client, Passkey())
        assert client.get(STUDIO).status_code == 200
        assert client.post("/accounts/logout/").status_code == 302


def test_a_stranger_is_not_told_more(brand: Brand, other_brand: Brand) -> None:
    stranger = make_user(other_brand, "rosa@harbor.example", "owner")
    with time_machine.travel(timezone.now() + WEEK + NIGHT):
        assert signed_in(stranger).get(STUDIO).status_code == 404


def test_the_week_begins_with_the_role_that_needs_one(owner: User, brand: Brand) -> None:
    user, later = make_user(brand, "rosa@frosty.example", "reader"), timezone.now() + WEEK * 9
    with scope(brand=brand):
        member = Membership.objects.get(user=user)
        members.change(member, role=Membership.Role.MARKETER, by=owner, now=later)
        members.change(member, role=Membership.Role.OWNER, by=owner, now=later + WEEK)
    assert second_factor.needed_by(user) == later + WEEK, "and not anew with the next"


def test_no_other_week_by_leaving_and_joining_again(owner: User, brand: Brand) -> None:
    user, now = make_user(brand, "rosa@frosty.example", "owner"), timezone.now()
    later = now + WEEK * 2
    with scope(brand=brand):
        member = Membership.objects.get(user=user)
        closes = second_factor.needed_by(user)
        for role in (Membership.Role.READER, Membership.Role.FINANCE):
            members.change(member, role=role, by=owner, now=later)
        assert second_factor.needed_by(user) == closes, "nor by another role in between"
        members.remove(member, by=owner, now=later)
        invited = invitations.invite_member(
            brand=brand, email=user.email, role=Membership.Role.OWNER, by=owner, now=later
        )
    back = User.objects.get(pk=user.pk)
    invitations.accept_as(back, invitation_id=invited.pk, now=later)
    assert second_factor.needed_by(user) == closes


def test_a_time_that_is_years_away_is_not_told(owner: User, owner_client: Client) -> None:
    assert "Add a passkey or an app by" in owner_client.get(SET_UP).content.decode()
    Membership.objects.update(grace_from=timezone.now() + WEEK)
    assert "Add a passkey or an app by" not in owner_client.get(SET_UP).content.decode()


def test_a_second_brand_gives_no_other_week(owner: User, brand: Brand, other_brand: Brand) -> None:
    later = timezone.now() + WEEK * 2
    closes, theirs = (
        second_factor.needed_by(owner),
        make_user(other_brand, "eve@h.example", "owner"),
    )
    with scope(brand=other_brand):
        invited = invitations.invite_member(
            brand=other_brand, email=owner.email, role=Membership.Role.OWNER, by=theirs, now=later
        )
    invitations.accept_as(owner, invitation_id=invited.pk, now=later)
    members_of = second_factor.with_factor(Membership.objects.filter(user=owner))
    assert {second_factor.needed_from(each) for each in members_of} == {closes}


def test_operators_have_the_same_week(brand: Brand) -> None:
    now = timezone.now()
    token = invitations.invite_operator(email="op@example.com", now=now)
    user, _invited = invitations.accept_as_new(token=token, name="Op", password="", now=now)
    user.refresh_from_db()
    with time_machine.travel(now + WEEK - NIGHT):
        page = signed_in(user).get("/operator/brands/").content.decode()
        assert "Add a passkey or an app by" in page
    with time_machine.travel(now + WEEK + NIGHT):
        client = signed_in(user)
        for path in ("/operator/brands/", "/operator/support/", "/operator/brands/frosty-spoon/"):
            assert client.get(path)["Location"] == SET_UP
        assert client.post("/operator/brands/new/", {"name": "X"})["Location"] == SET_UP
        assert "Add a passkey or an app to go on" in client.get(SET_UP).content.decode()
        passkeys.add(client, Passkey())
        assert client.get("/operator/brands/").status_code == 200
        call_command("reset_second_factor", email=user.email)
        client = signed_in(user)
        assert client.get("/operator/brands/")["Location"] == SET_UP, "the way in again"


def test_an_owner_resets_what_a_colleague_lost(
    owner: User, marketer: User, owner_client: Client
) -> None:
    hers = signed_in(marketer)
    passkeys.add(hers, Passkey())
    path = f"{STUDIO}team/{marketer.pk}/"
    assert "Lost their passkeys and codes?" in owner_client.get(path).content.decode()
    assert hers.post(f"{STUDIO}team/{owner.pk}/factors/reset/").status_code == 404
    answer = owner_client.post(f"{path}factors/reset/", follow=True).content.decode()
    assert "signs in by e-mail" in answer
    assert "Lost their passkeys and codes?" not in answer
    assert not factors.of(marketer).are_some
    assert hers.get(STUDIO).status_code == 302, "signed out"
    with scopes_disabled():
        entry = AuditEntry.objects.get(act="factors.reset")
    assert entry.actor_id == owner.pk
    assert entry.subject == f"user:{marketer.pk}"


def test_no_owner_opens_another_brand_by_a_reset(
    owner: User, marketer: User, owner_client: Client, other_brand: Brand
) -> None:
    passkeys.add(signed_in(marketer), Passkey())
    passkeys.add(owner_client, Passkey())
    Membership.objects.create(user=marketer, brand=other_brand, role="owner")
    for user, said in (
        (marketer, "Whoever runs the installation"),
        (owner, "page of your account"),
    ):
        answer = owner_client.post(f"{STUDIO}team/{user.pk}/factors/reset/", follow=True)
        assert said in answer.content.decode()
        assert factors.of(user).are_some
    call_command("reset_second_factor", email=marketer.email.upper())
    assert not factors.of(marketer).are_some
    with scopes_disabled():
        assert AuditEntry.objects.filter(act="factors.reset", actor_kind="system").count() == 2
    for email in (marketer.email, "nobody@example.com"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", email=email)
