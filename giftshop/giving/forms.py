"""The questions of the give flow. Answers live in the draft exactly as typed; a form reads them twice:
loosely to show them again, and strictly (bound) to say what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from brands.models import Brand
from core.bidi import in_one_line, isolated, without_turning
from giftshop.catalog.menu import Offer
from giftshop.friends import names
from giftshop.friends.form_fields import address_field, person_field
from giftshop.giving.amount import read as read_amount
from giftshop.giving.numbers_to_text import TextsOfShop
from giftshop.orders import characters
from giftshop.orders.models import MESSAGE_CODE_POINTS_MAX, MESSAGE_LENGTH_MAX, Gift
from giftshop.texts.ways import WAYS, way_field

ANSWER_LENGTH_MAX = 320
"""What a draft keeps of one answer; a form's own limit is below and says so kindly."""
MESSAGE_KEPT_MAX = 2 * MESSAGE_CODE_POINTS_MAX
PASTED_KEPT_MAX = 10_000
"""Far more than an address book of as many recipients as one present goes to."""

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something to put right: what it is, the id of the control it is about, and what it is made of."""

    text: str
    anchor: str = ""
    parts: Sequence[str] = ()


def typed(post: QueryDict, name: str, most: int = ANSWER_LENGTH_MAX) -> str:
    """What was typed, fit to be stored: at most so many characters, no NUL (PostgreSQL keeps none), and
    nothing that turns the text round it."""
    return without_turning(post.get(name, "")[:most].replace("\x00", ""))


class DraftForm(forms.Form):
    kept_max: ClassVar[dict[str, int]] = {}
    """Characters kept of an answer, where they are more than of any other."""
    use_required_attribute = False  # we say it in words beside the field, not in a browser's bubble

    @classmethod
    def of(cls, answers: Answers, *, check: bool, **how: Any) -> Self:
        """The form over stored answers: bound, with what is wrong, if `check`; else as they are."""
        if not check:
            return cls(initial=dict(answers), **how)
        prefix = f"{how['prefix']}-" if how.get("prefix") else ""
        return cls({f"{prefix}{name}": value for name, value in answers.items()}, **how)

    @classmethod
    def taken(cls, post: QueryDict, prefix: str = "") -> dict[str, str]:
        """The form's answers in a request, as they were typed; absent fields are left out."""
        start = f"{prefix}-" if prefix else ""
        return {
            name: typed(post, f"{start}{name}", cls.kept_max.get(name, ANSWER_LENGTH_MAX))
            for name, field in cls.base_fields.items()
            if f"{start}{name}" in post or isinstance(field, forms.BooleanField)
        }

    def describe(self, name: str, anchor: str) -> None:
        """Tie the control to what stands at the id `anchor`, besides its help and what is wrong with it."""
        told = self[name].aria_describedby
        described = f"{told} {anchor}" if told else anchor
        self.fields[name].widget.attrs["aria-describedby"] = described

    def problems(self, whom: str = "") -> list[Problem]:
        """One for each error, in the order of the fields; `whom` says whose field it is."""
        found: list[Problem] = []
        for name in sorted(self.errors, key=[*self.fields, NON_FIELD_ERRORS].index):
            messages = self.errors[name]
            anchor = self[name].id_for_label if name in self.fields else ""
            found += [
                Problem(f"{whom}: {text}" if whom else str(text), anchor) for text in messages
            ]
        return found


