"""What forms say of a field, wherever no form has words of its own: a sentence for people, in every language.

Django's own ("Ensure this value has at most 60 characters (it has 61).") speak to programmers. Fields take
their words when they are made, so these are put in place before any form is read in.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.bidi import without_turning

_CHOOSE = _("Choose one from the list.")
_WHOLE = _("Write a whole number, like 12.")
_NUMBER = _("Write a number, like 12.50.")
_DAY = _("Write the day as 2026-05-03.")

_EVERY_FIELD = {
    "required": _("This is still missing."),
    "max_length": ngettext_lazy(
        "This is too long: there is room for %(limit_value)d character.",
        "This is too long: there is room for %(limit_value)d characters, and it has %(show_value)d.",
        "limit_value",
    ),
    "min_length": ngettext_lazy(
        "This is too short: it needs %(limit_value)d character at least.",
        "This is too short: it needs %(limit_value)d characters at least.",
        "limit_value",
    ),
    "min_value": _("The least that works here is %(limit_value)s."),
    "max_value": _("The most that works here is %(limit_value)s."),
    "max_digits": _("This number is too long."),
    "max_decimal_places": _("This number has too many digits after the point."),
    "max_whole_digits": _("This number is too large."),
    "null_characters_not_allowed": _("This holds a character that cannot be kept. Type it anew."),
    "surrogate_characters_not_allowed": _(
        "This holds a character that cannot be kept. Type it anew."
    ),
}
_FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.IntegerField: {"invalid": _WHOLE},
    forms.FloatField: {"invalid": _NUMBER},
    forms.DecimalField: {"invalid": _NUMBER},
    forms.DateField: {"invalid": _DAY},
    forms.TimeField: {"invalid": _("Write the time as 09:30.")},
    forms.DateTimeField: {"invalid": _DAY},
    forms.EmailField: {"invalid": _("This does not look like an e-mail address.")},
    forms.URLField: {"invalid": _("This does not look like a web address.")},
    forms.FileField: {
        "invalid": _("There was no file in it. Choose one and send the form again."),
        "missing": _("There was no file in it. Choose one and send the form again."),
        "empty": _("This file is empty."),
        "contradiction": _("Choose a file or tick the box, not both."),
    },
    forms.UUIDField: {"invalid": _CHOOSE},
    forms.ChoiceField: {"invalid_choice": _CHOOSE},
    forms.MultipleChoiceField: {"invalid_choice": _CHOOSE, "invalid_list": _CHOOSE},
    forms.ModelChoiceField: {"invalid_choice": _CHOOSE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": _CHOOSE,
        "invalid_list": _CHOOSE,
        "invalid_pk_value": _CHOOSE,
    },
}


def refuse_turned_text(text: object) -> None:
    """For every line and box: what turns the text after it round has no place in a name or a reason."""
    if isinstance(text, str) and without_turning(text) != text:
        raise ValidationError(
            _("This holds a character that turns the text round. Type it anew."), code="turned"
        )


def use_plain_words() -> None:
    """Give every class of fields these words in place of Django's, and each text the check above."""
    forms.CharField.default_validators = [refuse_turned_text]
    forms.Field.default_error_messages = {**forms.Field.default_error_messages, **_EVERY_FIELD}
    for field, words in _FIELDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
