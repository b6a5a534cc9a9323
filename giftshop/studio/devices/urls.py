"""Devices of a brand, under /studio/<brand>/devices/."""

from django.urls import path

from giftshop.studio.devices import views

urlpatterns = [
    path("", views.device_list, name="devices"),
    path("<uuid:device_id>/", views.device_state, name="device_state"),
    path("<uuid:device_id>/name/", views.device_name, name="device_name"),
    path("<uuid:device_id>/revocation/", views.device_revocation, name="device_revocation"),
]
