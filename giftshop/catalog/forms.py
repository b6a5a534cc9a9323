"""What is ticked of a menu. Belongs inside the brand's scope."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.version import VersionedForm
from core.scoped_choices import scoped_choices
from giftshop.catalog.models import Treat


class SoldOutForm(VersionedForm):
    """Which treats are gone for today."""

    treats: "forms.ModelMultipleChoiceField[Treat]" = forms.ModelMultipleChoiceField(
        label=_("Sold out today"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scoped_choices(self, "treats", Treat.objects.in_menu_order())
