"""What an owner hands in as a sheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "large": _("This file is larger than 5 MB. Keep only the menu in it and try again."),
    "late": _("That took too long. Try again where the connection is better."),
    "cut off": _("The file did not arrive whole. Please try again."),
}
"""By what giftshop.http.uploads tells of an upload."""
ACCEPTED = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        required=False,  # asked for in clean_file, which knows why there is none
        help_text=_("XLSX or CSV, 5 MB and 2000 rows at most."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, problem: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problem = problem

    def clean_file(self) -> Any:
        """What is in it, is judged where it is read."""
        file = self.cleaned_data["file"]
        if self.problem:
            raise ValidationError(PROBLEMS[self.problem])
        if not file:
            raise ValidationError(_("Choose a file first."))
        return file
