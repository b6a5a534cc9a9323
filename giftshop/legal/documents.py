"""A text that a law wants: headings and paragraphs, as data, so that it can be shown, compared and kept."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Paragraph:
    text: str
    language: str = ""
    """Of a brand's own words, as BCP 47 has it; empty: that of the page."""


@dataclass(frozen=True)
class Section:
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Document:
    """In one language."""

    title: str
    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, Any]:
        """What JSON can hold."""
        return {
            "title": self.title,
            "sections": [
                {
                    "heading": each.heading,
                    "paragraphs": [
                        {"text": one.text, "language": one.language} for one in each.paragraphs
                    ],
                }
                for each in self.sections
            ],
        }

    def digest(self) -> bytes:
        """SHA-256; the same for the same words."""
        return hashlib.sha256(json.dumps(self.as_data(), sort_keys=True).encode()).digest()


def section(heading: str, *texts: str) -> Section:
    """Of the product's own words; empty texts are left out."""
    return Section(heading, tuple(Paragraph(text) for text in texts if text))


def own_words(heading: str, text: str, language: str) -> Section:
    """What a brand wrote, a paragraph for each of its lines."""
    lines = filter(None, map(str.strip, text.splitlines()))
    return Section(heading, tuple(Paragraph(line, language) for line in lines))


def from_data(data: dict[str, Any]) -> Document:
    """What as_data gave."""
    return Document(
        data["title"],
        tuple(
            Section(each["heading"], tuple(Paragraph(**one) for one in each["paragraphs"]))
            for each in data["sections"]
        ),
    )
