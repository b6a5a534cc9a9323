"""People who sign in with an e-mail address, and the brands they work for."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from brands.models import Brand, Store
from core import crypto, validity
from core.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def owning(self, brand: Brand) -> "models.QuerySet[User]":
        """The brand's owners who can sign in, in a fixed order."""
        return self.in_roles(brand, Membership.Role.OWNER)

    def in_roles(self, brand: Brand, *roles: str) -> "models.QuerySet[User]":
        """Its members in these roles who can sign in, in a fixed order."""
        return self.filter(
            is_active=True, memberships__brand=brand, memberships__role__in=roles
        ).order_by("pk")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, help_text=_("Kept in lower case."))
    name = models.CharField(_("name"), max_length=80, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    grace_from = models.DateTimeField(
        null=True,
        help_text="Of a role that they left, or as an operator: a second factor's time is not given twice.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    brands = models.ManyToManyField(Brand, through="Membership", related_name="members")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_operator(self) -> bool:
        """Runs the installation: opens brands and invites their owners."""
        return self.is_active and self.is_staff


def _stores_by_role(name: str) -> models.CheckConstraint:
    """Owners and marketers work for the whole brand: what they do can't be told apart by store."""
    return models.CheckConstraint(
        condition=models.Q(all_stores=True)
        | models.Q(role__in=["finance", "store_manager", "reader"]),
        name=name,
    )


class OfStores(models.Model):
    """What is for a whole brand, or for some of its stores. That `stores` is empty where `all_stores` is
    set, and holds the brand's own alone, is held by the database (migration 0004)."""

    all_stores = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("Of the brand; else those named, if any is left."),
    )
    stores = models.ManyToManyField(Store, related_name="+", blank=True)

    class Meta:
        abstract = True

    def store_names(self) -> list[str]:
        """Of those that are named, by alphabet. One query, none for the whole brand."""
        if self.all_stores:
            return []
        with scopes_disabled():
            return list(self.stores.order_by("name").values_list("name", flat=True))


class Membership(OfStores):
    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MARKETER = "marketer", _("Marketer")
        FINANCE = "finance", _("Finance")
        STORE_MANAGER = "store_manager", _("Store manager")
        READER = "reader", _("Reader")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    grace_from = models.DateTimeField(
        default=timezone.now, help_text="From when the time for a second factor counts."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "brand"], name="membership_one_role_per_brand"),
            _stores_by_role("membership_stores_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.brand} · {self.role}"

    @property
    def is_owner(self) -> bool:
        return self.role == self.Role.OWNER


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self, now: datetime) -> Self:
        """Neither taken up, nor withdrawn, nor out of date."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)

    def with_token(self, token: str) -> Self:
        return self.filter(token_digest=crypto.token_digest(token))


class Invitation(OfStores):
    """A way in for one person, once and for a while: into a brand's studio in a role, or, without a brand,
    to the operator's pages."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(help_text=_("Kept in lower case."))
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, null=True, related_name="invitations"
    )
    role = models.CharField(max_length=16, choices=Membership.Role.choices, blank=True)
    token_digest = models.BinaryField(max_length=32, unique=True)
    token_ciphertext = models.BinaryField(
        max_length=120, null=True, help_text="For the e-mail; empty once that is of no use."
    )
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(brand=None, role="")
                | (~models.Q(brand=None) & ~models.Q(role="")),
                name="invitation_role_belongs_to_a_brand",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["brand", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,  # the operator's have no brand
                name="invitation_one_waits_per_brand_and_address",
            ),
            _stores_by_role("invitation_stores_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.brand or 'operator'}"

    @property
    def last_day(self) -> date:
        """On which it can still be taken up, by the reader's clock."""
        return validity.last_day(self.expires_at, timezone.get_current_timezone())

    def token(self) -> str:
        """The secret of the address, for the e-mail. Raises ValueError once it is of no use."""
        if self.token_ciphertext is None:
            raise ValueError("this invitation's address was shown once")
        return crypto.unseal(bytes(self.token_ciphertext), context=f"invitation:{self.pk}")


class AccountLetter(models.Model):
    """An e-mail to somebody about their own account, with what it opens."""

    class Kind(models.TextChoices):
        SIGN_IN_CODE = "sign_in_code"
        NEW_PASSWORD = "new_password"  # nosec B105  # a kind
        NEW_BROWSER = "new_browser"
        ADDRESS_CODE = "address_code"
        PROOF_CODE = "proof_code"
        FACTOR_CHANGED = "factor_changed"
        OPENING_CODE = "opening_code"
        RECOVERY_CODE_USED = "recovery_code_used"
        BRAND_APPROVED = "brand_approved"
        BRAND_CLOSES = "brand_closes"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="Empty: of somebody who is about to have an account.",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    address = models.EmailField(help_text="As it was when the letter was asked for.")
    secret_ciphertext = models.BinaryField(
        max_length=240, null=True, help_text="For the e-mail; empty once that was sent."
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"

    @property
    def sealed_as(self) -> str:
        """What a ciphertext of this row is bound to."""
        return f"account letter:{self.pk}"

    def secret(self) -> str:
        """Raises ValueError once it was sent."""
        if self.secret_ciphertext is None:
            raise ValueError("this letter was sent")
        return crypto.unseal(bytes(self.secret_ciphertext), context=self.sealed_as)


class BrowserSession(models.Model):
    """A browser in which somebody is signed in, for the list of them. It is found by the same digest of its
    cookie as Django's row, which alone says how long it lives: see sessions.row_key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=40, blank=True, help_text="Names of browser and system.")
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device}, {self.began_at}"
