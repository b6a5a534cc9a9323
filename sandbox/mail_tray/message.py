"""What is in a message: bodies, headers, and the pictures that its HTML names by `cid:`."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

PREVIEW_CHARACTERS = 140
CID = re.compile(r"cid:([^\"'\s)>]+)", re.IGNORECASE)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# Links of a mail open in a window of their own, as they do in a mail reader.
NEW_WINDOW = '<base target="_blank">'


@dataclass(frozen=True)
class Part:
    """A picture or an attachment."""

    number: int
    name: str
    content_type: str
    content_id: str
    content: bytes


class Message:
    """A parsed message. Whatever is broken in it reads as empty, for it came from outside."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.parsed = email.message_from_bytes(raw, policy=email.policy.default)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header, in its order."""
        return [(name, _text(value)) for name, value in self.parsed.items()]

    def header(self, name: str) -> str:
        """One header, empty if it is missing."""
        return _text(self.parsed.get(name, ""))

    @property
    def text(self) -> str:
        """The plain text body."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML body as it was sent."""
        return self._body("html")

    @property
    def preview(self) -> str:
        """The first words, as a list of mail shows them."""
        words = " ".join(self.text.split())
        return words[:PREVIEW_CHARACTERS] + ("…" if len(words) > PREVIEW_CHARACTERS else "")

    def parts(self) -> list[Part]:
        """Everything that is not one of the two bodies."""
        bodies = [self.parsed.get_body((kind,)) for kind in ("plain", "html")]
        found = [
            part
            for part in self.parsed.walk()
            if not part.is_multipart() and not any(part is body for body in bodies)
        ]
        return [_part(number, part) for number, part in enumerate(found)]

    def page(self, part_url: str) -> str:
        """The HTML body with its `cid:` pictures at `part_url` + number."""
        places = {part.content_id: f"{part_url}{part.number}" for part in self.parts()}
        html = CID.sub(lambda found: places.get(found.group(1), found.group(0)), self.html)
        head = HEAD.search(html)
        cut = head.end() if head else 0
        return html[:cut] + NEW_WINDOW + html[cut:]

    def _body(self, kind: str) -> str:
        body = self.parsed.get_body((kind,))
        if body is None:
            return ""
        try:
            return str(body.get_content()).replace("\r\n", "\n")
        except (LookupError, UnicodeError, ValueError):
            return ""


def _part(number: int, part: EmailMessage) -> Part:
    content_id = _text(part.get("Content-ID", "")).strip("<> ")
    return Part(
        number=number,
        name=part.get_filename() or content_id or f"part-{number}",
        content_type=part.get_content_type(),
        content_id=content_id,
        content=cast(bytes, part.get_payload(decode=True) or b""),
    )


def _text(value: object) -> str:
    return str(value).replace("\n", " ").replace("\r", "")
