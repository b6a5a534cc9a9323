"""Request parameters judged by the declarations that the stripe package carries.

Nobody who writes the product wrote these declarations (they are generated from Stripe's API description), so
a double that asks them cannot accept merely what its authors imagined.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
import types
import typing
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from stripe import StripeObject
from stripe._request_options import RequestOptions
from typing_extensions import get_type_hints, is_typeddict

from sandbox.stripe_double.errors import StripeError, bad_parameter, missing_parameter

# Options of the SDK call itself, which every *Params class inherits; they never travel in a request body.
SDK_OPTIONS = frozenset(RequestOptions.__annotations__)
UNIONS = (typing.Union, types.UnionType)
SCALARS = (str, int, float, bool, Decimal)
UNSETTABLE = {"metadata", "evidence"}  # whose entries an empty string takes away
BOOLEANS = ("true", "false")


class Problem(typing.NamedTuple):
    kind: str  # unknown, missing, wrong shape, empty, not a number, not a boolean, not listed
    path: str  # dotted: line_items.0.price_data.currency
    value: object = None
    listed: tuple[str, ...] = ()


@functools.cache
def params_class(resource: str, verb: str) -> Any:
    """("checkout.session", "create") -> stripe.params.checkout.SessionCreateParams"""
    *package, noun = resource.split(".")
    module = importlib.import_module(
        ".".join(["stripe", "params", *package, f"_{noun}_{verb}_params"])
    )
    name = "".join(word.title() for word in f"{noun}_{verb}_params".split("_"))
    return getattr(module, name)


def refuse_bad(resource: str, verb: str, body: Mapping[str, object]) -> None:
    """Raise Stripe's refusal for the first unknown, missing or wrongly shaped parameter."""
    for problem in problems(params_class(resource, verb), body):
        raise refusal(problem)


def refusal(problem: Problem) -> StripeError:
    param = bracketed(problem.path)
    if problem.kind == "missing":
        return missing_parameter(param)
    if problem.kind == "unknown":
        return bad_parameter(f"Received unknown parameter: {param}", param, "parameter_unknown")
    if problem.kind == "not a number":
        return bad_parameter(
            f"Invalid integer: {problem.value}", param, "parameter_invalid_integer"
        )
    if problem.kind == "not a boolean":
        return bad_parameter(f"Invalid boolean: {problem.value}", param)
    if problem.kind == "not listed":
        *others, last = problem.listed
        listed = ", ".join(others) + f", or {last}" if others else last
        return bad_parameter(f"Invalid {param}: must be one of {listed}", param)
    if problem.kind == "empty":
        message = (
            f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{param}' cannot be unset. You should remove '{param}' from your request "
            "or supply a non-empty value."
        )
        return bad_parameter(message, param, "parameter_invalid_empty")
    kinds = {"dict": "hash", "list": "array"}
    return bad_parameter(f"Invalid {kinds.get(type(problem.value).__name__, 'string')}", param)


def bracketed(path: str) -> str:
    """line_items.0.price_data -> line_items[0][price_data]"""
    first, *rest = path.split(".")
    return first + "".join(f"[{part}]" for part in rest)


def problems(params: Any, body: Mapping[str, object], path: str = "") -> list[Problem]:
    """Everything wrong with a body of strings; empty when all is well."""
    declared = parameters(params)
    required = params.__required_keys__ - SDK_OPTIONS
    found = [Problem("missing", f"{path}{name}") for name in sorted(required - set(body))]
    for name, value in body.items():
        if name in declared:
            found += _in_value(declared[name], value, f"{path}{name}")
        else:
            found.append(Problem("unknown", f"{path}{name}"))
    return found


def _in_value(declared: Any, value: object, path: str) -> list[Problem]:
    """Follow the declared type down to wherever a nested declaration meets a mapping."""
    origin, arguments = typing.get_origin(declared), typing.get_args(declared)
    wrong = [Problem("wrong shape", path, value)]
    if origin in UNIONS:
        arguments = _without_openness(arguments)
        found = [_in_value(option, value, path) for option in arguments]
        return min(found, key=lambda listed: (bool(listed) and listed[0] == wrong[0], len(listed)))
    if is_typeddict(declared):
        return problems(declared, value, f"{path}.") if isinstance(value, Mapping) else wrong
    if origin is list:
        return _in_items(arguments[0], enumerate(value), path) if isinstance(value, list) else wrong
    if origin is dict:
        return _in_items(arguments[1], value.items(), path) if isinstance(value, Mapping) else wrong
    if declared in SCALARS or origin is typing.Literal:
        return _in_scalar(declared, value, path)
    if isinstance(origin or declared, type) and issubclass(origin or declared, StripeObject):
        return [] if isinstance(value, Mapping) else wrong
    return []


def _without_openness(options: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list of words is declared open, so that the SDK outlives additions; Stripe takes those alone."""
    words = {
        word
        for option in options
        if typing.get_origin(option) is typing.Literal
        for word in typing.get_args(option)
    }
    return tuple(each for each in options if each is not str) if words - {""} else options


def _in_scalar(declared: Any, value: object, path: str) -> list[Problem]:
    if isinstance(value, Mapping | list):
        return [Problem("wrong shape", path, value)]
    if value == "" and declared in SCALARS and not UNSETTABLE & set(path.split(".")):
        return [Problem("empty", path)]
    if declared is int and not re.fullmatch(r"-?\d+", str(value)):
        return [Problem("not a number", path, value)]
    if declared is bool and str(value) not in BOOLEANS:
        return [Problem("not a boolean", path, value)]
    listed = typing.get_args(declared) if typing.get_origin(declared) is typing.Literal else ()
    if listed and str(value) not in listed:
        return [Problem("not listed", path, value, listed)]
    return []


def _in_items(declared: Any, pairs: Iterable[tuple[object, object]], path: str) -> list[Problem]:
    return [found for key, item in pairs for found in _in_value(declared, item, f"{path}.{key}")]


@functools.cache
def parameters(params: Any) -> dict[str, object]:
    """The declared parameters with their forward references resolved and NotRequired taken off."""
    names: dict[str, Any] = {**vars(typing), "StripeContext": object, "Decimal": Decimal}
    names |= vars(sys.modules[params.__module__])
    hints = get_type_hints(params, globalns=names)
    return {name: hint for name, hint in hints.items() if name not in SDK_OPTIONS}
