"""The manager's console, under /till/manager/. Looking up gifts is in giftshop, which knows senders."""

from django.urls import path

from redemption.till.views.manager import devices, goodwill, requests, staff, today

urlpatterns = [
    path("", today.today, name="till_manager"),
    path("refused/", today.refused, name="till_manager_refused"),
    path("shift/", today.summary, name="till_manager_shift"),
    path("shift/export/", today.export, name="till_manager_shift_export"),
    path("goodwill/", goodwill.goodwill, name="till_manager_goodwill"),
    path("requests/", requests.requests, name="till_manager_requests"),
    path("staff/", staff.people, name="till_manager_staff"),
    path("staff/new/", staff.new, name="till_manager_staff_new"),
    path("staff/<uuid:staff_id>/", staff.person, name="till_manager_person"),
    path("staff/<uuid:staff_id>/pin/", staff.pin, name="till_manager_pin"),
    path("staff/<uuid:staff_id>/role/", staff.role, name="till_manager_role"),
    path("staff/<uuid:staff_id>/unlocking/", staff.unlocking, name="till_manager_unlocking"),
    path(
        "staff/<uuid:staff_id>/deactivation/",
        staff.deactivation,
        name="till_manager_deactivation",
    ),
    path(
        "staff/<uuid:staff_id>/reactivation/",
        staff.reactivation,
        name="till_manager_reactivation",
    ),
    path("devices/", devices.devices, name="till_manager_devices"),
    path("devices/<uuid:device_id>/", devices.device, name="till_manager_device"),
    path("devices/<uuid:device_id>/state/", devices.state, name="till_manager_device_state"),
    path("devices/<uuid:device_id>/name/", devices.name, name="till_manager_device_name"),
    path(
        "devices/<uuid:device_id>/revocation/",
        devices.revocation,
        name="till_manager_device_revocation",
    ),
    path(
        "devices/<uuid:device_id>/unblocking/",
        devices.unblocking,
        name="till_manager_device_unblocking",
    ),
]
