"""Three endpoints for tills: look up, redeem, reverse."""

from contextlib import suppress
from functools import cached_property
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django_scopes import scope
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers as rest
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.problems import problem
from redemption.api import examples, plain, serializers
from redemption.api.auth import Token, TokenAuthentication, count_failed_token
from redemption.api.permissions import HasToken, IsDevice
from redemption.api.problems import CONTENT_TYPE, respond
from redemption.models import Device, StaffMember
from redemption.redeem import payloads, redeem, reverse
from redemption.redeem.lookup import TooManyTries, look_up
from redemption.redeem.reasons import Refusal
from redemption.redeem.reverse import ReversalRefusal, ReversalRefused
from redemption.redeem.rules import UnknownCode, WrongField
from redemption.redeem.snapshot import StrangeDevice, Till
from redemption.till import device_profiles, devices


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(serializers.ProblemAnswer, description)


def _answers(by_status: dict[int, Any]) -> dict[Any, Any]:
    """For the schema: errors are of a type of their own."""
    return {
        (status, CONTENT_TYPE) if status >= HTTPStatus.BAD_REQUEST else status: answer
        for status, answer in by_status.items()
    }


_COMMON = {
    400: _problem("A field is missing or wrong."),
    401: _problem("The device is not paired, or was revoked."),
    403: _problem("A display only looks up; a counter device's token is for its pages alone."),
    404: _problem(
        "`unknown_code`, whatever the cause; `replaced` for symbols that the gift had before."
    ),
    415: _problem("Send JSON."),
    429: _problem("`too_many_tries` or `manager_needed`: wait as long as Retry-After says."),
    503: _problem("`unavailable`: try again, with the same key, after Retry-After seconds."),
}


KEY_PATTERN = r'^([!-~]{1,255}|"[!-~]{1,255}")$'


class DeviceView(APIView):
    """An endpoint for paired devices."""

    @property
    def device(self) -> Device:
        return cast(Device, self.request.auth)

    def read(self, serializer: type[rest.Serializer[Any]]) -> dict[str, Any]:
        reader = serializer(data=self.request.data)
        reader.is_valid(raise_exception=True)
        return cast(dict[str, Any], reader.validated_data)


class TokenView(DeviceView):
    """An endpoint whose act reads the device together with everything else, and so saves a query."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (HasToken,)

    def admit(self, device: Device | Till | None) -> None:
        """Who may come in, asked by the act each time it looked. Raises as DRF does."""
        self.request.auth = self.presented.check(device)
        if not IsDevice().has_permission(self.request, self):
            self.permission_denied(self.request)

    def handle_exception(self, exc: Exception) -> Response:
        """A stranger is told that first, whatever else is wrong with the request."""
        if isinstance(self.request.auth, Token):
            device = devices.device_for_token(self.request.auth.text)
            try:
                if device is None:
                    count_failed_token(self.request)
                self.admit(device)
            except APIException as refused:
                exc = refused
        return super().handle_exception(exc)

    @cached_property
    def presented(self) -> Token:
        """First read before `admit` puts the device in its place."""
        return cast(Token, self.request.auth)

    @property
    def token(self) -> str:
        return self.presented.text


class LookupView(TokenView):
    @extend_schema(
        operation_id="look_up",
        summary="What a code is, and whether this till may take it",
        request=serializers.LookupRequest,
        examples=examples.LOOK_UP,
        responses=_answers({200: serializers.LookupAnswer, **_COMMON}),
    )
    def post(self, request: Request) -> JsonResponse:
        asked = self.read(serializers.LookupRequest)
        try:
            found = look_up(
                device=self.token,
                text=asked["code"],
                staff=asked.get("staff"),
                admit=self.admit,
            )
        except WrongField as wrong:
            raise rest.ValidationError({wrong.field: [str(wrong)]}) from None
        except (UnknownCode, TooManyTries) as no:
            return respond(payloads.refused(no.refusal))
        return JsonResponse(payloads.look_up(found))


class RedemptionView(TokenView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A plain request is answered at once; for any other the framework reads, checks and tells."""
        asked = plain.read(request)
        if asked:
            with suppress(StrangeDevice, WrongField, APIException):
                return _told(_redeem_plainly(request, asked))
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @extend_schema(
        operation_id="redeem",
        summary="Redeem a code, once per Idempotency-Key",
        request=serializers.RedemptionRequest,
        examples=examples.REDEEM,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 257, "pattern": KEY_PATTERN},
                OpenApiParameter.HEADER,
                required=True,
                description=(
                    "Made by the till for one act, kept through its retries; answers are kept for"
                    " 400 days. In quotes it is the same key as without."
                ),
            )
        ],
        responses=_answers(
            {
                201: serializers.RedemptionAnswer,
                **_COMMON,
                409: _problem("Refused: see `reason`."),
                422: _problem("`choices_required`, `invalid` or `idempotency_key_reused`."),
                503: _problem(
                    "`busy`: another till holds this gift; `unavailable`: our records are away."
                    " Try again with the same key."
                ),
            }
        ),
    )
    def post(self, request: Request) -> HttpResponse:
        key = self._key()
        asked = self.read(serializers.RedemptionRequest)
        try:
            answer = redeem.redeem(
                device=self.token,
                text=asked.pop("code"),
                key=key,
                picks=asked.pop("choices", None),
                staff=asked.pop("staff", None),
                client_time=asked.pop("client_time", None),
                currencies={name: sum_.currency for name, sum_ in asked.items() if sum_.currency},
                **{name: sum_.amount for name, sum_ in asked.items()},
                admit=self.admit,
            )
        except WrongField as wrong:
            raise rest.ValidationError({wrong.field: [str(wrong)]}) from None
        return _told(answer)

    def _key(self) -> str:
        key = serializers.idempotency_key(self.request.headers.get("Idempotency-Key", ""))
        if not key:
            raise rest.ValidationError(
                {"Idempotency-Key": ["Send this header: 1 to 255 visible ASCII characters."]}
            )
        return key


