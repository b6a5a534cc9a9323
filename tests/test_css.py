"""Every rule has a page, every token a rule, and nothing moves by itself for five seconds."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
COMPOSED = ("badge-", "icon-", "letter-", "theme-", "scheme-", "button-")
"""What a template puts together of a word and a value."""
BY_OTHERS = {"htmx-request"}
GIVEN = re.compile(
    r"""\bclass="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"|\{% block \w*class %\}(.*?)\{% endblock"""
    r"""|"class": f?"([^"]*)"|classList\.\w+\(([^)]*)\)|className = ([^;]*);|className: "([^"]*)\""""
)
SECONDS = re.compile(r"(?<![\w.])([\d.]+)(m?s)\b")


ON_THE_BODY = {"studio", "till"}
"""Classes of a whole page, under which any sheet of that page may style a part."""
IN_TWO_SHEETS = {
    "button": "app.css says of all texts of ours, also those of buttons, where they may break",
    "htmx-request": "htmx puts it on whatever it asks for",
    **dict.fromkeys(
        ("till-bar", "till-camera", "till-corner", "till-who"),
        "till-frame.css holds what the console has too, pages/till.css what the counter adds",
    ),
}


def rules() -> str:
    """All style sheets, without comments, quoted texts and addresses."""
    return "\n".join(bare(path.read_text()) for path in sorted((STATIC / "css").rglob("*.css")))


def bare(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r'url\([^)]*\)|"[^"]*"', "", text)


def styled(text: str) -> set[str]:
    """The class that leads each rule: .menu of `.menu .treat`. What is printed is left out."""
    text = re.sub(r"@media print \{(?:[^{}]|\{[^{}]*\})*\}", "", bare(text))
    selectors = [one for one in re.findall(r"([^{};]+)\{", text) if not one.strip().startswith("@")]
    parts = [part for one in selectors for part in re.split(r",(?![^(]*\))", one)]
    return {hit[1] for part in parts if (hit := re.match(r"\s*[a-z]*\.([\w-]+)", part))}


def sources() -> str:
    """What can name a class or a token: templates, scripts and widgets."""
    folders = ("templates", "static/js", "giftshop", "campaigns", "redemption", "core")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return "\n".join(path.read_text() for path in files if path.suffix in {".html", ".js", ".py"})


def test_no_two_sheets_have_one_name() -> None:
    names = [path.name for path in (STATIC / "css").rglob("*.css")]
    assert len(names) > 20
    assert sorted(names) == sorted(set(names))


def test_no_class_is_styled_in_two_sheets() -> None:
    """contrast.css takes all that needs a stronger line together."""
    places: dict[str, list[str]] = {}
    for path in (STATIC / "css").rglob("*.css"):
        if path.name != "contrast.css":
            for name in styled(path.read_text()) - ON_THE_BODY:
                places.setdefault(name, []).append(path.name)
    assert len(places) > 200
    assert {name for name, sheets in places.items() if len(sheets) > 1} == set(IN_TWO_SHEETS)


def test_the_class_that_leads_a_rule_is_found() -> None:
    text = ".a .b, p.c:is(.d, .e) {} @media (width < 1rem) { .f > .g { x: y } } "
    text += "@media print { .h { x: y } .i {} }"
    assert styled(text) == {"a", "c", "f"}


def given(text: str) -> set[str]:
    """The classes that a template, a script or a widget gives to a part; in a template also those that it
    gives under a condition."""
    return {word for each in GIVEN.findall(text) for word in re.findall(r"[\w-]+", "".join(each))}


def test_every_class_of_a_rule_is_on_a_page() -> None:
    names = {
        name
        for selector in re.findall(r"([^{};]+)\{", rules())
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector)
    }
    assert len(names) > 300
    assert {n for n in names if not n.startswith(COMPOSED)} - given(sources()) - BY_OTHERS == set()


def test_a_class_is_no_word_that_merely_stands_on_a_page() -> None:
    """The control: what gives one, and what only says the same."""
    for text in (
        '<p class="a{% if b == "c" %} full{% endif %}">',
        '{% include "x.html" with class="full" only %}',
        "{% block body_class %}full{% endblock %}",
        'attrs={"class": "full"}',
        'part.classList.toggle("full", on)',
        'part.className = `ring ${on ? "full" : ""}`;',
        'Object.assign(part, { className: "full" })',
    ):
        assert "full" in given(text), text
    for text in ("{{ request.get_full_path }} full", "told.full(words)", '<p id="full">full</p>'):
        assert "full" not in given(text), text


