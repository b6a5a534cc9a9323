"""One word for one thing: retired words stand nowhere but on screens, beside their pair in the glossary.

Looked through are the names of all files, what the product, `bench` and `sandbox` say outside the texts of
screens (gettext), the documents, every URL and its name, the API's schema, and what tests name their
functions and classes.
"""

import ast
import io
import os
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {"node_modules", "__pycache__", "vendor", "locale", "migrations", "requirements"}
"""Made by others, or (migrations) repeating texts of screens."""
READ = {".py", ".html", ".txt", ".mjml", ".js", ".css", ".md", ".yml", ".toml", ".sql", ""}
HISTORY = {"CHANGELOG.md", "LICENSE", "NOTICE"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
SHOWN = re.compile(
    r"""\{%\s*translate\s+(?:"[^"]*"|'[^']*')|_\((?:"[^"]*"|'[^']*')\)"""
    r"""|(?<=%\})(?:(?!\{%\s*blocktranslate).)*?(?=\{%\s*endblocktranslate)""",
    re.DOTALL,
)
"""Texts of screens in a template."""


@dataclass(frozen=True)
class Retired:
    """A word, and where it may still stand: lines of a path, both by pattern, and why."""

    word: str
    pattern: str
    now: str
    stays: dict[str, tuple[str, str]] = field(default_factory=dict)

    def found_in(self, path: str, text: str) -> list[str]:
        """ "path: line" for each line that has the word and no leave."""
        lines = [line.strip() for line in text.splitlines() if re.search(self.pattern, line)]
        for where, (line_like, _why) in self.stays.items():
            if re.search(where, path):
                lines = [line for line in lines if not re.search(line_like, line)]
        return [f"{path}: {line}" for line in lines]


OLD_MODULES = (
    "telling judging situation auditing fact_sealing audit_proof looking_up guessing rulemaking storekeeping"
    " freezing voiding expiring choosing wiping till_access issuing issuing_in_bulk issuing_by_hand pairing"
    " staffing composing thanking suppressing forgetting offering sweeping settling giveaways founding"
)
OLD = "|".join(OLD_MODULES.split())
HARDWARE = "a tablet as one buys it, not a device of a store"
ICON = "the name of a drawing"
IN_A_TEXT = "a variable of a text that is shown"
RETIRED = (
    Retired(
        "friend",
        r"(?i)friend(?!ly)",
        "recipient",
        {
            r"": (
                r"giftshop[./]friends|catalog \| friends|friends\.example",
                "the room of their names",
            ),
            r"^giftshop/(delivery/(emails|shared/gifts)|orders/checkout)\.py": (
                r'\{"friend": ',
                IN_A_TEXT,
            ),
            r"^templates/": (
                r"blocktranslate (trimmed )?with .*friend=|Friends love it",
                IN_A_TEXT,
            ),
            r"^bench/screens/tour/": (r'"[\w ]+ friends?( to a line)?"', "what a screen says"),
            r"^demo/": (r"demo treats for friends|porches, friends", "what a brand says"),
            r"^README\.md": (r"^Your friend had a rotten week", "the sender's own word"),
            r"^docs/glossary\.md": (r"\*\*recipient\*\*", "the pair of words"),
            r"^docs/decisions/(0028-|README)": (r"(?i)friend", "what networks call their people"),
        },
    ),
    Retired(
        "guest",
        r"(?i)(?<![a-z])guests?(?![a-z])",
        "recipient, sender",
        {
            r"^demo/(menus|words/harbor)\.py": (r"Guest roast", "a coffee"),
            r"^demo/contents\.py": (r"Guest roast", "the same coffee"),
            r"^redemption/redeem/reversal_reasons\.py": (
                r'"guest changed their mind"',
                "what staff say, word for word",
            ),
            r"^docs/glossary\.md": (r"\*\*(recipient|guest)\*\*", "the pair of words"),
            r"^((tests/|templates/)?campaigns/|docs/(decisions/0039|guides/campaigns|where)|CHANGELOG)": (
                r"(?i)guests?",
                "a gift that comes to a counter, whoever brings it",
            ),
        },
    ),
    Retired("bearer", r"(?i)bearer_|_bearer|bearers|(the|its|a) bearer(?!\s*token)", "recipient"),
    Retired(
        "trail",
        r"(?i)(?<![a-z])trails?(?![a-z])",
        "audit log",
        {r"^docs/glossary\.md": (r"\*\*audit log\*\*", "the pair of words")},
    ),
    Retired(
        "tablet",
        r"(?i)tablet",
        "device",
        {
            r"^README\.md|^sandbox/demo/lan|^docs/decisions/0012": (r"tablet", HARDWARE),
            r"^bench/screens/": (r"TABLET|tablet", HARDWARE),
            r"^templates/|^static/icons/": (r'(icon|name)="tablet"|%}tablet</li>', ICON),
            r"^demo/": (r'"(Counter t|Demo t|T)ablet"', "what somebody named a device"),
            r"^docs/glossary\.md": (r"\*\*device\*\*", "what a device may be"),
            r"^tests/": (r"tablet", "a browser of that size, on the counter"),
        },
    ),
    Retired(
        "undo",
        r"(?i)(?<!f)undo(?!ne|es|cumented)",
        "reverse, reversal",
        {
            r"^templates/|^static/icons/": (r'icon="undo"|name="undo"|%}undo</li>', ICON),
            r"^templates/design/": (r"(?i)undo", "shows what a screen says"),
            r"^bench/screens/tour/": (r'"Undo"|"till-undo"', "what a screen says"),
            r"^docs/glossary\.md": (r"\*\*reversal\*\*", "the pair of words"),
        },
    ),
    Retired(
        "cancelling a gift",
        r"(?i)cancel\w*[ _-](a[ _-]|the[ _-])?(gift|code)|(gift|code)s?[ _-](was[ _-]|is[ _-])?cancel",
        "void",
    ),
    Retired(
        "freezing a gift",
        r"(?i)unfreez|freez(e|ing)_|(?<![a-z])frozen_|_(freeze|frozen)(?![a-z])"
        r"|(gift|code)s? (is |was )?frozen",
        "hold, release",
        {
            r"^((tests/)?giftshop/studio/sheet/|campaigns/dashboard/files)": (
                r"\.freeze_panes",
                "of a spreadsheet, as its library says",
            )
        },
    ),
    Retired(
        "a gift by hand",
        r"(?i)(?<!scan)_by_hand(?!l)|^by[_-]hand|(?<=[\"./ ])by-hand|(?<=[\"./ ])by_hand(?!l)"
        r"|(gifts?|issued?s?|given|gave) by hand|on the house",
        "goodwill gift",
        {
            r"^docs/glossary\.md": (r"\*\*goodwill gift\*\*", "the pair of words"),
            r"^((|templates/|tests/)giftshop/order_page/|static/css/pages/order\.css|docs/decisions/0028-)": (
                r"by[-_]hand",
                "a link that its sender passes on themselves",
            ),
            r"^tests/": (r"(named|closed|picked|written)_by_hand", "done with one's hands"),
        },
    ),
    Retired(
        "bill",
        r"(?i)(?<![a-z])bills?(?![a-z])",
        "basket",
        {
            r"^docs/glossary\.md": (r"\*\*basket\*\*", "the pair of words"),
        },
    ),
    Retired(
        "door",
        r"(?i)(?<![a-z])_?doors?(?![a-z])",
        "entry point, path, page, endpoint",
        {r"^demo/promotions\.py": (r"Bookshop next door", "a door")},
    ),
    Retired("house", r"(?i)(?<![a-z])houses?(?![a-z])", "the brand; the layout"),
    Retired(
        "stranger, in names",
        r"(?<![a-z])strangers?_\w|\w_strangers?(?![a-z])|Strangers?[A-Z]|strangers?\.(py|js|css|html)$",
        "what it is: a request, a failed token, a client",
        {r"^tests/": (r"_strangers?", "a person whom nobody knows, in a sentence")},
    ),
    Retired(
        "modules named by a verb under way",
        rf"(from|import)\s[\w., ]*\b({OLD})\b|\b({OLD})\.py\b",
        "nouns and verbs: payloads, rules, lookup, hold, void",
        {r"^tests/test_layout\.py": (r"shop/", "the control of another test")},
    ),
)
each_word = pytest.mark.parametrize("retired", RETIRED, ids=lambda retired: retired.word)


def without_screens(path: str, text: str) -> str:
    """The text of a file without what gettext shows; line by line as it was."""
    if path.endswith(".py"):
        spans = list(_shown_by_python(text))
    elif path.startswith("templates/"):
        spans = [match.span() for match in SHOWN.finditer(text)]
    else:
        return text
    for start, end in reversed(spans):
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _shown_by_python(text: str) -> Iterator[tuple[int, int]]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    calls: list[bool] = []
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.string == "(":
            calls.append(before in GETTEXT)
        elif token.string == ")":
            calls.pop()
        elif token.type == tokenize.STRING and any(calls):
            yield (
                starts[token.start[0] - 1] + token.start[1],
                starts[token.end[0] - 1] + token.end[1],
            )
        before = token.string


def files(root: Path) -> Iterator[str]:
    """Every file that somebody wrote, by its path from the root."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED and name[0] != "."]
        here = Path(folder).relative_to(root)
        yield from ((here / name).as_posix() for name in names if name not in HISTORY)


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """What is looked through: (path, text), of each file its name and what it says."""
    for path in files(root):
        yield path, path
        if path.startswith("tests/"):
            if path.endswith(".py"):
                yield path, _definitions((root / path).read_text())
        elif Path(path).suffix in READ:
            yield path, (root / path).read_text(errors="ignore")


def _definitions(source: str) -> str:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return "\n".join(each.name for each in ast.walk(ast.parse(source)) if isinstance(each, kinds))


def urls(patterns: Iterable[URLPattern | URLResolver], above: str = "") -> Iterator[str]:
    """Each address and its name."""
    for pattern in patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from urls(pattern.url_patterns, address)
        else:
            yield f"/{address} {pattern.name or ''}"


def schema_names(part: object) -> Iterator[str]:
    """Each key of the API's schema, and each value that programs compare."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield str(key)
            if key in {"enum", "operationId", "required", "tags"}:
                yield str(value)
            yield from schema_names(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from schema_names(each)


def found(retired: Retired, looked_through: Iterable[tuple[str, str]]) -> list[str]:
    """Where the word stands without leave."""
    return [
        place
        for path, text in looked_through
        if re.search(retired.pattern, text, re.MULTILINE)
        for place in retired.found_in(path, without_screens(path, text) if text != path else text)
    ]


@pytest.fixture(scope="module")
def everything() -> list[tuple[str, str]]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [
        *texts(ROOT),
        ("urls", "\n".join(urls(get_resolver().url_patterns))),
        ("schema", "\n".join(schema_names(schema))),
    ]


@each_word
def test_a_retired_word_stands_nowhere(retired: Retired, everything: list[tuple[str, str]]) -> None:
    mine = [(path, text) for path, text in everything if path != "tests/test_words.py"]
    assert found(retired, mine) == [], f"say {retired.now}"


PLANTED = {
    "friend": "friend_name = 1",
    "guest": "class Guest: ...",
    "bearer": "bearer_name = 1",
    "trail": "def trail_page(): ...",
    "tablet": "tablet_name = 1",
    "undo": "class Undo: ...",
    "cancelling a gift": "def cancel_gift(): ...",
    "freezing a gift": "def freeze_code(): ...",
    "a gift by hand": "def issue_by_hand(): ...",
    "bill": "bill = 1",
    "door": "TILL_DOORS = 1",
    "house": "house = 1",
    "stranger, in names": "def count_stranger(): ...",
    "modules named by a verb under way": "from shop import voiding",
}


@each_word
def test_a_planted_word_is_found(retired: Retired, tmp_path: Path) -> None:
    """The control: as a name it is found, as a text of a screen it is not."""
    planted = PLANTED[retired.word]
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "named.py").write_text(planted)
    (tmp_path / "shop" / "shown.py").write_text(f'label = _("{planted}")')
    assert found(retired, texts(tmp_path)) == [f"shop/named.py: {planted}"]


def test_planted_addresses_and_templates_are_found(tmp_path: Path) -> None:
    """The control of the other places: a URL, a schema, the name of a file, a template."""
    tablet = next(each for each in RETIRED if each.word == "tablet")
    assert found(tablet, [("urls", "/studio/<slug>/tablets/ tablets")])
    assert found(tablet, [("schema", "\n".join(schema_names({"tablet_id": {"type": "string"}})))])
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "tablets.html"
    page.write_text(
        '{% translate "Tablets" %} {% blocktranslate with x=1 %}\nTablet{% endblocktranslate %}'
        "\n{{ tablet.name }}"
    )
    assert found(tablet, texts(tmp_path)) == [
        "templates/tablets.html: templates/tablets.html",
        "templates/tablets.html: {{ tablet.name }}",
    ]
