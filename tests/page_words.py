"""What a page or a mail says: each text with the language and the elements that it stands in, each
attribute that is read; and which of it in Arabic or Hebrew turns round what stands beside it."""

from html.parser import HTMLParser

from core.bidi import is_right_to_left

UNSAID = {"title", "script", "style", "textarea", "template"}
VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr", "use", "path"),
}
READ = {"alt", "aria-label", "aria-description", "title", "placeholder", "label"}
"""Attributes that a person reads or hears; so is what begins with data-, and a meta's content."""


class Elements(HTMLParser):
    """Reads a page and knows which elements are open, from the outermost, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return


class Words(Elements):
    """Each text of a page, with the languages and elements that it stands in, and each attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[str]]] = []
        """Text, language, and the elements around it; "auto" and "ltr" for the direction of one of them."""
        self.plain: list[tuple[str, str]] = []
        """Where no element can stand: titles and attributes, with what they say."""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        for name, value in attrs:
            if value and (
                name in READ or name.startswith("data-") or (tag, name) == ("meta", "content")
            ):
                self.plain.append((f"{tag} {name}", value))

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _attrs in self.open]
        if not data.strip():
            return
        if "title" in inside:
            self.plain.append(("title", data))
        if not UNSAID & set(inside):
            languages = [attrs["lang"] for _tag, attrs in self.open if attrs.get("lang")]
            inside += [str(attrs["dir"]) for _tag, attrs in self.open[1:] if attrs.get("dir")]
            self.found.append((data.strip(), str(languages[-1]) if languages else "", inside))


def turning(text: str) -> str:
    """What of a plain text is in Arabic or Hebrew, beside other words, and not between U+2066 or U+2068 and
    U+2069; all of it where these are no pairs. Nothing where there are no other words."""
    loose, depth = "", 0
    for letter in text:
        depth += (letter in "\u2066\u2068") - (letter == "\u2069")
        if depth == 0 and is_right_to_left(letter):
            loose += letter
    if depth:
        return text
    others = any(letter.isalnum() and not is_right_to_left(letter) for letter in text)
    return loose if others else ""


def turning_on(html: str) -> list[str]:
    """The same of a page: texts outside <bdi> and of no direction of their own, titles and attributes."""
    words = Words(html)
    told = [
        text[:60]
        for text, _language, inside in words.found
        if not {"bdi", "auto"} & set(inside)
        and (turning(text) if "option" in inside else _loose(text))
    ]
    return told + [f"{where}: {text[:60]}" for where, text in words.plain if turning(text)]


def _loose(text: str) -> str:
    """In a page others stand beside it, in elements of their own: it is isolated even where it is alone,
    but for the one letter that stands for a face."""
    return turning(f"a {text}") if len(text) > 1 else ""


def plain_text(html: str) -> str:
    """What a reader of the page reads from its beginning, in one line."""
    text = " ".join(" ".join(text for text, _language, _around in Words(html).found).split())
    return "".join(sign for sign in text if sign not in "\u2066\u2067\u2068\u2069\u200e")
