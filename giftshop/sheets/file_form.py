"""The form by which somebody hands in a table as a file."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ACCEPTED = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_field(*, help_text: "StrOrPromise") -> forms.FileField:
    return forms.FileField(
        label=_("File"),
        required=False,  # asked for in clean_file, which knows why there is none
        help_text=help_text,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class SheetFileForm(forms.Form):
    """Whoever inherits has a `file`, by file_field(), and says what is too large. What is in the file is
    judged where it is read."""

    too_large: ClassVar["StrOrPromise"]

    def __init__(self, *args: Any, problem: str = "", **kwargs: Any) -> None:
        """`problem`: what giftshop.http.uploads tells of the upload."""
        super().__init__(*args, **kwargs)
        self.problem = problem

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if self.problem:
            raise ValidationError(self._words())
        if not file:
            raise ValidationError(_("Choose a file first."))
        return file

    def _words(self) -> "StrOrPromise":
        return {
            "large": self.too_large,
            "late": _("That took too long. Try again where the connection is better."),
            "cut off": _("The file did not arrive whole. Please try again."),
        }[self.problem]
