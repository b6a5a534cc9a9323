"""Stripe's double, as the demo asks it: its dashboard, its buyers and its banks."""

from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings

SECONDS = 10


@dataclass(frozen=True)
class Double:
    """Stripe's double over HTTP, with what only it can do."""

    url: str

    def is_there(self) -> bool:
        try:
            return bool(self.url) and requests.get(self._at("state"), timeout=SECONDS).ok
        except requests.ConnectionError:
            return False

    def do(self, path: str, **told: Any) -> dict[str, Any]:
        answer = requests.post(self._at(path), json=told, timeout=SECONDS)
        answer.raise_for_status()
        done: dict[str, Any] = answer.json()
        return done

    def answer_bank(self, dispute_id: str) -> None:
        """As the shop's owner does it at Stripe; the bank takes its time to read."""
        answer = requests.post(
            f"{self.url}/v1/disputes/{dispute_id}",
            data={"evidence[uncategorized_text]": "It was handed over on the same day."},
            auth=(settings.STRIPE_SECRET_KEY, ""),
            timeout=SECONDS,
        )
        answer.raise_for_status()

    def _at(self, path: str) -> str:
        return f"{self.url}/_double/{path}"
