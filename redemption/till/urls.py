"""The counter's device, under /till/."""

from django.urls import include, path

from redemption.till.views import lookups, pair, redemptions, reversals, staff, till

urlpatterns = [
    path("", till.till, name="till"),
    path("manifest.webmanifest", till.manifest, name="till_manifest"),
    path("pair/", pair.pair, name="till_pair"),
    path("staff/", staff.staff, name="till_staff"),
    path("staff/<uuid:staff_id>/unlocking/", staff.unlocking, name="till_unlocking"),
    path("unblocking/", staff.unblocking, name="till_unblocking"),
    path("own-pin/", staff.own_pin, name="till_own_pin"),
    path("sessions/", staff.sessions, name="till_sessions"),
    path("sessions/end/", staff.end_session, name="till_end_session"),
    path("sessions/keep/", staff.keep_session, name="till_keep_session"),
    path("lookups/", lookups.lookups, name="till_lookups"),
    path("redemptions/", redemptions.redemptions, name="till_redemptions"),
    path("redemptions/<uuid:redemption_id>/reversal/", reversals.reversal, name="till_reversal"),
    path("manager/", include("redemption.till.views.manager.urls")),
]
