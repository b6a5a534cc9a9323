"""Idempotency keys, as Stripe's first API keeps them: the answer given once is given again, 500s too."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from sandbox.stripe_double.errors import StripeError, bad_parameter
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

KEPT_SECONDS = 24 * 60 * 60
LONGEST = 255


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


class Keys:
    """Which keys are being worked on, and what was answered to the others."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, key: str, request: str) -> Answer | None:
        """The earlier answer; or None, and the key is held until ``end``. Raises when it may not be used."""
        if len(key) > LONGEST:
            raise bad_parameter(f"Idempotency keys can be up to {LONGEST} characters long.")
        with self._lock:
            if key in self._busy:
                raise StripeError(
                    409,
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                    message="There is currently another in-progress request using this Idempotent Key (that "
                    "probably means you submitted twice, and the other request is still going through): "
                    f"{key}. Please try again later.",
                    kept=False,
                    headers={"Stripe-Should-Retry": "true"},
                )
            record = self._record(key)
            if record is None:
                self._busy.add(key)
                return None
        if record["request"] != request:
            raise StripeError(
                400,
                kind="idempotency_error",
                message="Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a different "
                "request.",
                kept=False,
            )
        again = {"Idempotent-Replayed": "true", "Original-Request": record["request_id"]}
        return Answer(record["status"], record["body"], again)

    def keep(self, key: str, request: str, request_id: str, answer: Answer) -> None:
        """Remember an answer; call it inside the change that it tells of."""
        self._world.store.save(
            {
                "id": f"key {key}",
                "object": "_answer",
                "created": self._world.now(),
                "request": request,
                "request_id": request_id,
                "status": answer.status,
                "body": answer.body,
            }
        )

    def end(self, key: str) -> None:
        with self._lock:
            self._busy.discard(key)

    def _record(self, key: str) -> Obj | None:
        with self._world.change():
            record = self._world.store.find("_answer", f"key {key}")
            if record and record["created"] + KEPT_SECONDS < self._world.now():
                self._world.store.forget(record)
                return None
            return record
