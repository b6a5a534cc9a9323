"""The request that tills send all day, read by hand.

A redemption is answered faster than Django REST framework can prepare to read one. So the plainest
requests, right in every field, are read here; whatever is not plain in the least, and every refusal of
a stranger, goes the framework's way, which says what is wrong. A test holds both to the same answers.
"""

import json
from typing import Any, NamedTuple

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from redemption.api.auth import SCHEMES, Token
from redemption.api.serializers import (
    AMOUNT_MAX,
    CODE_TEXT_LENGTH_MAX,
    PICKS_MAX,
    idempotency_key,
)


class Plain(NamedTuple):
    token: Token
    key: str
    code: str
    choices: dict[str, str | list[str]] | None
    amount: int | None
    basket_total: int | None


def read(request: HttpRequest) -> Plain | None:
    """None for whatever the serializer should look at."""
    told = request.META
    words = told.get("HTTP_AUTHORIZATION", "").split()
    key = idempotency_key(told.get("HTTP_IDEMPOTENCY_KEY", ""))
    if not (
        request.method == "POST"
        and told.get("CONTENT_TYPE") == "application/json"
        and len(words) == 2
        and words[0].lower() in SCHEMES
        and key
    ):
        return None
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        return None
    if type(body) is not dict or not body.keys() <= _FIELDS.keys() or "code" not in body:
        return None
    if not all(_FIELDS[name](value) for name, value in body.items()):
        return None
    return Plain(
        Token(words[1], words[0].lower()),
        key,
        body["code"],
        body.get("choices"),
        body.get("amount"),
        body.get("basket_total"),
    )


def _is_code(value: Any) -> bool:
    return (
        type(value) is str
        and len(value) <= CODE_TEXT_LENGTH_MAX
        and value.isascii()
        and value.isprintable()
        and not value.isspace()
        and bool(value)
    )


def _is_amount(value: Any) -> bool:
    return type(value) is int and 0 <= value <= AMOUNT_MAX


def _are_choices(value: Any) -> bool:
    return (
        type(value) is dict
        and len(value) <= PICKS_MAX
        and all(
            type(picked) is str
            or (type(picked) is list and all(type(option) is str for option in picked))
            for picked in value.values()
        )
    )


_FIELDS = {
    "code": _is_code,
    "choices": _are_choices,
    "amount": lambda value: _is_amount(value) and value > 0,
    "basket_total": _is_amount,
}
