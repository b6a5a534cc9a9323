"""Checks of single values that the declarations cannot make."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Sequence
from typing import Any

from sandbox.stripe_double.errors import bad_parameter, not_played

LONGEST_DESCRIPTOR = 22
MOST_KEYS, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500
EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]",
    re.ASCII | re.IGNORECASE,
)
"""No host without a dot, no IP address in brackets, and no letters outside ASCII, in the host neither."""


def only_played(params: dict[str, Any], played: frozenset[str], named: str = "{}") -> None:
    """Stop at what Stripe would understand and the double would silently pass over."""
    for name in params:
        if name not in played:
            raise not_played(named.format(name))


def one_of(params: dict[str, Any], name: str, allowed: Sequence[str]) -> None:
    if name in params and params[name] not in allowed:
        listed = ", ".join(allowed[:-1]) + f", or {allowed[-1]}"
        raise bad_parameter(f"Invalid {name}: must be one of {listed}", name)


def statement(params: dict[str, Any], named: str = "{}") -> None:
    """What a card's statement says: the account's name, and after it the suffix."""
    if "statement_descriptor" in params:
        message = (
            "The `statement_descriptor` parameter is not supported for card payments; "
            "use `statement_descriptor_suffix`."
        )
        raise bad_parameter(message, named.format("statement_descriptor"))
    suffix = params.get("statement_descriptor_suffix")
    if suffix is None:
        return
    param = named.format("statement_descriptor_suffix")
    if len(suffix) > LONGEST_DESCRIPTOR:
        raise bad_parameter(f"Invalid string: {suffix}; must be at most 22 characters", param)
    if re.search(r"[<>\\'\"*]|[^ -~]", suffix) or not re.search("[A-Za-z]", suffix):
        raise bad_parameter(f"The statement descriptor suffix is not valid: {suffix}", param)


def url(params: dict[str, Any], name: str) -> None:
    if name not in params:
        return
    parts = urllib.parse.urlsplit(params[name])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_parameter("Not a valid URL", name, "url_invalid")


def email(params: dict[str, Any], name: str) -> None:
    if name in params and not EMAIL.fullmatch(params[name]):
        raise bad_parameter(f"Invalid email address: {params[name]}", name, "email_invalid")


def at_most(params: dict[str, Any], name: str, length: int) -> None:
    if len(params.get(name, "")) > length:
        message = f"Invalid string: {params[name][:10]}…; must be at most {length} characters"
        raise bad_parameter(message, name)


def metadata(
    params: dict[str, Any], before: dict[str, str] | None = None, param: str = "metadata"
) -> dict[str, str]:
    """What is kept: new keys over old ones; an empty value takes a key away, an empty whole takes all."""
    given = params.get("metadata", {})
    if given == "":
        return {}
    merged = {**(before or {}), **given}
    for key, value in merged.items():
        if len(key) > LONGEST_KEY:
            message = (
                f"Metadata keys can be up to {LONGEST_KEY} characters; this one has {len(key)}."
            )
            raise bad_parameter(message, param)
        if len(value) > LONGEST_VALUE:
            message = (
                f"Metadata values can have up to {LONGEST_VALUE} characters, but you passed in a value that "
                f"is {len(value)} characters. Invalid value: {value[:20]}…"
            )
            raise bad_parameter(message, f"{param}[{key}]")
    kept = {key: value for key, value in merged.items() if value != ""}
    if len(kept) > MOST_KEYS:
        raise bad_parameter(f"Metadata can have up to {MOST_KEYS} keys.", param)
    return kept
