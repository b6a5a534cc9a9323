"""What somebody asked a brand on its shop, and what the brand answered."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.catalog.models import Treat
from giftshop.friends.names import LENGTH_MAX as NAME_LENGTH_MAX

WORDS_LENGTH_MAX = 600
ANSWER_LENGTH_MAX = 2000


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> Self:
        return self.filter(state=Question.State.WAITING)

    def shown(self) -> Self:
        """On the brand's shop, the newest answer first."""
        return self.filter(shown_at__isnull=False).order_by("-answered_at", "-pk")


class Question(models.Model):
    """Asked without an account, by whoever gave this address: nothing proves that it is theirs. It is used
    for one answer and forgotten with it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")
        SPAM = "spam", _("Spam")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    treat = models.ForeignKey(
        Treat, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    email = models.EmailField(
        blank=True, help_text="Empty once the answer is on its way, or could not be delivered."
    )
    words = models.CharField(max_length=WORDS_LENGTH_MAX)
    language = models.CharField(
        max_length=12, help_text="It was asked in; so is the answer's mail."
    )
    may_be_shown = models.BooleanField(
        default=False, help_text="The asker agrees that it is shown with their name."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When it was asked, answered, closed, taken down.")
    answer = models.CharField(max_length=ANSWER_LENGTH_MAX, blank=True)
    answered_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True, help_text="Empty: it is not on the shop.")
    mailed_at = models.DateTimeField(null=True)
    undeliverable_at = models.DateTimeField(null=True)

    objects = BrandManager.from_queryset(QuestionQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(words="") & ~models.Q(language=""),
                name="question_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=models.Q(state="answered", answered_at__isnull=False)
                & ~models.Q(answer="")
                | models.Q(
                    state__in=["waiting", "closed", "spam"], answered_at__isnull=True, answer=""
                ),
                name="question_state_and_answer_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(shown_at__isnull=True)
                | models.Q(state="answered", may_be_shown=True),
                name="question_shown_if_both_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(mailed_at__isnull=True, undeliverable_at__isnull=True)
                | models.Q(state="answered", email=""),
                name="question_address_goes_with_the_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "state", "changed_at"], name="question_inbox_of_brand"),
            models.Index(
                fields=["brand", "answered_at"],
                name="question_shown_of_brand",
                condition=models.Q(shown_at__isnull=False),
            ),
            models.Index(
                fields=["changed_at"],
                name="question_not_shown",
                condition=models.Q(shown_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.asked_at:%Y-%m-%d %H:%M}"
