"""Tablets of a brand, under /studio/<brand>/tablets/."""

from django.urls import path

from giftshop.studio.devices import views

urlpatterns = [
    path("", views.tablets, name="tablets"),
    path("<uuid:device_id>/", views.tablet_state, name="tablet_state"),
    path("<uuid:device_id>/name/", views.tablet_name, name="tablet_name"),
    path("<uuid:device_id>/revocation/", views.tablet_revocation, name="tablet_revocation"),
]
