"""Fields in which somebody types who a person is, and where they are written to."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from giftshop.friends.addresses import LENGTH_MAX as EMAIL_LENGTH_MAX
from giftshop.friends.addresses import TOO_LONG, validate_address
from giftshop.friends.names import LENGTH_MAX as NAME_LENGTH_MAX
from giftshop.friends.names import validate_name


def person_field(**how: Any) -> forms.CharField:
    """A name as long as its column, which is no address of any kind."""
    return forms.CharField(max_length=NAME_LENGTH_MAX, validators=[validate_name], **how)


def address_field(*, invalid: Any, **how: Any) -> forms.EmailField:
    """An address as long as its column, at a host that mail from anywhere reaches."""
    field = forms.EmailField(max_length=EMAIL_LENGTH_MAX, **how)
    field.validators = [each for each in field.validators if each is not validate_email]
    field.validators.append(validate_address)
    field.error_messages |= {"invalid": invalid, "max_length": TOO_LONG}
    return field


def right_address_field() -> forms.EmailField:
    """To where a gift goes instead of a wrong address, as somebody else than its sender types it."""
    return address_field(
        label=_("The right e-mail address"),
        invalid=_("This does not look like an e-mail address. Perhaps ben@example.com?"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": _("Where shall it go?")},
    )
