from django.urls import path

from giftshop.team import views

urlpatterns = [
    path("invitations/<uuid:invitation_id>/", views.own_invitation, name="own_invitation"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
