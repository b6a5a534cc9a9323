"""`python -m bench.screens.compare BEFORE AFTER`: which pictures differ, by how many pixels, side by side."""

from __future__ import annotations

import argparse
import html
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from sandbox.places import CHECKOUT

KEPT = CHECKOUT / ".local" / "screens"
CHANGED = (214, 0, 88)
SLIGHT = 8
"""Of 255: a channel that differs by less does so by the rounding of a blend."""

FEW = 20
"""Pixels: no more than so many are how the edge of a curve fell, and not told."""


@dataclass(frozen=True)
class Difference:
    """One picture of two sets: `pixels` differ; None where one of the two has no such picture."""

    name: str
    before: Path | None
    after: Path | None
    pixels: int | None
    marked: Path | None = None

    @property
    def words(self) -> str:
        """As a line of a report."""
        if self.before is None:
            return f"{self.name}: only after"
        if self.after is None:
            return f"{self.name}: only before"
        return f"{self.name}: {self.pixels:,} pixels"


def compare(
    before: Path, after: Path, into: Path, renamed: Mapping[str, str] | None = None
) -> list[Difference]:
    """Those that differ, most pixels first; each with a picture in `into` that marks where. `renamed`: words
    of names before, and what they are after."""
    into.mkdir(parents=True, exist_ok=True)
    old = {_renamed(path.name, renamed or {}): path for path in sorted(before.glob("*.png"))}
    new = {path.name: path for path in sorted(after.glob("*.png"))}
    found: list[Difference] = []
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            found.append(Difference(name, one, other, None))
            continue
        pixels, marked = differing(one, other)
        if pixels > FEW:
            marked.save(into / name)
            found.append(Difference(name, one, other, pixels, into / name))
    return sorted(found, key=lambda each: (each.pixels is None, -(each.pixels or 0), each.name))


def differing(before: Path, after: Path) -> tuple[int, Image.Image]:
    """How many pixels differ, and the later picture, pale, with those marked. What only the larger of two
    sizes has differs."""
    pair = [Image.open(path).convert("RGB") for path in (before, after)]
    size = (max(each.width for each in pair), max(each.height for each in pair))
    if pair[0].size == pair[1].size and pair[0].tobytes() == pair[1].tobytes():
        return 0, pair[1]
    one, other = (_on_canvas(each, size) for each in pair)
    bands = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    mask = most.point([0] * SLIGHT + [255] * (256 - SLIGHT))
    both = Image.new("L", size, 0)
    both.paste(255, (0, 0, min(each.width for each in pair), min(each.height for each in pair)))
    mask = ImageChops.lighter(mask, ImageChops.invert(both))
    pale = Image.blend(other, Image.new("RGB", size, "white"), 0.6)
    pale.paste(CHANGED, mask=mask)
    return mask.histogram()[255], pale


def _on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture)
    return canvas


def _renamed(name: str, renamed: Mapping[str, str]) -> str:
    for old, new in renamed.items():
        name = name.replace(old, new)
    return name


def page(differences: Iterable[Difference], into: Path) -> str:
    """Before, after and what changed, side by side; its pictures are named relative to `into`."""
    rows = "\n".join(
        f"<section><h2>{html.escape(each.words)}</h2><div>{_figures(each, into)}</div></section>"
        for each in differences
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens, before and after</title>
<style>body {{ font: 16px system-ui; margin: 1rem }} div {{ display: flex; gap: 1rem; overflow-x: auto }}
figure {{ margin: 0 }} img {{ border: 1px solid #999; max-width: 30vw }}</style>
<h1>Screens, before and after</h1>
{rows or "<p>Nothing differs.</p>"}
"""


def _figures(each: Difference, into: Path) -> str:
    shown = {"before": each.before, "after": each.after, "changed": each.marked}
    return "".join(
        f"<figure><figcaption>{word}</figcaption>"
        f'<img loading="lazy" alt="" src="{_link(path, into)}"></figure>'
        for word, path in shown.items()
        if path
    )


def _link(path: Path, into: Path) -> str:
    return html.escape(Path(os.path.relpath(path, into)).as_posix())


def main() -> int:
    options = arguments()
    folders = [KEPT / name for name in (options.before, options.after)]
    for folder in folders:
        if not any(folder.glob("*.png")):
            print(f"No pictures in {folder}: make screens NAME={folder.name}", file=sys.stderr)
            return 2
    into = folders[1].parent / f"{folders[0].name}-{folders[1].name}"
    found = compare(*folders, into, dict(pair.split("=", 1) for pair in options.renamed))
    (into / "index.html").write_text(page(found, into))
    for each in found:
        print(f"  {each.words}")
    same = len({path.name for path in folders[1].glob("*.png")} - {each.name for each in found})
    print(f"{len(found)} differ, {same} are the same: {into / 'index.html'}")
    return 1 if found else 0


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench.screens.compare", description=__doc__)
    words.add_argument("before", help="a folder below .local/screens/, or any other's path")
    words.add_argument("after")
    words.add_argument(
        "--renamed",
        nargs="*",
        default=[],
        metavar="OLD=NEW",
        help="words of names that have changed since",
    )
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