def test_every_token_is_there_and_used() -> None:
    defined = set(re.findall(r"(--[\w-]+)\s*:", rules()))
    used = set(re.findall(r"var\((--[\w-]+)", rules()))
    from_outside = {f"--brand-{name}" for name in ("accent", "accent-2", "paper", "ink", "round")}
    assert used - defined - from_outside == set()
    assert defined - used - set(re.findall(r"--[\w-]+", sources())) == set()


def test_nothing_moves_by_itself_for_five_seconds() -> None:
    lasts = {
        move: seconds
        for path in (STATIC / "css").rglob("*.css")
        for move, seconds in moves(bare(path.read_text())).items()
    }
    assert len(lasts) > 4
    assert {move: seconds for move, seconds in lasts.items() if not 0 < seconds < 5} == {}


def moves(text: str) -> dict[str, float]:
    """The animations of a sheet: name duration delay? times?, and how many seconds each goes on, at the
    most: the longest delay that the sheet gives to any of them is added to all."""
    text = re.sub(r"@media \(prefers-reduced-motion: reduce\) \{(?:[^{}]|\{[^{}]*\})*\}", "", text)
    delays = [seconds(value) for value in re.findall(r"animation-delay:\s*([^;}]+)", text)]
    own = max((delay for each in delays for delay in each), default=0)
    found = {}
    for move in re.findall(r"animation:\s*([^;}]+)", text):
        for one in re.split(r",(?![^(]*\))", with_tokens(move)):
            times = re.search(r"(?<=\s)([\d.]+|infinite)(?=\s|$)", one)
            duration, delay = (*seconds(one), 0, 0)[:2]
            found[one.strip()] = duration * float((times or "1")[0].replace("infinite", "inf"))
            found[one.strip()] += max(delay, own)
    for longhand in re.findall(r"animation-(?:duration|iteration-count):[^;}]+", text):
        found[longhand] = float("inf")  # which animation it lengthens can't be read here
    return found


def seconds(value: str) -> list[float]:
    return [float(n) / (1000 if unit == "ms" else 1) for n, unit in SECONDS.findall(value)]


def with_tokens(value: str) -> str:
    """Each duration and curve in the place of its token, and curves, which hold numbers too, left out."""
    for name in re.findall(r"var\((--[\w-]+)\)", value):
        known = re.findall(rf"{name}:\s*([^;}}]+)", rules())
        longest = max(known, key=lambda one: sum(seconds(one)))
        value = value.replace(f"var({name})", longest)
    return re.sub(r"[\w-]+\([^)]*\)", "", value)


def test_what_moves_on_is_found() -> None:
    """The control: a token many times, a delay of its own, a part of a list, no end, what can't be read."""
    sheet = ".a { animation: x 2s 2; } "
    assert moves(sheet) == {"x 2s 2": 4}
    for fault in (
        "a { animation: x var(--slow) var(--ease) 30; }",
        "b:nth-child(2) { animation-delay: 1s; }",
        "c { animation: x 1s, y 1s 4s 2; }",
        "d { animation: x 1s infinite; }",
        "e { animation-iteration-count: 9; }",
    ):
        assert any(lasts >= 5 for lasts in moves(sheet + fault).values()), fault


SIZES = {f"--text-{name}" for name in ("xs", "s", "m", "l", "xl", "2xl", "3xl")}
TILL_SIZES = {f"--till-{name}" for name in ("s", "m", "l", "xl")}
WEIGHTS = {f"--weight-{name}" for name in ("text", "letter", "medium", "strong", "heading")}
FITTED = {
    "min(15cqi, var(--text-xl))": "a long amount stays in one piece on its tile",
    "clamp(var(--text-s), 12.5cqi, var(--text-l))": "so does a sum on the sheet to print",
    "min(7cqi, var(--text-2xl))": "a whole code stands in the field where it is typed",
}
"""Sizes that follow the width of their box, between two of the scale."""
WIDTHS = {"40rem", "48rem", "60rem"}
"""From which a page has room for a second column, for a tablet's layout, for a sidebar. Custom properties
can't stand in a media query: so the three are written out everywhere."""
DRAWN_CORNERS = {
    "50%": "a circle",
    "70% 30% 20% 60%": "a loop of the bow in the word mark",
    "30% 70% 60% 20%": "its other loop",
    "0.3rem": "the parcel in the word mark",
    "0.4rem": "a checkbox's mark: as round as a brand may be, it would look like a radio's",
}


