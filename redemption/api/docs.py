"""The API for people: one plain page made from the schema. No script, so our CSP holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

from core.problems import problem
from redemption.api.problems import respond
from redemption.redeem.reasons import Reason, status_code
from redemption.redeem.reverse import ReversalRefusal


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True)
class Reply:
    status: str
    about: list[str]
    """Words and names of fields in turns, as backticks divide them."""
    reasons: list[tuple[str, str]]
    """What `reason` may say, and what that means."""


@dataclass(frozen=True)
class Example:
    name: str
    status: str
    body: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    headers: list[Field]
    fields: list[Field]
    replies: list[Reply]
    request: str
    """The body of the example."""
    answers: list[Example]


REASONS: dict[str, dict[str, int]] = {
    "look_up": {
        reason: status_code(reason)
        for reason in (
            Reason.UNKNOWN_CODE,
            Reason.REPLACED,
            Reason.TOO_MANY_TRIES,
            Reason.MANAGER_NEEDED,
        )
    },
    "redeem": {reason: status_code(reason) for reason in Reason},
    "reverse": {
        reason: 404 if reason == ReversalRefusal.UNKNOWN_REDEMPTION else 409
        for reason in ReversalRefusal
    },
}
"""By operation: which reasons its problems have, and their status."""


def api_docs(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        detail = _("This address is only read.")
        body = problem(status=405, reason="method_not_allowed", detail=detail)
        return respond(body, Allow="GET, HEAD")
    with translation.override("en"):  # the one language of the API
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        operations = [
            _operation(schema, path, method, operation)
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        ]
    context = {"info": schema["info"], "operations": operations}
    return render(request, "redemption/api/docs.html", context)


def _operation(
    schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> Operation:
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        headers=[
            Field(p["name"], _kind(p["schema"]), p.get("required", False), p.get("description", ""))
            for p in operation.get("parameters", [])
            if p["in"] == "header"
        ],
        fields=_fields(schema, operation),
        replies=[
            Reply(
                status,
                reply["description"].split("`") if reply.get("description") else [],
                _reasons(operation["operationId"], status),
            )
            for status, reply in sorted(operation["responses"].items())
        ],
        request=next(_examples(operation["requestBody"])).body,
        answers=[
            example
            for status, reply in sorted(operation["responses"].items())
            for example in _examples(reply, status)
        ],
    )


def _examples(told: dict[str, Any], status: str = "") -> Iterator[Example]:
    """Of a request's or an answer's body."""
    for content in told.get("content", {}).values():
        for name, example in content.get("examples", {}).items():
            body = json.dumps(example["value"], indent=2, ensure_ascii=False)
            yield Example(example.get("summary", name), status, body)


def _reasons(operation: str, status: str) -> list[tuple[str, str]]:
    words = dict([*Reason.choices, *ReversalRefusal.choices])
    return [
        (str(reason), str(words[reason]))
        for reason, code in REASONS[operation].items()
        if str(code) == status
    ]


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[Field]:
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    body = schema["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return [
        Field(name, _kind(field), name in body.get("required", []), field.get("description", ""))
        for name, field in body["properties"].items()
    ]


def _kind(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1].lower()
    if "allOf" in field:
        return _kind(field["allOf"][0])
    if "oneOf" in field:
        return " or ".join(_kind(option) for option in field["oneOf"])
    return str(field.get("format", field.get("type", "")))
