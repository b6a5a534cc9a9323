"""One API request from its headers to its answer: key, rate, trouble, idempotency, effect."""

from __future__ import annotations

import base64
import json
import traceback
from dataclasses import replace
from typing import Any

import stripe

from sandbox.stripe_double.api import routes
from sandbox.stripe_double.api.forms import decode
from sandbox.stripe_double.api.idempotency import Answer, Keys
from sandbox.stripe_double.errors import StripeError, api_error, rate_limited, unauthorized
from sandbox.stripe_double.state.store import new_id
from sandbox.stripe_double.state.world import REQUEST, Request, World

TEST_KEYS = ("sk_test_", "rk_test_")


class ConnectionDropped(Exception):
    """No answer: the caller's connection just closes."""


class ApiHandler:
    """Answers requests to /v1/."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.keys = Keys(world)

    def answer(self, method: str, path: str, raw: str, headers: Any) -> Answer:
        """The answer to give; raises ConnectionDropped when there is to be none."""
        request_id = new_id("req")
        try:
            self._admit(headers)
            self.world.do_what_is_due()
            given = self._guarded(method, path, raw, headers.get("Idempotency-Key"), request_id)
        except StripeError as problem:
            given = _as_answer(problem, request_id)
        own = {
            "Request-Id": request_id,
            "Stripe-Version": headers.get("Stripe-Version") or stripe.api_version,
            "Idempotency-Key": headers.get("Idempotency-Key") or "",
        }
        own = {name: value for name, value in own.items() if value}
        return replace(given, headers={**own, **given.headers})

    def _admit(self, headers: Any) -> None:
        key = _api_key(headers.get("Authorization") or "")
        if not key:
            raise unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization "
                "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
        wanted = self.world.options.api_key
        if key != wanted if wanted else not key.startswith(TEST_KEYS):
            hidden = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else f"{key[:3]}****"
            raise unauthorized(f"Invalid API Key provided: {hidden}")

    def _guarded(
        self, method: str, path: str, raw: str, key: str | None, request_id: str
    ) -> Answer:
        trouble = self.world.faults.strike(method, path)
        if trouble == "api_429":
            raise rate_limited()
        request = f"{method} {path} {json.dumps(decode(raw), sort_keys=True)}"
        key = key if method == "POST" else None
        if key and (earlier := self.keys.begin(key, request)):
            return earlier
        try:
            return self._troubled(method, path, raw, key, request_id, request, trouble)
        finally:
            if key:
                self.keys.end(key)

    def _troubled(
        self,
        method: str,
        path: str,
        raw: str,
        key: str | None,
        request_id: str,
        request: str,
        trouble: str | None,
    ) -> Answer:
        late = self.world.faults.switches.after_effect
        if trouble in ("api_hang", "api_drop") and not late:
            self._vanish(trouble)
        with self.world.change():
            token = REQUEST.set(Request(request_id, key))
            try:
                answer, kept = self._effect(method, path, raw, request_id, trouble, late)
            finally:
                REQUEST.reset(token)
            if key and kept:
                self.keys.keep(key, request, request_id, answer)
        if trouble in ("api_hang", "api_drop"):
            if key:
                self.keys.end(key)
            self._vanish(trouble)
        return answer

    def _effect(
        self, method: str, path: str, raw: str, request_id: str, trouble: str | None, late: bool
    ) -> tuple[Answer, bool]:
        try:
            if trouble == "api_500" and not late:
                raise api_error()
            body = routes.call(self.world, method, path, decode(raw))
            if trouble == "api_500":
                raise api_error()
        except StripeError as problem:
            return _as_answer(problem, request_id), problem.kept
        except Exception:
            traceback.print_exc()
            return _as_answer(api_error(), request_id), True
        return Answer(200, body, {}), True

    def _vanish(self, trouble: str) -> None:
        if trouble == "api_hang":
            self.world.faults.hang()
        raise ConnectionDropped


def _as_answer(problem: StripeError, request_id: str) -> Answer:
    log = f"https://dashboard.stripe.com/test/logs/{request_id}"
    return Answer(
        problem.status, {"error": {**problem.error, "request_log_url": log}}, problem.headers
    )


def _api_key(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except ValueError:
            return ""
    return value.strip() if scheme.lower() == "bearer" else ""
