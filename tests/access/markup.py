"""What is wrong with a page's HTML, in words: the parser's own complaints and the rules of the standard that
this product could break. Without Java; the Nu checker knows more, and finds no error in the same pages.

A rule reads the tree of a page and yields a sentence for each fault.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from xml.etree.ElementTree import Element

from tinyhtml5 import inputstream
from tinyhtml5.parser import HTMLParser


class Patterns(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """What ends a run of letters. tinyhtml5 means to keep these and makes each anew, half of its work."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        ends, only_these = key
        letters = "".join(f"\\x{ord(each):02x}" for each in ends)
        self[key] = re.compile(f"[{'' if only_these else '^'}{letters}]+")
        return self[key]


inputstream.characters_until_regex = Patterns()

Rule = Callable[[Element], Iterator[str]]


def _named(words: str) -> set[str]:
    return set(words.split())


PHRASING = _named(
    """
    a abbr audio b bdi bdo br button canvas cite code data datalist del dfn em i img input ins kbd
    label link map mark meta meter noscript object output picture progress q s samp script select
    slot small span strong sub sup svg template textarea time u var video wbr
    """
)
ONLY_PHRASING = _named(
    """
    abbr b bdi bdo button cite code data dfn em h1 h2 h3 h4 h5 h6 i kbd label legend mark meter
    output p pre progress q s samp small span strong sub sup time u var summary
    """
)
MAY_HOLD_MORE = {
    "summary": {"h1", "h2", "h3", "h4", "h5", "h6"},
    "legend": {"h1", "h2", "h3", "h4"},
}
TRANSPARENT = {"a", "del", "ins", "map", "noscript", "object", "slot"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
NAMELESS = _named(
    """
    abbr b bdi bdo br caption cite code data del dfn div em figcaption i ins kbd label legend mark
    p pre q s samp small span strong sub sup time u var
    """
)
"""Of no role, or one that ARIA gives no name: what aria-label says there is not read."""
NAMELESS_ROLES = {
    "caption",
    "code",
    "generic",
    "none",
    "paragraph",
    "presentation",
    "strong",
    "time",
}
TYPED_IN = _named("text email search tel url number password date time datetime-local")
POINTS_TO = (
    *("aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-errormessage"),
    *("aria-owns", "aria-activedescendant", "for", "form", "headers", "list", "popovertarget"),
)
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
}
WITH_HYPHEN = {"accept-charset", "http-equiv"}
MOMENT = re.compile(
    r"\d{4,}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?)?)?"
    r"|\d\d:\d\d(:\d\d(\.\d{1,3})?)?|P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{1,3})?S)?)?"
)
TEL = re.compile(r"tel:\+[1-9]\d{4,14}(;ext=\d{1,10})?")


def faults(html: str) -> list[str]:
    """Of a whole page."""
    return _told(html, [*EVERYWHERE, *OF_A_PAGE], whole=True)


def faults_of_part(html: str) -> list[str]:
    """Of what is put into a page; what it points to may stand there."""
    return _told(html, EVERYWHERE, whole=False)


def _told(html: str, rules: list[Rule], *, whole: bool) -> list[str]:
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(html) if whole else parser.parse_fragment(html)
    told = [f"line {at[0]}: {name} {more or ''}".strip() for at, name, more in parser.errors]
    for rule in rules:
        told += rule(root)
    return told


@lru_cache(maxsize=64)
def elements(root: Element) -> list[Element]:
    """In their order, but nothing of an <svg> or a <template>: it is not HTML, or not there yet."""
    found, waiting = [], [*reversed(root)]
    while waiting:
        one = waiting.pop()
        if isinstance(one.tag, str):
            found.append(one)
            if one.tag != "template" and not one.tag.endswith("svg"):
                waiting += reversed(one)
    return found


def ids(root: Element) -> Iterator[str]:
    """Each is there once."""
    for name, times in Counter(one.get("id") for one in elements(root)).items():
        if name is not None and (times > 1 or not name or re.search(r"\s", name)):
            yield f'id="{name}" is there {times} times'


def attributes(root: Element) -> Iterator[str]:
    """None that HTML does not know, as far as its name tells."""
    for one in elements(root):
        for name in one.keys() if "svg" not in one.tag else ():
            known = name.startswith(("data-", "aria-")) or name in WITH_HYPHEN
            if (("-" in name or ":" in name) and not known) or name == "style":
                yield f"{shown(one)} has {name}"


def content(root: Element) -> Iterator[str]:
    """Where only words may stand there is no box, and lists have nothing but their items."""
    for one in elements(root):
        allowed = PHRASING | MAY_HOLD_MORE.get(one.tag, set())
        if one.tag in ONLY_PHRASING:
            for child in _seen_through(one):
                if child.tag not in allowed and "svg" not in child.tag:
                    yield f"{shown(child)} in {shown(one)}"
        for child in one:
            if one.tag in CHILDREN and child.tag not in CHILDREN[one.tag]:
                yield f"{shown(child)} in {shown(one)}"
            if child.tag == "li" and one.tag not in {"ul", "ol", "menu", "template"}:
                yield f"{shown(child)} in {shown(one)}"
            if child.tag == "figcaption" and (
                one.tag != "figure" or child not in (one[0], one[-1])
            ):
                yield f"{shown(child)} in {shown(one)}, not at an end of a <figure>"


def _seen_through(parent: Element) -> Iterator[Element]:
    for child in parent:
        if isinstance(child.tag, str):
            yield child
            if child.tag in TRANSPARENT:
                yield from _seen_through(child)


