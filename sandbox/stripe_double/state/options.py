"""How a double is set up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Options:
    """How a double is set up; seconds unless said otherwise."""

    webhook_url: str | None = None
    webhook_secret: str = "whsec_double"
    api_key: str | None = None  # None: any sk_test_ or rk_test_ key
    state: Path | None = None
    port: int = 0
    now: float | None = None  # where the clock stands still until it is moved; None: it goes
    public_url: str | None = None  # where buyers reach the page, when that is not where we listen
    merchant: str = "Sandbox shop"
    webhook_retry: float = 0.5  # before the second attempt; doubled each time, at most a minute
    webhook_attempts: int = 12
    webhook_timeout: float = 20.0
    webhook_workers: int = 1  # one keeps Stripe's own order
