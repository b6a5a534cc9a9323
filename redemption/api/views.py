"""Three doors for tills: look up, redeem, reverse."""

from typing import Any, cast
from uuid import UUID

from django.http import JsonResponse
from django_scopes import scope
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers as rest
from rest_framework.request import Request
from rest_framework.views import APIView

from redemption import redeeming, reversing, telling
from redemption.api import serializers
from redemption.api.problems import respond
from redemption.looking_up import UnknownCode, look_up
from redemption.models import Device, StaffMember
from redemption.reasons import Reason
from redemption.reversing import ReversalRefusal, ReversalRefused


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(serializers.ProblemAnswer, description)


_COMMON = {
    400: _problem("A field is missing or wrong."),
    401: _problem("The device is not paired, or was revoked."),
    403: _problem("This device only displays."),
    404: _problem("`unknown_code`, whatever the cause."),
    415: _problem("Send JSON."),
}


class DeviceView(APIView):
    @property
    def device(self) -> Device:
        return cast(Device, self.request.auth)

    def read(self, serializer: type[rest.Serializer[Any]]) -> dict[str, Any]:
        reader = serializer(data=self.request.data, context={"device": self.device})
        reader.is_valid(raise_exception=True)
        return cast(dict[str, Any], reader.validated_data)

    def staff(self, staff_id: UUID | None) -> StaffMember | None:
        """The person named in the body, who must work at this store."""
        if staff_id is None:
            return None
        with scope(brand=self.device.brand):
            member = StaffMember.objects.at(self.device.store).filter(pk=staff_id).first()
        if member is None:
            raise rest.ValidationError({"staff": ["Nobody of that id works at this store."]})
        return member


class LookupView(DeviceView):
    @extend_schema(
        operation_id="look_up",
        summary="What a code is, and whether this till may take it",
        request=serializers.LookupRequest,
        responses={200: serializers.LookupAnswer, **_COMMON},
    )
    def post(self, request: Request) -> JsonResponse:
        asked = self.read(serializers.LookupRequest)
        try:
            found = look_up(device=self.device, text=asked["code"])
        except UnknownCode:
            return respond(telling.refused(Reason.UNKNOWN_CODE))
        return JsonResponse(telling.look_up(found))


class RedemptionView(DeviceView):
    @extend_schema(
        operation_id="redeem",
        summary="Redeem a code, once per Idempotency-Key",
        request=serializers.RedemptionRequest,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                OpenApiParameter.HEADER,
                required=True,
                description="Made by the till for one act, kept through its retries.",
            )
        ],
        responses={
            201: serializers.RedemptionAnswer,
            **_COMMON,
            409: _problem("Refused: see `reason`."),
            422: _problem("`choices_required`, `invalid` or `idempotency_key_reused`."),
            503: _problem("`busy`: another till holds this gift; try again with the same key."),
        },
    )
    def post(self, request: Request) -> JsonResponse:
        key = self._key()
        asked = self.read(serializers.RedemptionRequest)
        answer = redeeming.redeem(
            device=self.device,
            text=asked["code"],
            key=key,
            amount=asked.get("amount"),
            picks=asked.get("choices"),
            basket_total=asked.get("basket_total"),
            staff=self.staff(asked.get("staff")),
            client_time=asked.get("client_time"),
        )
        headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
        if not answer.redeemed:
            return respond(answer.body, **headers)
        return JsonResponse(answer.body, status=answer.status_code, headers=headers)

    def _key(self) -> str:
        reader = serializers.IdempotencyKey(
            data={"key": self.request.headers.get("Idempotency-Key", "")}
        )
        if not reader.is_valid():
            raise rest.ValidationError(
                {"Idempotency-Key": ["Send this header: 1 to 255 visible ASCII characters."]}
            )
        return str(reader.validated_data["key"])


class ReversalView(DeviceView):
    @extend_schema(
        operation_id="reverse",
        summary="Take a redemption back within the brand's window",
        request=serializers.ReversalRequest,
        responses={
            201: serializers.ReversalAnswer,
            **_COMMON,
            404: _problem("`unknown_redemption`"),
            409: _problem("`already_reversed` or `window_passed`."),
        },
    )
    def post(self, request: Request, redemption_id: UUID) -> JsonResponse:
        asked = self.read(serializers.ReversalRequest)
        try:
            reversal = reversing.reverse(
                device=self.device,
                redemption_id=redemption_id,
                reason=asked["reason"],
                staff=self.staff(asked.get("staff")),
            )
        except ReversalRefused as refused:
            status = 404 if refused.reason == ReversalRefusal.UNKNOWN_REDEMPTION else 409
            return respond(
                telling.problem(
                    status=status, reason=refused.reason.value, detail=str(refused.reason.label)
                )
            )
        return JsonResponse(telling.reversed_(reversal, reversal.redemption.code), status=201)
