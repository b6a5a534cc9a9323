from django import forms
from django.utils.translation import gettext_lazy as _

from giftshop.orders.models import MESSAGE_LENGTH_MAX


class ThanksForm(forms.Form):
    words = forms.CharField(
        label=_("Your words"),
        max_length=MESSAGE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Write a word or two first.")},
    )

    def clean_words(self) -> str:
        """A line break counts once, however the browser sent it."""
        return str(self.cleaned_data["words"]).replace("\r\n", "\n")
