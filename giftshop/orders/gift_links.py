"""A gift's page held before a till: its address leads to the code that the page would show."""

import re
from datetime import datetime

from django_scopes import scopes_disabled

from core import crypto
from giftshop.orders.models import Gift
from redemption.models import RetiredCode

_LINK = re.compile(r"/gift/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
"""As static/js/till/scan/code_format.js knows it, too."""


def code_of_link(text: str) -> str | None:
    """The symbols behind the address of a gift's page, of whatever brand: the till's rules come after. Of a
    link that leads to none the words that stand for it among what was replaced. None for another text, and a
    gift whose code was spent and forgotten."""
    found = _LINK.search(text)
    if found is None:
        return None
    with scopes_disabled():
        gift = Gift.objects.with_token(found[1]).select_related("code").first()
    if gift is None:
        return _words_of(crypto.token_digest(found[1]))
    return gift.code.reveal() if gift.code else None


def retire_link(gift: Gift, now: datetime) -> None:
    """A till shall say of its link that there is a newer one. Expects its code; to be called before the link
    becomes another. One statement."""
    assert gift.code_id  # nosec B101  # a link of what was not paid is shown to nobody
    words = _words_of(bytes(gift.token_digest))
    RetiredCode.objects.get_or_create(
        digest=crypto.digest(words), defaults={"code_id": gift.code_id, "retired_at": now}
    )


def _words_of(digest: bytes) -> str:
    """No code looks like that."""
    return f"link:{digest.hex()}"
