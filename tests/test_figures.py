"""Figures are kept in a document's table: new ones replace their own rows and leave the others."""

from pathlib import Path

from tests.figures import BEGIN, END, bound, keep, table


def row(invariant: str, what: str, result: str) -> tuple[str, ...]:
    return (invariant, what, "10 rounds", result, bound(10), "2026-11-22")


def test_a_row_replaces_its_own_and_leaves_the_others(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    empty = table({})
    document.write_text(f"# Page\n\n{BEGIN}\n{empty}{END}\n\nThe end.\n")
    keep(document, [row("I5", "one key", "1 effect"), row("I1", "one code", "0 double")])
    keep(document, [row("I1", "one code", "0 double again"), row("I26", "no broker", "works")])
    text = document.read_text()
    lines = [
        line for line in text.splitlines() if line.startswith("| I") and "What was" not in line
    ]
    assert [line.split(" | ")[0] for line in lines] == ["| I1", "| I5", "| I26"]
    assert "0 double again" in lines[0]
    assert text.startswith("# Page")
    assert text.endswith("The end.\n")


def test_zero_in_n_has_its_bound() -> None:
    assert (bound(200), bound(2000), bound(None)) == ("< 1.5 %", "< 0.15 %", "")
