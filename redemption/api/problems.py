"""Errors as RFC 9457 problem+json, each with a stable `reason`."""

from typing import Any

from django.http import JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.problems import problem

CONTENT_TYPE = "application/problem+json"


def respond(body: dict[str, Any], **headers: str) -> JsonResponse:
    if "retry_after" in body:
        headers["Retry-After"] = str(body["retry_after"])
    return JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE, headers=headers)


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's own errors, in the same form."""
    response = exception_handler(error, context)
    if response is None:
        return None
    fields: dict[str, Any] = {}
    if isinstance(error, exceptions.ValidationError):
        reason, detail, fields = (
            "invalid",
            "Some fields are missing or wrong.",
            {"errors": error.detail},
        )
    else:
        detail = str(getattr(error, "detail", error))
        reason = str(getattr(error, "default_code", "error"))
    response.data = problem(status=response.status_code, reason=reason, detail=detail, **fields)
    response.content_type = CONTENT_TYPE
    return response
