"""JSON that claims to be Stripe's, judged by the classes of the stripe package.

They are generated from Stripe's API description of the very version that the package speaks
(`stripe.api_version`), so nobody who wrote the product or its double wrote the judge. A field that the
classes know as required must be there and not null; one that they do not know must not be; what they list
as values is all that may stand there, and whatever hangs on an object (lists, expansions, an event's
subject) is judged too. Which optional fields Stripe leaves out they do not say: its own samples do
(`test_shapes.py`).
"""

import inspect
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import pytest
import stripe
from stripe._object_classes import OBJECT_CLASSES

from sandbox.stripe_double.api.handler import ApiHandler
from sandbox.stripe_double.state.webhooks import Webhooks

OF_THE_SDK = {
    "last_response",
    "deleted",
    "user_message",
}  # never sent, or sent of what is gone only
UNKNOWN_TO_THE_SDK = {"message_code"}  # of an error: seen in Stripe's answers, in no description
UNIONS = (Union, types.UnionType)
SCALARS: dict[Any, tuple[type, ...]] = {
    int: (int,), str: (str,), bool: (bool,), float: (int, float), Decimal: (str,),
}  # fmt: skip


def faults(value: Any) -> list[str]:
    """What is wrong with an answer, an object, a list or an event; empty when it could be Stripe's."""
    if isinstance(value, dict) and set(value) == {"error"}:
        known = {k: v for k, v in value["error"].items() if k not in UNKNOWN_TO_THE_SDK}
        return list(_fields(stripe.ErrorObject, known, "error"))
    return list(_object(value, ""))


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every answer and every webhook of a double in this process is judged; the test fails at its end."""
    found: list[str] = []
    answer, post = ApiHandler.answer, Webhooks._post

    def judged_answer(self: ApiHandler, method: str, path: str, *rest: Any) -> Any:
        given = answer(self, method, path, *rest)
        found.extend(f"{method} {path}: {each}" for each in faults(given.body))
        return given

    def judged_post(self: Webhooks, event: Any, *rest: Any) -> str:
        found.extend(f"{event['type']}: {each}" for each in faults(self.shown(event)))
        return post(self, event, *rest)

    monkeypatch.setattr(ApiHandler, "answer", judged_answer)
    monkeypatch.setattr(Webhooks, "_post", judged_post)
    yield found
    assert not found, "\n".join(sorted(set(found)))


@cache
def _class_of(kind: str) -> Any:
    module, name = OBJECT_CLASSES[kind]
    return getattr(import_module(module), name)


@cache
def _annotations(cls: Any) -> dict[str, Any]:
    """Of the class alone: what it inherits is the SDK's own."""
    known = {name.rstrip("_"): each for name, each in inspect.get_annotations(cls).items()}
    return {
        name: each
        for name, each in known.items()
        if not name.startswith("_") and not name.isupper() and name not in OF_THE_SDK
    }


def _object(value: Any, path: str, names: tuple[str, ...] = ()) -> Iterator[str]:
    """``names``: of the classes that may stand here, none if any may."""
    kind = value.get("object") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        yield f"{path}: {value!r:.60} is no object"
    elif kind == "list":
        yield from _list(value, path, names)
    elif kind not in OBJECT_CLASSES:
        yield f"{path}: no object of Stripe's: {kind}"
    else:
        cls = _class_of(kind)
        if names and cls.__name__ not in names:
            yield f"{path}: a {cls.__name__} where {' or '.join(names)} should be"
        if value.get("deleted") is True and set(value) == {"id", "object", "deleted"}:
            return
        yield from _fields(cls, value, f"{path}.{kind}" if path else kind)
        if kind == "event":
            yield from _told(value["data"], path)


def _list(value: dict[str, Any], path: str, names: tuple[str, ...]) -> Iterator[str]:
    for name, kind in (("data", list), ("has_more", bool), ("url", str)):
        if not isinstance(value.get(name), kind):
            yield f"{path}.{name}: missing or no {kind.__name__}"
    for place, each in enumerate(value.get("data") or ()):
        yield from _object(each, f"{path}[{place}]", names)


def _told(data: dict[str, Any], path: str) -> Iterator[str]:
    """What an event tells of, and what it says that was before."""
    subject = data.get("object")
    yield from _object(subject, f"{path}event.data")
    before = data.get("previous_attributes")
    if isinstance(subject, dict) and subject.get("object") in OBJECT_CLASSES and before:
        known = _annotations(_class_of(subject["object"]))
        for name, value in before.items():
            if name not in known:
                yield f"event.previous_attributes.{name}: unknown"
            elif value is not None:
                wrong = _value(known[name], value, f"event.previous_attributes.{name}")
                yield from (each for each in wrong if not each.endswith(": missing"))


def _fields(cls: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r:.60} is no {cls.__name__}"
        return
    known = _annotations(cls)
    yield from (f"{path}.{name}: unknown" for name in value if name not in known)
    for name, declared in known.items():
        if name in value:
            yield from _value(declared, value[name], f"{path}.{name}")
        elif type(None) not in get_args(declared):
            yield f"{path}.{name}: missing"


def _value(declared: Any, value: Any, path: str) -> Iterator[str]:
    origin, options = get_origin(declared), get_args(declared)
    if origin in UNIONS:
        yield from _one_of(options, value, path)
    elif origin is Literal:
        if value not in options:
            yield f"{path}: {value!r:.60} is none of {options}"
    elif origin in (list, typing.List):  # noqa: UP006
        if not isinstance(value, list):
            yield f"{path}: {value!r:.60} is no list"
            return
        for place, each in enumerate(value):
            yield from _value(options[0], each, f"{path}[{place}]")
    elif origin is dict or getattr(origin, "__name__", "") == "UntypedStripeObject":
        yield from _mapping(options[-1], value, path)
    elif origin is stripe.ListObject:
        yield from _object(value, path, _names(options))
    elif isinstance(declared, ForwardRef):
        yield from _object(value, path, _names((declared,)))
    elif declared in SCALARS:
        if not isinstance(value, SCALARS[declared]) or (
            declared is not bool and value is bool(value)
        ):
            yield f"{path}: {value!r:.60} is no {declared.__name__}"
    elif isinstance(declared, type):
        named = "OBJECT_NAME" in vars(declared)
        yield from (
            _object(value, path, (declared.__name__,)) if named else _fields(declared, value, path)
        )


def _one_of(options: tuple[Any, ...], value: Any, path: str) -> Iterator[str]:
    if value is None:
        if type(None) not in options:
            yield f"{path}: null"
        return
    options = tuple(each for each in options if each is not type(None))
    listed = [each for each in options if get_origin(each) is Literal]
    if listed and str in options:  # an open list: Stripe may add to it, the double may not
        options = tuple(listed)
    linked = _names(options)
    if linked and isinstance(value, dict):
        yield from _object(value, path, linked)
        return
    tried = [
        list(_value(each, value, path)) for each in options if not isinstance(each, ForwardRef)
    ]
    yield from min(tried, key=len, default=[])


def _mapping(declared: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r:.60} is no mapping"
    elif declared is not Any:
        for name, each in value.items():
            yield from _value(declared, each, f"{path}.{name}")


def _names(options: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(
        str(each.__forward_arg__).split(".")[-1] for each in options if isinstance(each, ForwardRef)
    )
