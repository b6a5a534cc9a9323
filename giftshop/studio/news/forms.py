"""What an owner writes of news."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import Brand
from core.forms.day_input import DayInput
from core.forms.line_field import LineField
from core.forms.version import VersionedForm, version_of
from core.forms.words_field import WordsField
from giftshop.news.models import TITLE_LENGTH_MAX, WORDS_LENGTH_MAX, News
from giftshop.news.write import NewsFacts, facts_of
from giftshop.studio.catalog.forms import drawing_choices
from giftshop.studio.catalog.translation_fields import TranslatedForm, initial_of

SHOWN_DAYS = 14


class NewsForm(VersionedForm, TranslatedForm):
    TRANSLATED = ("title", "words")

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = WordsField(
        label=gettext_lazy("In a few sentences"),
        max_length=WORDS_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    happens_on = forms.DateField(
        label=gettext_lazy("Day of the event"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Leave it empty where nothing happens on one day."),
    )
    shown_from = forms.DateField(label=gettext_lazy("On show from"), widget=DayInput())
    shown_until = forms.DateField(label=gettext_lazy("On show until"), widget=DayInput())
    art = forms.ChoiceField(
        label=gettext_lazy("Picture"),
        choices=drawing_choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_translations(brand)

    @classmethod
    def of(cls, data: Any, news: News | None, *, brand: Brand, today: date) -> "NewsForm":
        """With what is kept of it; a new one is on show for two weeks from today."""
        if news is None:
            days = {"shown_from": today, "shown_until": today + timedelta(days=SHOWN_DAYS - 1)}
            return cls(data, initial=days, brand=brand)
        kept = asdict(facts_of(news))
        further = initial_of(news.translations)
        return cls(data, initial={**kept, **further, "version": version_of(kept)}, brand=brand)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("shown_from"), said.get("shown_until")
        if first and last and last < first:
            self.add_error("shown_until", _("This is before the first day."))
        return said

    def facts(self) -> NewsFacts:
        said = {name: self.cleaned_data[name] for name in self.base_fields if name != "version"}
        return NewsFacts(**said, translations=self.translations())
