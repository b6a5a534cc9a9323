"""What an owner fills in about the brand itself: a form for each section."""

from dataclasses import fields
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands import phone_numbers
from brands.models import STATEMENT_SUFFIX, STATEMENT_SUFFIX_MAX, Brand
from core.bidi import isolated, left_to_right
from core.forms.line_field import LineField
from core.forms.long_select import LongSelect
from core.forms.version import VersionedForm, version_of
from giftshop import places, zones
from giftshop.friends.addresses import validate_address
from giftshop.studio.brand import law_pages
from giftshop.studio.brand import texts as text_terms
from giftshop.studio.brand.changes import (
    BrandFacts,
    Contact,
    Home,
    Mail,
    Pages,
    Words,
    facts_of,
)
from giftshop.studio.brand.choices import USED_IN_MANY, currencies, languages, spoken, tender_in
from giftshop.studio.catalog.translation_fields import TranslatedForm, initial_of
from giftshop.studio.stores.forms import NOT_A_PHONE
from giftshop.texts.countries import rule_of

ON_A_STATEMENT = RegexValidator(
    rf"{STATEMENT_SUFFIX[:-1]}\Z",
    _("A bank takes plain letters A to Z, one at least, digits, spaces, and signs like & . + -"),
)


NOT_AN_ADDRESS = RegexValidator(
    r"\S@\S|://|^www\.",
    _("Write a name, not an address: mail programs show the real one beside it, and warn of two."),
    inverse_match=True,
)
"""Of whoever a mail is from: one address shown for another is how people are deceived."""


class SectionForm(VersionedForm):
    """A section of the brand's row: its fields are columns, but for what a section does by itself."""

    facts_class: ClassVar[type[BrandFacts]]

    def __init__(self, *args: Any, brand: Brand, whole: bool = False, **kwargs: Any) -> None:
        """`whole`: long lists are offered with all that is in them."""
        version = version_of(facts_of(brand, self.facts_class))
        kwargs.setdefault("initial", {**self.as_it_is(brand), "version": version})
        super().__init__(*args, **kwargs)
        self.brand, self.whole = brand, whole

    def as_it_is(self, brand: Brand) -> dict[str, Any]:
        """What the fields begin with."""
        return facts_of(brand, self.facts_class)

    def facts(self) -> BrandFacts:
        """Of a valid form."""
        return self.facts_class(
            **{each.name: self.cleaned_data[each.name] for each in fields(self.facts_class)}
        )


