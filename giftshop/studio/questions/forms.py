"""An owner's answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.words_field import WordsField
from giftshop.questions.models import ANSWER_LENGTH_MAX, Question


class AnswerForm(forms.Form):
    words = WordsField(
        label=_("Your answer"),
        max_length=ANSWER_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Write a few words first.")},
    )
    show = forms.BooleanField(
        label=_("Show question and answer on the shop"),
        required=False,
    )

    def __init__(self, *args: object, question: Question, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not question.may_be_shown:
            del self.fields["show"]
