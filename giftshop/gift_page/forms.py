from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import Brand
from brands.phone_numbers import NotAPhoneNumber
from core.forms.version import VersionedForm, version_of
from core.forms.words_field import WordsField
from giftshop.delivery.texts.refusals import refusals
from giftshop.openings.codes import DIGITS
from giftshop.orders import characters
from giftshop.orders.models import MESSAGE_LENGTH_MAX
from giftshop.reviews.models import WORDS_LENGTH_MAX, Review
from giftshop.reviews.write import said_by
from giftshop.texts.allowed import TextRefusal, To
from giftshop.texts.numbers import NotAMobile, read_mobile
from giftshop.texts.ways import WAYS, way_field


class ThanksForm(forms.Form):
    words = WordsField(
        label=gettext_lazy("Your words"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write a word or two first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # For the counter only: a browser's own limit would cut the end off without a word.
        cast(forms.CharField, self.fields["words"]).max_length = MESSAGE_LENGTH_MAX

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if too_long := characters.refusal(words):
            raise ValidationError(too_long)
        return words


class OtherPhoneForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"}
        ),
        error_messages={"required": gettext_lazy("Type the code from the e-mail.")},
    )

    def clean_code(self) -> str:
        """Spaces are forgiven, as people group digits."""
        typed = "".join(self.cleaned_data["code"].split())
        if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
            raise ValidationError(_("The code has six digits."))
        return typed


class NumberForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        max_length=48,
        error_messages={"required": gettext_lazy("Which number?")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    way = way_field(gettext_lazy("How?"))

    def __init__(self, *args: Any, brand: Brand, ways: list[str], **kwargs: Any) -> None:
        """`ways`: those of texts.ways.WAYS that the brand offers. Where there is one alone, nobody is
        asked."""
        super().__init__(*args, **kwargs)
        self.brand, self.ways = brand, ways
        if len(ways) < len(WAYS):
            del self.fields["way"]
        self.initial["way"] = ways[0]

    @property
    def channel(self) -> str:
        """Of the one that was chosen."""
        said = str(self.data.get("way") or "")
        return WAYS[said if said in self.ways else self.ways[0]]

    def clean_phone(self) -> str:
        """In E.164."""
        if self.data.get("way") in WAYS and self.data["way"] not in self.ways:
            raise ValidationError(_("This way is not offered any more. Nothing was sent."))
        try:
            number = read_mobile(self.cleaned_data["phone"], self.brand.country)
        except (NotAPhoneNumber, NotAMobile):
            raise ValidationError(
                _(
                    "This does not look like a mobile number of your country. With a + it can be any."
                )
            ) from None
        found = refusals(brand=self.brand, numbers=[number], to=To.ASKED, channel=self.channel)
        refused = found.get(number)
        if refused == TextRefusal.STOPPED:
            raise ValidationError(
                _(
                    "This number asked for no more texts. Text START to the number they came from first."
                )
            )
        if refused == TextRefusal.WHATSAPP_US:
            raise ValidationError(
                _("WhatsApp brings no such messages to numbers of the United States.")
            )
        if refused:
            raise ValidationError(str(refused.label))
        return number


class GiveBackForm(forms.Form):
    tell = forms.ChoiceField(
        label=gettext_lazy("What may we tell them?"),
        choices=[
            ("nothing", gettext_lazy("Only that it could not be used")),
            ("return", gettext_lazy("That I gave it back")),
        ],
        widget=forms.RadioSelect,
        initial="nothing",
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )


def stars_in_words() -> list[tuple[str, str]]:
    """The best first."""
    said = [_("Not for me"), _("Could be better"), _("Fine"), _("Really good"), _("Loved it")]
    return [(str(stars), f"{'★' * stars} {said[stars - 1]}") for stars in (5, 4, 3, 2, 1)]


class ReviewForm(VersionedForm):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("Stars"),
        choices=stars_in_words,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("How many stars?")},
    )
    said = WordsField(
        label=gettext_lazy("A word about it"),
        max_length=WORDS_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )
    with_name = forms.BooleanField(label=gettext_lazy("With my first name"), required=False)

    @classmethod
    def of(cls, review: Review | None, data: Any = None) -> "ReviewForm":
        """With what was said before."""
        version = version_of(said_by(review))
        if review is None:
            return cls(data, initial={"version": version})
        return cls(
            data,
            initial={
                "version": version,
                "stars": str(review.stars),
                "said": review.words,
                "with_name": bool(review.name),
            },
        )
