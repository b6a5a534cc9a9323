"""What a person signs in with beside their e-mail address: passkeys, an app that makes codes, and recovery
codes for the day when both are lost. Each change is told to them, and stands in their brands' audit logs; one
of what opens the account also signs them out everywhere else: whoever was in by the old way is out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from giftshop.accounts.access import actor_of
from giftshop.accounts.browser_sessions import end_all
from giftshop.accounts.models import AccountLetter, User
from giftshop.sign_in import letters
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record

Type = Authenticator.Type
PASSKEYS_MAX = 20
NAME_LENGTH_MAX = 40


class FactorRefusal(models.TextChoices):
    MANY = "many", _("You have so many passkeys. Remove one first.")


class Change(models.TextChoices):
    """What the person is told of."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    RESET = "reset"


ACTS = {
    Change.PASSKEY_ADDED: Act.FACTOR_ADDED,
    Change.PASSKEY_REMOVED: Act.FACTOR_REMOVED,
    Change.APP_ADDED: Act.FACTOR_ADDED,
    Change.APP_REMOVED: Act.FACTOR_REMOVED,
    Change.CODES_MADE: Act.RECOVERY_CODES_MADE,
    Change.RESET: Act.FACTORS_RESET,
}


@dataclass
class Passkey:
    """One of them, for the page."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass
class Factors:
    """All that somebody has."""

    passkeys: list[Passkey] = field(default_factory=list)
    app: Authenticator | None = None
    codes_left: int | None = None
    """Of the recovery codes; None: never made."""

    @property
    def are_some(self) -> bool:
        """Whether a second factor is asked for."""
        return bool(self.passkeys or self.app)

    @property
    def are_many(self) -> bool:
        """Whether no passkey can be added."""
        return len(self.passkeys) >= PASSKEYS_MAX


def of(user: User) -> Factors:
    """One query."""
    found = Factors()
    for each in Authenticator.objects.filter(user=user).order_by("pk"):
        if each.type == Type.WEBAUTHN:
            name = each.wrap().name
            found.passkeys.append(Passkey(each.pk, name, each.created_at, each.last_used_at))
        elif each.type == Type.TOTP:
            found.app = each
        else:
            found.codes_left = len(_unused(each))
    return found


def add_passkey(
    user: User, *, name: str, credential: dict[str, Any], here: str, now: datetime
) -> bool:
    """Whether recovery codes were made with it: with the first factor. `here`: the row of the browser that
    goes on (browser_sessions.row_of), as below."""
    with transaction.atomic():
        _hold(user)
        WebAuthn.add(user, name, credential)
        end_all(user, but=here)
        _tell(user, Change.PASSKEY_ADDED, name, now)
        return _make_first_codes(user)


def rename_passkey(user: User, passkey_id: int, name: str) -> bool:
    """Whether there is one. Nobody is told: it opens as much as before."""
    with transaction.atomic():
        found = _passkeys(user).select_for_update().filter(pk=passkey_id).first()
        if found is not None:
            found.data["name"] = name
            found.save(update_fields=["data"])
    return found is not None


def remove_passkey(user: User, passkey_id: int, *, here: str, now: datetime) -> bool:
    """Whether there was one."""
    with transaction.atomic():
        _hold(user)
        found = _passkeys(user).filter(pk=passkey_id).first()
        if found is None:
            return False
        name = found.wrap().name
        found.delete()
        _forget_codes_without_a_factor(user)
        end_all(user, but=here)
        _tell(user, Change.PASSKEY_REMOVED, name, now)
    return True


def add_app(user: User, *, secret: str, step: int, here: str, now: datetime) -> bool:
    """In place of an earlier one. `step`: whose code was typed, which is used up. Whether recovery codes
    were made with it."""
    with transaction.atomic():
        _hold(user)
        Authenticator.objects.filter(user=user, type=Type.TOTP).delete()
        made = TOTP.activate(user, secret).instance
        made.data["last_step"] = step
        made.save(update_fields=["data"])
        end_all(user, but=here)
        _tell(user, Change.APP_ADDED, "", now)
        return _make_first_codes(user)


def remove_app(user: User, *, here: str, now: datetime) -> bool:
    """Whether there was one."""
    with transaction.atomic():
        _hold(user)
        gone, _by_model = Authenticator.objects.filter(user=user, type=Type.TOTP).delete()
        if gone:
            _forget_codes_without_a_factor(user)
            end_all(user, but=here)
            _tell(user, Change.APP_REMOVED, "", now)
    return bool(gone)


def make_codes(user: User, *, now: datetime) -> bool:
    """New recovery codes; those before are of no use. False for whoever has no factor to lose."""
    with transaction.atomic():
        _hold(user)
        own = Authenticator.objects.filter(user=user)
        if not own.exclude(type=Type.RECOVERY_CODES).exists():
            return False
        own.filter(type=Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)
        _tell(user, Change.CODES_MADE, "", now)
    return True


def unused_codes(user: User) -> list[str]:
    """In groups of four. One query."""
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return [f"{code[:4]}-{code[4:]}" for code in _unused(kept)] if kept else []


def reset(user: User, *, by: Actor, now: datetime) -> bool:
    """For somebody who lost them all: they sign in by e-mail alone until they have new ones, and are signed
    out wherever they are. Whether there was anything to reset."""
    with transaction.atomic():
        _hold(user)
        gone, _by_model = Authenticator.objects.filter(user=user).delete()
        if gone:
            end_all(user)
            _tell(user, Change.RESET, "", now, by=by)
    return bool(gone)


def _unused(kept: Authenticator) -> list[str]:
    """None where they went with an old key: what is left of the person's still opens."""
    try:
        codes: list[str] = kept.wrap().get_unused_codes()
    except KeyError:
        return []
    return codes


def _hold(user: User) -> None:
    """Changes of one person's come one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _passkeys(user: User) -> "models.QuerySet[Authenticator]":
    found: models.QuerySet[Authenticator] = Authenticator.objects.filter(
        user=user, type=Type.WEBAUTHN
    )
    return found


def _make_first_codes(user: User) -> bool:
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        return False
    RecoveryCodes.activate(user)
    return True


def _forget_codes_without_a_factor(user: User) -> None:
    own = Authenticator.objects.filter(user=user)
    if not own.exclude(type=Type.RECOVERY_CODES).exists():
        own.delete()


def _tell(user: User, change: Change, name: str, now: datetime, *, by: Actor | None = None) -> None:
    kind = AccountLetter.Kind.FACTOR_CHANGED
    letters.write(user, kind=kind, secret=f"{change} {name}", now=now)
    for member in user.memberships.select_related("brand").order_by("brand_id"):
        with scope(brand=member.brand):
            record(
                brand=member.brand,
                actor=by or actor_of(user),
                act=ACTS[change],
                subject=f"user:{user.pk}",
                now=now,
                details={"name": user.name},
            )
