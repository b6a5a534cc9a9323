"""Colleagues in the studio, under /studio/<brand>/team/."""

from django.urls import path

from giftshop.studio.team import views

urlpatterns = [
    path("", views.team, name="studio_team"),
    path(
        "invitations/<uuid:invitation_id>/withdrawal/",
        views.invitation_withdrawal,
        name="invitation_withdrawal",
    ),
    path("<uuid:user_id>/", views.member, name="studio_member"),
    path("<uuid:user_id>/factors/reset/", views.factor_reset, name="studio_member_factor_reset"),
    path("<uuid:user_id>/removal/", views.removal, name="studio_member_removal"),
]
