"""Why a gift is on hold: one row for each thing that holds it, kept after it let go."""

from django.db import models

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption.models.code import Code

PEOPLE = ["staff", "user", "operator"]


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> "HoldQuerySet":
        return self.filter(released_at__isnull=True)


class Hold(models.Model):
    """A code is on hold exactly while one of these is open; the database refuses everything else.

    Placed and released by redemption.codes.hold only. Afterwards it stands: the database refuses an edit.
    """

    class Cause(models.TextChoices):
        HAND = "hand"
        DISPUTE = "dispute"
        WARNING = "warning"
        REFUND = "refund"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=7, choices=Cause.choices)
    subject = models.CharField(
        max_length=120,
        blank=True,
        help_text="What has to end before it is released: dispute:<id>. Empty: a manager lets go.",
    )
    reason = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    placed_by_kind = models.CharField(max_length=8, help_text="staff, user, operator or system")
    placed_by = models.UUIDField(null=True)
    placed_by_name = models.CharField(max_length=120)
    released_at = models.DateTimeField(null=True)
    released_by_kind = models.CharField(max_length=8, blank=True)
    released_by = models.UUIDField(null=True)
    released_by_name = models.CharField(max_length=120, blank=True)
    release_reason = models.CharField(max_length=200, blank=True)

    objects = BrandManager.from_queryset(HoldQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"],
                name="hold_one_open_per_code_and_subject",
                condition=models.Q(released_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(cause="hand", subject="")
                | (~models.Q(cause="hand") & ~models.Q(subject="")),
                name="hold_of_manager_has_no_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(placed_by_kind="system", placed_by__isnull=True)
                | models.Q(placed_by_kind__in=PEOPLE, placed_by__isnull=False),
                name="hold_was_placed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    released_at__isnull=True,
                    released_by_kind="",
                    released_by__isnull=True,
                    released_by_name="",
                    release_reason="",
                )
                | (
                    models.Q(released_at__isnull=False)
                    & ~models.Q(release_reason="")
                    & (
                        models.Q(released_by_kind="system", released_by__isnull=True)
                        | models.Q(released_by_kind__in=PEOPLE, released_by__isnull=False)
                    )
                ),
                name="hold_release_has_its_who_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.subject or self.cause}"
