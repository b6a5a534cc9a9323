"""What each kind of page is made of: style sheets and one script, sent as one file each.

A first visit waits for every request; so `collectstatic` joins what a kind of page needs (storage.py).
Where files are served as they are written (DEBUG, tests), a page names the same files one by one. Joining is
plain: sheets stand one after the other, each module becomes a function that runs once; comments and the
space that no browser needs are left out. What that can't do rightly is refused.
"""

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple

Read = Callable[[str], str]
"""The text of a static file, by its name."""


class Bundle(NamedTuple):
    """The style sheets of a kind of page, in the order of their rules, and the module that it runs."""

    sheets: tuple[str, ...]
    module: str = ""


def _sheets(*names: str) -> tuple[str, ...]:
    core = ("app", "tokens", "fonts", "layout", "controls", "feedback", "codes")
    return tuple(f"css/{name}.css" for name in (*core, *names, "utilities", "contrast"))


STUDIO = (
    *("figures", "navigation", "signed-in", "studio"),
    *("pages/campaigns", "pages/stores", "pages/staff", "pages/devices", "pages/menu"),
    *("pages/pictures", "pages/money"),
)

BUNDLES = {
    "site": Bundle(
        _sheets("treat", "letter", "store-row", "pages/shop", "pages/give", "pages/order"),
        "js/site.js",
    ),
    "gift": Bundle(_sheets("letter", "pass", "store-row", "pages/gift"), "js/gift.js"),
    "account": Bundle(_sheets("pages/account"), "js/account.js"),
    "studio": Bundle(_sheets(*STUDIO), "js/studio.js"),
    "sheet": Bundle(_sheets(*STUDIO, "pages/sheet"), "js/studio.js"),
    "operator": Bundle(_sheets(*STUDIO, "pages/support"), "js/accounts/operator.js"),
    "console": Bundle(
        _sheets(
            *("figures", "navigation", "signed-in", "till-frame", "pages/stores"),
            *("pages/devices", "pages/till", "pages/manager"),
        ),
        "js/console.js",
    ),
    "till": Bundle(_sheets("signed-in", "till-frame", "pages/till"), "js/till.js"),
    "docs": Bundle(_sheets("figures", "pages/api"), "js/app.js"),
    "gallery": Bundle(
        _sheets(
            *("treat", "letter", "pass", "store-row", "figures", "navigation", "signed-in"),
            *("till-frame", "gallery"),
        ),
        "js/site.js",
    ),
}

