"""Who needs a second factor for the studio or the operator's pages, and from when: a passkey, or an app that
makes codes."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from giftshop.accounts.models import Membership, User
from giftshop.accounts.permissions import NEEDS_SECOND_FACTOR

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as one; recovery codes only stand in for it."""
GRACE = timedelta(days=7)


def with_factor(members: "QuerySet[Membership]") -> "QuerySet[Membership]":
    """Each with `has_factor`, in the same query."""
    own = Authenticator.objects.filter(user_id=OuterRef("user_id"), type__in=FACTORS)
    return members.annotate(has_factor=Exists(own))


def needed_from(member: Membership) -> datetime | None:
    """When the studio closes to them without one; None for whoever has one or needs none. Expects a row of
    `with_factor`."""
    has_one: bool = member.has_factor  # type: ignore[attr-defined]  # annotated
    if has_one or member.role not in NEEDS_SECOND_FACTOR:
        return None
    return member.grace_from + GRACE


def operator_needed_from(user: User) -> datetime | None:
    """The same for the operator's pages. One query, none for whoever is no operator."""
    if not user.is_operator or Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
        return None
    return (user.grace_from or user.created_at) + GRACE


def needed_by(user: User) -> datetime | None:
    """The earliest of their brands, and of the operator's pages. Two queries at most."""
    members = with_factor(Membership.objects.filter(user=user))
    times = [operator_needed_from(user), *map(needed_from, members)]
    return min((at for at in times if at), default=None)


def told_from(user: User, *, now: datetime) -> datetime | None:
    """As `needed_by`, as soon as it is to be told: not years before. Two queries at most."""
    needed_from = needed_by(user)
    return needed_from if needed_from and needed_from - now <= GRACE else None


def begin(user: User, *, now: datetime) -> datetime:
    """From when the time of a role that needs one counts: from the first such role of theirs, here or in
    another brand, so that leaving and joining again gives no other week. One query."""
    held = Membership.objects.filter(user=user, role__in=NEEDS_SECOND_FACTOR)
    earlier = [*held.values_list("grace_from", flat=True), user.grace_from or now]
    return min(now, *earlier)


def end(member: Membership) -> None:
    """They leave the brand, or a role of it: from when its time counted is kept. Expects a transaction."""
    user = member.user
    if member.role in NEEDS_SECOND_FACTOR:
        user.grace_from = min(user.grace_from or member.grace_from, member.grace_from)
        user.save(update_fields=["grace_from"])
