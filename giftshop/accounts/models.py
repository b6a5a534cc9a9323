"""People who sign in with an e-mail address, and the brands they work for."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
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
        return self.filter(
            is_active=True, memberships__brand=brand, memberships__role=Membership.Role.OWNER
        ).order_by("pk")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, help_text=_("Kept in lower case."))
    name = models.CharField(_("name"), max_length=80, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    brands = models.ManyToManyField(Brand, through="Membership", related_name="members")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MARKETER = "marketer", _("Marketer")
        FINANCE = "finance", _("Finance")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "brand"], name="membership_one_role_per_brand")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.brand} · {self.role}"

    @property
    def is_owner(self) -> bool:
        return self.role == self.Role.OWNER
