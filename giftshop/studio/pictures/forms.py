"""What an owner says of a picture."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms.amount_field import WholeNumberField
from core.forms.line_field import LineField
from giftshop.pictures import upload_rules
from giftshop.pictures.models import PERCENT_MAX, Picture

MEGABYTES_MAX = upload_rules.BYTES_MAX // 1_000_000
PROBLEMS = {
    "large": _("This file is larger than 20 MB. Make it smaller and try again."),
    "late": _("That took too long. Try again where the connection is better."),
    "cut off": _("The picture did not arrive whole. Please try again."),
}
"""By what giftshop.http.uploads tells of an upload."""


def words_field() -> forms.CharField:
    return LineField(
        label=_("What is to be seen"),
        max_length=160,
        required=False,
        help_text=_("Read to people who can't see it: “Two scoops of mint in a waffle cone”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Picture"),
        required=False,  # asked for in clean_file, which knows why there is none
        help_text=_("JPEG, PNG or WebP, 20 MB at most."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = words_field()

    def __init__(
        self, *args: Any, purpose: Picture.Purpose, problem: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.problem = purpose, problem

    def clean_file(self) -> Any:
        """Judged by its content."""
        file = self.cleaned_data["file"]
        if self.problem:
            raise ValidationError(PROBLEMS[self.problem])
        if not file:
            raise ValidationError(_("Choose a picture first."))
        upload_rules.judge(file.file, self.purpose)
        return file


class RangeInput(forms.NumberInput):
    input_type = "range"


class FocusForm(forms.Form):
    """What a cut keeps in sight, as percent from the left and from above."""

    focus_x = WholeNumberField(
        label=_("From left to right"), min_value=0, max_value=PERCENT_MAX, widget=RangeInput()
    )
    focus_y = WholeNumberField(
        label=_("From top to bottom"), min_value=0, max_value=PERCENT_MAX, widget=RangeInput()
    )
    alt = words_field()

    def __init__(self, *args: Any, picture: Picture, **kwargs: Any) -> None:
        own = {name: getattr(picture, name) for name in ("focus_x", "focus_y", "alt")}
        super().__init__(*args, **{**kwargs, "initial": own})
        self.picture = picture

    @property
    def moves_focus(self) -> bool:
        """Of a valid form."""
        said, kept = self.cleaned_data, self.picture
        return (said["focus_x"], said["focus_y"]) != (kept.focus_x, kept.focus_y)
