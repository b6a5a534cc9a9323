"""Where a link is put. Belongs inside the brand's scope."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Link
from core.scoped_choices import scoped_choices


class MoveForm(forms.Form):
    campaign: "forms.ModelChoiceField[Campaign]" = forms.ModelChoiceField(
        label=_("Campaign"), queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, link: Link, **kwargs: Any) -> None:
        self.link = link
        kwargs.setdefault("initial", {"campaign": link.campaign_id})
        super().__init__(*args, **kwargs)
        there = Q(archived_at__isnull=True) | Q(pk=link.campaign_id)
        scoped_choices(self, "campaign", Campaign.objects.filter(there).order_by("name"))

    def clean_campaign(self) -> Campaign:
        to: Campaign = self.cleaned_data["campaign"]
        if to.links.filter(name__iexact=self.link.name).exclude(pk=self.link.pk).exists():
            raise forms.ValidationError(
                _("That campaign has a link of this name already. Rename this one first.")
            )
        return to
