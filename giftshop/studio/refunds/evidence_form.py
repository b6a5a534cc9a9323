"""What a bank is told of a dispute: gathered, read and changed by a person."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.line_field import LineField
from core.forms.words_field import WordsField
from giftshop.refunds.evidence.gather import ALL_MAX, FIELD_MAX, gather
from giftshop.refunds.models import Dispute

IN_ENGLISH = {"lang": "en"}


class EvidenceForm(forms.Form):
    """Fields as Stripe calls them."""

    uncategorized_text = WordsField(
        label=gettext_lazy("What happened, in your words"),
        help_text=gettext_lazy("Why this payment was right. The bank reads it first."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=FIELD_MAX,
        required=False,
    )
    customer_name = LineField(
        label=gettext_lazy("Name of whoever paid"), max_length=200, required=False
    )
    customer_email_address = forms.EmailField(
        label=gettext_lazy("Their e-mail address"), max_length=254, required=False
    )
    service_date = LineField(
        label=gettext_lazy("Handed over, or sent, on"), max_length=40, required=False
    )
    product_description = WordsField(
        label=gettext_lazy("What was sold"),
        widget=forms.Textarea(attrs={"rows": 5, **IN_ENGLISH}),
        max_length=FIELD_MAX,
        required=False,
    )
    access_activity_log = WordsField(
        label=gettext_lazy("What happened to the gifts"),
        help_text=gettext_lazy("Sent, opened, handed over: when, where and by whom."),
        widget=forms.Textarea(attrs={"rows": 10, **IN_ENGLISH}),
        max_length=FIELD_MAX,
        required=False,
    )
    refund_policy_disclosure = WordsField(
        label=gettext_lazy("What they agreed to"),
        widget=forms.Textarea(attrs={"rows": 6, **IN_ENGLISH}),
        max_length=FIELD_MAX,
        required=False,
    )

    @classmethod
    def about(cls, dispute: Dispute, data: QueryDict | None = None) -> "EvidenceForm":
        """Filled in with what is known; or with what was written and Stripe did not take."""
        return cls(data, initial=dispute.evidence or gather(dispute))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        written = sum(len(text) for text in cleaned.values())
        if written > ALL_MAX:
            self.add_error("access_activity_log", _("Together that is more than Stripe takes."))
        if not any(self[name].data for name in self.fields):
            self.add_error("uncategorized_text", _("Say something to the bank."))
        return cleaned
