"""A name or a few words on one line."""

from typing import Any

from django import forms

from core.bidi import in_one_line


class LineField(forms.CharField):
    """One line with single spaces, without direction marks and characters that nobody sees: what is left
    empty by that was not filled in."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        return in_one_line(text) or str(self.empty_value)
