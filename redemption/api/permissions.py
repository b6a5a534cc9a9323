"""What a device's profile lets it do."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from redemption.api.auth import Token
from redemption.models import Device
from redemption.redeem.snapshot import Till
from redemption.till import device_profiles

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module through the settings


class IsDevice(BasePermission):
    """A paired device whose profile lists this route."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        route = request.resolver_match.url_name if request.resolver_match else None
        asking = request.auth
        return isinstance(asking, Device | Till) and device_profiles.may_open(asking.profile, route)


class HasToken(BasePermission):
    """Somebody who presents a token. The act itself finds out whose it is, and then asks IsDevice."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.auth, Token)
