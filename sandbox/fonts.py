"""Makes static/fonts/*.woff2 and their unicode-range in static/css/fonts.css from the packed originals.

    python -m sandbox.fonts      (so does `make fonts`; asks npm's registry)

A page needs one size of drawing and a few weights: the rest of a variable face is left out. Kerning is
that of one weight for all, since kerning for each weight takes as many bytes as the letters. What most
words of Western Europe are written with comes first and alone; a page with another letter asks for that, too.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import tarfile
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from sandbox.places import CHECKOUT

FONTS = CHECKOUT / "static" / "fonts"
STYLES = CHECKOUT / "static" / "css" / "fonts.css"

VERSION = "5.3.0"
"""Of each package @fontsource-variable/FACE; static/vendor/README.md names it too."""


COMMON = {
    *range(0x20, 0x7F),
    *map(ord, "ÄÖÜäöüßÁÉÍÓÚÑáéíóúñÀÂÇÈÊËÎÏÔÙÛŒàâçèêëîïôùûœÃÕãõÌÒìòÅåØøÆæ"),
    *map(
        ord,
        "¡¿«»“”„…•·€£\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}",
    ),
    *range(0x2018, 0x201B),  # single quotation marks
}
"""English, German, Spanish, French, Italian, Portuguese, Danish, Norwegian, Swedish; and the signs that our
pages write."""

RARE = "-rare"
"""The file of a subset with what is left of it."""


@dataclass(frozen=True)
class Face:
    """A face as we use it: its original's files, what is kept of its axes, where kerning is taken.

    `axes` and `kerning` are in the units of the face's own axes; a pair is a range that stays variable.
    """

    name: str
    sha256: str
    """Of the packed original."""
    style: str
    """How its files' names end: opsz-normal, wght-italic."""
    axes: dict[str, float | tuple[float, float]]
    kerning: dict[str, float]
    subsets: tuple[str, ...] = ("latin", "latin-rare", "latin-ext", "vietnamese")
    """A letter goes to the first that has it; "latin" has the common ones alone."""
    helps: str = ""
    """A face whose letters this one need not have: it stands in only for what that one lacks."""


FACES = [
    Face(
        "bricolage-grotesque",
        "6e99e0d844f7bc152bb3b007f9b1493c53e60cc0744cc681bb744e0b5f14665e",
        "opsz-normal",
        # Drawn for 32 px, between the name of a treat (19) and the largest heading (72).
        {"opsz": 32, "wght": (600, 760)},
        {"opsz": 32, "wght": 680},
    ),
    Face(
        "figtree",
        "745eb850be26774948b5aa9342b7182660ed3a48ac40509c7babcfdcd90c39d7",
        "wght-normal",
        {"wght": (400, 760)},
        {"wght": 500},
        ("latin", "latin-rare", "latin-ext"),
    ),
    Face(
        "fraunces",
        "c8bff30211fb6683f7c4c6fa0c298d1f1c7d4e811767de92d26a199c273235fb",
        "wght-italic",
        {"wght": 430},
        {"wght": 430},
    ),
    Face(
        "hanken-grotesk",
        "ceaf44924113b0dfe025b2bc4e263ccc64a2414559bbcb5966a480a3c45eba35",
        "wght-normal",
        {"wght": (400, 760)},
        {"wght": 500},
        ("vietnamese",),
        helps="figtree",
    ),
]


def main() -> None:
    """Write every file anew, and say how many bytes each has."""
    letters: dict[str, set[int]] = {}
    with tempfile.TemporaryDirectory() as name:
        for face in FACES:
            originals = packed(face, Path(name))
            letters[face.name] = set(letters.get(face.helps, set()))
            for subset in face.subsets:
                file = FONTS / f"{face.name}-{subset}.woff2"
                source = subset.removesuffix(RARE)
                original = originals / f"{face.name}-{source}-{face.style}.woff2"
                wanted = COMMON if subset == "latin" else None
                kept = cut(original, face, letters[face.name], file, wanted)
                letters[face.name] |= kept
                claim(file.name, kept)
                print(f"{file.stat().st_size:>8,}  {file.name}")
            licence = (originals.parent / "LICENSE").read_text()
            (FONTS / f"{face.name}.LICENSE.txt").write_text(licence)


def packed(face: Face, folder: Path) -> Path:
    """The folder of the original's files; stops if they are not what we know."""
    package = f"@fontsource-variable/{face.name}@{VERSION}"
    said = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / said.stdout.strip().splitlines()[-1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != face.sha256:
        raise SystemExit(f"{package} is another file than we know: sha256 {found}")
    with tarfile.open(archive) as members:
        members.extractall(folder / face.name, filter="data")
    return folder / face.name / "package" / "files"


def cut(
    original: Path, face: Face, others: set[int], file: Path, wanted: set[int] | None
) -> set[int]:
    """Write the file with what we use, less the letters that `others` has; `wanted`: those alone. Returns
    its letters."""
    font = reopened(instantiateVariableFont(TTFont(original), face.axes))
    if "GPOS" in font:
        at_one_weight = reopened(instantiateVariableFont(TTFont(original), face.kerning))
        for table in ("GPOS", "GDEF"):
            if table in at_one_weight:
                font[table] = at_one_weight[table]
        font = reopened(font)
    options = Options()
    options.hinting = False
    options.layout_features = [
        *[each for each in options.layout_features if each not in {"frac", "numr", "dnom"}],
        *["tnum", "pnum"],
    ]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # whose it is and its licence stay in it
    subsetter = Subsetter(options)
    letters = set(font.getBestCmap()) - others
    subsetter.populate(unicodes=letters if wanted is None else letters & wanted)
    subsetter.subset(font)
    font["head"].modified = font["head"].created  # the same bytes whenever it is made
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(file)
    return set(font.getBestCmap())


def reopened(font: TTFont) -> TTFont:
    """The font as it is read back: what was changed in one table is then known to the others."""
    buffer = io.BytesIO()
    font.flavor = None
    font.save(buffer)
    buffer.seek(0)
    return TTFont(buffer, recalcTimestamp=False)


def claim(name: str, letters: set[int]) -> None:
    """Say in the style sheet that this file has exactly these letters."""
    styles, times = re.subn(
        rf"({re.escape(name)}\".*?unicode-range: )[^;]*",
        lambda match: match[1] + unicode_range(letters),
        STYLES.read_text(),
        count=1,
        flags=re.DOTALL,
    )
    if not times:
        raise SystemExit(f"{STYLES.name} has no face from {name}")
    STYLES.write_text(styles)


def unicode_range(letters: set[int]) -> str:
    """As CSS writes it, in lines that can be read: {65, 66, 67, 192} is U+0041-0043, U+00C0."""
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    written = ",".join(
        f"U+{first:04X}" + (f"-{last:04X}" if last > first else "") for first, last in runs
    )
    return textwrap.fill(
        written.replace(",", ", "), 140, subsequent_indent=" " * 6, break_on_hyphens=False
    )


if __name__ == "__main__":
    main()
