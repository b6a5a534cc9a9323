"""What a page of the double answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Reply:
    """What a page answers."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"

    @classmethod
    def redirect(cls, url: str) -> Reply:
        return cls(status=303, headers={"Location": url})

    @classmethod
    def json(cls, body: Any, status: int = 200) -> Reply:
        return cls(json.dumps(body, indent=2), status, kind="application/json")
