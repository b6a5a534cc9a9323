"""What of somebody's words can be printed: our letters are those of many languages, and no emoji."""

from giftshop.pictures import fonts
from giftshop.pictures.fonts import Face


def printable(text: str, face: Face) -> str:
    """Without what the face has no letters for; nothing where no word would be left whole enough to read."""
    kept = "\n".join(
        " ".join("".join(run for _file, run in fonts.runs(face, line)).split())
        for line in text.splitlines()
    ).strip()
    before, after = _letters(text), _letters(kept)
    return kept if after and after == before else ""


def left_out(text: str, face: Face) -> bool:
    """Whether anything of it stays off the paper."""
    return not all(fonts.has_all(face, line) for line in text.splitlines())


def _letters(text: str) -> int:
    return sum(letter.isalnum() for letter in fonts.composed(text))
