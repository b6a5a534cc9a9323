from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from core.bidi import without_turning
from giftshop.orders import characters
from giftshop.orders.models import MESSAGE_LENGTH_MAX


class WordsField(forms.CharField):
    """What somebody writes to a recipient, without what turns text round."""

    def to_python(self, value: Any) -> str:
        return without_turning(str(super().to_python(value)))


class ThanksForm(forms.Form):
    words = WordsField(
        label=gettext_lazy("Your words"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write a word or two first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # For the counter only: a browser's own limit would cut the end off without a word.
        cast(forms.CharField, self.fields["words"]).max_length = MESSAGE_LENGTH_MAX

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"]).replace("\r\n", "\n")
        if too_long := characters.refusal(words):
            raise ValidationError(too_long)
        return words
