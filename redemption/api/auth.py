"""Who is at the till: the paired device that a token belongs to."""

from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from redemption.models import Device
from redemption.redeem import guess_limit
from redemption.redeem.reasons import Reason
from redemption.redeem.snapshot import Till
from redemption.till import devices

D = TypeVar("D", bound=Device | Till)
"""As a row, or as it was read together with a code."""

SCHEMES = {"device", "bearer"}


class TooManyTries(exceptions.Throttled):
    """Too many unknown tokens from one address."""

    default_code = "too_many_tries"
    default_detail = Reason.TOO_MANY_TRIES.label
    extra_detail_singular = extra_detail_plural = ""  # Retry-After says when


def count_failed_token(request: Request) -> None:
    """One more unknown token from this address. Raises TooManyTries after too many."""
    wait = guess_limit.count_failed_token(address=request.META["REMOTE_ADDR"])
    if wait:
        raise TooManyTries(wait)


@dataclass(frozen=True)
class Token:
    """What a till presents, not judged yet."""

    text: str
    scheme: str

    def check(self, device: D | None) -> D:
        """The device that it belongs to. An API key is the token of a till system, of nothing else."""
        if device is None or (
            self.scheme == "bearer" and device.profile != Device.Profile.INTEGRATION
        ):
            raise exceptions.AuthenticationFailed(_("This device is not paired, or was revoked."))
        return device


def _presented(request: Request) -> Token | None:
    words = get_authorization_header(request).decode(errors="replace").split()
    if not words:
        return None
    if len(words) != 2 or words[0].lower() not in SCHEMES:
        raise exceptions.AuthenticationFailed(_("Say Authorization: Device <token>."))
    return Token(words[1], words[0].lower())


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Device <token>`, or `Bearer <api key>`. Only reads it: for acts that look the
    device up together with everything else they need."""

    def authenticate(self, request: Request) -> tuple[None, Token | Device] | None:
        token = _presented(request)
        return (None, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        return "Device"


class DeviceAuthentication(TokenAuthentication):
    """The paired device itself. One query."""

    def authenticate(self, request: Request) -> tuple[None, Token | Device] | None:
        token = _presented(request)
        if token is None:
            return None
        device = devices.device_for_token(token.text)
        if device is None:
            count_failed_token(request)
        return None, token.check(device)
