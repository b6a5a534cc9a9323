"""Three of the twelve, in order. Without a script three selects; ranks.js makes buttons of them."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giftshop.reasons.answer import shuffled
from giftshop.reasons.models import Answer, Reason


def label_for(reason: Reason, side: Answer.Side) -> str | Promise:
    """As whoever is asked reads it: a recipient may have come for themselves."""
    if side == Answer.Side.RECIPIENT and reason == Reason.TREAT:
        return _("A treat, for me or for someone")
    return reason.label


def _rank(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "—"), *Reason.choices],
        error_messages={
            "required": gettext_lazy("Pick one."),
            "invalid_choice": gettext_lazy("Pick one of those in the list."),
        },
    )


class RanksForm(forms.Form):
    first = _rank(gettext_lazy("First reason"))
    second = _rank(gettext_lazy("Second reason"))
    third = _rank(gettext_lazy("Third reason"))

    def __init__(self, data: Any = None, *, subject: str, side: Answer.Side) -> None:
        """`subject`: whose order of the twelve it is."""
        super().__init__(data)
        offered = [(reason.value, label_for(reason, side)) for reason in shuffled(subject)]
        for field in self.fields.values():
            cast(forms.ChoiceField, field).choices = [("", "—"), *offered]

    @property
    def ranks(self) -> list[str]:
        """Of a form that is valid."""
        return [self.cleaned_data[name] for name in ("first", "second", "third")]

    def clean_second(self) -> str:
        return self._another("second", "first")

    def clean_third(self) -> str:
        return self._another("third", "first", "second")

    def _another(self, name: str, *earlier: str) -> str:
        """By what was sent, so that one fault hides no other."""
        picked: str = self.cleaned_data[name]
        if picked in {self.data.get(each) for each in earlier}:
            raise ValidationError(_("This one stands above already. Pick another."))
        return picked
