"""The question about a gift's money that every form asks which voids a paid gift."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SAY = _("Say whether the sender gets the money back.")


def money_field(**more: Any) -> forms.ChoiceField:
    """Answered with nothing until somebody says it: money goes back once."""
    return forms.ChoiceField(
        label=_("Does the sender get the money back?"),
        choices=[
            ("yes", _("Yes, send it back now")),
            ("no", _("No: it stays owed back")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": SAY},
        **more,
    )
