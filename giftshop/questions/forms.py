"""What somebody asks a brand. Belongs inside the brand's scope."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import Brand
from core.bidi import in_one_line
from core.forms.words_field import WordsField
from core.scoped_choices import scoped_choices
from giftshop.catalog.models import Treat, TreatQuerySet
from giftshop.friends import names
from giftshop.friends.form_fields import address_field, person_field
from giftshop.questions.models import WORDS_LENGTH_MAX


class QuestionForm(forms.Form):
    words = WordsField(
        label=gettext_lazy("Your question"),
        max_length=WORDS_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("What would you like to know?")},
    )
    treat: "forms.ModelChoiceField[Treat]" = forms.ModelChoiceField(
        label=gettext_lazy("About"),
        queryset=None,
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("Anything"),
    )
    name = person_field(
        label=gettext_lazy("Your first name"),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("What shall we call you?")},
    )
    email = address_field(
        label=gettext_lazy("Your e-mail"),
        invalid=gettext_lazy("This does not look like an e-mail address. Perhaps ana@example.com?"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text=gettext_lazy("For the answer alone. Then we forget it."),
        error_messages={"required": gettext_lazy("Where shall the answer go?")},
    )
    may_be_shown = forms.BooleanField(
        label=gettext_lazy("You may show my question with my first name, so that others find it"),
        required=False,
    )
    homepage = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    """No person sees it, so whoever fills it in is a program."""

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        scoped_choices(self, "treat", self.treats())

    def treats(self) -> TreatQuerySet:
        """What a question can be about: what the shop shows today."""
        today = timezone.localdate(timezone.now(), self.brand.tz)
        return Treat.objects.on_sale(today).order_by("position", "name")

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.data.get("homepage"))

    def clean_name(self) -> str:
        name = in_one_line(str(self.cleaned_data["name"]))
        if names.is_the_brand(name, self.brand.name, self.brand.slug):
            raise ValidationError(_("This is the shop's name. Sign with your own."))
        return name
