"""What a short link's address was given besides: ?utm_source=newsletter says where it stood.

Anybody can write these, so they are bounded, cleaned of what is no text, and never more than a label.
"""

import unicodedata
from collections.abc import Mapping

from giftshop.http.said_on import with_query

NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
LENGTH_MAX = 60


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """Those that say something, cleaned, in their usual order."""
    cleaned = {name: _cleaned(query.get(name, "")) for name in NAMES}
    return {name: text for name, text in cleaned.items() if text}


def source(query: Mapping[str, str]) -> str:
    """Where the link stood, or nothing."""
    return kept(query).get("utm_source", "")


def with_utm(address: str, query: Mapping[str, str]) -> str:
    """An address of ours, perhaps with a ?query and a #place, that goes on telling where its reader came
    from."""
    return with_query(address, kept(query))


def _cleaned(text: str) -> str:
    """At most 60 characters on one line. An e-mail address is no source: it says who came."""
    text = unicodedata.normalize("NFKC", text[: 4 * LENGTH_MAX])
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return "" if "@" in shown else " ".join(shown.split())[:LENGTH_MAX].strip()
