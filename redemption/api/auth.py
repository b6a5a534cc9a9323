"""Who is at the till: the paired device that a token belongs to."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from redemption import pairing
from redemption.models import Device

SCHEMES = {"device", "bearer"}


class DeviceAuthentication(BaseAuthentication):
    """`Authorization: Device <token>`, or `Bearer <api key>`: the token of a till system's device."""

    def authenticate(self, request: Request) -> tuple[None, Device] | None:
        words = get_authorization_header(request).split()
        if not words:
            return None
        if len(words) != 2 or words[0].decode(errors="replace").lower() not in SCHEMES:
            raise exceptions.AuthenticationFailed(_("Say Authorization: Device <token>."))
        device = pairing.device_for_token(words[1].decode(errors="replace"))
        if device is None or (
            words[0].lower() == b"bearer" and device.profile != Device.Profile.INTEGRATION
        ):
            raise exceptions.AuthenticationFailed(_("This device is not paired, or was revoked."))
        return None, device

    def authenticate_header(self, request: Request) -> str:
        return "Device"


class IsDevice(BasePermission):
    """A paired device whose profile may hand treats over."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Device) and request.auth.may_redeem


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "redemption.api.auth.DeviceAuthentication"
    name = ["device", "apiKey"]  # noqa: RUF012

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Device <token>`, as printed by pair_device.",
            },
            {"type": "http", "scheme": "bearer"},
        ]
