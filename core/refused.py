"""An act that a rule refuses, and why."""

from typing import Generic, TypeVar

from django.db import models

R = TypeVar("R", bound=models.TextChoices)


class Refused(Exception, Generic[R]):
    """Carries why, in words for whoever asked."""

    def __init__(self, reason: R) -> None:
        super().__init__(reason.value)
        self.reason = reason