def said(names: str) -> list[str]:
    """What the sheets say of these properties."""
    return [
        value.strip().removesuffix(" !important")
        for value in re.findall(rf"(?<![\w-])(?:{names}):([^;{{}}]+)", rules())
    ]


def defined(prefix: str) -> dict[str, set[str]]:
    """The tokens of this name, each with the values that are not another token, as on screens."""
    found: dict[str, set[str]] = {}
    for name, value in re.findall(rf"(--{prefix}-[\w-]+):\s*([^;}}]+)", rules()):
        found.setdefault(name, set())
        if not value.startswith("var(") and not value.endswith("pt"):
            found[name].add(value)
    return found


def test_there_are_seven_sizes_of_type_and_four_of_the_till() -> None:
    assert {name: len(values) for name, values in defined("text").items()} == dict.fromkeys(
        SIZES, 1
    )
    assert {name: len(values) for name, values in defined("till").items()} == dict.fromkeys(
        TILL_SIZES, 1
    )


def test_every_size_of_type_is_one_of_the_scale() -> None:
    shorthands = [value for value in said("font") if value != "inherit"]
    sizes = [re.sub(r"^(?:italic )?\S+ (.+)/.*$", r"\1", value) for value in shorthands]
    sizes += [value for value in said("font-size") if value != "inherit"]
    assert len(sizes) > 150
    tokens = {f"var({name})" for name in SIZES | TILL_SIZES}
    assert set(sizes) - tokens == set(FITTED)


def test_every_weight_is_one_of_five() -> None:
    assert {name: len(values) for name, values in defined("weight").items()} == dict.fromkeys(
        WEIGHTS, 1
    )
    shorthands = [value.removeprefix("italic ") for value in said("font") if value != "inherit"]
    weights = {value.split()[0] for value in shorthands} | set(said("font-weight"))
    faces = set(re.findall(r"font-weight: ([\d ]+);", (STATIC / "css" / "fonts.css").read_text()))
    assert weights - faces - {"inherit"} == {f"var({name})" for name in WEIGHTS}


def test_a_page_changes_at_three_widths_only() -> None:
    asked = " ".join(re.findall(r"@(?:media|container)([^{]+)\{", rules()))
    assert set(re.findall(r"\(width (?:<|>=) ([\w.]+)\)", asked)) == WIDTHS
    assert "min-width" not in asked
    assert "max-width" not in asked


def test_icons_are_drawn_with_two_strokes() -> None:
    strokes = {name: values for name, values in defined("stroke").items() if values}
    strong = strokes.pop("--stroke-strong")
    assert strokes == {}
    assert set(said("stroke-width")) == {"var(--stroke)", "var(--stroke-strong)"}
    # It stands alone, so no token reaches it.
    assert (
        set(re.findall(r'stroke-width="(.+?)"', (STATIC / "css" / "chevron.svg").read_text()))
        == strong
    )
    assert "stroke-width" not in (STATIC / "icons" / "sprite.svg").read_text()


def test_every_corner_and_every_gap_is_of_the_scale() -> None:
    corners = {
        value
        for value in said(r"border(?:-\w+)*-radius")
        if re.sub(
            r"calc\(|var\(--r-\w+\)|var\(--s-\d+\)|[-*\s)]|0\.85|3px|\b0\b|inherit", "", value
        )
    }
    assert corners == set(DRAWN_CORNERS)
    steps = {value for values in defined("s").values() for value in values}
    assert len(steps) > 10
    gaps = said(r"(?:row-|column-)?gap|padding[a-z-]*|margin[a-z-]*")
    assert [v for v in gaps if steps & set(re.findall(r"(?<![\w.])\d*\.?\d+rem\b", v))] == []


LONGEST_LINE = 160


def test_a_difference_between_sheets_or_scripts_can_be_read_line_by_line() -> None:
    """But an address that holds the whole file is one word."""
    files = [*(STATIC / "css").rglob("*.css"), *(STATIC / "js").rglob("*.js")]
    assert len(files) > 60
    assert [
        f"{path.relative_to(STATIC)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_LINE and 'url("data:' not in line
    ] == []


def test_no_room_is_measured_by_the_width_of_a_digit() -> None:
    """That changes, and words break elsewhere, when the real face takes the place of its stand-in."""
    assert re.findall(r"[^;{]*\b[\d.]+ch\b", rules()) == []
