"""Who runs the demo, who works in its studios, and who hands over."""

from datetime import datetime, timedelta

from brands.models import Brand, Store
from demo.brands import OPERATOR, PASSWORD, Account, DemoBrand
from demo.stores import Place
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Membership, User
from giftshop.team import invitations
from redemption.models import StaffMember
from redemption.till import devices, staff

NO_SECOND_FACTOR_FOR = timedelta(days=3650)
"""The demo's people sign in with their password alone, as long as a demo lives; each may add a passkey."""


def operator(*, now: datetime) -> User:
    """Who runs the demo; made once."""
    user = User.objects.filter(email=OPERATOR.email).first()
    if user:  # untouched: brands are set up beside one another, each in one long transaction
        return user
    token = invitations.invite_operator(email=OPERATOR.email, now=now)
    user = _taken_up(token, OPERATOR, now)
    user.grace_from = now + NO_SECOND_FACTOR_FOR
    user.save(update_fields=["grace_from"])
    return user


def owner(data: DemoBrand, brand: Brand, *, by: User, now: datetime) -> User:
    """The first of its accounts, invited by who opened the brand. Expects the brand's scope."""
    return _member(brand, data.accounts[0], by, now)


def colleagues(data: DemoBrand, brand: Brand, *, by: User, now: datetime) -> dict[str, User]:
    """The others, by their roles. Expects the brand's scope, and the stores."""
    return {account.role: _member(brand, account, by, now) for account in data.accounts[1:]}


def team(place: Place, store: Store, *, by: User, now: datetime) -> None:
    """A store's device, and its people. Expects the brand's scope."""
    actor = actor_of(by)
    devices.pair_directly(store=store, name=place.device, actor=actor, now=now)
    for name, role, pin in place.team:
        member = staff.add(
            brand=store.brand,
            stores=[store],
            name=name,
            role=role,
            pin=pin,
            actor=actor,
            now=now,
        )
        # As if they had chosen it: hashing two more PINs for each would take seconds.
        StaffMember.objects.filter(pk=member.pk).update(pin_is_temporary=False)


def _member(brand: Brand, account: Account, by: User, now: datetime) -> User:
    where = list(Store.objects.filter(slug__in=account.stores)) if account.stores else None
    invited = invitations.invite_member(
        brand=brand,
        email=account.email,
        role=Membership.Role(account.role),
        where=where,
        by=by,
        now=now,
    )
    user = _taken_up(invited.token(), account, now)
    Membership.objects.filter(user=user).update(grace_from=now + NO_SECOND_FACTOR_FOR)
    return user


def _taken_up(token: str, account: Account, now: datetime) -> User:
    user, _invited = invitations.accept_as_new(
        token=token, name=account.name, password=PASSWORD, now=now
    )
    user.refresh_from_db()  # with what came with the invitation
    return user
