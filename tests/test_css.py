"""Every rule has a page, every token a rule, and nothing moves by itself for five seconds."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
COMPOSED = ("badge-", "icon-", "letter-", "skeleton-", "theme-", "scheme-", "button-")
"""What a template puts together of a word and a value."""
BY_OTHERS = {"htmx-request"}
SECONDS = re.compile(r"(?<![\w.])([\d.]+)(m?s)\b")


def rules() -> str:
    """All style sheets, without comments, quoted texts and addresses."""
    text = "\n".join(path.read_text() for path in sorted((STATIC / "css").rglob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r'url\([^)]*\)|"[^"]*"', "", text)


def sources() -> str:
    """What can name a class or a token: templates, scripts and widgets."""
    folders = ("templates", "static/js", "giftshop", "campaigns", "redemption", "core")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return "\n".join(path.read_text() for path in files if path.suffix in {".html", ".js", ".py"})


def test_no_two_sheets_have_one_name() -> None:
    names = [path.name for path in (STATIC / "css").rglob("*.css")]
    assert len(names) > 20
    assert sorted(names) == sorted(set(names))


def test_every_class_of_a_rule_is_on_a_page() -> None:
    names = {
        name
        for selector in re.findall(r"([^{};]+)\{", rules())
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector)
    }
    words = set(re.findall(r"[\w-]+", sources()))
    assert len(names) > 300
    assert {n for n in names if not n.startswith(COMPOSED)} - words - BY_OTHERS == set()


def test_every_token_is_there_and_used() -> None:
    defined = set(re.findall(r"(--[\w-]+)\s*:", rules()))
    used = set(re.findall(r"var\((--[\w-]+)", rules()))
    from_outside = {f"--brand-{name}" for name in ("accent", "accent-2", "paper", "ink", "round")}
    assert used - defined - from_outside == set()
    assert defined - used - set(re.findall(r"--[\w-]+", sources())) == set()


def test_nothing_moves_by_itself_for_five_seconds() -> None:
    """animation: name duration delay? times?"""
    moves = re.findall(r"animation:\s*([^;}]+)", rules())
    assert len(moves) > 4
    for move in moves:
        assert "infinite" not in move
        seconds = [float(n) / (1000 if unit == "ms" else 1) for n, unit in SECONDS.findall(move)]
        times = re.search(r"(?<=\s)(\d+)(?=\s|$)", move)
        if seconds:
            lasts = seconds[0] * int(times[1] if times else 1) + sum(seconds[1:2])
            assert lasts < 5, move
