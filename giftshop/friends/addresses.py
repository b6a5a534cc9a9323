"""E-mail addresses that mail from anywhere reaches."""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

LENGTH_MAX = 254
"""RFC 5321's longest, and the column's."""

TOO_LONG = _("No e-mail address is so long. Is there something else in it?")

_public = EmailValidator(allowlist=[])  # Django lets "localhost" pass


_NAMED = re.compile(r"[^\s<>()\[\],;:\"'\\@]{1,64}@[^\s<>()\[\],;:\"'\\@]{1,190}")
_GOOGLE = {"gmail.com", "googlemail.com"}


def mailbox(address: str) -> str:
    """One text for all spellings of a mailbox: "Amy+gifts@Münster.example" and "amy@xn--mnster-3ya.example".

    Capitals don't count, nor does what stands behind a plus, which is a tag at every large provider, nor
    dots at Gmail. A phone number is its digits behind the plus. For telling people apart, never for
    writing to them.
    """
    plain = unicodedata.normalize("NFKC", address).strip().casefold()
    name, at, host = plain.rpartition("@")
    if not at:
        return "+" + re.sub(r"\D", "", plain) if plain.startswith("+") else plain
    host = _host(host.rstrip("."))
    name = name.partition("+")[0] or name
    if host in _GOOGLE:
        name, host = name.replace(".", ""), "gmail.com"
    return f"{name}@{host}"


def addresses_in(text: str) -> list[str]:
    """What looks like an address in it, however it is written."""
    return _NAMED.findall(text)


@lru_cache(maxsize=1024)
def _host(host: str) -> str:
    """As letters, where it is written for machines (RFC 3490)."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


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
