"""Signing in, and the parts of the studio that belong to no other room."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from giftshop.accounts import request_views, rule_views, trail_views, views

urlpatterns = [
    path("accounts/login/", views.SignIn.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("studio/", views.studio, name="studio"),
    path("studio/<slug:brand_slug>/rules/", rule_views.rules, name="rules"),
    path("studio/<slug:brand_slug>/trail/", trail_views.trail_page, name="trail"),
    path("studio/<slug:brand_slug>/requests/", request_views.requests, name="requests"),
    path(
        "studio/<slug:brand_slug>/requests/<uuid:request_id>/decision/",
        request_views.decision,
        name="request_decision",
    ),
    path("studio/<slug:brand_slug>/staff/", include("giftshop.accounts.staff_urls")),
    path("studio/<slug:brand_slug>/tablets/", views.tablets, name="tablets"),
    path(
        "studio/<slug:brand_slug>/tablets/<uuid:device_id>/",
        views.tablet_state,
        name="tablet_state",
    ),
    path(
        "studio/<slug:brand_slug>/tablets/<uuid:device_id>/name/",
        views.tablet_name,
        name="tablet_name",
    ),
    path(
        "studio/<slug:brand_slug>/tablets/<uuid:device_id>/revocation/",
        views.tablet_revocation,
        name="tablet_revocation",
    ),
]
