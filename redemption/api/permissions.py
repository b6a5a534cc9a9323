"""What a device's profile lets it do."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from redemption.models import Device

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module through the settings


class IsDevice(BasePermission):
    """A paired device whose profile may hand treats over."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.auth, Device) and request.auth.may_redeem
