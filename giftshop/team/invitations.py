"""Inviting a person by their e-mail address: into a brand's studio in a role, or to run the installation.

Who holds the address of an invitation may take it up: it came to them by e-mail, or from whoever sits at
the server. It is good once and for a while.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from brands.models import Brand
from core import crypto
from core.refused import Refused
from giftshop.accounts import second_factor
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.team.where import Where, kept, put, told
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

OPERATOR_LIFE = timedelta(hours=1)
MEMBER_LIFE = timedelta(days=7)
WAITING_MAX, DAILY_MAX = 50, 100
"""Of one brand, that wait and that were sent within a day. Each is an e-mail to somebody who did not ask."""


class InvitationRefusal(models.TextChoices):
    """Why an invitation is not made or not taken up."""

    MEMBER = "member", _("This person is in your team already.")
    OPERATOR = "operator", _("This person runs the installation already.")
    GONE = "gone", _("This invitation was used, withdrawn or is too old. Ask for a new one.")
    KNOWN = "known", _("There is an account with this address. Sign in with it first.")
    MANY = "many", _("So many invitations wait already. Withdraw some first.")
    DAY = "day", _("These were many invitations for one day. Go on tomorrow.")
    NOT_YOURS = "not_yours", _("You are no owner of this brand any more.")


class InvitationRefused(Refused[InvitationRefusal]):
    """`reason` in words for whoever invites or was invited."""


def invite_operator(*, email: str, now: datetime) -> str:
    """The token of an invitation for an hour. Only its digest is kept, so it is shown once.

    Raises InvitationRefused for somebody who runs the installation already.
    """
    email = email.strip().lower()
    if User.objects.filter(email=email, is_staff=True, is_active=True).exists():
        raise InvitationRefused(InvitationRefusal.OPERATOR)
    token = crypto.new_token()
    with transaction.atomic():
        withdraw_earlier(None, email, now)
        Invitation.objects.create(
            email=email,
            token_digest=crypto.token_digest(token),
            created_at=now,
            expires_at=now + OPERATOR_LIFE,
        )
    return token


def invite_member(
    *,
    brand: Brand,
    email: str,
    role: Membership.Role,
    where: Where = None,
    by: User,
    now: datetime,
) -> Invitation:
    """An invitation for a week, sent by e-mail; an earlier one to the same address ends. `where`: for
    which stores.

    Expects the brand's scope. Raises InvitationRefused for a member, for too many, and where `by` was an
    owner only until a moment ago.
    """
    email = email.strip().lower()
    with transaction.atomic():
        hold_team(brand.pk)
        if not may_manage(brand, by):
            raise InvitationRefused(InvitationRefusal.NOT_YOURS)
        if Membership.objects.filter(brand=brand, user__email=email, user__is_active=True).exists():
            raise InvitationRefused(InvitationRefusal.MEMBER)
        withdraw_earlier(brand, email, now)
        _check_there_are_not_too_many(brand, now)
        token = crypto.new_token()
        invited = Invitation(
            brand=brand,
            email=email,
            role=role,
            token_digest=crypto.token_digest(token),
            invited_by=by,
            created_at=now,
            expires_at=now + MEMBER_LIFE,
        )
        invited.token_ciphertext = crypto.seal(token, context=f"invitation:{invited.pk}")
        invited.save(force_insert=True)
        put(invited, where)
        _record(invited, Act.MEMBER_INVITED, actor_of(by), now)
        emit(
            topic=Topic.MEMBER_INVITED,
            brand_id=brand.pk,
            payload={"invitation_id": str(invited.pk)},
            now=now,
        )
    return invited


def hold_team(brand_id: UUID) -> None:
    """Changes of one brand's team come one after the other, until commit. Taken before its other locks."""
    Brand.objects.select_for_update(no_key=True).get(pk=brand_id)


def may_manage(brand: Brand, by: User) -> bool:
    """Whether they still may, now that the team is held: what a page asked at its beginning is over where
    somebody else took the role away meanwhile."""
    owning = User.objects.owning(brand).values("pk")
    return User.objects.filter(
        Q(pk__in=owning) | Q(is_staff=True, is_active=True), pk=by.pk
    ).exists()


def withdraw(invited: Invitation, *, by: Actor, now: datetime) -> bool:
    """Whether it was still waiting. Expects the brand's scope."""
    with transaction.atomic():
        ended = Invitation.objects.filter(
            pk=invited.pk, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now, token_ciphertext=None)
        if ended:
            _record(invited, Act.INVITATION_WITHDRAWN, by, now)
    return bool(ended)


