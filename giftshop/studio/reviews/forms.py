"""Why an owner hides a review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from giftshop.reviews.models import Review


class HidingForm(forms.Form):
    because = forms.ChoiceField(
        label=_("Hide it for"),
        choices=Review.Reason.choices,
        widget=forms.RadioSelect,
        help_text=_("The number of hidden reviews and their reasons stand beside the others."),
        error_messages={"required": _("What is wrong with it?")},
    )
