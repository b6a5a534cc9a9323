"""The API for people: one plain page made from the schema. No script, so our CSP holds."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

from core.problems import problem
from redemption.api.problems import respond


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


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    headers: list[Field]
    fields: list[Field]
    replies: list[Reply]
    example: str


EXAMPLES: dict[str, dict[str, Any]] = {
    "look_up": {"code": "7Q4K-9XWM-2HTD-P6VC-R"},
    "redeem": {
        "code": "7Q4K-9XWM-2HTD-P6VC-R",
        "choices": {"flavour": "mint"},
        "basket_total": {"amount": 1250, "currency": "USD"},
    },
    "reverse": {"reason": "wrong recipient"},
}


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
            Reply(status, reply["description"].split("`") if reply.get("description") else [])
            for status, reply in sorted(operation["responses"].items())
        ],
        example=json.dumps(EXAMPLES.get(operation["operationId"], {}), indent=2),
    )


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
    if "oneOf" in field:
        return " or ".join(_kind(option) for option in field["oneOf"])
    return str(field.get("format", field.get("type", "")))
