"""A name or a few words on one line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from core.bidi import in_one_line


class LineField(forms.CharField):
    """One line with single spaces, without direction marks and characters that nobody sees: what is left
    empty by that was not filled in. What is too long is refused before a pattern meets it."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        return in_one_line(text) or str(self.empty_value)

    def run_validators(self, value: Any) -> None:
        for limit in self.validators:
            if isinstance(limit, MaxLengthValidator):
                self._check_length(limit, value)
        super().run_validators(value)

    def _check_length(self, limit: MaxLengthValidator, value: Any) -> None:
        try:
            limit(value or "")
        except ValidationError as too_long:
            too_long.message = self.error_messages.get(limit.code, too_long.message)
            raise
