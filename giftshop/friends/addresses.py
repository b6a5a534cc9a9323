"""E-mail addresses that mail from anywhere reaches."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

LENGTH_MAX = 254
"""RFC 5321's longest, and the column's."""

TOO_LONG = _("No e-mail address is so long. Is there something else in it?")

_public = EmailValidator(allowlist=[])  # Django lets "localhost" pass


def is_address(text: str) -> bool:
    """Whether it is one address at a named, public host: not `a@localhost`, `a@[127.0.0.1]` or `"a b"@…`."""
    if len(text) > LENGTH_MAX or '"' in text or text.endswith("]"):
        return False
    if not all(map(_may_name_a_host, text.rpartition("@")[2])):
        return False
    try:
        _public(text)
    except ValidationError:
        return False
    return True


def _may_name_a_host(character: str) -> bool:
    """A letter or digit of any script. Django takes dashes and commas of other scripts for letters."""
    return character in ".-" or unicodedata.category(character)[0] in "LMN"


def validate_address(text: str) -> None:
    """For a form or a model. Raises ValidationError."""
    if not is_address(text):
        raise ValidationError(_("This does not look like an e-mail address."), code="invalid")