class ParagraphsField(forms.CharField):
    """Line breaks as one character each; paragraphs stay."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        return "\n".join(line.strip() for line in text.splitlines()).strip()


class BrandWordsForm(SectionForm, TranslatedForm):
    facts_class = Words
    TRANSLATED = ("tagline", "story")

    name = LineField(label=_("Name"), max_length=80)
    tagline = LineField(
        label=_("In a few words"),
        max_length=160,
        required=False,
        help_text=_("The headline of your shop: “Hand-folded ice cream, and a second spoon”."),
    )
    story = ParagraphsField(
        label=_("Your story"),
        max_length=1200,
        required=False,
        help_text=_("Who you are and what you love to make. It stands below your menu."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, brand=brand, **kwargs)
        self.add_translations(brand)

    def as_it_is(self, brand: Brand) -> dict[str, Any]:
        return {**super().as_it_is(brand), **initial_of(brand.translations)}

    def facts(self) -> Words:
        said = {name: self.cleaned_data[name] for name in ("name", "tagline", "story")}
        return Words(**said, translations=self.translations())


class BrandContactForm(SectionForm):
    facts_class = Contact

    legal_name = LineField(
        label=_("Legal name"),
        max_length=120,
        required=False,
        help_text=_("Whom a sender buys from: your own name, or your company's with its form."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    representative = LineField(
        label=_("Represented by"),
        max_length=120,
        required=False,
        help_text=_(
            "Who acts for a company: its managing director, for instance. German and Korean law want it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    legal_address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Where letters reach you. Street, postal code and city, each on its line."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    support_email = forms.EmailField(
        label=_("E-mail for questions"),
        max_length=254,
        required=False,
        validators=[validate_address],
        help_text=_(
            "It stands at the foot of each page of yours, and answers to our e-mails go there."
        ),
    )
    support_phone = forms.CharField(label=_("Phone for questions"), max_length=48, required=False)
    register_entry = LineField(
        label=_("Register and number"),
        max_length=120,
        required=False,
        help_text=_(
            "If it stands in a public register, as “Amtsgericht Hamburg, HRB 148213”: European law wants it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tax_id = LineField(
        label=_("Tax id"),
        max_length=40,
        required=False,
        help_text=_("If your country wants to see one: a VAT number, for instance."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        """What an open shop shows of who stands behind it can be changed, and no longer be left out."""
        super().__init__(*args, brand=brand, **kwargs)
        for name in ("legal_name", "legal_address", "support_email"):
            if brand.opened_at and getattr(brand, name):
                field = self.fields[name]
                field.required = True
                field.error_messages["required"] = _("Your shop is open: people have to see this.")

    def as_it_is(self, brand: Brand) -> dict[str, Any]:
        phone = phone_numbers.shown(brand.support_phone, brand.country)
        return {**super().as_it_is(brand), "support_phone": phone}

    def clean_legal_address(self) -> str:
        """Each line tidied, none empty."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["legal_address"].splitlines())
        return "\n".join(filter(None, lines))

    def clean_support_phone(self) -> str:
        """As numbers are kept."""
        typed: str = self.cleaned_data["support_phone"]
        try:
            return phone_numbers.read(typed, self.brand.country) if typed else ""
        except phone_numbers.NotAPhoneNumber:
            raise forms.ValidationError(NOT_A_PHONE) from None


