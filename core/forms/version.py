"""What a form was filled in over: an older tab overwrites nothing that was saved since.

A form that shows what is kept carries the version of it. Whoever saves compares that with what is kept by
then, under the row's lock (check_version), and the page asks once more, with what was typed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

LENGTH = 16


class SavedSince(Exception):
    """Somebody saved it after the form was shown."""


def version_of(kept: Any) -> str:
    """16 characters that change whenever what is kept does: names, numbers, days, and lists of them."""
    content = json.dumps(kept, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:LENGTH]


def check_version(seen: str, *, kept: Any, wanted: Any) -> None:
    """Raises SavedSince where `seen`, the version that a form was shown with, is not that of what is
    kept. Nothing is compared without one, and nobody is asked about what they want to be just as it is:
    a second click on Save. Expects the row held."""
    if seen and version_of(kept) not in (seen, version_of(wanted)):
        raise SavedSince


class VersionedForm(forms.Form):
    """A form over something kept, whose version stands in its initial values."""

    version = forms.Field(
        required=False,
        # Firefox would bring an old one back; and a page may hold several such forms.
        widget=forms.HiddenInput(attrs={"autocomplete": "off", "id": False}),
    )
    is_outdated = False

    @property
    def seen(self) -> str:
        """The version that a valid form was shown with; empty where none was sent."""
        return str(self.cleaned_data.get("version") or "")

    def show_over_saved(self) -> None:
        """What was typed stays, over what is kept by now: the next Save is meant. For a form made with
        initial values that were read anew."""
        self.is_outdated = True
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("version")] = self.initial.get("version", "")
        self.data = data

    def saved_by_now(self) -> list[dict[str, str]]:
        """What the page tells, see below."""
        return saved_by_now(self)


def saved_by_now(form: forms.BaseForm) -> list[dict[str, str]]:
    """Of each field that is kept otherwise than it was typed: its label, what stands there, and where it
    is on the page. Of any form, also one beside that which carries the version."""
    return list(_differences(form))


def _differences(form: forms.BaseForm) -> Iterator[dict[str, str]]:
    for field in form:
        kept = _in_words(field, field.initial)
        is_other = field.field.has_changed(field.initial, field.data)
        if is_other and not field.is_hidden and kept != _in_words(field, field.data):
            anchor = field.id_for_label or field.auto_id
            yield {"label": str(field.label), "kept": kept, "anchor": anchor}


def _in_words(field: BoundField, value: Any) -> str:
    """As the page shows it: "Seattle", "1250.50", "Pike Street, Harbor Steps", "Yes"."""
    if isinstance(field.field, forms.BooleanField):
        return _("Yes") if field.field.to_python(value) else _("No")
    value = field.field.prepare_value(value)
    if isinstance(field.field, (forms.ChoiceField, forms.ModelChoiceField)):
        picked = {str(one) for one in (value if isinstance(value, (list, tuple)) else [value])}
        choices = cast("Iterable[tuple[Any, Any]]", field.field.choices)
        labels = [str(label) for key, label in choices if str(key) in picked]
        return ", ".join(labels) or _("nothing")
    written = field.field.widget.format_value(value)
    return str(written).strip() if written else _("nothing")