def _redeem_plainly(request: HttpRequest, asked: plain.Plain) -> redeem.Answer:
    def admit(till: Till) -> None:
        profile = asked.token.check(till).profile
        if not device_profiles.may_open(profile, "api-redemptions"):
            raise PermissionDenied

    return redeem.redeem(
        device=asked.token.text,
        text=asked.code,
        key=asked.key,
        amount=asked.amount,
        picks=asked.choices,
        basket_total=asked.basket_total,
        admit=admit,
    )


def _told(answer: redeem.Answer) -> HttpResponse:
    """The answer's own bytes, so that a repeat is the same to the last one."""
    response = HttpResponse(
        answer.text,
        status=answer.status_code,
        content_type="application/json" if answer.redeemed else CONTENT_TYPE,
    )
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    if isinstance(answer.fresh, Refusal) and answer.fresh.retry_after is not None:
        response["Retry-After"] = str(answer.fresh.retry_after)
    return response


EITHER: list[dict[str, list[str]]] = [{"device": []}, {"apiKey": []}]
"""The same as of the other endpoints, which the schema reads off their authentication."""


class ReversalView(DeviceView):
    @extend_schema(
        operation_id="reverse",
        summary="Take a redemption back within the brand's window",
        auth=cast(Any, EITHER),
        request=serializers.ReversalRequest,
        examples=examples.REVERSE,
        responses=_answers(
            {
                201: serializers.ReversalAnswer,
                **_COMMON,
                404: _problem("`unknown_redemption`"),
                409: _problem("`already_reversed`, `window_passed` or `not_active`."),
            }
        ),
    )
    def post(self, request: Request, redemption_id: UUID) -> JsonResponse:
        asked = self.read(serializers.ReversalRequest)
        try:
            reversal = reverse.reverse(
                device=self.device,
                redemption_id=redemption_id,
                reason=asked["reason"],
                staff=self._staff(asked.get("staff")),
            )
        except ReversalRefused as refused:
            status = 404 if refused.reason == ReversalRefusal.UNKNOWN_REDEMPTION else 409
            return respond(
                problem(
                    status=status, reason=refused.reason.value, detail=str(refused.reason.label)
                )
            )
        return JsonResponse(payloads.reversed_(reversal, reversal.redemption.code), status=201)

    def _staff(self, staff_id: UUID | None) -> StaffMember | None:
        """The person named in the body, who must work at this store."""
        if staff_id is None:
            return None
        with scope(brand=self.device.brand):
            member = StaffMember.objects.at(self.device.store).filter(pk=staff_id).first()
        if member is None:
            raise rest.ValidationError({"staff": ["Nobody of that id works at this store."]})
        return member