class BrandHomeForm(SectionForm):
    facts_class = Home

    country = forms.ChoiceField(label=_("Country"), choices=places.countries, widget=LongSelect)
    currency = forms.ChoiceField(
        label=_("Currency"),
        widget=LongSelect,
        help_text=_(
            "For good once something was sold or given. Another one sets the limits under Rules anew."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("In which you write your menu and your news.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Your pages are shown in"),
        choices=spoken,
        required=False,
        help_text=_(
            "Our words on them, and in your e-mails. Whoever reads another language gets yours, or the"
            " first of these."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one at least.")},
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, brand=brand, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=places.every_zone(timezone.now(), first=[brand.time_zone]),
            widget=LongSelect,
            help_text=_("Days of campaigns and the figures follow this clock."),
        )
        self.fields["currency"].choices = currencies(brand.currency)  # type: ignore[attr-defined]
        self.fields["language"].choices = languages(brand.language)  # type: ignore[attr-defined]
        if not self.whole:
            self._offer_what_is_near()

    def _offer_what_is_near(self) -> None:
        """Of currencies and clocks those of its country, what is chosen, and what is used in many; all others
        are taken, too."""
        country, currency, zone = (
            str(self.data.get(name) or self.initial[name])
            for name in ("country", "currency", "time_zone")
        )
        money = {currency, self.brand.currency, *tender_in(country), *USED_IN_MANY}
        clocks = dict.fromkeys([self.brand.time_zone, zone, *places.zones_of(country)])
        named = currencies(self.brand.currency)
        known = filter(zones.is_zone, clocks)
        self.fields["currency"].widget.choices = [each for each in named if each[0] in money]
        self.fields["time_zone"].widget.choices = zones.labelled(known, timezone.now())

    def as_it_is(self, brand: Brand) -> dict[str, Any]:
        shown = brand.languages or [tag for tag, _name in settings.LANGUAGES]
        return {**super().as_it_is(brand), "languages": shown}

    def clean_languages(self) -> list[str]:
        """All that we speak are none in particular: a language that we learn later joins them."""
        chosen: list[str] = self.cleaned_data["languages"]
        if not chosen:
            raise forms.ValidationError(_("Choose one at least."), code="required")
        return [] if len(chosen) == len(settings.LANGUAGES) else chosen


class BrandMailForm(SectionForm):
    facts_class = Mail

    mail_name = LineField(
        label=_("Your e-mails are from"),
        max_length=60,
        required=False,
        validators=[NOT_AN_ADDRESS],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reply_email = forms.EmailField(
        label=_("Answers go to"), max_length=254, required=False, validators=[validate_address]
    )
    statement_suffix = LineField(
        label=_("On bank statements"),
        max_length=STATEMENT_SUFFIX_MAX,
        required=False,
        validators=[ON_A_STATEMENT],
        help_text=_(
            "At most ten characters by which senders know you again, after the name of the Stripe account:"
            " “GIFTSHOP* FROSTY”. Only for cards."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    hides_code = forms.BooleanField(
        label=_("Keep the code out of gift mails"),
        required=False,
        help_text=_(
            "It is then seen on the gift's page alone, once somebody opened it there. That page needs"
            " internet: at a counter without it there is no code to show, and a mail that is kept or"
            " printed opens nothing."
        ),
    )
    texts = forms.ChoiceField(
        label=_("Text messages"),
        choices=Brand.Texts.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    texts_again = forms.BooleanField(
        label=_("The registration was put right: text again"), required=False
    )
    whatsapp = forms.BooleanField(
        label=_("Send by WhatsApp, too"),
        required=False,
        help_text=_("To whoever said yes to you there, and to senders; nobody else."),
    )
    whatsapp_again = forms.BooleanField(
        label=_("The account was put right: send by WhatsApp again"), required=False
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, brand=brand, **kwargs)
        if not brand.texts_refused:
            del self.fields["texts_again"]
        if not brand.whatsapp_refused:
            del self.fields["whatsapp_again"]
        self.fields["mail_name"].help_text = _(
            "Empty: %(name)s. The address itself is the installation's, so that mail servers trust it."
        ) % {"name": isolated(brand.name)}
        if brand.support_email:
            self.fields["reply_email"].help_text = _("Empty: %(email)s.") % {
                "email": left_to_right(brand.support_email)
            }

    def terms_of_texts(self) -> text_terms.TextTerms:
        """What is to be known before they are switched on."""
        return text_terms.read(self.brand, now=timezone.now())

    def terms_of_whatsapp(self) -> text_terms.WhatsAppTerms:
        """The same of WhatsApp."""
        return text_terms.read_whatsapp(self.brand, now=timezone.now())

    def clean_texts(self) -> str:
        """To recipients on the sender's word only where the country lets it."""
        said = str(self.cleaned_data["texts"] or self.brand.texts)
        rule = rule_of(self.brand.country)
        if said == Brand.Texts.RECIPIENTS and not rule.takes_senders_word:
            raise forms.ValidationError(str(rule.words))
        return said

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refused = {}
        for name in ("texts", "whatsapp"):
            is_right = cleaned.get(f"{name}_again")
            refused[f"{name}_refused"] = "" if is_right else getattr(self.brand, f"{name}_refused")
        return {**cleaned, **refused}


class BrandPagesForm(SectionForm):
    facts_class = Pages

    terms = forms.CharField(
        label=_("What you add to the terms"),
        max_length=6000,
        required=False,
        help_text=_(
            "In your language, a paragraph to a line. It stands below ours, under your name."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def pages(self) -> list[law_pages.PageLine]:
        """The pages with what the law says of each."""
        return law_pages.of_brand(self.brand)

    def missing(self) -> str:
        """What is still to be filled in, in words; nothing if all is there."""
        return law_pages.missing_words(self.brand)

    def clean_terms(self) -> str:
        """Paragraphs without the air between them."""
        lines = map(str.strip, self.cleaned_data["terms"].splitlines())
        return "\n".join(filter(None, lines))
