"""Forms that somebody may read and not send."""

from collections.abc import Container

from django import forms


def lock(form: forms.BaseForm, *, but: Container[str] = ()) -> None:
    """Show the form's fields as they are: whatever is sent for one of them is left aside, and nothing is
    asked of it. `but`: the names of those that stay open."""
    for name, field in form.fields.items():
        if name not in but:
            field.disabled, field.required = True, False
