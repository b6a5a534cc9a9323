"""What a marketer says of what they hand out."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bidi import isolated
from core.forms.amount_field import WholeNumberField
from core.forms.day_input import DayInput
from core.forms.line_field import LineField
from core.forms.version import LENGTH as VERSION_LENGTH
from core.forms.version import version_of
from core.forms.words_field import WordsField
from giftshop.handouts import people
from giftshop.handouts.hand_out import SheetFacts
from giftshop.handouts.models import CARDS_MAX, REASON_LENGTH_MAX, ListDraft
from giftshop.handouts.people import DryRun
from giftshop.offers.models import GOOD_DAYS_MAX, TERMS_LENGTH_MAX, Offer
from giftshop.sheets.file_form import SheetFileForm, file_field

CARDS = 50


class CardsForm(forms.Form):
    key = forms.UUIDField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    number = WholeNumberField(
        label=gettext_lazy("How many cards"), min_value=1, max_value=CARDS_MAX, initial=CARDS
    )
    reason = LineField(
        label=gettext_lazy("What for"),
        max_length=REASON_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("For you and your colleagues: the street fair in May."),
    )
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    terms = WordsField(
        label=gettext_lazy("Terms of your own"),
        max_length=TERMS_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "They stand on each card, beside that it is a promotion and no money. Few words fit best."
        ),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def of(cls, data: Any, offer: Offer, today: date) -> "CardsForm":
        """With the offer's own days and terms."""
        initial = {
            "key": uuid4(),
            "first_day": today,
            "last_day": today + timedelta(days=offer.good_days),
            "terms": offer.terms,
        }
        return cls(data, initial=initial, today=today)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        latest = self.today + timedelta(days=GOOD_DAYS_MAX)
        if first and first > latest:
            self.add_error("first_day", _("Choose a day within a year from now."))
        elif last and (last < self.today or (first and last < first)):
            self.add_error(
                "last_day", _("Nobody could use them: this day is before the first one.")
            )
        elif last and last > latest:
            self.add_error("last_day", _("Choose a day within a year from now."))
        return said

    def facts(self) -> SheetFacts:
        said = self.cleaned_data
        names = ("number", "reason", "first_day", "last_day", "terms")
        return SheetFacts(**{name: said[name] for name in names})

    def sent_as(self) -> UUID:
        """Another one for another form, or for other answers in it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return uuid5(self.cleaned_data["key"] or uuid4(), version_of(said))


class EndForm(forms.Form):
    """Of a sheet, which is taken back for a reason; a list is stopped at once."""

    reason = LineField(
        label=gettext_lazy("Why"),
        max_length=REASON_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ListForm(forms.Form):
    people = WordsField(
        label=gettext_lazy("Names and addresses"),
        max_length=people.TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("One person on each line: Ben Okafor, ben@example.com"),
    )


class ListFileForm(SheetFileForm):
    too_large = gettext_lazy("This file is larger than 5 MB. Keep only names and addresses in it.")

    file = file_field(
        help_text=gettext_lazy(
            "CSV or XLSX with a name and an e-mail address in each row, at most 2,000."
        ),
    )


class ConsentForm(forms.Form):
    """The tick that is kept as evidence, in the words that were read."""

    draft = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    version = forms.CharField(
        max_length=VERSION_LENGTH, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    reason = LineField(
        label=gettext_lazy("What for"),
        max_length=REASON_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("For you and your colleagues: those on the list don't read it."),
    )
    agreed = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Without this nobody is written to: say that they agreed.")
        }
    )

    def __init__(self, *args: Any, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        self.fields["agreed"].label = words

    @classmethod
    def of(cls, data: Any, told: DryRun, draft: ListDraft) -> "ConsentForm":
        words = ngettext(
            "The %(count)d person on this list agreed to get mail with offers from %(brand)s, and I can"
            " show when and how.",
            "The %(count)d people on this list agreed to get mail with offers from %(brand)s, and I can"
            " show when and how.",
            len(told.people),
        ) % {"count": len(told.people), "brand": isolated(draft.brand.name)}
        return cls(data, initial={"draft": draft.pk, "version": told.version}, words=words)
