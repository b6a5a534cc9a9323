"""What somebody writes in several lines."""

from typing import Any

from django import forms

from core.bidi import without_turning


class WordsField(forms.CharField):
    """Without what turns text round; a line break is one character, as people and browsers count it."""

    def to_python(self, value: Any) -> str:
        return without_turning(str(super().to_python(value))).replace("\r\n", "\n")
