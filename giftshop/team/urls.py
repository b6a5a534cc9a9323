from django.urls import path

from giftshop.team import password_views, views

urlpatterns = [
    path("invitations/<uuid:invitation_id>/", views.own_invitation, name="own_invitation"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("accounts/password/", password_views.forgotten_password, name="forgotten_password"),
    path(
        "accounts/password/<str:uidb64>/<str:token>/",
        password_views.new_password,
        name="new_password",
    ),
]
