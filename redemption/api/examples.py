"""A request and its answers, for each operation: in the OpenAPI description and on the page made from it.
A test holds them against the schema and against what is really answered."""

from typing import Any

from django.utils import translation
from drf_spectacular.utils import OpenApiExample

from core.problems import problem
from redemption.api.problems import CONTENT_TYPE
from redemption.redeem.reasons import Reason
from redemption.redeem.reverse import ReversalRefusal

CODE = "7Q4K-9XWM-2HTD-P6VC-R"
REDEMPTION = "01938f6e-4b1c-7d52-9a30-5f2c8e6b7a19"
FLAVOUR: dict[str, Any] = {
    "key": "flavour",
    "name": "Flavour",
    "chooser": "recipient",
    "min": 1,
    "max": 1,
    "options": [
        {"key": "mint", "label": "Garden mint", "extra": 0},
        {"key": "pistachio", "label": "Sicilian pistachio", "extra": 50},
    ],
    "picked": [],
}
PICKED = {**FLAVOUR, "picked": ["pistachio"]}
FIRST_USE = {
    "redeemed_at": "2026-11-28T20:14:07Z",
    "store": "Pike Street",
    "amount": {"amount": 650, "currency": "USD"},
}
LABEL = {"label": "Double scoop, Regular", "kind": "item", "recipient_name": "Ben"}
GIFT: dict[str, Any] = {
    **LABEL,
    "balance": {"amount": 650, "currency": "USD"},
    "choices": [FLAVOUR],
    "expires_at": "2031-11-25T08:00:00Z",
    "last_day": "2031-11-24",
}


def _asked(body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample("Request", body, request_only=True)


def _answered(name: str, status: int, body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, body, response_only=True, status_codes=[str(status)])


def _words(reason: Reason | ReversalRefusal) -> str:
    """In English, as the whole description."""
    with translation.override("en"):
        return str(reason.label)


def _refused(
    name: str, status: int, reason: Reason | ReversalRefusal, **facts: Any
) -> OpenApiExample:
    body = problem(status=status, reason=reason.value, detail=_words(reason), **facts)
    return OpenApiExample(
        name, body, response_only=True, status_codes=[str(status)], media_type=CONTENT_TYPE
    )


LOOK_UP = [
    _asked({"code": CODE}),
    _answered("Good here", 200, {"status": "redeemable", "gift": GIFT}),
    _answered(
        "Spent",
        200,
        {
            "status": "refused",
            "reason": Reason.ALREADY_REDEEMED.value,
            "detail": _words(Reason.ALREADY_REDEEMED),
            "gift": {
                **GIFT,
                "balance": {"amount": 0, "currency": "USD"},
                "choices": [PICKED],
                "first_use": FIRST_USE,
            },
        },
    ),
    _refused("No such code", 404, Reason.UNKNOWN_CODE),
]

REDEEM = [
    _asked(
        {
            "code": CODE,
            "choices": {"flavour": "pistachio"},
            "basket_total": {"amount": 1250, "currency": "USD"},
        }
    ),
    _answered(
        "Redeemed",
        201,
        {
            "id": REDEMPTION,
            "status": "redeemed",
            "redeemed": {"amount": 650, "currency": "USD"},
            "balance": {"amount": 0, "currency": "USD"},
            "extra": {"amount": 50, "currency": "USD"},
            "gift": LABEL,
            "choices": [PICKED],
            "redeemed_at": "2026-11-28T20:14:07Z",
            "reversible_until": "2026-11-28T20:15:07Z",
        },
    ),
    _refused(
        "Spent before",
        409,
        Reason.ALREADY_REDEEMED,
        first_use=FIRST_USE,
    ),
    _refused(
        "Nothing picked yet",
        422,
        Reason.CHOICES_REQUIRED,
        choices=[FLAVOUR],
    ),
]

REVERSE = [
    _asked({"reason": "Wrong flavour"}),
    _answered(
        "Reversed",
        201,
        {
            "id": "01938f6e-9c04-7a11-8b6d-2e7d1f3c5a80",
            "redemption": REDEMPTION,
            "status": "reversed",
            "reason": "Wrong flavour",
            "balance": {"amount": 650, "currency": "USD"},
            "reversed_at": "2026-11-28T20:14:49Z",
        },
    ),
    _refused("Too late", 409, ReversalRefusal.WINDOW_PASSED),
]
