"""What the team believes, under /studio/<brand>/reasons/. How it compares is a page of campaigns/reasons."""

from django.urls import path

from giftshop.studio.reasons import views

urlpatterns = [
    path("own/", views.own_reasons, name="own_reasons"),
    path("own/skip/", views.skip, name="own_reasons_skip"),
    path("round/", views.new_round, name="reasons_round"),
]
