"""A form's field for an amount of money as people write it."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats

from redemption.amounts import DIGITS_MAX

_WRITTEN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)


class AmountField(forms.DecimalField):
    """Digits with at most one decimal point, as the reader's language writes it. No exponents:
    1E+999990 is nine symbols, and a million digits once it is counted in cents."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"localize": True, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as DecimalField does
        if value in self.empty_values:
            return None
        text = str(value)
        if len(text) <= DIGITS_MAX:
            text = str(formats.sanitize_separators(text.strip())) if self.localize else text.strip()
            if _WRITTEN.fullmatch(text):
                return Decimal(text)
        raise ValidationError(self.error_messages["invalid"], code="invalid")
