"""Signing in by a provider. The names of the ways back are those that django-allauth looks for."""

from django.urls import path

from giftshop.sign_in.social import views

urlpatterns = [
    path("accounts/with/<slug:provider>/", views.social_sign_in, name="social_sign_in"),
    path("accounts/with/google/back/", views.google_callback, name="google_callback"),
    path("accounts/with/apple/back/", views.apple_callback, name="apple_callback"),
    path("accounts/with/apple/finish/", views.apple_finish, name="apple_finish_callback"),
]
