"""Refusals in the shapes that Stripe gives them."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """One of Stripe's error answers.

    ``kept`` says whether an idempotency key remembers it: Stripe remembers what an endpoint answered, but not
    a refusal given before the endpoint began (bad parameters, no key, too many requests, a key in use).
    """

    def __init__(
        self,
        status: int,
        *,
        kind: str = "invalid_request_error",
        message: str,
        kept: bool = True,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        self.headers = headers or {}
        self.error: dict[str, Any] = {"message": message, "type": kind}
        self.error |= {name: value for name, value in more.items() if value is not None}
        if code := self.error.get("code"):
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def bad_parameter(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    """A request that Stripe refuses before doing anything."""
    return StripeError(400, message=message, param=param, code=code, kept=False)


def missing_parameter(param: str) -> StripeError:
    return bad_parameter(f"Missing required param: {param}.", param, "parameter_missing")


def refused(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """A well-formed request that the state of things forbids."""
    return StripeError(400, message=message, param=param, code=code)


def no_such(kind: str, object_id: str, param: str = "id") -> StripeError:
    noun = kind.replace(".", "_").replace("checkout_session", "checkout.session").replace("_", " ")
    noun = noun.replace(" ", "") if kind == "payment_intent" else noun
    return StripeError(
        404,
        message=f"No such {noun}: '{object_id}'",
        param=param,
        code="resource_missing",
        kept=False,
    )


def unknown_url(method: str, path: str) -> StripeError:
    message = (
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/."
    )
    return StripeError(404, message=message, kept=False)


def not_played(param: str) -> StripeError:
    """A parameter that Stripe has and the double lacks: better a loud stop than a silent untruth."""
    message = f"The Stripe double does not play '{param}'; teach it before relying on it."
    return bad_parameter(message, param, "double_does_not_play")


def api_error() -> StripeError:
    return StripeError(500, kind="api_error", message="An unknown error occurred.")


def rate_limited() -> StripeError:
    return StripeError(
        429,
        message="Request rate limit exceeded. Learn more about rate limits here: "
        "https://stripe.com/docs/rate-limits.",
        code="rate_limit",
        kept=False,
        headers={"Stripe-Should-Retry": "false", "Stripe-Rate-Limited-Reason": "global-rate"},
    )


def unauthorized(message: str) -> StripeError:
    return StripeError(
        401, message=message, kept=False, headers={"WWW-Authenticate": 'Bearer realm="Stripe"'}
    )