URL = re.compile(r"""url\(["']?(?!data:)([^"')]+)["']?\)""")
IMPORT = re.compile(
    r'^import (?:\{ ([\w, ]+) \} from )?"(\.{1,2}/[^"]+)";[ \t]*(?://.*)?$', re.MULTILINE
)
LATER = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')
EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
REFUSED = re.compile(
    r"^(?:import|export)\b.*$"
    r"|\bimport\.meta\b"
    r'|\bimport\((?!"|address\)).*$'
    r"|^(?:for )?await\b.*$"
    r"|^(?:const|let|var)\b[^(){}\n]*=\s*await\b.*$",
    re.MULTILINE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
QUOTED = re.compile(r"""/\*.*?\*/|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)
SPACED = re.compile(r"/\*|\s{2}|[\n\t]| [{};]|[{};] ")
"""What joining would change, if it stands between quotation marks."""
AROUND_SIGNS = re.compile(r" ?([{};]) ?")
"""Only where a space never has a meaning: before a colon or a bracket one does (`.qr :is(svg)`)."""
LINE_OF_COMMENT = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+", re.MULTILINE)

GUARDED = "try {{\n{}\n}} catch (error) {{ setTimeout(() => {{ throw error; }}); }}"
"""Of a module that no other needs: what it throws is told as ever, and the modules after it run."""


class CannotJoinError(Exception):
    """A file holds what joining would change the meaning of."""


def joined(read: Read) -> dict[str, str]:
    """The text of each file to be sent, by its name: css/bundles/site.css."""
    made = {}
    for kind, bundle in BUNDLES.items():
        made[sheet_of(kind)] = join_sheets(sheet_of(kind), bundle.sheets, read)
        made[script_of(kind)] = join_modules(script_of(kind), bundle.module, read)
    return made


def sheet_of(kind: str) -> str:
    return f"css/bundles/{kind}.css"


def script_of(kind: str) -> str:
    """Named by its module: kinds that run the same one share the file."""
    return f"js/bundles/{posixpath.basename(BUNDLES[kind].module)}"


def join_sheets(target: str, sheets: tuple[str, ...], read: Read) -> str:
    """One sheet after the other; relative addresses are written as seen from the target."""
    parts = []
    for name in sheets:
        text = read(name)
        if "@import" in text or "@charset" in text:
            raise CannotJoinError(f"{name}: @import and @charset count only at a file's beginning")
        if "image-set(" in text.replace("image-set(url(", ""):
            raise CannotJoinError(f"{name}: image-set() names a file without url()")
        if changed := [each for each in QUOTED.findall(text) if SPACED.search(each)]:
            raise CannotJoinError(f"{name}: {changed[0]} holds signs and spaces that would go")
        parts.append(_seen_from(target, name, text))
    return AROUND_SIGNS.sub(r"\1", re.sub(r"\s+", " ", COMMENT.sub("", "\n".join(parts)))).strip()


def _seen_from(target: str, name: str, sheet: str) -> str:
    return URL.sub(lambda found: f'url("{_seen(target, name, found[1])}")', sheet)


def join_modules(target: str, entry: str, read: Read) -> str:
    """The entry and all it imports, each after what it needs, each in a function that keeps its names.

    A behaviour that breaks (a module without exports) leaves the others alone. What is imported later, by
    import("…"), stays a file of its own; so does what import(address) asks for, which is an address with
    its hash that a page gave.
    """
    order = _in_order(entry, read, ())
    numbers = {name: f"module{number}" for number, name in enumerate(order)}
    return "\n".join(_as_function(target, name, read, numbers) for name in order)


def _in_order(name: str, read: Read, above: tuple[str, ...]) -> list[str]:
    if name in above:
        raise CannotJoinError(f"a circle: {' > '.join([*above, name])}")
    order: list[str] = []
    for found in IMPORT.finditer(read(name)):
        order += _in_order(_beside(name, found[2]), read, (*above, name))
    return list(dict.fromkeys([*order, name]))


def _as_function(target: str, name: str, read: Read, numbers: dict[str, str]) -> str:
    text = read(name)

    def take(found: re.Match[str]) -> str:
        if not found[1]:
            return ""
        other = _beside(name, found[2])
        offered = {given[2] for given in EXPORT.finditer(read(other))}
        if missing := {word.split(" as ")[0].strip() for word in found[1].split(",")} - offered:
            raise CannotJoinError(f"{name}: {other} does not export {', '.join(sorted(missing))}")
        return f"const {{ {found[1].replace(' as ', ': ')} }} = {numbers[other]};"

    given = ", ".join(found[2] for found in EXPORT.finditer(text))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(take, text))
    body = LATER.sub(lambda found: f'import("{_seen(target, name, found[1])}")', body)
    if refused := REFUSED.search(body):
        raise CannotJoinError(f"{name}: {refused[0]}")
    body = LINE_OF_COMMENT.sub("", body)
    if any(line.count("`") % 2 for line in body.splitlines()):
        raise CannotJoinError(f"{name}: a template over several lines, which holds its spaces")
    if not given:
        body = GUARDED.format(body)
    return f"const {numbers[name]} = (() => {{\n{body}\nreturn {{ {given} }};\n}})();"


def _beside(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _seen(target: str, name: str, address: str) -> str:
    """A relative address in one file, as the target has to write it: always ./ or ../ first."""
    path = posixpath.relpath(_beside(name, address), posixpath.dirname(target))
    return path if path.startswith(".") else f"./{path}"
