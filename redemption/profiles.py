"""What each kind of device may open: lists of routes, and nothing that is not on its list.

A route that is added to the till or the API is closed to every device until it is named here.
"""

from redemption.models import Device

API_LOOKING = frozenset({"api-lookups"})
API_ACTING = frozenset({"api-redemptions", "api-reversal"})

TILL_PAGES = frozenset(
    {
        "till",
        "till_staff",
        "till_unlocking",
        "till_sessions",
        "till_end_session",
        "till_lookups",
        "till_redemptions",
        "till_reversal",
    }
)
"""For people at a counter. Pairing and the manifest are for whoever comes, so they are not here."""

ROUTES: dict[str, frozenset[str]] = {
    Device.Profile.POS: TILL_PAGES | API_LOOKING | API_ACTING,
    Device.Profile.INTEGRATION: API_LOOKING | API_ACTING,
    Device.Profile.DISPLAY: API_LOOKING,
}


def may_open(device: Device, route: str | None) -> bool:
    """Whether the device's profile lists the route, by its name in urls.py."""
    return route in ROUTES.get(device.profile, frozenset())
