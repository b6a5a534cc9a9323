"""In which of its languages Stripe shows its page."""

KNOWN = frozenset(
    {
        *("bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr"),
        *("fr-CA", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl"),
        *("pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"),
    }
)
OTHERWISE = {"no": "nb", "nn": "nb", "zh-Hant": "zh-TW", "tl": "fil"}


def locale_of(tag: str) -> str:
    """Of a BCP 47 tag: the same, a wider one, or "auto", by which Stripe asks the browser."""
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        wider = "-".join(parts[:length])
        if wider in KNOWN or wider in OTHERWISE:
            return OTHERWISE.get(wider, wider)
    return "auto"
