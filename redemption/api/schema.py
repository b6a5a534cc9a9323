"""What the OpenAPI schema says of our authentication, and of fields that it does not name. Loaded when
the app is ready."""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "redemption.api.auth.TokenAuthentication"
    match_subclasses = True
    name = ["device", "apiKey"]

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

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """Either will do."""
        return [{"device": []}, {"apiKey": []}]


class StrictShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """What refuses unknown fields says so."""

    target_class = "redemption.api.serializers.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**shape, "additionalProperties": False}