class RecipientForm(DraftForm):
    name = person_field(
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("What is your friend's name?")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    email = address_field(
        label=gettext_lazy("E-mail"),
        required=False,
        invalid=gettext_lazy("This does not look like an e-mail address. Perhaps ben@example.com?"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    by_link = forms.BooleanField(label=gettext_lazy("I'll send the link myself"), required=False)
    way = forms.ChoiceField(
        label=gettext_lazy("How shall it get there?"),
        required=False,
        choices=[
            ("email", gettext_lazy("E-mail")),
            ("text", gettext_lazy("Text message")),
            ("whatsapp", gettext_lazy("WhatsApp")),
            ("link", gettext_lazy("I'll send the link myself")),
        ],
        widget=forms.RadioSelect,
    )
    """Asked where the shop sends texts; elsewhere `by_link` says it all."""

    def __init__(self, *args: Any, texts: TextsOfShop | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts, self.number = texts, ""
        by_link, way = map(self._said, ("by_link", "way"))
        is_offered = texts is not None and way in texts.ways
        self.goes_by = "link" if by_link else str(way) if is_offered else "email"
        if texts is None:
            del self.fields["way"], self.fields["phone"]
        else:
            asked = cast(forms.ChoiceField, self.fields["way"])
            offered = {"email", *texts.ways, "link"}
            asked.choices = [choice for choice in self.base_ways() if choice[0] in offered]
            self.initial["way"] = self.goes_by
            if self.is_bound:
                self.data = {**self.data, self.add_prefix("way"): self.goes_by}
        if self.goes_by != "email":
            self.fields["email"] = forms.CharField(required=False, label=self.fields["email"].label)

    @classmethod
    def base_ways(cls) -> list[Any]:
        """All that there are."""
        return list(cast(Any, cls.base_fields["way"]).choices)

    @classmethod
    def taken(cls, post: QueryDict, prefix: str = "") -> dict[str, str]:
        """As it was sent. Where a way was asked for, it says also whether that is the link."""
        taken = super().taken(post, prefix)
        if way := taken.get("way"):
            taken["by_link"] = "on" if way == "link" else ""
        return taken

    def _said(self, name: str) -> Any:
        """What was sent or, of a form that was not, what it begins with."""
        return self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)

    @property
    def channel(self) -> Gift.Channel:
        """How it goes by that."""
        ways: dict[str, str] = {"link": Gift.Channel.LINK, **WAYS}
        return Gift.Channel(ways.get(self.goes_by, Gift.Channel.EMAIL))

    def clean_phone(self) -> str:
        """As it was typed; `number` is what can be called."""
        typed = str(self.cleaned_data["phone"]).strip()
        if self.goes_by not in WAYS or self.texts is None:
            return typed
        if not typed:
            raise ValidationError(_("Which number? Or choose another way."))
        self.number = self.texts.read(typed, self.goes_by)
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.data.get(self.add_prefix("reply")):  # the shop knows where to
            return cleaned
        if self.goes_by == "email" and not cleaned.get("email") and "email" not in self.errors:
            text = _("Where shall we send it? Add an e-mail address, or send the link yourself.")
            self.add_error("email", text)
        return cleaned


class AmountInput(forms.TextInput):
    """Digits come first on a phone's keys."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"})


class TreatForm(DraftForm):
    """One treat in one size, named "<treat's slug>:<price's key>", or for an amount, see menu.Offer. `given`:
    of a cleaned form the amount that was typed, minor units."""

    choice = forms.CharField(
        label=gettext_lazy("Treat"),
        error_messages={"required": gettext_lazy("Choose a treat.")},
    )
    amount = forms.CharField(label=gettext_lazy("Amount"), required=False, widget=AmountInput)

    def __init__(
        self, *args: Any, offered: Mapping[str, Offer], currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.currency = offered, currency
        self.given: int | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        offer = self.offered.get(cleaned.get("choice", ""))
        if offer and offer.is_typed:
            try:
                self.given = read_amount(cleaned.get("amount", ""), offer.price, self.currency)
            except ValidationError as wrong:
                self.add_error("amount", wrong)
        return cleaned

    def clean_choice(self) -> str:
        choice = str(self.cleaned_data["choice"])
        if choice not in self.offered:
            raise ValidationError(_("This treat is no longer on the menu. Choose another."))
        if self.offered[choice].is_sold_out:
            raise ValidationError(
                _("%(treat)s is sold out today in all stores. Choose another.")
                % {"treat": isolated(self._gone(choice))}
            )
        return choice

    def _gone(self, choice: str) -> str:
        """The treat, or the one size of it."""
        gone = self.offered[choice]
        sizes = [each for each in self.offered.values() if each.treat == gone.treat]
        if all(each.is_sold_out for each in sizes):
            return str(gone.treat.name)
        return f"{gone.treat.name}, {gone.price.name}"


def in_itself(tag: str) -> str:
    """A language as its readers call it: "Deutsch"."""
    return capfirst(str(get_language_info(tag)["name_local"]))


class WordsForm(DraftForm):
    kept_max: ClassVar[dict[str, int]] = {"message": MESSAGE_KEPT_MAX}
    message = forms.CharField(
        label=gettext_lazy("Your message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-message": ""}),
    )
    design = forms.ChoiceField(
        label=gettext_lazy("Card"), choices=Gift.Design.choices, required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the gift"),
        help_text=gettext_lazy(
            "It arrives in this language. Your words stay as you write them, and your friend can change it."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose one of these languages.")},
        required=False,
    )

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        """`languages`: of the brand's pages. Where there is one alone, nobody is asked."""
        super().__init__(*args, **kwargs)
        if len(languages) > 1:
            spoken = cast(forms.ChoiceField, self.fields["language"])
            spoken.choices = [(tag, in_itself(tag)) for tag in languages]
            self.initial["language"] = self.initial.get("language") or get_language()
        else:
            del self.fields["language"]
        # For the counter only: a browser's own limit would cut the end off without a word.
        cast(forms.CharField, self.fields["message"]).max_length = MESSAGE_LENGTH_MAX

    def clean_message(self) -> str:
        message = str(self.cleaned_data["message"]).replace("\r\n", "\n")
        if too_long := characters.refusal(message):
            raise ValidationError(too_long)
        return message

    def clean_design(self) -> str:
        return str(self.cleaned_data["design"] or Gift.Design.JUST_BECAUSE)


class SenderForm(DraftForm):
    sender_name = person_field(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("It signs the card."),
        error_messages={"required": gettext_lazy("Who is it from?")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    sender_email = address_field(
        label=gettext_lazy("Your e-mail"),
        help_text=gettext_lazy(
            "For your receipt and a link to see each gift arrive. Nothing else."
        ),
        error_messages={"required": gettext_lazy("Where shall your receipt go?")},
        invalid=gettext_lazy("This does not look like an e-mail address. Perhaps ana@example.com?"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    sender_phone = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        required=False,
        help_text=gettext_lazy("We text you the links that you send yourself. Nothing else."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    sender_way = way_field(gettext_lazy("How shall they get to your phone?"))

    def __init__(
        self,
        *args: Any,
        brand: Brand,
        refused: str = "",
        texts: TextsOfShop | None = None,
        **kwargs: Any,
    ) -> None:
        """`refused`: the address that the payment provider would not take. `texts`: None where there are no
        links to be texted to the sender."""
        super().__init__(*args, **kwargs)
        self.brand, self.refused, self.texts, self.number = brand, refused, texts, ""
        ways = texts.ways if texts else []
        if texts is None:
            del self.fields["sender_phone"]
        if len(ways) < len(WAYS):
            del self.fields["sender_way"]
        else:
            self.initial["sender_way"] = self.initial.get("sender_way") or ways[0]
        if ways == ["whatsapp"]:
            self.fields["sender_phone"].help_text = _(
                "We send you the links that you pass on by WhatsApp. Nothing else."
            )

    @property
    def way(self) -> str:
        """Of WAYS, how links get to the sender's phone: the one that is offered, or the one they chose."""
        ways = self.texts.ways if self.texts else ["text"]
        said = self.data.get(self.add_prefix("sender_way")) if self.is_bound else ""
        return str(said) if said in ways else ways[0]

    def clean_sender_phone(self) -> str:
        """As it was typed; `number` is what can be called."""
        typed = str(self.cleaned_data["sender_phone"]).strip()
        if typed and self.texts is not None:
            self.number = self.texts.read(typed, self.way)
        return typed

    def clean_sender_name(self) -> str:
        name = in_one_line(str(self.cleaned_data["sender_name"]))
        if names.is_the_brand(name, self.brand.name, self.brand.slug):
            raise ValidationError(_("This is the shop's name. Sign with your own."))
        return name

    def clean_sender_email(self) -> str:
        email = str(self.cleaned_data["sender_email"])
        if email == self.refused:
            raise ValidationError(
                _(
                    "The payment provider does not take this address. Look for a slip, or use another."
                )
            )
        return email


def problems_of(forms_and_names: Sequence[tuple[DraftForm, str]]) -> list[Problem]:
    return [problem for form, whom in forms_and_names for problem in form.problems(whom)]