def interaction(root: Element) -> Iterator[str]:
    """Nothing to press stands in something to press."""
    for one in elements(root):
        if one.tag == "button" or (one.tag == "a" and one.get("href") is not None):
            inner = [each for each in elements(one) if _is_interactive(each)]
        elif one.tag in {"label", "form"}:
            inner = [each for each in elements(one) if each.tag == one.tag]
        else:
            continue
        for each in inner:
            yield f"{shown(each)} in {shown(one)}"


def _is_interactive(one: Element) -> bool:
    if one.tag == "input":
        return one.get("type") != "hidden"
    known = {"a", "audio", "button", "details", "embed", "iframe", "label", "select", "textarea"}
    return one.tag in known or one.get("tabindex") is not None


def names(root: Element) -> Iterator[str]:
    """An aria-label stands where it is read; what is pressed or filled in has a name."""
    labels = [one for one in elements(root) if one.tag == "label"]
    labelled = {one.get("for") for one in labels}
    inside = {each for one in labels for each in elements(one)}
    for one in elements(root):
        says = one.get("aria-label") is not None or one.get("aria-labelledby") is not None
        role = one.get("role")
        if says and (role in NAMELESS_ROLES or (role is None and one.tag in NAMELESS)):
            yield f"{shown(one)} has a name that nobody reads"
        if one.get("aria-label") == "":
            yield f"{shown(one)} has an empty name"
        if one.tag == "img" and one.get("alt") is None:
            yield f"{shown(one)} has no alt"
        if (
            one.tag in {"input", "select", "textarea"}
            and not says
            and one.get("aria-hidden") is None
        ):
            plain = one.get("type") in {"hidden", "submit", "button"}
            if not plain and one.get("id") not in labelled and one not in inside:
                yield f"{shown(one)} has no label"
        if one.tag in {"a", "button"} and not says and not _words(one):
            yield f"{shown(one)} has no words"


def _words(one: Element) -> str:
    pictures = [each.get("alt", "") for each in elements(one) if each.tag == "img"]
    return "".join([*one.itertext(), *pictures]).strip()


def values(root: Element) -> Iterator[str]:
    """Moments and telephone numbers are written as a program reads them."""
    for one in elements(root):
        moment, link = one.get("datetime"), one.get("href", "")
        if moment is not None and not MOMENT.fullmatch(moment):
            yield f"{shown(one)} is no moment: {moment}"
        if link.startswith("tel:") and not TEL.fullmatch(link):
            yield f"{shown(one)} calls nobody from abroad: {link}"
        for name in ("href", "src", "action"):
            if re.search(r"\s", one.get(name, "").strip(" ")):
                yield f"{shown(one)} has a space in its {name}"


def enter(root: Element) -> Iterator[str]:
    """Enter in a field sends a form by its first button: that does nothing else than sending it."""
    for form in root.iter("form"):
        sending = [one for one in elements(form) if _sends(one)]
        typed = any(
            one.tag == "input" and one.get("type", "text") in TYPED_IN for one in elements(form)
        )
        first = next(iter(sending), None)
        if typed and first is not None and (first.get("name") or first.get("formaction")):
            yield f"{shown(form)} is sent by Enter with {shown(first)}"


def _sends(one: Element) -> bool:
    kind = one.get("type", "submit" if one.tag == "button" else "")
    return one.tag in {"button", "input"} and kind == "submit"


def references(root: Element) -> Iterator[str]:
    """What is pointed to is on the page."""
    there = {one.get("id", ""): one for one in elements(root)}
    for one in elements(root):
        if one.tag == "dialog" and not len(one):
            continue  # filled before it opens, what names it too
        for name in POINTS_TO:
            for wanted in one.get(name, "").split():
                if wanted not in there:
                    yield f"{shown(one)} points to nothing by {name}: {wanted}"
        found = there.get(one.get("for", "-")) if one.tag == "label" else None
        if found is not None and (found.tag not in LABELABLE or found.get("type") == "hidden"):
            yield f"{shown(one)} is the label of {shown(found)}"
        link = one.get("href", "")
        if one.tag == "a" and link.startswith("#") and link[1:] not in there:
            yield f"{shown(one)} leads to nothing: {link}"


def outline(root: Element) -> Iterator[str]:
    """One main, one first heading, no level left out; a title and a language."""
    if (focused := sum(one.get("autofocus") is not None for one in elements(root))) > 1:
        yield f"{focused} elements with autofocus"
    if not root.get("lang"):
        yield "the page says no language"
    titles = ["".join(one.itertext()).strip() for one in elements(root) if one.tag == "title"]
    if len(titles) != 1 or not titles[0]:
        yield f"titles: {titles}"
    if (mains := sum(one.tag == "main" for one in elements(root))) != 1:
        yield f"{mains} <main>"
    levels = [HEADINGS.index(one.tag) + 1 for one in elements(root) if one.tag in HEADINGS]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} <h1>"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"<h{after}> after <h{before}>"


def shown(one: Element) -> str:
    """An element's start, for a sentence: <a href="/x">."""
    told = "".join(f' {name}="{str(value)[:40]}"' for name, value in list(one.items())[:4])
    return f"<{one.tag}{told}>"


EVERYWHERE: list[Rule] = [ids, attributes, content, interaction, names, values, enter]
OF_A_PAGE: list[Rule] = [references, outline]
