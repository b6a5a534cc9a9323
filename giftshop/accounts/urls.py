from django.contrib.auth.views import LogoutView
from django.urls import path

from giftshop.accounts import views

urlpatterns = [
    path("accounts/login/", views.SignIn.as_view(), name="login"),
    path("accounts/session/", views.keep_session, name="keep_session"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
]
