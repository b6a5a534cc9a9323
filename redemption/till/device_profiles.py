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
        "till_unblocking",
        "till_own_pin",
        "till_sessions",
        "till_end_session",
        "till_keep_session",
        "till_lookups",
        "till_redemptions",
        "till_reversal",
    }
)
"""For people at a counter. Pairing and the manifest are for whoever comes, so they are not here."""

MANAGER_PAGES = frozenset(
    {
        "till_sold_out",
        "till_manager",
        "till_manager_refused",
        "till_manager_shift",
        "till_manager_shift_export",
        "till_manager_staff",
        "till_manager_staff_new",
        "till_manager_person",
        "till_manager_pin",
        "till_manager_role",
        "till_manager_unlocking",
        "till_manager_deactivation",
        "till_manager_reactivation",
        "till_manager_devices",
        "till_manager_device",
        "till_manager_device_state",
        "till_manager_device_name",
        "till_manager_device_revocation",
        "till_manager_device_unblocking",
        "till_manager_gifts",
        "till_manager_gift",
        "till_manager_gift_repeat",
        "till_manager_gift_correction",
        "till_manager_gift_hold",
        "till_manager_gift_release",
        "till_manager_gift_extension",
        "till_manager_gift_voiding",
        "till_manager_gift_decision",
        "till_manager_goodwill",
        "till_manager_requests",
    }
)
"""The manager's console: pages of the same device, for whoever signed in as a manager."""

# No profile has both pages and API: a device's token lives in a cookie that no script reads, a program's in
# its settings, and neither is good in the other's place.
ROUTES: dict[str, frozenset[str]] = {
    Device.Profile.POS: TILL_PAGES | MANAGER_PAGES,
    Device.Profile.INTEGRATION: API_LOOKING | API_ACTING,
    Device.Profile.DISPLAY: API_LOOKING,
}


def may_open(profile: str, route: str | None) -> bool:
    """Whether a profile lists the route, by its name in urls.py."""
    return route in ROUTES.get(profile, frozenset())
