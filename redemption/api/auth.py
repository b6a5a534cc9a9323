"""Who is at the till: the paired device that a token belongs to."""

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

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
