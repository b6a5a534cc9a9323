"""What a brand's forms let people choose from."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def scoped_choices(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let the form's field choose among these rows, which are known only inside the brand's scope."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows
