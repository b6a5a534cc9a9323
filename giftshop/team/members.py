"""The members of a brand's studio: another role, other stores, or out. A brand always keeps an owner."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.forms.version import check_version
from core.refused import Refused
from giftshop.accounts import second_factor
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Membership, User
from giftshop.accounts.permissions import NEEDS_SECOND_FACTOR
from giftshop.team.invitations import InvitationRefusal, hold_team, may_manage, withdraw_all_of
from giftshop.team.where import Where, put, told
from giftshop.team.where import kept as kept_where
from redemption.audit.log import Act, record


class MemberRefusal(models.TextChoices):
    LAST_OWNER = "last_owner", _("A brand needs an owner. Make somebody else an owner first.")
    GONE = "gone", _("This person is not in your team any more.")
    NOT_YOURS = InvitationRefusal.NOT_YOURS.value, InvitationRefusal.NOT_YOURS.label


class MemberRefused(Refused[MemberRefusal]):
    """`reason` in words for the owner who asked."""


def change(
    member: Membership,
    *,
    role: Membership.Role,
    where: Where = None,
    by: User,
    now: datetime,
    seen: str = "",
) -> bool:
    """Another role, or other stores; whether anything changed. Expects the brand's scope. Raises
    MemberRefused for the last owner, for who left meanwhile or where `by` is none any more, and SavedSince
    where `seen`, the version that whoever asks was shown, is another by now."""
    with transaction.atomic():
        kept = _held(member, by)
        before, after = as_told(kept), {"role": str(role), "stores": told(where)}
        check_version(seen, kept=before, wanted=after)
        if before == after:
            return False
        _keep_an_owner(kept, role)
        if kept.is_owner and role != Membership.Role.OWNER:
            withdraw_all_of(kept.user, brand=kept.brand, by=by, now=now)
        if role not in NEEDS_SECOND_FACTOR:
            second_factor.end(kept)
        elif kept.role not in NEEDS_SECOND_FACTOR:
            kept.grace_from = second_factor.begin(kept.user, now=now)
            kept.save(update_fields=["grace_from"])
        kept.role = role
        put(kept, where)
        changes = {
            name: [before[name], after[name]] for name in before if before[name] != after[name]
        }
        details = {"name": kept.user.name, "changes": changes}
        _record(kept, Act.MEMBER_CHANGED, by, now, details)
    return True


def as_told(member: Membership) -> dict[str, Any]:
    """What can be changed of it, as the audit log tells it. Expects the brand's scope."""
    return {"role": str(member.role), "stores": told(kept_where(member))}


def remove(member: Membership, *, by: User, now: datetime) -> None:
    """From their next click on they are a stranger to the brand, and so is whom they invited and who has not
    come yet; what they did stays on record.

    Expects the brand's scope. Raises MemberRefused as `change` does.
    """
    with transaction.atomic():
        kept = _held(member, by)
        _keep_an_owner(kept, None)
        withdraw_all_of(kept.user, brand=kept.brand, by=by, now=now)
        _record(kept, Act.MEMBER_REMOVED, by, now, {"name": kept.user.name, "role": kept.role})
        second_factor.end(kept)
        kept.delete()


def _held(member: Membership, by: User) -> Membership:
    """Changes of one brand's team come one after the other: two owners can't remove each other."""
    hold_team(member.brand_id)
    if not may_manage(member.brand, by):
        raise MemberRefused(MemberRefusal.NOT_YOURS)
    kept = Membership.objects.select_related("user", "brand").filter(pk=member.pk).first()
    if kept is None:  # another owner was quicker
        raise MemberRefused(MemberRefusal.GONE)
    return kept


def _keep_an_owner(member: Membership, role: Membership.Role | None) -> None:
    if role == Membership.Role.OWNER or not member.is_owner:
        return
    if not User.objects.owning(member.brand).exclude(pk=member.user_id).exists():
        raise MemberRefused(MemberRefusal.LAST_OWNER)


def _record(member: Membership, act: Act, by: User, now: datetime, details: dict[str, Any]) -> None:
    record(
        brand=member.brand,
        actor=actor_of(by),
        act=act,
        subject=f"user:{member.user_id}",
        now=now,
        details=details,
    )
