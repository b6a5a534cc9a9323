"""A day, as a browser's calendar sends it."""

from django import forms


class DayInput(forms.DateInput):
    """A day as browsers send it, whatever language the page is in."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