def withdraw_all_of(inviter: User, *, brand: Brand, by: User, now: datetime) -> None:
    """Nobody comes in by the word of somebody who may no longer give it. Expects the brand's scope and a
    transaction."""
    for invited in Invitation.objects.waiting(now).filter(brand=brand, invited_by=inviter):
        withdraw(invited, by=actor_of(by), now=now)


def find(token: str, now: datetime) -> Invitation:
    """Raises InvitationRefused for one that nobody can take up any more, or that never was."""
    waiting = (
        Invitation.objects.waiting(now).with_token(token).select_related("brand", "invited_by")
    )
    found = waiting.first()
    if found is None:
        raise InvitationRefused(InvitationRefusal.GONE)
    return found


def waiting_for(user: User, now: datetime) -> "models.QuerySet[Invitation]":
    """Those to the address of somebody who signed in: it is proven, so they need no secret. None to a brand
    that they work for already, which an address that is theirs only since then may have."""
    mine = Invitation.objects.waiting(now).filter(email=user.email).select_related("brand")
    return mine.exclude(brand__in=Membership.objects.filter(user=user).values("brand"))


def accept_as(user: User, *, invitation_id: UUID, now: datetime) -> Invitation:
    """For somebody who signed in with the address that was invited. Raises InvitationRefused."""
    with transaction.atomic():
        invited = _take(waiting_for(user, now).filter(pk=invitation_id), now)
        _let_in(user, invited, now)
    return invited


def accept_as_new(
    *, token: str, name: str, password: str, now: datetime
) -> tuple[User, Invitation]:
    """The account is made with it; without a password, they sign in by a code. Raises InvitationRefused,
    also where there is an account."""
    try:
        with transaction.atomic():
            invited = _take(Invitation.objects.waiting(now).with_token(token), now)
            if User.objects.filter(email=invited.email).exists():
                raise InvitationRefused(InvitationRefusal.KNOWN)
            user = User.objects.create_user(invited.email, password or None, name=name)
            _let_in(user, invited, now)
    except IntegrityError as error:  # of the same address, by another invitation in the same moment
        raise InvitationRefused(InvitationRefusal.KNOWN) from error
    return user, invited


def _take(waiting: "models.QuerySet[Invitation]", now: datetime) -> Invitation:
    """Held until commit: two that take up the same one come one after the other."""
    for brand_id in waiting.exclude(brand=None).values_list("brand_id", flat=True)[:1]:
        hold_team(brand_id)
    invited = waiting.select_for_update(of=("self",)).select_related("brand").first()
    if invited is None:
        raise InvitationRefused(InvitationRefusal.GONE)
    invited.accepted_at, invited.token_ciphertext = now, None
    invited.save(update_fields=["accepted_at", "token_ciphertext"])
    return invited


def _let_in(user: User, invited: Invitation, now: datetime) -> None:
    if invited.brand is None:
        grace_from = second_factor.begin(user, now=now)
        User.objects.filter(pk=user.pk).update(is_staff=True, grace_from=grace_from)
        return
    member = Membership.objects.create(
        user=user,
        brand=invited.brand,
        role=invited.role,
        all_stores=invited.all_stores,
        grace_from=second_factor.begin(user, now=now),
    )
    with scope(brand=invited.brand):
        put(member, kept(invited))
        _record(invited, Act.MEMBER_JOINED, actor_of(user), now)


def _check_there_are_not_too_many(brand: Brand, now: datetime) -> None:
    own = Invitation.objects.filter(brand=brand)
    if own.waiting(now).count() >= WAITING_MAX:
        raise InvitationRefused(InvitationRefusal.MANY)
    if own.filter(created_at__gt=now - timedelta(days=1)).count() >= DAILY_MAX:
        raise InvitationRefused(InvitationRefusal.DAY)


def withdraw_earlier(brand: Brand | None, email: str, now: datetime) -> int:
    """How many of those to this address still waited; without a brand, those of operators."""
    earlier = Invitation.objects.filter(brand=brand, email=email)
    return earlier.filter(accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=now, token_ciphertext=None
    )


def _record(invited: Invitation, act: Act, by: Actor, now: datetime) -> None:
    """Without the address: the audit log keeps none."""
    assert invited.brand is not None  # nosec B101  # the operator's have no brand's audit log
    record(
        brand=invited.brand,
        actor=by,
        act=act,
        subject=f"invitation:{invited.pk}",
        now=now,
        details={"role": invited.role, "stores": told(kept(invited))},
    )
